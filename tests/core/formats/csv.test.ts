import { expect, test } from 'vitest';
import { readCsv } from '../../../core/formats/csv.ts';
import { FormatError } from '../../../core/formats/format-error.ts';

const table = (text: string) => readCsv(new TextEncoder().encode(text));

test.each(['a,b\n1,2\n3,4', 'a,b\n1,2\n3,4\n', 'a,b\r\n1,2\r\n3,4\r\n\r\n', 'a,b\n1,2\n3,4\n\n\n'])(
  'blank lines at the end of a table are no rows: %j',
  (text) => {
    const { columns, rows, data } = table(text);
    expect(columns).toEqual(['a', 'b']);
    expect(rows).toBe(2);
    expect(Array.from(data)).toEqual([1, 2, 3, 4]);
  },
);

test('a blank line between rows is a missing row', () => {
  expect(() => table('a,b\n1,2\n\n3,4\n')).toThrow(FormatError);
});
