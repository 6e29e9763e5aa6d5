import type { ParameterBlock } from '../../objective/parameter-layout.ts';

/** Blocks as they lie one after another in a vector of their own. */
export interface PlacedBlock extends ParameterBlock {
  /** Where the block begins in that vector. */
  readonly place: number;
}

/** Chosen blocks in a vector of these alone; all of them in θ. */
export function placedBlocks(blocks: readonly ParameterBlock[]): PlacedBlock[] {
  let place = 0;
  return blocks.map((block) => {
    const placed = { ...block, place };
    place += block.size;
    return placed;
  });
}

/** Share of ‖v‖² in each block: they add to 1. */
export function massByBlock(vector: Float64Array, blocks: readonly PlacedBlock[]): number[] {
  const squares = blocks.map(({ place, size }) => sumOfSquares(vector.subarray(place, place + size)));
  const whole = squares.reduce((sum, square) => sum + square, 0);
  return squares.map((square) => square / whole);
}

export function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
