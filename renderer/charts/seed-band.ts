/** A line as it lies in the columns of a run. */
export interface HeldLine {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly length: number;
  readonly map?: ((value: number) => number) | null;
}

/** Mean, lowest and highest of several runs at each step; arrays are reused, `length` rows of them count. */
export interface SeedBand {
  steps: Float64Array;
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
  length: number;
  /** Runs of which every row is made. */
  count: number;
}

export const emptyBand = (): SeedBand => ({
  steps: new Float64Array(0),
  mean: new Float64Array(0),
  low: new Float64Array(0),
  high: new Float64Array(0),
  length: 0,
  count: 0,
});

/**
 * Runs that differ in their seed, as one line with a band from the lowest to the highest. Runs are measured at steps of
 * their own, so at each step that any of them has, every run counts with its latest value at or before it; nothing is
 * interpolated. The band begins where the last of them begins and ends where the first ends: all rows are of all runs.
 * A value that is not finite makes mean and range NaN there. O(rows of all lines); writes into `band`.
 */
export function seedBand(lines: readonly HeldLine[], band: SeedBand): SeedBand {
  const drawn = lines.filter(({ length }) => length > 0);
  band.length = 0;
  band.count = drawn.length;
  if (drawn.length < lines.length || drawn.length === 0) return band;
  const from = Math.max(...drawn.map(({ steps }) => steps[0]!));
  const to = Math.min(...drawn.map(({ steps, length }) => steps[length - 1]!));
  reserve(
    band,
    drawn.reduce((sum, { length }) => sum + length, 0),
  );
  const rows = drawn.map(() => -1);
  for (;;) {
    const step = nextStep(drawn, rows);
    if (step > to) return band;
    drawn.forEach(({ steps, length }, i) => {
      while (rows[i]! + 1 < length && steps[rows[i]! + 1]! <= step) rows[i]!++;
    });
    if (step >= from) append(band, step, drawn, rows);
  }
}

/** The smallest step after the rows that were reached. */
function nextStep(lines: readonly HeldLine[], rows: readonly number[]): number {
  let next = Number.POSITIVE_INFINITY;
  for (let i = 0; i < lines.length; i++) {
    const { steps, length } = lines[i]!;
    const row = rows[i]! + 1;
    if (row < length) next = Math.min(next, steps[row]!);
  }
  return next;
}

function append(band: SeedBand, step: number, lines: readonly HeldLine[], rows: readonly number[]): void {
  let [sum, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < lines.length; i++) {
    const { values, map } = lines[i]!;
    const raw = values[rows[i]!]!;
    const value = map ? map(raw) : raw;
    sum += value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const row = band.length++;
  const finite = Number.isFinite(sum);
  band.steps[row] = step;
  band.mean[row] = finite ? sum / lines.length : Number.NaN;
  band.low[row] = finite ? low : Number.NaN;
  band.high[row] = finite ? high : Number.NaN;
}

function reserve(band: SeedBand, rows: number): void {
  if (band.steps.length >= rows) return;
  const capacity = 2 * rows;
  band.steps = new Float64Array(capacity);
  band.mean = new Float64Array(capacity);
  band.low = new Float64Array(capacity);
  band.high = new Float64Array(capacity);
}
