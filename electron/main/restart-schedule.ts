/** Waiting before a new start, by how many ends there were lately. */
const waits = [0, 1, 5] as const;
const shortMs = 2 * 60_000;
const longMs = 10 * 60_000;
const tooMany = 3;

export type AfterEnd = { readonly restart: true; readonly inSeconds: number } | { readonly restart: false };

/**
 * What follows the last of `ends` (milliseconds, ascending): a new start at once, after one second, after five; and none
 * after three ends within two minutes, for what ends so often ends again.
 */
export function afterEnd(ends: readonly number[]): AfterEnd {
  const last = ends.at(-1) ?? 0;
  const within = (ms: number) => ends.filter((end) => last - end <= ms).length;
  if (within(shortMs) >= tooMany) return { restart: false };
  const lately = within(longMs);
  return { restart: true, inSeconds: waits[Math.min(lately, waits.length) - 1] ?? 0 };
}
