/** Linear between two points of a curve with ascending x. */
export function interpolatedAt(x: Float64Array, y: Float64Array, at: number): number {
  const after = Math.max(
    1,
    x.findIndex((value) => value >= at),
  );
  const share = (at - x[after - 1]!) / (x[after]! - x[after - 1]!);
  return y[after - 1]! + share * (y[after]! - y[after - 1]!);
}
