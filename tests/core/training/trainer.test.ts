import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { hostFloat32Space } from '../../../core/linalg/spaces/float32-space.ts';
import { quadraticObjective } from '../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { parameterLayout } from '../../../core/objective/parameter-layout.ts';
import type { TrainingSettings } from '../../../core/training/optimizers/optimizer.ts';
import { optimizers } from '../../../core/training/optimizers.ts';
import type { Schedule } from '../../../core/training/schedules.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import { branchState, restoreTrainer } from '../../../core/training/trainer.ts';
import { advanceBy, smallClassifier, timeless, trainerOf } from '../../support/training-runs.ts';

const schedules: readonly Schedule[] = [
  { kind: 'constant' },
  { kind: 'step', every: 3, factor: 0.5 },
  { kind: 'cosine', steps: 20, final: 0.1 },
  { kind: 'warmUp', steps: 4, after: { kind: 'cosine', steps: 12, final: 0 } },
];

const everyOptimizer: readonly [string, Record<string, unknown>][] = [
  ['gradientDescent', {}],
  ['gradientDescent', { weightDecay: 0.1, decay: 'decoupled', clipNorm: 0.2 }],
  ['sgd', { batchSize: 16 }],
  ['sgd', { batchSize: 16, momentum: 0.9, weightDecay: 0.01 }],
  ['momentum', { batchSize: null }],
  ['momentum', { batchSize: 20, weightDecay: 0.01, decay: 'decoupled' }],
  ['nesterov', { batchSize: 20 }],
  ['adam', { learningRate: 0.05, batchSize: 16 }],
  ['adamw', { learningRate: 0.05, batchSize: null }],
  ['adamw', { learningRate: 0.05, batchSize: 7 }],
  ['gradientFlow', { learningRate: 0.5, sharpnessEvery: 0 }],
  ['gradientFlow', { learningRate: 5, sharpnessEvery: 3 }],
  ['newton', { damping: 0.5, weightDecay: 0.01 }],
  ['saddleFreeNewton', { learningRate: 0.5, damping: 0.1, batchSize: 20 }],
];

const runs = everyOptimizer.flatMap(([kind, given]) =>
  schedules.map((schedule) => [kind, { ...given, schedule }] as const),
);

test('every optimiser is among the runs', () => {
  expect(new Set(everyOptimizer.map(([kind]) => kind))).toEqual(new Set(Object.keys(optimizers)));
});

test.each(runs)(
  '%s %o: resumed from its state at any step it equals the unbroken run bit for bit',
  async (kind, given) => {
    const { objective, theta } = smallClassifier();
    const settings = trainingSettings(kind, given);
    const unbroken = trainerOf(objective, settings, theta);
    const records = [];
    const points = [unbroken.state()];
    for (let i = 0; i < 12; i++) {
      records.push(timeless(await unbroken.advance()));
      points.push(unbroken.state());
    }
    for (const cut of [0, 1, 3, 4, 5, 11]) {
      // By way of text for all but the vectors, as a file would hold it.
      const { theta: point, optimizer, curvature, ...plain } = points[cut]!;
      const restored = restoreTrainer(objective, {
        ...(JSON.parse(JSON.stringify(plain)) as typeof plain),
        theta: point.slice(),
        optimizer,
        curvature,
      });
      const rest = (await advanceBy(restored, 12 - cut)).map(timeless);
      expect(rest).toEqual(records.slice(cut));
      expect(restored.state()).toEqual(points[12]);
    }
    objective.dispose();
  },
);

test('the same seed gives the same run, another seed other batches', async () => {
  const { objective, theta } = smallClassifier();
  const settings = trainingSettings('sgd', { batchSize: 8 });
  const run = async (seed: number) => {
    const trainer = trainerOf(objective, settings, theta, seed);
    await advanceBy(trainer, 10);
    return trainer.theta;
  };
  expect(await run(1)).toEqual(await run(1));
  expect(await run(1)).not.toEqual(await run(2));
});

test('an epoch uses every example once and epochs differ in their order', async () => {
  const { objective, theta } = smallClassifier();
  const keys: Int32Array[] = [];
  const watched: Objective<Float64Array> = {
    ...objective,
    gradient(at, batch) {
      keys.push(batch!);
      return objective.gradient(at, batch);
    },
  };
  const trainer = trainerOf(watched, trainingSettings('sgd', { batchSize: 16 }), theta);
  const records = await advanceBy(trainer, 8);
  expect(records.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(records.map(({ batch }) => batch)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  expect(records.map(({ examples }) => examples)).toEqual([16, 16, 16, 7, 16, 16, 16, 7]);
  const epochs = [keys.slice(0, 4), keys.slice(4)].map((epoch) => epoch.flatMap((key) => Array.from(key)));
  for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from({ length: 55 }, (_, i) => i));
  expect(epochs[0]).not.toEqual(epochs[1]);
});

test('a branch without changes equals going on', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('adam', { batchSize: 16, learningRate: 0.05 }), theta);
  await advanceBy(trainer, 5);
  trainer.setLearningRate(0.02);
  await advanceBy(trainer, 2);
  const branch = restoreTrainer(objective, branchState(trainer.state(), {}));
  await advanceBy(trainer, 6);
  await advanceBy(branch, 6);
  expect(branch.state()).toEqual(trainer.state());
});

