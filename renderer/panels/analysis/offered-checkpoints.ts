/** So many checkpoints on either side of the cursor are offered. */
const neighbours = 4;

/** The checkpoints around a step, and the first and the last; ascending. */
export function offeredCheckpoints(checkpoints: readonly number[], cursor: number): readonly number[] {
  const after = checkpoints.findIndex((step) => step > cursor);
  const at = after === -1 ? checkpoints.length : after;
  const near = checkpoints.slice(Math.max(0, at - neighbours), at + neighbours);
  const ends = [checkpoints[0], checkpoints.at(-1)].filter((step) => step !== undefined);
  return [...new Set([...near, ...ends])].sort((a, b) => a - b);
}
