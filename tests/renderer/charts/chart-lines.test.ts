import { beforeEach, describe, expect, test } from 'vitest';
import type { TrainingRecord } from '../../../core/training/records.ts';
import { bandMemory, type ChartLine, chartLines, stepMarks } from '../../../renderer/charts/chart-lines.ts';
import { chartSentence } from '../../../renderer/charts/chart-sentence.ts';
import { extentOf } from '../../../renderer/charts/paint-lines.ts';
import { readingAt, readingText } from '../../../renderer/charts/reading.ts';
import { addRecords, emptySeries } from '../../../renderer/state/run-series.ts';
import { addRun, type Run, useRuns } from '../../../renderer/state/runs.ts';

const probeBase = {
  record: 'probe',
  status: 'converged',
  examples: 100,
  subset: false,
  products: 1,
  gradients: 1,
  losses: 0,
  seconds: 0.1,
} as const;

/** Ten updates, losses every 3 steps, sharpness every 4; η halves at step 6. */
function records(height: number): TrainingRecord[] {
  return Array.from({ length: 10 }, (_, step): TrainingRecord[] => {
    const learningRate = step < 6 ? 0.1 : 0.05;
    return [
      ...(step % 3 === 0
        ? [
            {
              ...probeBase,
              kind: 'loss' as const,
              step,
              askedAt: step,
              train: { loss: height, standardError: 0.01, error: 0.1, examples: 100 },
              test: { loss: 2 * height, standardError: 0.02, error: 0.2, examples: 400 },
            },
          ]
        : []),
      ...(step % 4 === 0
        ? [
            {
              ...probeBase,
              kind: 'sharpness' as const,
              step,
              askedAt: step,
              value: 18 + step,
              residual: 0.05,
              threshold: 2 / learningRate,
              status: step === 4 ? ('budgetSpent' as const) : ('converged' as const),
            },
          ]
        : []),
      {
        record: 'step',
        step,
        epoch: step,
        batch: 0,
        examples: 100,
        loss: height / (step + 1),
        gradientNorm: 1,
        learningRate,
        time: 0,
        seconds: 0.01,
        status: null,
      },
    ];
  }).flat();
}

function put(id: string, height: number, more: Partial<Run> = {}): void {
  const series = emptySeries();
  addRecords(series, records(height));
  addRun({
    id,
    file: { reference: id, name: id, kind: 'run', shown: id } as Run['file'],
    title: id,
    yaml: '',
    state: 'finished',
    series,
    ...more,
  });
}

const linesOf = (chart: Parameters<typeof chartLines>[0]): readonly ChartLine[] => {
  const { runs, current } = useRuns.getState();
  return chartLines(chart, runs, current, bandMemory());
};

const named = (lines: readonly ChartLine[], name: string): ChartLine => lines.find((line) => line.name === name)!;

beforeEach(() => useRuns.setState({ runs: [], current: null }));

describe('what a chart says at a step', () => {
  test('is its nearest record at or before it, with the step of that record, never something between', () => {
    put('one', 1);
    const test = named(linesOf('loss'), 'test');
    expect(readingAt(test, 5)).toEqual({ row: 1, step: 3, value: 2, error: 0.02, converged: true });
    expect(readingAt(test, 3)!.row).toBe(1);
    expect(readingAt(test, 2.99)!.row).toBe(0);
    expect(readingAt(test, -1)).toBeNull();
    expect(readingText(test, 5)).toEqual({ number: '2.000 ± 0.02', where: 'at 3' });
    expect(readingText(test, 6)).toEqual({ number: '2.000 ± 0.02', where: '' });
    const train = named(linesOf('loss'), 'train');
    for (let step = 0; step < 10; step++) expect(readingAt(train, step)!.value).toBe(1 / (step + 1));
  });

  test('names what was not measured as well as was asked for', () => {
    put('one', 1);
    const sharpness = named(linesOf('sharpness'), 'λ₁');
    expect(readingText(sharpness, 4).number).toBe('22.000 ± 0.05 ◌ not converged');
    expect(readingText(sharpness, 8).number).toBe('26.000 ± 0.05');
  });

  test('of accuracy is 1 − error in percent with its binomial standard error', () => {
    put('one', 1);
    const test = named(linesOf('accuracy'), 'test');
    expect(readingAt(test, 9)).toMatchObject({ value: 80, step: 9 });
    expect(readingAt(test, 9)!.error).toBeCloseTo(100 * Math.sqrt((0.2 * 0.8) / 400), 12);
  });
});

