import type { Matrix } from '../../linalg/matrix.ts';
import { Stopped } from '../../objective/gate.ts';
import type { Objective } from '../../objective/objective.ts';

/** Losses on a plane; cell (row, column) is at β[row], α[column]. */
export interface LossGrid {
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  /** NaN and infinities are data; what was not computed is told by the mask. */
  readonly loss: Matrix;
  /** 1 where the loss was computed. */
  readonly computed: Uint8Array;
}

export const evenlySpaced = (low: number, high: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) =>
    count === 1 ? (low + high) / 2 : low + ((high - low) * i) / (count - 1),
  );

/** Cells a call: enough that what a model shares between the points of a call pays, few enough to be cancelled soon. */
const [fewestCells, mostCells] = [16, 256];
const secondsPerCall = 0.2;

/** What was asked for is no longer wanted: the grid stays as it is. */
function nothingIfStopped(problem: unknown): null {
  if (problem instanceof Stopped) return null;
  throw problem;
}

/** As many cells as fit the time of one call, by what the last call took. */
const nextCells = (cells: number, seconds: number): number =>
  Math.min(mostCells, Math.max(fewestCells, Math.floor((cells * secondsPerCall) / Math.max(seconds, 1e-6))));

/**
 * Cells from coarse to fine: those on a grid of stride 2^k first, then what each halving adds, so that an early picture
 * covers the whole plane. Every cell comes once.
 */
export function coarseToFine(rows: number, columns: number): Int32Array {
  const order = new Int32Array(rows * columns);
  const seen = new Uint8Array(rows * columns);
  let filled = 0;
  for (let stride = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(rows, columns) / 4))); stride >= 1; stride /= 2)
    for (let row = 0; row < rows; row += stride)
      for (let column = 0; column < columns; column += stride) {
        const cell = row * columns + column;
        if (seen[cell]) continue;
        seen[cell] = 1;
        order[filled++] = cell;
      }
  return order;
}

export interface GridOptions {
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** After every call, with the cells done so far; the grid may be drawn as it is. */
  readonly onProgress?: ((done: number, grid: LossGrid) => void) | undefined;
}

/** A grid of which nothing is computed yet. */
export function emptyGrid(alpha: Float64Array, beta: Float64Array): LossGrid {
  const [rows, columns] = [beta.length, alpha.length];
  const data = new Float64Array(rows * columns).fill(Number.NaN);
  return { alpha, beta, loss: { rows, columns, data }, computed: new Uint8Array(rows * columns) };
}

/**
 * Fills the plane origin + α d₁ + β d₂ from coarse to fine. Cost: one loss a cell. Stops between calls when aborted; a
 * call is sized to take about 0.2 s.
 */
export async function lossGrid<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly [V, V],
  alpha: Float64Array,
  beta: Float64Array,
  { signal, onProgress }: GridOptions = {},
): Promise<LossGrid> {
  const grid = emptyGrid(alpha, beta);
  const { rows, columns, data } = grid.loss;
  const order = coarseToFine(rows, columns);
  let size = fewestCells;
  for (let at = 0; at < order.length && !signal?.aborted; ) {
    const began = performance.now();
    const cells = order.subarray(at, at + size);
    const coefficients = new Float64Array(2 * cells.length);
    cells.forEach((cell, i) => {
      coefficients[2 * i] = alpha[cell % columns]!;
      coefficients[2 * i + 1] = beta[Math.floor(cell / columns)]!;
    });
    const points = { rows: cells.length, columns: 2, data: coefficients };
    const losses = await objective.losses(origin, directions, points).catch(nothingIfStopped);
    if (losses === null) break;
    cells.forEach((cell, i) => {
      data[cell] = losses[i]!;
      grid.computed[cell] = 1;
    });
    at += cells.length;
    size = nextCells(cells.length, (performance.now() - began) / 1000);
    onProgress?.(at, grid);
  }
  return grid;
}
