/** Something that can be found by its title, and by where it is (its menu, its group of settings). */
export interface Findable {
  readonly id: string;
  readonly title: string;
  readonly place: string;
}

const startsWord = (text: string, i: number): boolean => i === 0 || /[^\p{L}\p{N}]/u.test(text[i - 1] ?? ' ');

/**
 * How well the letters of `wanted` are found in `text`, in order; null where they are not. Letters that start a word or
 * follow each other count more; of two texts found alike the shorter one is the better.
 */
export function matchScore(wanted: string, text: string): number | null {
  const [letters, searched] = [wanted.toLowerCase().replace(/\s+/g, ''), text.toLowerCase()];
  if (letters === '') return 0;
  const whole = searched.indexOf(wanted.trim().toLowerCase());
  if (whole >= 0) return 100 + (startsWord(searched, whole) ? 50 : 0) - whole - searched.length / 100;
  const score = bestOf(letters, searched);
  return score === null ? null : score - searched.length / 100;
}

/** The largest sum over all ways to find the letters in their order, one letter after the other. */
function bestOf(letters: string, text: string): number | null {
  // The best sum so far for each place of the last letter that was looked for.
  let ending: readonly (number | null)[] = [];
  for (const [n, letter] of [...letters].entries()) {
    let before: number | null = n === 0 ? 0 : null;
    ending = [...text].map((found, i) => {
      const adjacent = i > 0 ? (ending[i - 1] ?? null) : null;
      const answer =
        found !== letter || before === null
          ? null
          : Math.max(
              before + (startsWord(text, i) ? 3 : 0.5),
              adjacent === null ? Number.NEGATIVE_INFINITY : adjacent + 4,
            );
      const here = n === 0 ? null : (ending[i] ?? null);
      if (here !== null) before = before === null ? here : Math.max(before, here);
      return answer;
    });
  }
  return ending.reduce<number | null>(
    (best, one) => (one === null || (best !== null && best > one) ? best : one),
    null,
  );
}

const aboutPlace = 0.4;

/** What is found, best first; with nothing asked for, the ones used last, then the rest in their order. */
export function search<T extends Findable>(wanted: string, all: readonly T[], recent: readonly string[]): readonly T[] {
  const lastUse = (item: T): number => {
    const i = recent.indexOf(item.id);
    return i < 0 ? Number.POSITIVE_INFINITY : i;
  };
  if (wanted.trim() === '') return [...all].sort((a, b) => compare(lastUse(a), lastUse(b)));
  const found = all.flatMap((item) => {
    const byTitle = matchScore(wanted, item.title);
    const byPlace = matchScore(wanted, `${item.place} ${item.title}`);
    if (byTitle === null && byPlace === null) return [];
    const score = Math.max(byTitle ?? Number.NEGATIVE_INFINITY, aboutPlace * (byPlace ?? Number.NEGATIVE_INFINITY));
    return [{ item, score }];
  });
  found.sort((a, b) => b.score - a.score || compare(lastUse(a.item), lastUse(b.item)));
  return found.map(({ item }) => item);
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