test('a branch given the whole of the same settings equals going on, and keeps the rate set by hand', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('sgd', { batchSize: 16 }), theta);
  await advanceBy(trainer, 3);
  trainer.setLearningRate(0.02);
  const branch = branchState(trainer.state(), trainingSettings('sgd', { batchSize: 16 }));
  expect(branch).toEqual(trainer.state());
});

test('a branch goes on from the same point with the new settings and leaves the run alone', async () => {
  const objective = quadraticObjective(Float64Array.of(2));
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', { learningRate: 0.1 }), Float64Array.of(1));
  await advanceBy(trainer, 3);
  trainer.setLearningRate(0.3);
  const branch = restoreTrainer(objective, branchState(trainer.state(), { learningRate: 0.05 }));
  await advanceBy(branch, 2);
  await advanceBy(trainer, 2);
  expect(branch.theta[0]).toBeCloseTo(0.8 ** 3 * 0.9 ** 2, 14);
  expect(trainer.theta[0]).toBeCloseTo(0.8 ** 3 * 0.4 ** 2, 14);
  expect(branch.step).toBe(5);
});

test('a branch keeps the memory that the new optimiser shares and starts the rest empty', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('momentum', {}), theta);
  await advanceBy(trainer, 4);
  const state = trainer.state();
  const nesterov = branchState(state, { optimizer: 'nesterov' });
  expect(nesterov.optimizer).toEqual(state.optimizer);
  const adam = branchState(state, { optimizer: 'adam' });
  expect(Object.keys(adam.optimizer.buffers)).toEqual(['firstMoment', 'secondMoment']);
  expect(adam.optimizer.buffers.firstMoment!.every((x) => x === 0)).toBe(true);
  expect(adam.optimizer).toMatchObject({ updates: 0, scalars: { beta1Power: 1, beta2Power: 1 } });
});

test('a branch with another batch size starts a new epoch', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('sgd', { batchSize: 16 }), theta);
  await advanceBy(trainer, 6);
  expect(trainer.state()).toMatchObject({ epoch: 1, batch: 2 });
  expect(branchState(trainer.state(), { batchSize: 8 })).toMatchObject({ epoch: 2, batch: 0 });
});

test('a learning rate set by hand holds from the next update on, exactly, whatever the schedule', async () => {
  const schedule = { kind: 'cosine', steps: 10, final: 0 };
  const settings = trainingSettings('gradientDescent', { learningRate: 0.3, schedule });
  const trainer = trainerOf(quadraticObjective(Float64Array.of(1)), settings, Float64Array.of(1));
  await advanceBy(trainer, 3);
  const before = trainer.theta[0]!;
  trainer.setLearningRate(0.17);
  const record = await trainer.advance();
  expect(record.learningRate).toBe(0.17);
  expect(trainer.theta[0]).toBe(before - 0.17 * before);
  expect(trainer.state().learningRateChanges).toEqual([{ step: 3, learningRate: 0.17 }]);
  expect((await advanceBy(trainer, 20)).every(({ learningRate }) => learningRate === 0.17)).toBe(true);
});

test('descent above the threshold is diverged: a status, with θ left finite, and a smaller η goes on', async () => {
  const settings = trainingSettings('gradientDescent', { learningRate: 1 });
  const trainer = trainerOf(quadraticObjective(Float64Array.of(100)), settings, Float64Array.of(1));
  const records = await advanceBy(trainer, 10);
  const first = records.findIndex(({ status }) => status !== null);
  expect(records[first]).toMatchObject({ status: 'diverged', step: first });
  expect(trainer.status).toBe('diverged');
  expect(trainer.step).toBe(first);
  expect(Number.isFinite(trainer.theta[0])).toBe(true);
  trainer.setLearningRate(0.01);
  expect(trainer.status).toBeNull();
  // The loss is still far out, so the next step has to be judged from where the run began.
  const retry = restoreTrainer(trainer.objective, { ...branchState(trainer.state(), {}), firstLoss: null });
  expect((await retry.advance()).status).toBeNull();
});

