import { expect, test } from 'vitest';
import { exactSpectrum, symmetricEigenvalues } from '../../../core/linalg/dense/dense-symmetric.ts';
import type { LinearOperator } from '../../../core/linalg/linear-operator.ts';
import { quadraticObjective } from '../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { createProbes, defaultProbeSettings, type ProbeSettings, type Probes } from '../../../core/training/probes.ts';
import type { ProbeKind, ProbeRecordOf } from '../../../core/training/records.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import type { Trainer } from '../../../core/training/trainer.ts';
import { advanceBy, smallClassifier, timeless, trainerOf, turn } from '../../support/training-runs.ts';

const atEase = { breathe: turn, signal: { aborted: false } as AbortSignal };
const clock = () => performance.now() / 1000;

function probesOf(
  train: Objective<Float64Array>,
  settings: Partial<ProbeSettings> = {},
  test?: Objective<Float64Array>,
): Probes<Float64Array> {
  return createProbes({ train, test, settings: { ...defaultProbeSettings, ...settings }, rng: randomFromSeed(5) });
}

async function measured<K extends ProbeKind>(
  probes: Probes<Float64Array>,
  kind: K,
  trainer: Trainer<Float64Array>,
): Promise<ProbeRecordOf<K>> {
  const session = probes.session(trainer, atEase, clock);
  const record = await probes.measure(kind, session);
  session.dispose();
  if (record === null) throw new Error(`nothing measured for ${kind}`);
  return record as ProbeRecordOf<K>;
}

async function denseSpectrum(objective: Objective<Float64Array>, theta: Float64Array, batch?: Int32Array) {
  const at = await objective.linearize(theta, batch);
  const hessian: LinearOperator<Float64Array> = {
    space: objective.space,
    symmetric: true,
    positiveSemidefinite: false,
    apply: (v) => at.hessianProduct(v),
  };
  const { eigenvalues } = (await exactSpectrum(hessian)).value;
  at.dispose();
  return eigenvalues;
}

test('the eigenvalue probes equal the ends of the dense spectrum within their own residuals, all along a run', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', { learningRate: 0.5 }), theta);
  const probes = probesOf(objective);
  const products: number[] = [];
  for (let round = 0; round < 12; round++) {
    const exact = await denseSpectrum(objective, trainer.theta);
    const sharpness = await measured(probes, 'sharpness', trainer);
    const lowest = await measured(probes, 'lowestEigenvalue', trainer);
    const top = exact.at(-1)!;
    const bottom = exact[0]!;
    expect(sharpness).toMatchObject({
      status: 'converged',
      examples: 55,
      subset: false,
      gradients: 1,
      step: 5 * round,
    });
    expect(sharpness.residual).toBeLessThan(1e-3 * top);
    expect(Math.abs(sharpness.value - top)).toBeLessThan(sharpness.residual + 1e-12);
    expect(Math.abs(lowest.value - bottom)).toBeLessThan(lowest.residual + 1e-12);
    products.push(sharpness.products);
    await advanceBy(trainer, 5);
  }
  // A start where the last probe ended is worth products.
  const warm = products.slice(1).reduce((sum, n) => sum + n, 0) / 11;
  expect(warm).toBeLessThan(products[0]!);
});

test('when λ₂ overtakes λ₁ the warm probe follows the largest at once', async () => {
  const dim = 400;
  const bulk = randomFromSeed(2).fill(new Float64Array(dim), 'uniform');
  const curvatures = (t: number) => bulk.map((x, i) => (i === 7 ? 10 : i === 8 ? 8 + 4 * t : x));
  const settings = trainingSettings('gradientDescent', {});
  let moving = curvatures(0);
  const base = quadraticObjective(moving);
  const drifting: Objective<Float64Array> = {
    ...base,
    linearize: (theta) => quadraticObjective(moving).linearize(theta),
  };
  const probes = probesOf(drifting);
  for (let k = 0; k <= 20; k++) {
    moving = curvatures(k / 20);
    const trainer = trainerOf(drifting, settings, new Float64Array(dim));
    const { value, residual } = await measured(probes, 'sharpness', trainer);
    const exact = Math.max(10, 8 + (4 * k) / 20);
    expect(Math.abs(value - exact)).toBeLessThan(1e-3 * exact);
    expect(residual).toBeLessThan(1e-3 * exact);
  }
});

