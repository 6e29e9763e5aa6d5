import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RunRecord, readMetrics } from '../../../core/experiment/run-folder.ts';
import type {
  DensityProbe,
  EigenvalueProbe,
  LossProbe,
  StepRecord,
  TopEigenvaluesProbe,
  TrainingRecord,
} from '../../../core/training/records.ts';
import { addRecords, dropRecordsAfter, emptySeries, type RunSeries } from '../../../renderer/state/run-series.ts';

const update = (step: number, loss = 1 / (step + 1)): StepRecord => ({
  record: 'step',
  step,
  epoch: 0,
  batch: 0,
  examples: 8,
  loss,
  gradientNorm: 0.5,
  learningRate: 0.1,
  time: 0.1 * step,
  seconds: 0.001,
  status: null,
});

const probe = {
  record: 'probe',
  status: 'converged',
  examples: 8,
  subset: false,
  products: 9,
  gradients: 1,
  losses: 0,
  seconds: 0.1,
} as const;

const sharpness = (step: number, value = step): EigenvalueProbe => ({
  ...probe,
  kind: 'sharpness',
  step,
  askedAt: step,
  value,
  residual: 0.01,
  threshold: 20,
});

const losses = (step: number): LossProbe => ({
  ...probe,
  kind: 'loss',
  step,
  askedAt: step,
  train: { loss: 0.5, standardError: 0.1, error: null, examples: 8 },
  test: null,
});

const density = (step: number): DensityProbe => ({
  ...probe,
  kind: 'density',
  step,
  askedAt: step,
  x: [0, 1],
  y: [1, 0],
  standardError: [0, 0],
  kernelWidth: 0.1,
  starts: 2,
  lanczosSteps: 10,
});

const top = (step: number, count = 3): TopEigenvaluesProbe => ({
  ...probe,
  kind: 'eigenvalues',
  step,
  askedAt: step,
  values: Array.from({ length: count }, (_, i) => 10 - i + step),
  residuals: Array.from({ length: count }, () => 0.01),
  threshold: 20,
  subspaceError: 0.02,
  overlap: step === 0 ? null : 0.9,
  overlapError: step === 0 ? null : 0.04,
  overlapWith: step === 0 ? null : step - 1,
  gradientShare: 0.5,
});

const resumed = (step: number): RunRecord => ({ record: 'run', event: 'resumed', step, at: '2026-01-01T00:00:00Z' });

const stepsOf = ({ data, length }: { data: { step: Float64Array }; length: number }): number[] =>
  Array.from(data.step.subarray(0, length));

const shown = (series: RunSeries) => ({
  updates: stepsOf(series.updates),
  losses: stepsOf(series.losses),
  sharpness: stepsOf(series.eigenvalues.sharpness),
  densities: series.densities.map(({ step }) => step),
  subspaces: stepsOf(series.subspaces),
  ranks: series.topEigenvalues.map(stepsOf).filter((steps) => steps.length > 0),
});

const kinds = { update, sharpness, losses, density, eigenvalues: top } as const;

/** What a run that is killed and resumed again and again writes, in its order. */
const killedRun = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 8 })), { minLength: 1, maxLength: 5 })
  .map((sessions) => {
    const records: (TrainingRecord | RunRecord)[] = [];
    let at = 0;
    for (const [made, lost] of sessions) {
      if (records.length > 0) {
        at = Math.max(0, at - lost);
        records.push(resumed(at));
      }
      for (let i = 0; i < made; i++, at++) {
        if (at % 3 === 0) records.push(losses(at), sharpness(at));
        if (at % 5 === 0) records.push(density(at), top(at));
        records.push(update(at));
      }
    }
    return records;
  });

describe('what is shown of a run', () => {
  test('property: a killed and resumed run shows what its folder says counts', () => {
    fc.assert(
      fc.property(killedRun, (records) => {
        const series = emptySeries();
        addRecords(series, records);
        const truth = emptySeries();
        const text = records.map((record) => JSON.stringify(record)).join('\n');
        addRecords(truth, readMetrics(text));
        const counted = readMetrics(text);
        const steps = (kind: keyof typeof kinds) =>
          counted
            .filter((record) =>
              kind === 'update'
                ? record.record === 'step'
                : 'kind' in record && record.kind === (kind === 'losses' ? 'loss' : kind),
            )
            .map(({ step }) => step);
        expect(shown(series)).toEqual({
          updates: steps('update'),
          losses: steps('losses'),
          sharpness: steps('sharpness'),
          densities: steps('density'),
          subspaces: steps('eigenvalues'),
          ranks: steps('eigenvalues').length > 0 ? [1, 2, 3].map(() => steps('eigenvalues')) : [],
        });
        expect(shown(truth)).toEqual(shown(series));
      }),
      { numRuns: 300 },
    );
  });

  test('what is dropped after a step: the update from it, but not what was measured there', () => {
    const series = emptySeries();
    addRecords(series, [sharpness(4), update(4), sharpness(5), update(5), top(5, 2), density(6), top(6)]);
    const { version } = series;
    dropRecordsAfter(series, 5);
    expect(shown(series)).toEqual({
      updates: [4],
      losses: [],
      sharpness: [4, 5],
      densities: [],
      subspaces: [5],
      ranks: [[5], [5]],
    });
    expect(series.version).toBeGreaterThan(version);
  });

  test('a measurement made again at its step takes the place of the first', () => {
    const series = emptySeries();
    addRecords(series, [sharpness(5, 1)]);
    addRecords(series, [resumed(5), sharpness(5, 2)]);
    expect(stepsOf(series.eigenvalues.sharpness)).toEqual([5]);
    expect(series.eigenvalues.sharpness.data.value[0]).toBe(2);
  });

  test('densities stay few, and the first and the last are among them', () => {
    const series = emptySeries();
    for (let step = 0; step < 2000; step++) addRecords(series, [density(step)]);
    expect(series.densities.length).toBeLessThanOrEqual(240);
    expect(series.densities.at(0)?.step).toBe(0);
    expect(series.densities.at(-1)?.step).toBe(1999);
  });

  test('10⁶ updates with their events leave memory flat', () => {
    const series = emptySeries();
    const bursts = (from: number, to: number) => {
      for (let step = from; step < to; step += 100)
        addRecords(series, [
          ...Array.from({ length: 100 }, (_, i) => update(step + i)),
          { record: 'event', event: 'learningRate', step, from: 0.1, to: 0.2 },
        ]);
    };
    bursts(0, 200_000);
    const bytes = () => Object.values(series.updates.data).reduce((sum, { byteLength }) => sum + byteLength, 0);
    const [before, events] = [bytes(), series.events.length];
    bursts(200_000, 1_000_000);
    expect(bytes()).toBe(before);
    expect(series.events.length).toBeLessThanOrEqual(Math.max(events, 2048));
    expect(stepsOf(series.updates).at(-1)).toBe(999_999);
  });
});
