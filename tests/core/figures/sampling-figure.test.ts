import { expect, test } from 'vitest';
import {
  proposalSentence,
  type SamplingFigureInput,
  samplingErrors,
  samplingFigure,
} from '../../../core/figures/sampling-figure.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';

/** σ = 6 and λ = 3, so that 400 examples have the error 0.3, a tenth of the value. */
const input: SamplingFigureInput = {
  quantity: 'sharpness',
  value: 3,
  perExample: 6,
  perExampleLow95: 5,
  perExampleHigh95: 8,
  examples: 401,
  ladder: [
    { size: 25, repeats: 9, standardDeviation: 1.2, bias: 0.6, biasStandardError: 0.2 },
    { size: 100, repeats: 9, standardDeviation: 0.5, bias: -0.01, biasStandardError: 0.1 },
  ],
  bias: { value: 20, standardError: 4 },
  accuracy: 0.1,
  proposal: { examples: 410, low95: 300, high95: 700 },
  command: 'saddlescope sampling run',
};

test('errors are those of sampling theory, as shares of the value', () => {
  const { population, low, high, among, bias } = samplingErrors({ ...input, bias: null }, 100);
  expect(population).toBeCloseTo(0.6 / 3, 12);
  expect(low).toBeCloseTo(0.5 / 3, 12);
  expect(high).toBeCloseTo(0.8 / 3, 12);
  // Without replacement: the factor √((401 − 100)/400).
  expect(among).toBeCloseTo((0.6 / 3) * Math.sqrt(301 / 400), 12);
  expect(bias).toBe(null);
  const biased = samplingErrors(input, 100);
  expect(biased.population).toBeCloseTo(Math.hypot(0.6, 0.2) / 3, 12);
  expect(biased.bias).toBeCloseTo((20 * (1 / 100 - 1 / 401)) / 3, 12);
  // All of them have no error as a value of all of them.
  expect(samplingErrors(input, 401)).toMatchObject({ among: null, bias: null });
});

test.each(['light', 'dark'] as const)('the figure compiles without a warning and is plain JSON (%s)', (theme) => {
  for (const changed of [
    {},
    { bias: null, ladder: [], quantity: 'trace' as const },
    { perExampleHigh95: Number.POSITIVE_INFINITY, perExampleLow95: 0 },
    { proposal: { examples: Number.POSITIVE_INFINITY, low95: 10, high95: Number.POSITIVE_INFINITY } },
    { perExample: 0, perExampleLow95: 0, perExampleHigh95: 0, bias: null, ladder: [] },
    { value: 0 },
    { value: Number.NaN },
  ]) {
    const { specification, caption, alternative, data } = samplingFigure({ ...input, ...changed }, theme);
    expect(vegaComplaints(specification)).toEqual([]);
    expect(JSON.parse(JSON.stringify(specification))).toEqual(specification);
    for (const text of [caption, alternative]) expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
    for (const row of data.rows)
      for (const cell of row) expect(typeof cell === 'number' ? Number.isFinite(cell) : true).toBe(true);
  }
});

test('what has no place on the axis is told, and every number stands in the table', () => {
  const { caption, data } = samplingFigure(input);
  expect(caption).toContain('1 measured bias has the other sign');
  const rows = data.rows.filter(([set]) => set === 'bias measured');
  expect(rows.map(([, size, bias]) => [size, bias])).toEqual([
    [25, 0.6 / 3],
    [100, -0.01 / 3],
  ]);
  const far = samplingFigure({ ...input, proposal: { examples: 1e9, low95: 1e8, high95: 1e10 } });
  expect(far.caption).toContain('outside this figure');
  expect(JSON.stringify(far.specification)).not.toContain('1000000000');
});

test('the proposal is a sentence, also where it cannot be made', () => {
  expect(proposalSentence('sharpness', 0.05, { examples: 540, low95: 420, high95: 730 })).toBe(
    'For 5 % of the sharpness: 540 examples (95 %: 420 … 730).',
  );
  expect(proposalSentence('trace', 0.5, { examples: 1, low95: 1, high95: 2 })).toContain('1 example (95 %');
  // The batches scattered less than the probes: σ was seen as 0, which says nothing.
  expect(proposalSentence('trace', 0.01, { examples: 1, low95: 1, high95: Number.POSITIVE_INFINITY })).toBe(
    'For 1 % of the trace: the batches and probes are too few to tell how many.',
  );
  expect(
    proposalSentence('trace', 0.01, { examples: Number.POSITIVE_INFINITY, low95: 1, high95: Number.POSITIVE_INFINITY }),
  ).toContain('too few to tell');
});
