import { expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { deepLinearObjective } from '../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import { deepLinearModel } from '../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { surfaceObjective } from '../../../../core/models/closed-form/surfaces.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { denseStepLimit } from '../../../../core/training/optimizers/curvature-step.ts';
import { optimizers } from '../../../../core/training/optimizers.ts';
import { checkOptimizer, trainingSettings } from '../../../../core/training/settings.ts';
import { branchState, restoreTrainer } from '../../../../core/training/trainer.ts';
import { leastSquaresObjective, randomLeastSquares } from '../../../support/least-squares.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';
import { advanceBy, recordedRun, smallClassifier, trainerOf } from '../../../support/training-runs.ts';
import { norm } from '../../../support/vectors.ts';

const within = (found: number, expected: number) => expect(Math.abs(found - expected)).toBeLessThan(1e-12);

test('on 5x² − y² one undamped saddle-free step maps (x, y) to (0, 2y), one Newton step to (0, 0)', async () => {
  for (const [x, y] of [
    [1, 1e-3],
    [-0.3, 0.7],
    [1e-4, -2],
  ] as const) {
    const start = Float64Array.of(x, y);
    const saddleFree = trainerOf(
      surfaceObjective('saddle'),
      trainingSettings('saddleFreeNewton', { damping: 0 }),
      start,
    );
    await saddleFree.advance();
    within(saddleFree.theta[0]!, 0);
    within(saddleFree.theta[1]!, 2 * y);
    const newton = trainerOf(surfaceObjective('saddle'), trainingSettings('newton'), start);
    await newton.advance();
    within(newton.theta[0]!, 0);
    within(newton.theta[1]!, 0);
    const descent = trainerOf(
      surfaceObjective('saddle'),
      trainingSettings('gradientDescent', { learningRate: 0.01 }),
      start,
    );
    await advanceBy(descent, 40);
    within(descent.theta[0]!, 0.9 ** 40 * x);
    within(descent.theta[1]!, 1.02 ** 40 * y);
  }
});

test('with damping and η a saddle-free step shrinks by 1 − ηλ/(λ + μ) and grows by 1 + η|λ|/(|λ| + μ)', async () => {
  const settings = trainingSettings('saddleFreeNewton', { learningRate: 0.3, damping: 2 });
  const trainer = trainerOf(surfaceObjective('saddle'), settings, Float64Array.of(1, 1));
  await advanceBy(trainer, 5);
  within(trainer.theta[0]!, (1 - (0.3 * 10) / 12) ** 5);
  within(trainer.theta[1]!, (1 + (0.3 * 2) / 4) ** 5);
});

test('Newton with a shift divides by λ + μ, sign and all', async () => {
  const settings = trainingSettings('newton', { damping: 1 });
  const trainer = trainerOf(surfaceObjective('saddle'), settings, Float64Array.of(1, 1));
  await trainer.advance();
  within(trainer.theta[0]!, 1 - 10 / 11);
  within(trainer.theta[1]!, 1 - -2 / -1);
});

test('weight decay is part of what is descended: Newton lands on the minimum of L + ½w‖θ‖²', async () => {
  const objective = quadraticObjective(Float64Array.of(2, 5), Float64Array.of(-1, -3));
  const trainer = trainerOf(objective, trainingSettings('newton', { weightDecay: 0.5 }), Float64Array.of(4, -7));
  await trainer.advance();
  within(trainer.theta[0]!, 1 / 2.5);
  within(trainer.theta[1]!, 3 / 5.5);
});

/** L = ½‖W₂W₁ − diag(4, 3, 2, 1)‖² with two hidden units: the best loss is ½(2² + 1²) = 2.5, the origin has 15. */
const network = () => deepLinearObjective(deepLinearModel({ hidden: [2], singularValues: [4, 3, 2, 1] }, null));
const nearOrigin = (seed: number, scale = 1e-4) =>
  randomFromSeed(seed)
    .fill(new Float64Array(16), 'normal')
    .map((x) => scale * x);

test.each([1, 2, 3, 4, 5, 6])(
  'seed %i: saddle-free Newton leaves the origin of a linear network, Newton goes to it',
  async (seed) => {
    const objective = network();
    const leaving = trainerOf(objective, trainingSettings('saddleFreeNewton', { damping: 1e-3 }), nearOrigin(seed));
    let reached: number | null = null;
    for (let step = 0; step <= 45 && reached === null; step++) {
      const { loss } = await leaving.advance();
      if (Math.abs(loss - 2.5) < 1e-6) reached = step;
    }
    expect(reached).not.toBeNull();
    const staying = trainerOf(objective, trainingSettings('newton'), nearOrigin(seed));
    await advanceBy(staying, 30);
    expect((await staying.advance()).loss).toBe(15);
    expect(norm(staying.theta)).toBeLessThan(1e-12);
  },
);

/** Steps until |y| > 1 on ½x² − ½c y² from y₀. */
async function stepsToLeave(kind: string, given: object, curvature: number, y0: number): Promise<number> {
  const objective = quadraticObjective(Float64Array.of(1, -curvature));
  const trainer = trainerOf(objective, trainingSettings(kind, { ...given }), Float64Array.of(0.1, y0));
  while (Math.abs(trainer.theta[1]!) <= 1) await trainer.advance();
  return trainer.step;
}

test('saddle-free Newton leaves in log₂(1/y₀) steps at any curvature, descent in log(1/y₀)/log(1 + ηs)', async () => {
  for (const curvature of [1e-3, 1, 50]) {
    for (const y0 of [3e-2, 3e-5, 3e-8]) {
      const saddleFree = await stepsToLeave('saddleFreeNewton', { damping: 0 }, curvature, y0);
      expect(saddleFree).toBe(Math.ceil(Math.log2(1 / y0)));
      if (curvature < 1) continue;
      const descent = await stepsToLeave('gradientDescent', { learningRate: 0.01 }, curvature, y0);
      expect(descent).toBe(Math.ceil(Math.log(1 / y0) / Math.log(1 + 0.01 * curvature)));
    }
  }
});

test('from a smaller start the network takes log₂ of the ratio more steps', async () => {
  const objective = network();
  const steps = async (scale: number) => {
    const trainer = trainerOf(objective, trainingSettings('saddleFreeNewton', { damping: 0 }), nearOrigin(3, scale));
    while ((await trainer.advance()).loss > 14) if (trainer.step > 100) break;
    return trainer.step;
  };
  expect(await steps(1e-4 / 1024)).toBe((await steps(1e-4)) + 10);
});

test('where the fixed step jumps off, the damping that is searched for leaves from every one of 40 starts', async () => {
  const objective = network();
  const arrives = async (seed: number, dampingRule: string): Promise<boolean> => {
    const settings = trainingSettings('saddleFreeNewton', { dampingRule });
    const trainer = trainerOf(objective, settings, nearOrigin(seed));
    for (let step = 0; step <= 45; step++) {
      const { loss, status } = await trainer.advance();
      if (Math.abs(loss - 2.5) < 1e-6) return true;
      if (status !== null) return false;
    }
    return false;
  };
  const seeds = Array.from({ length: 40 }, (_, i) => i + 1);
  const searched = await Promise.all(seeds.map((seed) => arrives(seed, 'search')));
  const fixed = await Promise.all(seeds.map((seed) => arrives(seed, 'fixed')));
  expect(searched.every(Boolean)).toBe(true);
  expect(fixed.every(Boolean)).toBe(false);
});

test('a search raises μ by decades until the loss falls, and counts its losses', async () => {
  // ½x² − ½y² + ¼y⁴ where the curvature along y is nearly gone: 3y² − 1 = 1e-6.
  const objective = surfaceObjective('twoMinima');
  const y = Math.sqrt((1 + 1e-6) / 3);
  const step = async (dampingRule: string) => {
    const settings = trainingSettings('saddleFreeNewton', { damping: 0, dampingRule });
    const trainer = trainerOf(objective, settings, Float64Array.of(0, y));
    const { loss } = await trainer.advance();
    return { loss, after: (await objective.evaluate(trainer.theta)).loss, y: trainer.theta[1]!, cost: trainer.cost };
  };
  const fixed = await step('fixed');
  expect(fixed.y).toBeGreaterThan(1e5);
  expect(fixed.cost.losses).toBe(0);
  const searched = await step('search');
  expect(searched.after).toBeLessThan(searched.loss);
  // The slope is y³ − y; μ = 0, then 1e-6, 1e-5 … relative to the largest eigenvalue, which is 1.
  const decade = searched.cost.losses - 3;
  expect(searched.y).toBeCloseTo(y - (y ** 3 - y) / (1e-6 + 10 ** (decade - 6)), 6);
});

test('a null direction without damping is left alone', async () => {
  const objective = quadraticObjective(Float64Array.of(3, 0, -1));
  for (const kind of ['newton', 'saddleFreeNewton']) {
    const trainer = trainerOf(objective, trainingSettings(kind, { damping: 0 }), Float64Array.of(1, 1, 1));
    await trainer.advance();
    within(trainer.theta[0]!, 0);
    within(trainer.theta[1]!, 1);
    within(trainer.theta[2]!, kind === 'newton' ? 0 : 2);
  }
});

test('above the dense limit: a quadratic with few distinct eigenvalues is solved exactly by as many Krylov vectors', async () => {
  const dim = denseStepLimit + 40;
  const diagonal = Float64Array.from({ length: dim }, (_, i) => [4, 1, -2][i % 3]!);
  const theta = randomFromSeed(2).fill(new Float64Array(dim), 'normal');
  const trainer = trainerOf(
    quadraticObjective(diagonal),
    trainingSettings('saddleFreeNewton', { damping: 0, krylov: 3 }),
    theta,
  );
  await trainer.advance();
  expect(trainer.cost).toEqual({ gradients: 1, products: 3, losses: 2 });
  expect(optimizers.saddleFreeNewton.productsPerStep!(trainer.settings, dim)).toBe(3);
  for (let i = 0; i < dim; i++)
    expect(Math.abs(trainer.theta[i]! - (i % 3 === 2 ? 2 * theta[i]! : 0))).toBeLessThan(1e-12);
});

test('the products of a step are counted and reported: all of H up to the limit, no more than the Krylov space above', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('saddleFreeNewton', { damping: 0.1, batchSize: 20 }), theta);
  const { outcome } = await recordedRun(trainer, { steps: 4 });
  expect(optimizers.saddleFreeNewton.productsPerStep!(trainer.settings, theta.length)).toBe(theta.length);
  expect(outcome.stats).toMatchObject({ gradients: 4, products: 4 * theta.length });
  objective.dispose();
});

