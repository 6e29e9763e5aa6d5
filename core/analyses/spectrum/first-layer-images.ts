import { type PlacedBlock, sumOfSquares } from './eigenvector-mass.ts';
import type { EigenvectorImages } from './spectrum.ts';

/** Units that are shown of each eigenvector: those with the largest share. */
const shownUnits = 6;

/** The kernel whose filters have the shape of images: a dense kernel behind a flatten, or a convolution's, first in θ. */
function imageBlock(blocks: readonly PlacedBlock[]): { block: PlacedBlock; shape: [number, number, number] } | null {
  const block = blocks.find(({ role }) => role === 'kernel');
  if (block === undefined) return null;
  const { flattenedFrom, shape } = block;
  if (flattenedFrom?.length === 3) return { block, shape: [flattenedFrom[0]!, flattenedFrom[1]!, flattenedFrom[2]!] };
  if (shape.length === 4) return { block, shape: [shape[0]!, shape[1]!, shape[2]!] };
  const side = Math.sqrt(shape[0] ?? 0);
  // Pixels that came as one row: a square of them is what the bundled small digits are.
  if (shape.length === 2 && side >= 4 && Number.isInteger(side)) return { block, shape: [side, side, 1] };
  return null;
}

/**
 * The part of each eigenvector in the first layer, as images of the shape of the inputs (or of the filters of a
 * convolution): the root mean square over units, and the units with the largest share. Null where the first layer has no
 * such shape.
 */
export function firstLayerImages(
  vectors: readonly Float64Array[],
  blocks: readonly PlacedBlock[],
): EigenvectorImages | null {
  const found = imageBlock(blocks);
  if (found === null) return null;
  const { block, shape } = found;
  const units = block.shape[block.shape.length - 1]!;
  return {
    block: block.name,
    shape,
    vectors: vectors.map((vector) => imagesOf(vector.subarray(block.place, block.place + block.size), units)),
  };
}

/** Kernels hold the unit on their last axis. */
function imagesOf(kernel: Float64Array, units: number): EigenvectorImages['vectors'][number] {
  const pixels = kernel.length / units;
  const imageOf = (unit: number) => Float64Array.from({ length: pixels }, (_, at) => kernel[at * units + unit]!);
  const shares = Array.from({ length: units }, (_, unit) => ({ unit, share: sumOfSquares(imageOf(unit)) }));
  const overall = Float64Array.from({ length: pixels }, (_, at) =>
    Math.sqrt(sumOfSquares(kernel.subarray(at * units, (at + 1) * units)) / units),
  );
  return {
    overall,
    units: shares
      .sort((a, b) => b.share - a.share)
      .slice(0, shownUnits)
      .map(({ unit, share }) => ({ unit, share, image: imageOf(unit) })),
  };
}
