import { describe, expect, test } from 'vitest';
import type { TrainingRecord } from '../../../../core/training/records.ts';
import { compactText, sizeText } from '../../../../renderer/panels/inspector/compact-text.ts';
import { numbersText } from '../../../../renderer/panels/inspector/numbers-text.ts';
import { checkpointFor, distanceAt, readingAt } from '../../../../renderer/panels/inspector/reading.ts';
import type { ShownLandscape } from '../../../../renderer/state/results.ts';
import { addRecords, emptySeries } from '../../../../renderer/state/run-series.ts';
import type { Run } from '../../../../renderer/state/runs.ts';

const update = (step: number) =>
  ({
    record: 'step',
    step,
    loss: 1 / (step + 1),
    gradientNorm: 2,
    learningRate: 0.05,
    time: 0,
    seconds: 0,
  }) as TrainingRecord;
const loss = (step: number) =>
  ({
    record: 'probe',
    kind: 'loss',
    step,
    train: { loss: 0.5, standardError: 0.01, error: 0.1, examples: 100 },
    test: { loss: 0.6, standardError: 0.02, error: 0.19, examples: 1000 },
  }) as TrainingRecord;
const sharpness = (step: number, value: number, status = 'converged') =>
  ({
    record: 'probe',
    kind: 'sharpness',
    step,
    value,
    residual: 0.2,
    threshold: 40,
    status,
    products: 32,
    seconds: 0.41,
  }) as TrainingRecord;

function runOf(...records: TrainingRecord[]): Pick<Run, 'series' | 'description'> {
  const series = emptySeries();
  addRecords(series, records);
  return { series, description: { thresholdName: '2/η (gradient descent)' } as Run['description'] };
}

const run = runOf(
  loss(0),
  sharpness(0, 20),
  ...[0, 1, 2, 3, 4].map(update),
  loss(3),
  sharpness(2, 39.5),
  sharpness(4, 40.6, 'budgetSpent'),
);

describe('what is known at a step', () => {
  test('is of each quantity the last measurement at or before it, with its own step', () => {
    const reading = readingAt(run, 3);
    expect(reading.sharpness).toMatchObject({ step: 2, value: 39.5, uncertainty: 0.2, converged: true, products: 32 });
    expect(reading.loss).toEqual({ step: 3, value: 0.5, uncertainty: 0.01 });
    expect(reading.batchLoss).toEqual({ step: 3, value: 0.25, uncertainty: null });
    expect(reading.testAccuracy?.value).toBeCloseTo(0.81, 12);
    expect(reading.testAccuracy?.uncertainty).toBeCloseTo(Math.sqrt((0.81 * 0.19) / 1000), 12);
    expect(reading.edge).toBe('1.2 % below 2/η = 40. At the edge of stability first at step 2.');
  });

  test('never tells what was measured later', () => {
    const reading = readingAt(run, 1);
    expect(reading.sharpness?.step).toBe(0);
    expect(reading.edge).toBe('50 % below 2/η = 40. Not at the edge of stability yet.');
    expect(readingAt(run, -1)).toMatchObject({ sharpness: null, edge: '', loss: null, gradientNorm: null });
  });

  test('says where a value had not converged', () => {
    expect(readingAt(run, 9).sharpness).toMatchObject({ step: 4, converged: false });
  });
});

describe('the distance from the plane', () => {
  const path = (...steps: number[]) => ({
    steps,
    distance: Float64Array.from(steps, (s) => s / 10),
    length: Float64Array.from(steps),
  });
  const landscape = {
    slice: { trajectory: path(0, 10, 20) },
    newer: path(30, 40),
    complete: true,
  } as unknown as ShownLandscape;
  test.each([
    [0, { step: 0, distance: 0, length: 0 }],
    [19, { step: 10, distance: 1, length: 10 }],
    [35, { step: 30, distance: 3, length: 30 }],
    [1e6, { step: 40, distance: 4, length: 40 }],
  ])('at step %i is that of the checkpoint before it', (step, wanted) => {
    expect(distanceAt(landscape, step)).toEqual(wanted);
  });
  test('is not known without a plane', () => expect(distanceAt(undefined, 5)).toBeNull());
});

test.each([
  [[0, 50, 100], 99, 50],
  [[0, 50, 100], 100, 100],
  [[50, 100], 10, 50],
  [[], 10, null],
])('of the checkpoints %j the one for step %i is %j', (checkpoints, step, wanted) => {
  expect(checkpointFor(checkpoints, step)).toBe(wanted);
});

test('sizes are rounded up to one digit, and values end where their errors begin', () => {
  expect([2.01e-5, 9.6e-4, 0.5, 0].map(sizeText)).toEqual(['3e−5', '1e−3', '5e−1', '0']);
  expect(compactText(35.890881, 5.9e-5)).toEqual({ value: '35.89088', uncertainty: '6e−5' });
  expect(compactText(40.61, 0.2)).toEqual({ value: '40.61', uncertainty: '0.2' });
});

test('copied numbers carry value, uncertainty, its kind, status and step', () => {
  const text = numbersText(readingAt(run, 4), null, { step: 4, distance: 0.29, length: 6.84 }, [['Seed', '7']]);
  const lines = text.split('\n');
  expect(lines).toContain('sharpness\t40.6\t0.2\tresidual\tnot converged\t4');
  expect(lines).toContain('loss\t0.5\t0.01\tstandard error\t\t3');
  expect(lines).toContain('distance from the plane\t0.29\t\t\t\t4');
  expect(lines.at(-1)).toBe('Seed\t7');
});