test('on batches the Hessian is that of the batch: one step on each equals a step of the batch alone', async () => {
  const { objective, theta } = smallClassifier();
  const keys: (Int32Array | undefined)[] = [];
  const watched = {
    ...objective,
    linearize: (at: Float64Array, batch?: Int32Array) => {
      keys.push(batch);
      return objective.linearize(at, batch);
    },
  };
  const trainer = trainerOf(watched, trainingSettings('newton', { damping: 1, batchSize: 16 }), theta);
  const records = await advanceBy(trainer, 4);
  expect(keys.map((key) => key?.length)).toEqual([16, 16, 16, 7]);
  expect(records.map(({ examples }) => examples)).toEqual([16, 16, 16, 7]);
  const { loss } = await objective.gradient(theta, keys[0]);
  expect(records[0]!.loss).toBe(loss);
  objective.dispose();
});

test('above the limit a run resumed from any state goes on bit for bit, and a branch to Adam starts from its point', async () => {
  const model = mlpFromWidths([4, 40, 12], 'tanh');
  const rng = randomFromSeed(4);
  const data = {
    name: 'drawn',
    examples: 30,
    inputShape: [4],
    inputs: rng.split('x').fill(new Float64Array(120), 'normal'),
    targets: { kind: 'values', width: 12, values: rng.split('y').fill(new Float64Array(360), 'uniform') },
    source: 'synthetic',
  } as const;
  const objective = mlpObjective(model, { data, loss: 'halfSquaredError' });
  const theta = rng.split('theta').fill(new Float64Array(model.layout.dim), 'uniform');
  expect(model.layout.dim).toBeGreaterThan(denseStepLimit);
  const settings = trainingSettings('saddleFreeNewton', { damping: 1, krylov: 12, batchSize: 13 });
  const whole = trainerOf(objective, settings, theta);
  const [first] = await advanceBy(whole, 3);
  const middle = whole.state();
  await advanceBy(whole, 4);
  const resumed = restoreTrainer(objective, middle);
  await advanceBy(resumed, 4);
  expect(resumed.state()).toEqual(whole.state());
  expect((await whole.advance()).loss).toBeLessThan(first!.loss);
  const branch = branchState(middle, trainingSettings('adam'));
  expect(branch.theta).toEqual(middle.theta);
  expect(Object.keys(branch.optimizer.buffers)).toEqual(['firstMoment', 'secondMoment']);
  objective.dispose();
});

