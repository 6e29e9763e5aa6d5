/**
 * At most `most` places of a path, the first and the last among them: evenly in the mean of three shares, of the steps, of
 * the length, and of the loss that has been lost, so that neither a long plateau nor a short fall loses its shape.
 */
export function thinnedPath(losses: readonly number[], lengths: readonly number[], most = 300): readonly number[] {
  const n = losses.length;
  if (n <= most) return losses.map((_, i) => i);
  const [length, fall] = [lengths[n - 1]!, losses[0]! - losses[n - 1]!];
  const share = (i: number) =>
    (i / (n - 1) + (length > 0 ? lengths[i]! / length : 0) + (fall > 0 ? (losses[0]! - losses[i]!) / fall : 0)) /
    (1 + (length > 0 ? 1 : 0) + (fall > 0 ? 1 : 0));
  const kept = [0];
  for (let i = 1; i < n - 1; i++) {
    // Between the first and the last there is room for most − 2.
    if (Math.floor(share(i) * (most - 1)) > Math.floor(share(kept.at(-1)!) * (most - 1))) kept.push(i);
  }
  return [...kept, n - 1];
}
