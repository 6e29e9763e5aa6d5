/** Levenshtein distance (1966): the fewest insertions, deletions and substitutions between two words. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The `count` known names closest to a word, nearest first; equally near ones in the given order. */
export function nearestNames(word: string, known: readonly string[], count: number): string[] {
  const lower = word.slice(0, 100).toLowerCase();
  return known
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** The known name that a mistyped one was probably meant to be, or null where none is near. */
export function nearestName(word: string, known: readonly string[]): string | null {
  const [best] = nearestNames(word, known, 1);
  if (best === undefined) return null;
  return editDistance(word.toLowerCase(), best.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3)) ? best : null;
}