test('float32: eigenvalues of rounding count as null, so a flat valley is not left', async () => {
  const rng = randomFromSeed(8);
  // Five examples of nine unknowns: four null directions.
  const problem = randomLeastSquares(rng, 5, 9, { quartic: 0, penalty: 0 });
  const objective = leastSquaresObjective(problem, hostFloat32Space);
  const theta = objective.space.random(rng, 'normal');
  const before = (await objective.evaluate(theta)).loss;
  const trainer = trainerOf(objective, trainingSettings('newton'), theta);
  await advanceBy(trainer, 2);
  const { loss } = await objective.evaluate(trainer.theta);
  expect(loss).toBeLessThan(1e-9 * before);
  expect(norm(trainer.theta)).toBeLessThan(10 * norm(theta));
});

test('a Hessian that is not finite ends the run with a status', async () => {
  const objective = surfaceObjective('saddle');
  const broken: typeof objective = {
    ...objective,
    linearize: async (theta) => ({
      ...(await objective.linearize(theta)),
      hessianProduct: async () => Float64Array.of(Number.NaN, 0),
    }),
  };
  const trainer = trainerOf(broken, trainingSettings('saddleFreeNewton'), Float64Array.of(1, 1));
  const { outcome } = await recordedRun(trainer, { steps: 5 });
  expect(outcome).toMatchObject({ status: 'diverged', reason: 'diverged', step: 1 });
});

