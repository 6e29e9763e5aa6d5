import { expect, test } from 'vitest';
import { denseMatrix, symmetricEigen } from '../../../core/linalg/dense/dense-symmetric.ts';
import type { LinearOperator } from '../../../core/linalg/linear-operator.ts';
import { quadraticObjective } from '../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { type TopSubspace, topSubspace } from '../../../core/training/probes/top-subspace.ts';
import { createProbes, defaultProbeSettings, type ProbeSettings, type Probes } from '../../../core/training/probes.ts';
import type { TopEigenvaluesProbe } from '../../../core/training/records.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import type { Trainer } from '../../../core/training/trainer.ts';
import { advanceBy, recordedRun, smallClassifier, timeless, trainerOf, turn } from '../../support/training-runs.ts';

const atEase = { breathe: turn, signal: { aborted: false } as AbortSignal };
const descent = trainingSettings('gradientDescent', { learningRate: 0.5 });

const probesOf = (train: Objective<Float64Array>, settings: Partial<ProbeSettings> = {}): Probes<Float64Array> =>
  createProbes({ train, settings: { ...defaultProbeSettings, ...settings }, rng: randomFromSeed(5) });

async function measured(probes: Probes<Float64Array>, trainer: Trainer<Float64Array>): Promise<TopEigenvaluesProbe> {
  const session = probes.session(trainer, atEase, () => 0);
  const record = await probes.measure('eigenvalues', session);
  session.dispose();
  return record as TopEigenvaluesProbe;
}

/** Eigenvalues, largest first, the eigenvectors of the first `count`, and the gradient, by dense algebra. */
async function denseTop(objective: Objective<Float64Array>, theta: Float64Array, count: number) {
  const at = await objective.linearize(theta);
  const hessian: LinearOperator<Float64Array> = {
    space: objective.space,
    symmetric: true,
    positiveSemidefinite: false,
    apply: (v) => at.hessianProduct(v),
  };
  const { eigenvalues, eigenvectors } = symmetricEigen((await denseMatrix(hessian)).value.matrix);
  const gradient = Float64Array.from(at.gradient);
  at.dispose();
  const p = eigenvalues.length;
  const vectors = Array.from({ length: count }, (_, i) =>
    Float64Array.from({ length: p }, (_, row) => eigenvectors.data[row * p + (p - 1 - i)]!),
  );
  return { values: Array.from(eigenvalues).reverse(), vectors, gradient };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const sumOfSquares = (as: readonly Float64Array[], bs: readonly Float64Array[]): number =>
  as.reduce((sum, a) => sum + bs.reduce((part, b) => part + dot(a, b) ** 2, 0), 0);

test('along a run values, overlap and share of the gradient equal those of the dense matrices, within what they say of themselves', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, descent, theta);
  const count = 4;
  const probes = probesOf(objective, { eigenvalueCount: count });
  let before: Awaited<ReturnType<typeof denseTop>> | null = null;
  let certified = 0;
  for (let round = 0; round < 12; round++) {
    const exact = await denseTop(objective, trainer.theta, count);
    const record = await measured(probes, trainer);
    expect(record).toMatchObject({ status: 'converged', step: 6 * round, gradients: 1, threshold: 4, examples: 55 });
    expect(record.values).toHaveLength(count);
    record.values.forEach((value, i) => {
      expect(Math.abs(value - exact.values[i]!)).toBeLessThan(record.residuals[i]! + 1e-12);
      expect(record.residuals[i]).toBeLessThan(1.001e-3 * value);
    });
    const share = sumOfSquares(exact.vectors, [exact.gradient]) / dot(exact.gradient, exact.gradient);
    expect(Math.abs(record.gradientShare - share)).toBeLessThan(record.subspaceError + 1e-9);
    if (before === null) expect([record.overlap, record.overlapError, record.overlapWith]).toEqual([null, null, null]);
    else {
      const overlap = sumOfSquares(before.vectors, exact.vectors) / count;
      expect(record.overlapWith).toBe(6 * (round - 1));
      expect(Math.abs(record.overlap! - overlap)).toBeLessThan(record.overlapError! + 1e-9);
      if (record.overlapError! < 0.1) certified++;
    }
    before = exact;
    await advanceBy(trainer, 6);
  }
  // A bound that always says nothing would pass too.
  expect(certified).toBeGreaterThan(5);
});

test('a warm start costs fewer products than a cold one at the same points', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, descent, theta);
  const warm = probesOf(objective, { eigenvalueCount: 5 });
  const products = { warm: 0, cold: 0 };
  for (let round = 0; round < 12; round++) {
    const cold = await measured(probesOf(objective, { eigenvalueCount: 5 }), trainer);
    const record = await measured(warm, trainer);
    if (round > 0) {
      products.warm += record.products;
      products.cold += cold.products;
    }
    record.values.forEach((value, i) => {
      expect(Math.abs(value - cold.values[i]!)).toBeLessThan(record.residuals[i]! + cold.residuals[i]!);
    });
    await advanceBy(trainer, 3);
  }
  expect(products.warm).toBeLessThan(products.cold);
});

/** Ten outliers over a bulk in [0, 1]; every eigenvector is turned by `angle` within a plane of its own. */
function turned(angle: number, onProduct: () => void): LinearOperator<Float64Array> {
  const dim = 400;
  const curvatures = randomFromSeed(8).fill(new Float64Array(dim), 'uniform');
  for (let i = 0; i < 10; i++) curvatures[i] = 12 - i;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const turn = (v: Float64Array, sign: 1 | -1) =>
    v.map((x, i) => (i < 200 ? cosine * x + sign * sine * v[i + 200]! : cosine * x - sign * sine * v[i - 200]!));
  return {
    space: quadraticObjective(curvatures).space,
    symmetric: true,
    positiveSemidefinite: true,
    async apply(v) {
      onProduct();
      const inner = turn(v, 1).map((x, i) => x * curvatures[i]!);
      return turn(inner, -1);
    },
  };
}

