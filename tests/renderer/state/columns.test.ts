import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  appendRow,
  type Columns,
  columns,
  dropAfter,
  mostRows,
  rowAtOrBefore,
} from '../../../renderer/state/columns.ts';

type Table = Columns<'step' | 'value'>;

const steps = ({ data, length }: Table): number[] => Array.from(data.step.subarray(0, length));

function filled(count: number, stepOf = (i: number) => i): Table {
  const table = columns('step', 'value');
  for (let i = 0; i < count; i++) appendRow(table, [stepOf(i), 2 * stepOf(i)]);
  return table;
}

describe('rows are kept at one distance, old and new alike', () => {
  test.each([1, 255, 256, 257, mostRows, mostRows + 1, 2 * mostRows + 3, 5 * mostRows + 17])(
    '%i rows: every stride-th from the first on, and the newest',
    (count) => {
      const table = filled(count);
      const kept = steps(table);
      const { stride } = table;
      expect(kept.length).toBeLessThanOrEqual(mostRows);
      expect(kept.at(0)).toBe(0);
      expect(kept.at(-1)).toBe(count - 1);
      expect(kept.findIndex((step, i) => step !== i * stride && i < kept.length - 1)).toBe(-1);
      // Never thinner than it has to be.
      expect(stride === 1 || count / stride > mostRows / 2 - 1).toBe(true);
      expect(kept.every((step, i) => table.data.value[i] === 2 * step)).toBe(true);
    },
  );

  test('a million updates take no more memory than the most rows', () => {
    const table = filled(1_000_000);
    expect(table.data.step.length).toBe(mostRows);
    expect(table.length).toBeLessThanOrEqual(mostRows);
    expect(table.stride).toBe(16);
  });
});

/** The exact twin: every row that still holds, as a list. */
function twin(script: readonly (['append', number] | ['drop', number])[]): { table: Table; rows: number[] } {
  const table = columns('step', 'value');
  let rows: number[] = [];
  for (const [what, step] of script) {
    if (what === 'append') {
      appendRow(table, [step, 2 * step]);
      rows = [...rows.filter((row) => row < step), step];
    } else {
      dropAfter(table, step);
      rows = rows.filter((row) => row <= step);
    }
  }
  return { table, rows };
}

const script = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('append' as const), fc.nat(300)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('drop' as const), fc.integer({ min: -1, max: 300 })) },
  ),
  { maxLength: 60 },
);

test('property: below the most rows nothing is lost, whatever is made again', () => {
  fc.assert(
    fc.property(script, (given) => {
      const { table, rows } = twin(given);
      expect(steps(table)).toEqual(rows);
    }),
    { numRuns: 500 },
  );
});

test('property: the row at or before a step is what a search through all rows finds', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(500), { maxLength: 50 }), fc.integer({ min: -5, max: 510 }), (given, at) => {
      const sorted = given.sort((a, b) => a - b);
      const table = filled(sorted.length, (i) => sorted[i] ?? 0);
      expect(rowAtOrBefore(table, at)).toBe(sorted.filter((step) => step <= at).length - 1);
    }),
    { numRuns: 500 },
  );
});

test('property: after thinning, dropping and going on keeps order, ends and distance', () => {
  fc.assert(
    fc.property(fc.nat(2 * mostRows), fc.integer({ min: 1, max: 2 * mostRows }), (to, more) => {
      const table = filled(3 * mostRows);
      dropAfter(table, to);
      expect(steps(table).at(-1)).toBeLessThanOrEqual(to);
      const begin = to + 1;
      for (let i = 0; i < more; i++) appendRow(table, [begin + i, 2 * (begin + i)]);
      const kept = steps(table);
      expect(kept.at(-1)).toBe(to + more);
      // From one kept row to the next it is at most what was dropped with its neighbour and one stride.
      const largest = Math.max(...kept.slice(1).map((step, i) => step - kept[i]!));
      expect(largest).toBeLessThan(3 * table.stride);
      expect(kept.every((step, i) => i === 0 || step > kept[i - 1]!)).toBe(true);
    }),
    { numRuns: 8 },
  );
});
