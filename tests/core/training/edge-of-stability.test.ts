import { expect, test } from 'vitest';
import { edgeRun, tailRatio } from '../../support/edge-runs.ts';

const small = { degree: 3, hidden: [20, 20], steps: 8000 };

test.each([1, 2, 3])('I4: the live probe sees gradient descent at the edge of stability, seed %i', async (seed) => {
  const run = await edgeRun({ ...small, seed, optimizer: 'gradientDescent', settings: { learningRate: 0.2 } });
  const { sharpness, losses } = run;
  expect(sharpness.length).toBe(801);
  expect(sharpness.every(({ step, askedAt }) => step === askedAt)).toBe(true);
  expect(sharpness.every(({ status, residual, value }) => status === 'converged' && residual < 1e-3 * value)).toBe(
    true,
  );
  expect(sharpness.every(({ threshold }) => threshold === 10)).toBe(true);
  expect(sharpness[0]!.value).toBeGreaterThan(3);
  expect(sharpness[0]!.value).toBeLessThan(5);
  const crossing = sharpness.find(({ value }) => value > 10)!.step;
  expect(crossing).toBeLessThanOrEqual(400);
  expect(tailRatio(run)).toBeGreaterThan(0.97);
  expect(tailRatio(run)).toBeLessThan(1.03);
  expect(losses.some((loss, i) => i > crossing && loss > losses[i - 1]!)).toBe(true);
  expect(losses.at(-1)).toBeLessThan(1e-2);
});

test('I4: at half the learning rate the edge is at twice the sharpness', async () => {
  const run = await edgeRun({ ...small, seed: 1, optimizer: 'gradientDescent', settings: { learningRate: 0.1 } });
  expect(run.sharpness.at(-1)!.threshold).toBe(20);
  expect(tailRatio(run)).toBeGreaterThan(0.97);
  expect(tailRatio(run)).toBeLessThan(1.03);
});

test('Nesterov descent hovers at its own threshold (2 + 2β)/(η (1 + 2β)) and not at 2/η', async () => {
  const settings = { learningRate: 0.1, momentum: 0.5 };
  const run = await edgeRun({ ...small, seed: 1, optimizer: 'nesterov', settings });
  expect(run.sharpness.at(-1)!.threshold).toBeCloseTo(15, 12);
  expect(tailRatio(run)).toBeGreaterThan(0.97);
  expect(tailRatio(run)).toBeLessThan(1.03);
});

test('Adam rises to 38/η in its preconditioned sharpness and stays just below (Cohen et al. 2022)', async () => {
  const kind = 'preconditionedSharpness';
  const run = await edgeRun({ ...small, seed: 1, kind, optimizer: 'adam', settings: { learningRate: 0.005 } });
  expect(run.sharpness.at(-1)!.threshold).toBeCloseTo(7600, 8);
  expect(run.sharpness[0]!.value).toBeLessThan(0.5 * 7600);
  expect(tailRatio(run)).toBeGreaterThan(0.85);
  expect(tailRatio(run)).toBeLessThan(1.05);
});

test('the gradient flow has no edge: its sharpness passes the one that holds descent at η = 0.1', async () => {
  const settings = { learningRate: 1, sharpnessEvery: 5 };
  const run = await edgeRun({ ...small, steps: 2000, seed: 1, optimizer: 'gradientFlow', settings });
  expect(run.sharpness.at(-1)!.value).toBeGreaterThan(25);
  expect(run.losses.every((loss, i) => i === 0 || loss < run.losses[i - 1]!)).toBe(true);
});
