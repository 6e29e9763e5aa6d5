import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { chebyshev } from '../../../core/data/synthetic.ts';
import { exactSpectrum } from '../../../core/linalg/dense/dense-symmetric.ts';
import { mlpObjective } from '../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../core/models/closed-form/mlp-description.ts';
import { hessianOperator } from '../../../core/objective/curvature/hessian.ts';
import { simulateEdge } from '../../../core/simulations/edge.ts';
import type { Simulations } from '../../../core/simulations/simulation.ts';
import { edgeRun } from '../../support/edge-runs.ts';

type Params = Simulations['edge']['params'];

const still = { signal: { aborted: false }, breathe: async () => {} };
const usual: Params = { theta: null, learningRate: 0.2, steps: 60, seed: 3, every: 30 };
const walked = async (more: Partial<Params> = {}) => (await simulateEdge({ ...usual, ...more }, still))!;

test('chunks go on as if they were one, and as the training of the same experiment', async () => {
  const whole = await walked();
  const first = await walked({ steps: 25, every: 25 });
  const second = await walked({ theta: first.value.theta, steps: 35, every: 35 });
  expect([...first.value.losses, ...second.value.losses]).toEqual([...whole.value.losses]);
  expect(second.value.theta).toEqual(whole.value.theta);
  expect(whole.status).toBe('converged');
  const settings = { learningRate: 0.2 };
  const run = await edgeRun({
    degree: 3,
    hidden: [20, 20],
    seed: 3,
    optimizer: 'gradientDescent',
    settings,
    steps: 60,
    every: 1000,
  });
  expect(run.losses).toEqual([...whole.value.losses]);
});

test('the sharpness is an eigenvalue within its residual: the largest of the dense Hessian', async () => {
  const { value, stats } = await walked();
  expect(value.sharpness.map(({ step }) => step)).toEqual([0, 30, 60]);
  const last = value.sharpness.at(-1)!;
  const objective = mlpObjective(mlpFromWidths([1, 20, 20, 1], 'tanh'), {
    data: chebyshev(3, 20, 'train'),
    loss: 'halfSquaredError',
  });
  const at = await objective.linearize(value.theta);
  const { eigenvalues } = (await exactSpectrum(hessianOperator(objective.space, at))).value;
  expect(Math.abs(eigenvalues.at(-1)! - last.value)).toBeLessThanOrEqual(last.residual + 1e-12);
  expect(last.residual).toBeLessThan(1e-3 * last.value);
  expect(stats.gradients).toBe(63);
  expect(stats.products).toBeGreaterThan(2);
  at.dispose();
  objective.dispose();
});

test('sharpness climbs to 2/η and stays about it', async () => {
  const { value } = await walked({ steps: 4000, every: 50 });
  expect(value.sharpness[0]!.value).toBeGreaterThan(3);
  expect(value.sharpness[0]!.value).toBeLessThan(5);
  const tail = value.sharpness.filter(({ step }) => step >= 3200);
  const mean = tail.reduce((sum, { value: one }) => sum + one, 0) / tail.length;
  expect(mean * 0.1).toBeGreaterThan(0.95);
  expect(mean * 0.1).toBeLessThan(1.05);
  expect(value.losses.some((loss, i) => i > 0 && loss > value.losses[i - 1]!)).toBe(true);
});

test('a rate that is too large diverges and says so', async () => {
  const { value, status } = await walked({ learningRate: 10, steps: 2000 });
  expect(value.status).toBe('diverged');
  expect(status).toBe('diverged');
  expect(value.losses.length).toBeLessThan(2001);
});

test.each([
  [{ theta: new Float64Array(3) }, /edge\.theta is not a point.*481/s],
  [{ theta: new Float64Array(481).fill(Number.NaN) }, /edge\.theta/],
  [{ learningRate: 0 }, /above 0/],
  [{ every: 0 }, /at least 1/],
  [{ steps: 10_001 }, /at most 10000/],
])('%o is refused', async (more, message) => {
  await expect(walked(more)).rejects.toThrow(BadInput);
  await expect(walked(more)).rejects.toThrow(message);
});

test('cancelled between steps', async () => {
  expect(await simulateEdge(usual, { ...still, signal: { aborted: true } })).toBeNull();
});