test('an eigenvalue that rises out of the bulk is found from a warm start', async () => {
  const dim = 2000;
  const bulk = randomFromSeed(4).fill(new Float64Array(dim), 'uniform');
  let moving = bulk;
  const base = quadraticObjective(bulk);
  const drifting: Objective<Float64Array> = {
    ...base,
    linearize: (theta) => quadraticObjective(moving).linearize(theta),
  };
  const probes = probesOf(drifting, { maxProducts: 200 });
  for (let k = 0; k <= 10; k++) {
    moving = bulk.map((x, i) => (i === 3 ? 3 : i === 4 ? 2.5 : i === 5 ? 0.5 * k : x));
    const trainer = trainerOf(drifting, trainingSettings('gradientDescent', {}), new Float64Array(dim));
    const { value } = await measured(probes, 'sharpness', trainer);
    expect(Math.abs(value - Math.max(3, 0.5 * k))).toBeLessThan(3e-3);
  }
});

test('the preconditioned sharpness of Adam equals that of the dense matrix', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('adam', { learningRate: 0.02 }), theta);
  const probes = probesOf(objective);
  const session = probes.session(trainer, atEase, clock);
  expect(await probes.measure('preconditionedSharpness', session)).toBeNull();
  session.dispose();
  await advanceBy(trainer, 10);
  const p = trainer.preconditioner()!;
  const at = await objective.linearize(trainer.theta);
  const dim = p.length;
  const scaled = { rows: dim, columns: dim, data: new Float64Array(dim * dim) };
  for (let j = 0; j < dim; j++) {
    const column = await at.hessianProduct(Float64Array.from({ length: dim }, (_, i) => (i === j ? 1 : 0)));
    for (let i = 0; i < dim; i++) scaled.data[i * dim + j] = column[i]! / Math.sqrt(p[i]! * p[j]!);
  }
  at.dispose();
  const exact = symmetricEigenvalues(scaled).at(-1)!;
  const record = await measured(probes, 'preconditionedSharpness', trainer);
  expect(Math.abs(record.value - exact)).toBeLessThan(record.residual + 1e-12);
  expect(record.threshold).toBeCloseTo(38 / 0.02, 8);
});

test('the sharpness probe carries the threshold of its step, and Adam has none for it', async () => {
  const objective = quadraticObjective(Float64Array.of(1, 3));
  const probes = probesOf(objective);
  const trainer = trainerOf(objective, trainingSettings('momentum', { learningRate: 0.1 }), Float64Array.of(1, 1));
  expect((await measured(probes, 'sharpness', trainer)).threshold).toBeCloseTo(38, 12);
  trainer.setLearningRate(0.2);
  expect((await measured(probes, 'sharpness', trainer)).threshold).toBeCloseTo(19, 12);
  const adam = trainerOf(objective, trainingSettings('adam', {}), Float64Array.of(1, 1));
  expect(await measured(probes, 'sharpness', adam)).toMatchObject({ threshold: null });
});

test('loss and gradient norm are those of the objective, with examples and standard error', async () => {
  const { objective, theta } = smallClassifier();
  const other = smallClassifier(9).objective;
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', {}), theta);
  const probes = probesOf(objective, {}, other);
  const [here, there] = [await objective.evaluate(theta), await other.evaluate(theta)];
  const { gradient } = await objective.gradient(theta);
  const loss = await measured(probes, 'loss', trainer);
  expect(loss.train).toEqual({ loss: here.loss, standardError: here.standardError, error: here.error, examples: 55 });
  expect(loss.test).toEqual({ loss: there.loss, standardError: there.standardError, error: there.error, examples: 55 });
  expect(loss.train.standardError).toBeGreaterThan(0);
  expect((await measured(probes, 'gradientNorm', trainer)).value).toBeCloseTo(Math.hypot(...gradient), 12);
});

test('a probe of n examples looks at the same n every time and says so', async () => {
  const { objective, theta } = smallClassifier();
  const keys: string[] = [];
  const watched: Objective<Float64Array> = {
    ...objective,
    linearize(at, batch) {
      keys.push(String(batch));
      return objective.linearize(at, batch);
    },
  };
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', {}), theta);
  const probes = probesOf(watched, { examples: 20 });
  const first = await measured(probes, 'sharpness', trainer);
  await advanceBy(trainer, 1);
  await measured(probes, 'sharpness', trainer);
  expect(first).toMatchObject({ examples: 20, subset: true });
  expect(keys[0]).toBe(keys[1]);
  const key = Int32Array.from(keys[0]!.split(','), Number);
  expect(new Set(key).size).toBe(20);
  const exact = (await denseSpectrum(objective, theta, key)).at(-1)!;
  expect(Math.abs(first.value - exact)).toBeLessThan(first.residual + 1e-12);
});