test('where outliers stand apart and turn slowly, warm probes cost two thirds of cold ones at most', async () => {
  const products = { warm: 0, cold: 0 };
  let before: TopSubspace<Float64Array> | null = null;
  for (let round = 0; round < 8; round++) {
    const measure = (name: 'warm' | 'cold', start: typeof before) =>
      topSubspace(
        turned(0.05 * round, () => {
          if (round > 0) products[name]++;
        }),
        {
          step: round,
          count: 10,
          gradient: new Float64Array(400).fill(1),
          rng: randomFromSeed(round),
          before: start,
          residualTol: 1e-3,
          maxProducts: 200,
        },
      );
    await measure('cold', null);
    const { next, overlap, overlapError, values, residuals } = await measure('warm', before);
    values.forEach((value, i) => {
      expect(Math.abs(value - (12 - i))).toBeLessThan(residuals[i]! + 1e-9);
    });
    // All ten turn by the same angle.
    if (overlap !== null) expect(Math.abs(overlap - Math.cos(0.05) ** 2)).toBeLessThan(overlapError!);
    before = next;
  }
  process.stdout.write(`products of seven probes of ten eigenvalues: warm ${products.warm}, cold ${products.cold}\n`);
  expect(products.warm).toBeLessThan((2 / 3) * products.cold);
});

/** A diagonal Hessian that the test changes as it likes. */
function drifting(curvatures: () => Float64Array): Objective<Float64Array> {
  return {
    ...quadraticObjective(curvatures()),
    linearize: (theta) => quadraticObjective(curvatures()).linearize(theta),
  };
}

test('an eigenvalue that rises out of the bulk enters the list, and the overlap falls by one part in k', async () => {
  const dim = 1000;
  const bulk = randomFromSeed(4).fill(new Float64Array(dim), 'uniform');
  let height = 0;
  const objective = drifting(() => bulk.map((x, i) => (i < 4 ? 10 - i : i === 4 ? height : x)));
  const probes = probesOf(objective, { eigenvalueCount: 4 });
  const overlaps: number[] = [];
  for (const next of [2, 4, 6.5, 8.5, 11, 12]) {
    height = next;
    const trainer = trainerOf(objective, descent, new Float64Array(dim).fill(1));
    const { values, residuals, overlap } = await measured(probes, trainer);
    const exact = [10, 9, 8, 7, next].sort((a, b) => b - a);
    values.forEach((value, i) => {
      expect(Math.abs(value - exact[i]!)).toBeLessThan(residuals[i]! + 1e-9);
    });
    if (overlap !== null) overlaps.push(overlap);
  }
  expect(overlaps.map((overlap) => Math.round(100 * overlap) / 100)).toEqual([1, 1, 0.75, 1, 1]);
});

test('where eigenvalues k and k + 1 are equal the subspace is said to be unknown; the whole space is known', async () => {
  const curvatures = Float64Array.from({ length: 60 }, (_, i) => (i < 2 ? 5 - i : i < 4 ? 2 : i / 100));
  const objective = drifting(() => curvatures);
  const trainer = () => trainerOf(objective, descent, new Float64Array(60).fill(1));
  expect((await measured(probesOf(objective, { eigenvalueCount: 2 }), trainer())).subspaceError).toBeLessThan(0.01);
  expect((await measured(probesOf(objective, { eigenvalueCount: 3 }), trainer())).subspaceError).toBeGreaterThan(0.5);
  const whole = await measured(probesOf(objective, { eigenvalueCount: 99, maxProducts: 2000 }), trainer());
  expect(whole).toMatchObject({ subspaceError: 0, status: 'converged' });
  expect(whole.values).toHaveLength(60);
  expect(whole.gradientShare).toBeCloseTo(1, 10);
});

test('products end at their limit, and what was found by then is told with its status', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, descent, theta);
  const short = await measured(
    probesOf(objective, { maxProducts: 1, eigenvalueCount: 2, residualTol: 1e-12 }),
    trainer,
  );
  expect(short.products).toBeLessThanOrEqual(21);
  expect(short.status).not.toBe('converged');
});

test('on a real clock these probes and the densities stay within the budget of the run', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, descent, theta);
  const budget = 0.3;
  const probes = probesOf(objective, {
    budget,
    every: { eigenvalues: 1, density: 4 },
    eigenvalueCount: 3,
    densityStarts: 2,
    densitySteps: 10,
  });
  const { outcome, records } = await recordedRun(trainer, { steps: 6000, probes });
  const share = outcome.probeSeconds / (outcome.probeSeconds + outcome.trainingSeconds);
  expect(Math.abs(share - budget)).toBeLessThan(0.08);
  const kinds = records.flatMap((record) => (record.record === 'probe' ? [record.kind] : []));
  expect(kinds.filter((kind) => kind === 'eigenvalues').length).toBeGreaterThan(3);
  expect(kinds.filter((kind) => kind === 'density').length).toBeGreaterThan(1);
});

test('taken up from its state it goes on as if nothing had happened', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, descent, theta);
  const unbroken = probesOf(objective, { eigenvalueCount: 3 });
  await measured(unbroken, trainer);
  const state = structuredClone(unbroken.state());
  await advanceBy(trainer, 4);
  const resumed = createProbes({
    train: objective,
    settings: { ...defaultProbeSettings, eigenvalueCount: 3 },
    rng: randomFromSeed(5),
    from: state,
  });
  expect(timeless(await measured(resumed, trainer))).toEqual(timeless(await measured(unbroken, trainer)));
});
