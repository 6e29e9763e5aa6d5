/** The loss on a grid as a scene draws it; the point (row, column) lies at β[row], α[column]. */
export interface SliceGrid {
  readonly alpha: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  /** Row-major, β by α. */
  readonly loss: ArrayLike<number>;
  /** 1 where the loss was computed; NaN and infinities there are findings, and holes of the surface. */
  readonly computed: ArrayLike<number>;
  /** Nothing is to come: what is not computed is a hole of its own cells, not a place where the grid is still coarse. */
  readonly isFinal?: boolean;
}

/** A square of the drawn surface: its lower left point and its side, in points of the grid. */
export interface Square {
  readonly row: number;
  readonly column: number;
  readonly stride: number;
}

/**
 * Squares that cover what is known, each as fine as its points allow: while a grid is computed from coarse to fine, a
 * large square stays until all points inside it are there. Squares with a corner that is not computed or not finite are
 * left out: holes are never filled.
 */
export function knownSquares({ alpha, beta, loss, computed, isFinal = false }: SliceGrid): Square[] {
  const [columns, rows] = [alpha.length, beta.length];
  const squares: Square[] = [];
  const isComputed = (row: number, column: number) => computed[row * columns + column] === 1;
  const isDrawn = (row: number, column: number) =>
    isComputed(row, column) && Number.isFinite(loss[row * columns + column]);
  const add = (row: number, column: number, stride: number): void => {
    const [top, right] = [row + stride, column + stride];
    if (row + 1 >= rows || column + 1 >= columns) return;
    const half = stride / 2;
    const [middleRow, middleColumn] = [row + half, column + half];
    const leavesGrid = top >= rows || right >= columns;
    const isRefined =
      stride > 1 &&
      isComputed(row, middleColumn) &&
      isComputed(top, middleColumn) &&
      isComputed(middleRow, column) &&
      isComputed(middleRow, right) &&
      isComputed(middleRow, middleColumn);
    if (stride > 1 && (leavesGrid || isRefined || isFinal))
      for (const [i, j] of [
        [row, column],
        [row, middleColumn],
        [middleRow, column],
        [middleRow, middleColumn],
      ] as const)
        add(i, j, half);
    else if (!leavesGrid && isDrawn(row, column) && isDrawn(row, right) && isDrawn(top, column) && isDrawn(top, right))
      squares.push({ row, column, stride });
  };
  const largest = 2 ** Math.ceil(Math.log2(Math.max(1, Math.max(rows, columns) - 1)));
  add(0, 0, largest);
  return squares;
}

/** How far the computation is: the share of points that are there. */
export function computedShare({ computed }: Pick<SliceGrid, 'computed'>): number {
  let done = 0;
  for (let i = 0; i < computed.length; i++) done += computed[i] === 1 ? 1 : 0;
  return computed.length > 0 ? done / computed.length : 0;
}

/**
 * The loss at (α, β) between the points of the square that is drawn there, bilinear; NaN in holes and outside. Exact for
 * losses a + bα + cβ + dαβ.
 */
export function lossBetween(grid: SliceGrid, squares: readonly Square[], alpha: number, beta: number): number {
  const { alpha: x, beta: y, loss } = grid;
  for (const { row, column, stride } of squares) {
    const [left, right, bottom, top] = [x[column]!, x[column + stride]!, y[row]!, y[row + stride]!];
    if (alpha < left || alpha > right || beta < bottom || beta > top) continue;
    const [u, v] = [(alpha - left) / (right - left), (beta - bottom) / (top - bottom)];
    const at = (i: number, j: number) => loss[i * x.length + j]!;
    const low = (1 - u) * at(row, column) + u * at(row, column + stride);
    const high = (1 - u) * at(row + stride, column) + u * at(row + stride, column + stride);
    return (1 - v) * low + v * high;
  }
  return Number.NaN;
}
