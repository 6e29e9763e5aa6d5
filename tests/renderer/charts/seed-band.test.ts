import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyBand, type HeldLine, seedBand } from '../../../renderer/charts/seed-band.ts';

function line(points: readonly (readonly [number, number])[], map?: (value: number) => number): HeldLine {
  const rising = [...new Map(points)].sort(([a], [b]) => a - b);
  return {
    steps: Float64Array.from(rising, ([step]) => step),
    values: Float64Array.from(rising, ([, value]) => value),
    length: rising.length,
    map: map ?? null,
  };
}

const rows = ({ steps, mean, low, high, length }: ReturnType<typeof emptyBand>) =>
  Array.from({ length }, (_, row) => [steps[row], mean[row], low[row], high[row]]);

/** The latest value at or before a step, by looking through all. */
const latest = ({ steps, values, map }: HeldLine, step: number): number => {
  const row = Array.from(steps).filter((one) => one <= step).length - 1;
  return map ? map(values[row]!) : values[row]!;
};

const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.double({ min: -9, max: 9, noNaN: true })), {
  minLength: 1,
  maxLength: 25,
});

describe('a band of seeds', () => {
  test('has mean and range of the latest values at every step that any run has', () => {
    const band = emptyBand();
    fc.assert(
      fc.property(fc.array(points, { minLength: 1, maxLength: 4 }), (runs) => {
        const lines = runs.map((run) => line(run));
        const from = Math.max(...lines.map(({ steps }) => steps[0]!));
        const to = Math.min(...lines.map(({ steps }) => steps.at(-1)!));
        const steps = [...new Set(lines.flatMap((one) => Array.from(one.steps)))]
          .filter((step) => step >= from && step <= to)
          .sort((a, b) => a - b);
        const expected = steps.map((step) => {
          const values = lines.map((one) => latest(one, step));
          return [step, values.reduce((a, b) => a + b, 0) / values.length, Math.min(...values), Math.max(...values)];
        });
        seedBand(lines, band);
        expect(rows(band)).toEqual(expected);
        expect(band.count).toBe(lines.length);
      }),
    );
  });

  test('of runs measured at the same steps is their plain mean', () => {
    const lines = [1, 2, 6].map((height) => line([0, 10, 20].map((step) => [step, height * (step + 1)])));
    expect(rows(seedBand(lines, emptyBand()))).toEqual([
      [0, 3, 1, 6],
      [10, 33, 11, 66],
      [20, 63, 21, 126],
    ]);
  });

  test('says nothing where a run has no value or none that is finite', () => {
    expect(seedBand([line([[0, 1]]), line([])], emptyBand()).length).toBe(0);
    const band = seedBand(
      [
        line([
          [0, 1],
          [5, Number.NaN],
          [9, 1],
        ]),
        line([
          [0, 3],
          [9, 5],
        ]),
      ],
      emptyBand(),
    );
    expect(rows(band)).toEqual([
      [0, 2, 1, 3],
      [5, Number.NaN, Number.NaN, Number.NaN],
      [9, 3, 1, 5],
    ]);
  });

  test('is of the values as they are drawn', () => {
    const percent = (share: number) => 100 * (1 - share);
    const lines = [0.25, 0.75].map((share) => line([[0, share]], percent));
    expect(rows(seedBand(lines, emptyBand()))).toEqual([[0, 50, 25, 75]]);
  });
});
