/** A grid of values with its axes. */
export interface Grid {
  readonly alpha: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  /** Row-major, β by α. */
  readonly loss: ArrayLike<number>;
  readonly computed: ArrayLike<number>;
}

/** More cells along an axis would not be seen in a figure, and make it megabytes long. */
const mostCells = 161;

/** Every `stride`-th point of both axes, so that neither keeps more than can be seen; stride 1 for small grids. */
export function thinGrid(grid: Grid): Grid & { readonly stride: number } {
  const { alpha, beta, loss, computed } = grid;
  const stride = Math.ceil(Math.max(alpha.length, beta.length) / mostCells);
  if (stride <= 1) return { ...grid, stride: 1 };
  const kept = (length: number) => Array.from({ length: Math.ceil(length / stride) }, (_, i) => i * stride);
  const [columns, rows] = [kept(alpha.length), kept(beta.length)];
  const pick = (values: ArrayLike<number>) =>
    rows.flatMap((row) => columns.map((column) => values[row * alpha.length + column]!));
  return {
    alpha: columns.map((column) => alpha[column]!),
    beta: rows.map((row) => beta[row]!),
    loss: pick(loss),
    computed: pick(computed),
    stride,
  };
}