describe('lines of runs', () => {
  test('one run: a colour for each quantity, the threshold dashed and following η', () => {
    put('one', 1);
    const lines = linesOf('sharpness');
    expect(lines.map(({ name, colour, dash }) => [name, colour, dash.length > 0])).toEqual([
      ['threshold', 'threshold', true],
      ['λ₁', 'c-1', false],
    ]);
    expect([0, 7, 8].map((step) => readingAt(lines[0]!, step)!.value)).toEqual([20, 20, 40]);
  });

  test('two runs: a colour for each run, the one that is studied strongest and on top', () => {
    put('other', 2);
    put('studied', 1);
    const lines = linesOf('gradientNorm');
    expect(lines.map(({ name, weight }) => [name, weight])).toEqual([
      ['other ‖∇L‖', 'thin'],
      ['studied ‖∇L‖', 'strong'],
    ]);
    expect(new Set(lines.map(({ colour }) => colour)).size).toBe(2);
  });

  test('hidden runs are not drawn', () => {
    put('other', 2, { visible: false });
    put('studied', 1);
    expect(linesOf('gradientNorm').map(({ name }) => name)).toEqual(['‖∇L‖']);
  });

  test('seeds: their mean with the range as a band, and the one that is studied', () => {
    for (const height of [1, 2, 6]) put(`seed ${height}`, height, { group: 'seeds' });
    const lines = linesOf('loss');
    expect(lines.map(({ name }) => name)).toEqual([
      'train, mean of 3 seeds',
      'test, mean of 3 seeds',
      'seed 6 train',
      'seed 6 test',
    ]);
    const mean = lines[0]!;
    for (let row = 0; row < 10; row++) {
      expect(mean.values[row]).toBeCloseTo(3 / (row + 1), 12);
      expect([mean.spread!.lower(row), mean.spread!.upper(row)]).toEqual([1 / (row + 1), 6 / (row + 1)]);
    }
    expect(readingText(mean, 0)).toEqual({ number: '3 (1 to 6)', where: '' });
  });

  test('runs of one seed are no seeds', () => {
    const description = { formula: 'L', thresholdName: null, experiment: { seed: 1, optimizer: { settings: {} } } };
    for (const name of ['a', 'b'])
      put(name, 1, { group: 'seeds', description: description as unknown as Run['description'] });
    expect(linesOf('loss').map(({ name }) => name)).not.toContain('train, mean of 2 seeds');
  });

  test('bands are made anew when a run of theirs has new records, and only then', () => {
    for (const height of [1, 3]) put(`seed ${height}`, height, { group: 'seeds' });
    const memory = bandMemory();
    const { runs, current } = useRuns.getState();
    const first = chartLines('loss', runs, current, memory)[0]!;
    const { values } = first;
    values[0] = 77;
    expect(chartLines('loss', runs, current, memory)[0]!.values[0]).toBe(77);
    addRecords(runs[0]!.series, []);
    expect(chartLines('loss', runs, current, memory)[0]!.values[0]).toBe(2);
  });

  test('the range of what is seen includes bands, and only positive values on a logarithmic axis', () => {
    put('one', 1);
    const lines = linesOf('loss');
    expect(extentOf(lines, { low: 0, high: 10 }, true)).toEqual([0.1, 2.02]);
    expect(extentOf(lines, { low: 0, high: 2 }, true)).toEqual([1 / 3, 2.02]);
    expect(extentOf([], { low: 0, high: 10 }, true)).toBeNull();
  });

  test('marks name changes of η, pauses and branch points', () => {
    put('one', 1, { branchedFrom: { run: 'zero', step: 0 } });
    const run = useRuns.getState().runs[0]!;
    addRecords(run.series, [
      { record: 'event', event: 'learningRate', step: 6, from: 0.1, to: 0.05 },
      { record: 'event', event: 'paused', step: 7 },
      { record: 'event', event: 'resumed', step: 7 },
    ]);
    expect(stepMarks([run], 'one').map(({ step, name }) => [step, name])).toEqual([
      [0, 'branch from step 0'],
      [6, 'η 0.1 → 0.05'],
      [7, 'paused'],
    ]);
  });
});

test('in words a chart says what it shows, from where to where, and how sharpness and threshold stand', () => {
  put('one', 1);
  const run = useRuns.getState().runs[0]!;
  expect(chartSentence('loss', linesOf('loss'), run)).toBe(
    'Loss: train from 1 at step 0 to 0.1 at step 9; test from 2 at step 0 to 2 at step 9.',
  );
  expect(chartSentence('sharpness', linesOf('sharpness'), run)).toBe(
    'Sharpness: λ₁ from 18 at step 0 to 26 at step 8. 35 % below the threshold = 40. Not at the edge of stability: last there at step 4.',
  );
  expect(chartSentence('lowestEigenvalue', linesOf('lowestEigenvalue'), run)).toBe(
    'Lowest eigenvalue: nothing has been recorded yet.',
  );
});
