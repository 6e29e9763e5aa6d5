/** Small vector arithmetic for tests, by the definition. */
export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0);

export const norm = (x: ArrayLike<number>): number => Math.sqrt(dot(x, x));

/** x + a y */
export const shifted = (x: Float64Array, a: number, y: Float64Array): Float64Array =>
  x.map((value, i) => value + a * y[i]!);

/** ‖x − y‖/‖y‖ */
export const relativeError = (x: Float64Array, y: Float64Array): number => norm(shifted(x, -1, y)) / norm(y);

export const largestDifference = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((worst, value, i) => Math.max(worst, Math.abs(value - y[i]!)), 0);

export function unitVector(dim: number, i: number): Float64Array {
  const e = new Float64Array(dim);
  e[i] = 1;
  return e;
}
