import type * as v from 'valibot';

/** What a failed check of the schema wants, for people. */
export function wantedValue({ type, requirement, expected }: v.BaseIssue<unknown>): string {
  const limits: Readonly<Record<string, string>> = {
    finite: 'a finite number',
    integer: 'a whole number',
    min_value: `a number of at least ${requirement}`,
    max_value: `a number of at most ${requirement}`,
    gt_value: `a number above ${requirement}`,
    min_length: `at least ${requirement}`,
    max_length: `at most ${requirement} characters`,
  };
  return limits[type] ?? plainly(String(expected ?? 'another value'));
}

const kinds: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a group of settings',
};

/** `("mean" | "sum")` as valibot writes it → `one of mean, sum`. */
export function plainly(expected: string): string {
  const names = expected
    .replace(/^\((.*)\)$/, '$1')
    .split(' | ')
    .map((name) => (name.startsWith('"') ? name.slice(1, -1) : (kinds[name] ?? name)));
  return names.length > 1 ? `one of ${names.join(', ')}` : (names[0] ?? expected);
}
