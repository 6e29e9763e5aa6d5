import { expect, test } from 'vitest';
import { edgeReadings, stabilitySentence, valuesAtStep } from '../../../renderer/state/edge.ts';
import { addRecords, emptySeries } from '../../../renderer/state/run-series.ts';

const probe = (
  step: number,
  value: number,
  threshold: number | null,
  kind: 'sharpness' | 'preconditionedSharpness' = 'sharpness',
) =>
  ({
    record: 'probe',
    kind,
    step,
    askedAt: step,
    status: 'converged',
    examples: 8,
    subset: false,
    products: 9,
    gradients: 1,
    losses: 0,
    seconds: 0.1,
    value,
    residual: 0.01,
    threshold,
  }) as const;

function run() {
  const series = emptySeries();
  addRecords(series, [
    probe(10, 30, 40),
    probe(20, 39.5, 40),
    {
      record: 'step',
      step: 24,
      epoch: 0,
      batch: 0,
      examples: 8,
      loss: 0.5,
      gradientNorm: 1,
      learningRate: 0.05,
      time: 1,
      seconds: 0,
      status: null,
    },
    probe(30, 40.6, 40),
  ]);
  return { series, description: { thresholdName: '2/η' } } as never as Parameters<typeof stabilitySentence>[0];
}

test('values at a step are the last ones measured, each with the step it was measured at', () => {
  const at = valuesAtStep(run(), 27);
  expect(at.sharpness).toMatchObject({ step: 20, value: 39.5, threshold: 40, residual: 0.01 });
  expect(at.update).toMatchObject({ step: 24, loss: 0.5 });
  expect(at.losses).toBeNull();
  expect(valuesAtStep(run(), 5).sharpness).toBeNull();
  expect(valuesAtStep(run(), null)).toMatchObject({ step: 30, sharpness: { value: 40.6 } });
});

test('the sentence of stability knows nothing of what came later', () => {
  expect(stabilitySentence(run(), null)).toBe('1.5 % above 2/η = 40. At the edge of stability since step 20.');
  expect(stabilitySentence(run(), 15)).toBe('25 % below 2/η = 40. Not at the edge of stability yet.');
  expect(stabilitySentence(run(), 0)).toBe('The sharpness has not been measured.');
});

test('where the preconditioned Hessian is measured, the threshold is compared with it', () => {
  const given = run();
  addRecords(given.series, [probe(31, 12, 38, 'preconditionedSharpness')]);
  expect(edgeReadings(given, null)).toEqual([{ step: 31, value: 12, threshold: 38, converged: true }]);
});
