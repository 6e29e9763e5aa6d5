import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchScore, search } from '../../../renderer/app/palette/search.ts';

const items = [
  { id: 'run.pause', title: 'Pause or resume', place: 'Run' },
  { id: 'view.theme.dark', title: 'Dark theme', place: 'View › Theme' },
  { id: 'view.theme.light', title: 'Light theme', place: 'View › Theme' },
  { id: 'figure.png', title: 'Save figure as PNG', place: 'Figure' },
  { id: 'file.saveAs', title: 'Save experiment as…', place: 'File' },
  { id: 'setting.grid', title: 'Points along a side', place: 'Settings › Landscape' },
];
const found = (wanted: string, recent: readonly string[] = []) => search(wanted, items, recent).map(({ id }) => id);

test('a few letters find the command that they begin or abbreviate', () => {
  expect(found('dark')[0]).toBe('view.theme.dark');
  expect(found('sfp')[0]).toBe('figure.png');
  expect(found('save exp')[0]).toBe('file.saveAs');
  expect(found('landscape')).toEqual(['setting.grid']);
  expect(found('xyz')).toEqual([]);
});

test('with nothing asked for, the ones used last come first and the rest keeps its order', () => {
  const rest = items.map(({ id }) => id).filter((id) => id !== 'figure.png' && id !== 'run.pause');
  expect(found('', ['figure.png', 'run.pause'])).toEqual(['figure.png', 'run.pause', ...rest]);
});

/** Written as plainly as can be. */
function isSubsequence(letters: string, text: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === letters[at]) at++;
  return at === letters.length;
}

test('a text is found exactly where the letters stand in it in their order', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 5 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '-'), maxLength: 12 });
  fc.assert(
    fc.property(letters, text, (wanted, searched) => {
      const plain = wanted.replaceAll(' ', '');
      // Words that stand in the text as they were typed count too, with their spaces.
      const expected = plain === '' || isSubsequence(plain, searched);
      expect(matchScore(wanted, searched) !== null).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('what begins a word is better than what lies inside one', () => {
  expect(matchScore('run', 'Start new run')).toBeGreaterThan(matchScore('run', 'Prune the tree') ?? 0);
  expect(matchScore('np', 'Next panel')).toBeGreaterThan(matchScore('np', 'Open path') ?? 0);
});