test('the density integrates to one, has a standard error, and its mean is tr H / p', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', {}), theta);
  const record = await measured(probesOf(objective, { densityStarts: 40, densitySteps: 20 }), 'density', trainer);
  const width = record.x[1]! - record.x[0]!;
  const sum = (f: (i: number) => number) => record.x.reduce((total, _, i) => total + f(i), 0) * width;
  expect(sum((i) => record.y[i]!)).toBeCloseTo(1, 6);
  const exact = await denseSpectrum(objective, theta);
  const mean = exact.reduce((total, x) => total + x, 0) / exact.length;
  // Rademacher starts: the variance of vᵀHv/p is 2 Σ_{i≠j} H²ᵢⱼ / p² ≤ 2 ‖H‖²_F / p².
  const bound = Math.sqrt((2 * exact.reduce((total, x) => total + x * x, 0)) / exact.length ** 2 / 40);
  expect(Math.abs(sum((i) => record.x[i]! * record.y[i]!) - mean)).toBeLessThan(4 * bound + 1e-3);
  expect(Math.max(...record.standardError)).toBeGreaterThan(0);
  expect(record).toMatchObject({ starts: 40, lanczosSteps: 20, products: 40 * 20, status: 'converged' });
});

test('probes of one point share one linearization', async () => {
  const { objective, theta } = smallClassifier();
  let linearizations = 0;
  let disposed = 0;
  const watched: Objective<Float64Array> = {
    ...objective,
    async linearize(at, batch) {
      linearizations++;
      const inner = await objective.linearize(at, batch);
      return {
        ...inner,
        hessianProduct: (v) => inner.hessianProduct(v),
        dispose: () => {
          disposed++;
          inner.dispose();
        },
      };
    },
  };
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', {}), theta);
  const probes = probesOf(watched);
  const session = probes.session(trainer, atEase, clock);
  const records = [];
  for (const kind of ['eigenvalues', 'sharpness', 'lowestEigenvalue', 'gradientNorm', 'density'] as const)
    records.push(await probes.measure(kind, session));
  session.dispose();
  expect([linearizations, disposed]).toEqual([1, 1]);
  expect(records.map((record) => record!.gradients)).toEqual([1, 0, 0, 0, 0]);
});

test('a curvature that is not a number is a status, not an exception', async () => {
  const { objective, theta } = smallClassifier();
  const broken: Objective<Float64Array> = {
    ...objective,
    async linearize(at, batch) {
      const inner = await objective.linearize(at, batch);
      return { ...inner, hessianProduct: async (v) => (await inner.hessianProduct(v)).fill(Number.NaN) };
    },
  };
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', {}), theta);
  const probes = probesOf(broken);
  expect(await measured(probes, 'sharpness', trainer)).toMatchObject({ status: 'notFinite', value: Number.NaN });
  expect(await measured(probes, 'density', trainer)).toMatchObject({ status: 'notFinite', x: [], y: [] });
  expect(await measured(probes, 'eigenvalues', trainer)).toMatchObject({ status: 'notFinite', subspaceError: 1 });
});

test('a probe that is no longer wanted ends soon and says so', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', {}), theta);
  const signal = { aborted: false };
  let breaths = 0;
  const interruption = {
    breathe: async () => {
      if (++breaths === 3) signal.aborted = true;
    },
    signal: signal as AbortSignal,
  };
  const probes = probesOf(objective);
  for (const kind of ['sharpness', 'eigenvalues', 'density', 'noiseScale'] as const) {
    breaths = 0;
    signal.aborted = false;
    const session = probes.session(trainer, interruption, clock);
    const record = await probes.measure(kind, session);
    session.dispose();
    expect(record).toMatchObject({ status: 'cancelled' });
    expect(record!.products + record!.gradients).toBeLessThan(8);
  }
});

test('a probe depends on its stream, its kind and its step only, not on the probes before it', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', {}), theta);
  const alone = timeless(await measured(probesOf(objective), 'noiseScale', trainer));
  const busy = probesOf(objective);
  await measured(busy, 'density', trainer);
  await measured(busy, 'noiseScale', trainer);
  expect(timeless(await measured(busy, 'noiseScale', trainer))).toEqual(alone);
});
