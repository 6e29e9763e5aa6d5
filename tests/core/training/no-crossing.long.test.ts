import { expect, test } from 'vitest';
import { edgeRun, tailRatio } from '../../support/edge-runs.ts';

const large = { degree: 4, hidden: [30, 30], seed: 1, optimizer: 'gradientDescent', every: 50 };

test('I5: where descent reaches 2/η it hovers there', { timeout: 600_000 }, async () => {
  const run = await edgeRun({ ...large, steps: 100_000, settings: { learningRate: 0.1 } });
  expect(tailRatio(run)).toBeGreaterThan(0.97);
  expect(tailRatio(run)).toBeLessThan(1.03);
});

test('I5: where the task needs less than 2/η it never reaches it', { timeout: 600_000 }, async () => {
  const run = await edgeRun({ ...large, steps: 200_000, settings: { learningRate: 0.05 } });
  const largest = Math.max(...run.sharpness.map(({ value }) => value));
  expect(largest).toBeGreaterThan(30);
  expect(largest).toBeLessThan(40);
});
