import '../../../support/float64-realm-first.ts';

import { memory, profile, scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { type Derivatives, derivativesOf, examples, problemOf } from './model-case-problem.ts';
import { modelCases, outputs } from './model-cases.ts';
import { modelCasesOfEveryKernel } from './model-cases-of-every-kernel.ts';

beforeAll(() => useBackend('cpu'));

type Numbers = ArrayLike<number>;
const dot = (a: Numbers, b: Numbers) => Array.from(a).reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const largest = (a: Numbers) => Array.from(a).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const largestDifference = (a: Numbers, b: Numbers) => largest(Array.from(a, (x, i) => x - (b[i] ?? 0)));

/** The kernels that the first test of each network has run. */
const kernelsRun = new Map<string, readonly string[]>();

describe.each(modelCases)('$name, in double precision', (row) => {
  test('gradient, Hessian, Gauss–Newton and Jacobian products are those of the loss; the model is left as it was', async () => {
    const problem = problemOf(row);
    const { model, objective, theta, u, v } = problem;
    const { space } = objective;
    const weightsBefore = model.weights.map((weight) => Array.from(weight.read().dataSync()));
    let found = {} as Derivatives;
    const { kernelNames } = await profile(async () => {
      found = await derivativesOf(problem);
      return scalar(0);
    });
    kernelsRun.set(row.name, kernelNames);
    const { gradient, hv, gv, jv } = found;
    const ahead = (h: number, d: HostVector) => space.addScaled(space.copy(theta), h, d);
    const lossAt = async (x: HostVector) => (await objective.evaluate(x)).loss;
    const gradientAt = async (x: HostVector) => (await objective.gradient(x)).gradient;

    // Differences of the loss find wrong first derivatives, which differences of gradients cannot see.
    const slope = ((await lossAt(ahead(1e-6, v))) - (await lossAt(ahead(-1e-6, v)))) / 2e-6;
    const scale = gradient.reduce((sum, g, i) => sum + Math.abs(g * (v[i] ?? 0)), 0);
    expect(Math.abs(dot(gradient, v) - slope) / scale).toBeLessThan(1e-6);

    // Small steps, because a step across a kink shows as an error that grows as 1/h.
    const h = 1e-7;
    const [after, before] = [await gradientAt(ahead(h, v)), await gradientAt(ahead(-h, v))];
    const differences = after.map((g, i) => (g - (before[i] ?? 0)) / (2 * h));
    expect(largestDifference(hv, differences) / largest(hv)).toBeLessThan(2e-6);

    const at = await objective.linearize(theta);
    const hu = await at.hessianProduct(u);
    expect(Math.abs(dot(u, hv) - dot(v, hu)) / Math.max(largest(hv), largest(hu))).toBeLessThan(1e-10);

    // J against differences of the outputs, Jᵀ as its transpose.
    const outputsAt = async (x: HostVector) =>
      (await objective.evaluate(x, { outputs: true })).outputs?.data ?? new Float64Array();
    const [high, low] = [await outputsAt(ahead(1e-6, v)), await outputsAt(ahead(-1e-6, v))];
    const jvDifferences = high.map((z, i) => (z - (low[i] ?? 0)) / 2e-6);
    expect(largestDifference(jv, jvDifferences) / largest(jv)).toBeLessThan(1e-7);
    const ju = (await at.jacobianProduct?.(u))?.data ?? new Float64Array();
    const jtju = await at.jacobianTransposeProduct?.({ rows: examples, columns: outputs, data: ju });
    expect(dot(jtju ?? new Float64Array(), v) / dot(ju, jv)).toBeCloseTo(1, 9);

    // u·Gv = Σᵢ (Ju)ᵢᵀ Aᵢ (Jv)ᵢ with the curvature of the loss written out once more.
    const z = await outputsAt(theta);
    const expected = Array.from({ length: examples }, (_, i) =>
      curvature(row.loss, rowOf(z, i), rowOf(ju, i), rowOf(jv, i)),
    );
    const factor = row.overExamples === 'sum' ? 1 : 1 / examples;
    const total = expected.reduce((sum, term) => sum + term, 0) * factor;
    expect(Math.abs(dot(u, gv) - total) / Math.abs(total)).toBeLessThan(1e-9);
    at.dispose();

    expect(model.weights.map((weight) => Array.from(weight.read().dataSync()))).toEqual(weightsBefore);
    objective.dispose();
    model.dispose();
  });

  test('per-example losses make the loss, points of a plane are evaluations, no tensor is left', async () => {
    const before = memory().numTensors;
    const { model, objective, theta, u, v } = problemOf(row);
    const { space } = objective;
    const coefficients = Float64Array.of(0, 0, 0.1, -0.2, 0.3, 0.1, -0.1, 0, 0, 0.2, 0.25, 0.25);
    const everything = async () => {
      const at = await objective.linearize(theta);
      await at.hessianProduct(v);
      await at.gaussNewtonProduct?.(v);
      at.dispose();
      await objective.gradient(theta);
      await objective.evaluate(theta);
      return objective.losses(theta, [u, v], { rows: 6, columns: 2, data: coefficients });
    };
    // What is traced once stays with the objective.
    await everything();
    const tensors = memory().numTensors;
    const { loss, perExample } = await objective.evaluate(theta, { perExample: true });
    const sum = perExample?.reduce((a, b) => a + b, 0) ?? Number.NaN;
    const penalised = row.name.includes('penalties');
    if (!penalised) expect(loss).toBeCloseTo(row.overExamples === 'sum' ? sum : sum / examples, 12);
    else expect(loss).toBeGreaterThan(sum / examples + 1e-3);
    const losses = await everything();
    for (let i = 0; i < 6; i++) {
      const point = space.combine([u, v], coefficients.slice(2 * i, 2 * i + 2), space.copy(theta));
      expect(losses[i]).toBeCloseTo((await objective.evaluate(point)).loss, 10);
    }
    await everything();
    expect(memory().numTensors).toBe(tensors);
    objective.dispose();
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

test('the short table runs every kernel of the whole one', () => {
  expect(kernelsRun.size).toBe(modelCases.length);
  const short = new Set(modelCasesOfEveryKernel.flatMap(({ name }) => kernelsRun.get(name)));
  const missing = [...kernelsRun].flatMap(([name, kernels]) =>
    kernels.filter((one) => !short.has(one)).map((one) => [name, one]),
  );
  expect(missing).toEqual([]);
});

const rowOf = (data: Float64Array, i: number) => data.subarray(i * outputs, (i + 1) * outputs);

/** aᵀ A b for the Hessian A of the loss in its outputs z. */
function curvature(loss: string | undefined, z: Float64Array, a: Float64Array, b: Float64Array): number {
  if (loss === 'halfSquaredError') return dot(a, b);
  if (loss === 'meanSquaredError') return (2 / outputs) * dot(a, b);
  const exp = z.map((x) => Math.exp(x - largest(z)));
  const p = exp.map((x) => x / exp.reduce((sum, y) => sum + y, 0));
  return (
    dot(
      p.map((x, i) => x * (a[i] ?? 0)),
      b,
    ) -
    dot(p, a) * dot(p, b)
  );
}
