/** Cells reach half-way to their neighbours. */
export function cellBorders(centres: ArrayLike<number>): number[] {
  const n = centres.length;
  if (n === 1) return [centres[0]! - 0.5, centres[0]! + 0.5];
  return Array.from({ length: n + 1 }, (_, i) => {
    if (i === 0) return centres[0]! - (centres[1]! - centres[0]!) / 2;
    if (i === n) return centres[n - 1]! + (centres[n - 1]! - centres[n - 2]!) / 2;
    return (centres[i - 1]! + centres[i]!) / 2;
  });
}