test('a loss that is not finite from the start is notFinite, later it is diverged', async () => {
  const infinite = (at: number): Objective<Float64Array> => {
    const quadratic = quadraticObjective(Float64Array.of(1));
    let calls = 0;
    return {
      ...quadratic,
      gradient: async (theta) => {
        const answer = await quadratic.gradient(theta);
        return calls++ === at ? { ...answer, loss: Number.NaN } : answer;
      },
    };
  };
  const settings = trainingSettings('gradientDescent', { learningRate: 0.1 });
  const bad = await advanceBy(trainerOf(infinite(0), settings, Float64Array.of(1)), 1);
  expect(bad[0]).toMatchObject({ status: 'notFinite', loss: Number.NaN });
  const later = await advanceBy(trainerOf(infinite(2), settings, Float64Array.of(1)), 3);
  expect(later.map(({ status }) => status)).toEqual([null, null, 'diverged']);
});

test('parameters that do not fit the model, batches for full-batch methods and bad rates are refused', () => {
  const objective = quadraticObjective(Float64Array.of(1, 2));
  const settings = trainingSettings('gradientDescent', {});
  expect(() => trainerOf(objective, settings, Float64Array.of(1))).toThrow(BadInput);
  expect(() => trainerOf<Float64Array | Float32Array>(objective as never, settings, Float32Array.of(1, 2))).toThrow(
    BadInput,
  );
  expect(() => trainerOf(objective, { ...settings, batchSize: 1 }, Float64Array.of(1, 2))).toThrow(/all examples/);
  const trainer = trainerOf(objective, settings, Float64Array.of(1, 2));
  expect(() => trainer.setLearningRate(Number.NaN)).toThrow(BadInput);
  expect(() => trainer.setLearningRate(-1)).toThrow(BadInput);
});

test('the state is a copy: training on does not change it', async () => {
  const { objective, theta } = smallClassifier();
  const trainer = trainerOf(objective, trainingSettings('adam', { learningRate: 0.1 }), theta);
  const given = theta.slice();
  await advanceBy(trainer, 2);
  const state = trainer.state();
  const kept = structuredClone(state);
  await advanceBy(trainer, 3);
  expect(state).toEqual(kept);
  expect(theta).toEqual(given);
});

/** ½ Σ λ θ² with θ and gradient in float32. */
function float32Quadratic(curvatures: readonly number[]): Objective<Float32Array> {
  const space = hostFloat32Space(curvatures.length);
  const exact = quadraticObjective(Float64Array.from(curvatures));
  return {
    ...(exact as unknown as Objective<Float32Array>),
    space,
    layout: parameterLayout([
      { name: 'theta', layer: 'theta', role: 'other', shape: [curvatures.length], filterAxis: null },
    ]),
    async gradient(theta) {
      const { loss, gradient } = await exact.gradient(Float64Array.from(theta));
      return { loss, gradient: space.fromHost(gradient) };
    },
  };
}

test.each(everyOptimizer.filter(([, given]) => given.sharpnessEvery !== 3))(
  '%s %o in float32 keeps θ and its memory in float32 and agrees with float64 to its precision',
  async (kind, given) => {
    const curvatures = [0.5, 1, 3];
    const settings: TrainingSettings = { ...trainingSettings(kind, given), batchSize: null };
    const single = trainerOf(float32Quadratic(curvatures), settings, Float32Array.of(1, -2, 0.5));
    const double = trainerOf(quadraticObjective(Float64Array.from(curvatures)), settings, Float64Array.of(1, -2, 0.5));
    await advanceBy(single, 25);
    await advanceBy(double, 25);
    expect(single.theta).toBeInstanceOf(Float32Array);
    for (const buffer of Object.values(single.state().optimizer.buffers)) expect(buffer).toBeInstanceOf(Float32Array);
    for (let i = 0; i < 3; i++) expect(Math.abs(single.theta[i]! - double.theta[i]!)).toBeLessThan(1e-5);
  },
);

test('property: time is Σ η and the state resumes at a random place under random settings', async () => {
  const { objective, theta } = smallClassifier(3);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...everyOptimizer),
      fc.constantFrom(...schedules),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 2 ** 31 }),
      async ([kind, given], schedule, cut, seed) => {
        const settings = trainingSettings(kind, { ...given, schedule });
        const unbroken = trainerOf(objective, settings, theta, seed);
        const records = await advanceBy(unbroken, cut);
        const broken = restoreTrainer(objective, unbroken.state());
        records.push(...(await advanceBy(unbroken, 9 - cut)));
        await advanceBy(broken, 9 - cut);
        expect(broken.state()).toEqual(unbroken.state());
        const sum = records.reduce((total, { learningRate }) => total + learningRate, 0);
        expect(unbroken.state().time).toBeCloseTo(sum, 12);
      },
    ),
    { numRuns: 60 },
  );
});
