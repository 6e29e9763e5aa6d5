import type { MatrixPart } from '../spaces/float64-gemm.ts';
import { hostArena } from '../spaces/host-arena.ts';

/**
 * Rows of float64 numbers in the arena of the kernels. Rows begin `stride` elements apart, a multiple of 4, so that
 * kernels may take the tail of a row in whole steps. Filled with zeros.
 */
export interface ArenaRows {
  readonly at: number;
  readonly rows: number;
  readonly stride: number;
  readonly data: Float64Array;
}

export const wholeSteps = (length: number): number => (length + 3) & ~3;

/** Ends with `freeRows`. Throws BadInput when it does not fit. */
export function arenaRows(rows: number, columns: number): ArenaRows {
  const arena = hostArena();
  // Rows a power of two apart would all fall into the same few lines of the first cache.
  const stride = wholeSteps(columns) + (columns > 64 ? 4 : 0);
  const at = arena.allocate(rows * stride * 8);
  return { at, rows, stride, data: new Float64Array(arena.memory.buffer, at, rows * stride).fill(0) };
}

export function freeRows(...blocks: readonly ArenaRows[]): void {
  for (const { at } of blocks) hostArena().free(at);
}

/** Entries [row … row + rows) × [column … column + columns) as an operand of a product. */
export function part(block: ArenaRows, row: number, rows: number, column: number, columns: number): MatrixPart {
  const at = block.at + (row * block.stride + column) * 8;
  return { at, rows, columns, rowStride: block.stride * 8, columnStride: 8 };
}

/** The same entries seen as their transpose. */
export function transposedPart({ at, rows, columns, rowStride, columnStride }: MatrixPart): MatrixPart {
  return { at, rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride };
}