test.each([
  ['saddleFreeNewton', { damping: -1 }, /at least 0/],
  ['saddleFreeNewton', { relativeCut: 0.1 }, /relativeCut is not a setting/],
  ['saddleFreeNewton', { krylov: 0 }, /at least 1/],
  ['newton', { relativeCut: 1 }, /below 1/],
  ['newton', { momentum: 0.9 }, /momentum is not a setting/],
])('%s %o is refused', (kind, given, message) => {
  expect(() => checkOptimizer(kind, given)).toThrow(BadInput);
  expect(() => checkOptimizer(kind, given)).toThrow(message);
});

test('a rotated saddle: the eigenvectors decide, not the axes', async () => {
  const objective = quadraticObjective(withSpectrum([6, 2, 1, -1, -3], 3));
  const theta = randomFromSeed(1).fill(new Float64Array(5), 'normal');
  const lossOf = async (at: Float64Array) => (await objective.evaluate(at)).loss;
  const trainer = trainerOf(objective, trainingSettings('saddleFreeNewton', { damping: 0 }), theta);
  await advanceBy(trainer, 2);
  // The positive part is gone after a step; what is left is ½Σλy² over λ < 0, four times as much with each step.
  const two = await lossOf(trainer.theta);
  await trainer.advance();
  expect((await lossOf(trainer.theta)) / two).toBeCloseTo(4, 10);
});
