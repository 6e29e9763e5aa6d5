/** At most `most` steps from 0 to `last`, evenly taken, the first and the last among them. */
export function keptSteps(last: number, most: number): number[] {
  const count = Math.min(last + 1, most);
  if (count <= 1) return [0];
  return [...new Set(Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1))))];
}
