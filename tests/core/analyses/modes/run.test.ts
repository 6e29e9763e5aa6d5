import { expect, test } from 'vitest';
import { type FlowClock, flowClock, notTheFlow } from '../../../../core/analyses/modes/flow-clock.ts';
import { modeStarts, readModes } from '../../../../core/analyses/modes/mode-strengths.ts';
import { runModes } from '../../../../core/analyses/modes/run.ts';
import { deepLinearObjective } from '../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import {
  type DeepLinearModel,
  deepLinearModel,
  kernelsOf,
  modeStrengths,
} from '../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import {
  type InitialWeights,
  initialDeepLinear,
} from '../../../../core/models/closed-form/deep-linear/initial-weights.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { trainingSettings } from '../../../../core/training/settings.ts';

const rng = randomFromSeed(4);

/** Gradient descent on the objective of a network, with every θ. */
async function descent(model: DeepLinearModel, initial: InitialWeights, learningRate: number, steps: number) {
  const objective = deepLinearObjective(model);
  const theta = initialDeepLinear(model, initial, rng.split('weights'));
  const path = [theta.slice()];
  for (let step = 0; step < steps; step++) {
    const { gradient } = await objective.gradient(theta);
    for (let i = 0; i < theta.length; i++) theta[i] = theta[i]! - learningRate * gradient[i]!;
    path.push(theta.slice());
  }
  return { objective, path };
}

const constantClock = (learningRate: number): FlowClock => ({
  order: 1,
  time: (step) => learningRate * step,
  step: (time) => time / learningRate,
});

async function modesAlong(
  model: DeepLinearModel,
  initial: InitialWeights,
  learningRate: number,
  steps: number,
  every: number,
) {
  const { objective, path } = await descent(model, initial, learningRate, steps);
  const kept = path.flatMap((_, step) => (step % every === 0 ? [step] : []));
  const context = {
    rng,
    network: model,
    trajectory: { steps: kept, theta: async (i: number) => path[kept[i]!]! },
    clock: constantClock(learningRate),
    noFlow: null,
  };
  return { ...(await runModes(objective, path[0]!, {}, context)), path, objective, context };
}

test('balanced weights of a rotated rectangular target: strengths, theory and half times', async () => {
  const s = [5, 3, 2, 1];
  const model = deepLinearModel({ singularValues: s, hidden: 5, inputs: 5, outputs: 7 }, rng.split('target'));
  const { value, status, path } = await modesAlong(model, { kind: 'balanced', scale: Math.sqrt(1e-3) }, 1e-3, 6000, 20);
  expect(status).toBe('converged');
  expect(value.form).toBe('balanced');
  expect(value.notices).toEqual([]);
  expect(value.stepLength).toBeCloseTo(5e-3, 12);
  value.modes.forEach((mode, i) => {
    expect(mode.strengths[0]).toBeCloseTo(1e-3, 12);
    expect(mode.strengths.at(-1)).toBeCloseTo(modeStrengths(model, path.at(-1)!)[i]!, 12);
    expect(mode.alignment).toBeCloseTo(1, 10);
    expect(mode.deviation!.value).toBeLessThan(1e-2);
    const closed = (1000 / (2 * s[i]!)) * Math.log(s[i]! / 1e-3 - 1);
    expect(mode.theoryHalfTime! / closed).toBeCloseTo(1, 9);
    expect(Math.abs(mode.halfTime!.value - closed)).toBeLessThan(0.5 * mode.halfTime!.spacing + 5e-3 * closed);
  });
  expect(Math.max(...value.offDiagonal)).toBeLessThan(1e-12);
  // The fifth direction of the target has s = 0; balanced weights fill it, and it decays.
  expect(value.loss[0]).toBeCloseTo(0.5 * s.reduce((sum, one) => sum + (one - 1e-3) ** 2, 1e-6), 12);
  expect(Math.max(...value.drift)).toBeLessThan(1e-12);
});

test('small Gaussian weights: the theory knows angle and imbalance of a mode, what is left is what modes do to each other', async () => {
  const model = deepLinearModel({ singularValues: [3], hidden: 4, inputs: 1, outputs: 1 }, null);
  // A single mode meets no other: for any start of two matrices the theory is the flow.
  const alone = await modesAlong(model, { kind: 'gaussian', scale: 0.2 }, 1e-3, 3000, 10);
  expect(alone.value.form).toBe('unbalanced');
  expect(alone.value.modes[0]!.alignment).toBeLessThan(0.9);
  expect(alone.value.modes[0]!.deviation!.value).toBeLessThan(3e-3);
  const several = deepLinearModel({ singularValues: [3, 2], hidden: 4 }, null);
  const { value } = await modesAlong(several, { kind: 'gaussian', scale: 1e-3 }, 5e-3, 3000, 10);
  expect(value.notices.join()).toContain('The modes are mixed at the start');
  for (const { halfTime, theoryHalfTime } of value.modes)
    expect(Math.abs(halfTime!.value / theoryHalfTime! - 1)).toBeLessThan(0.1);
});

test('three matrices have the deep theory, and what it supposes is told where it fails', async () => {
  const model = deepLinearModel({ singularValues: [2, 1], hidden: [2, 2] }, rng.split('deep'));
  const { value } = await modesAlong(model, { kind: 'balanced', scale: 0.4 }, 1e-3, 4000, 20);
  expect(value.form).toBe('deep');
  expect(value.notices).toEqual([]);
  for (const { deviation } of value.modes) expect(deviation!.value).toBeLessThan(5e-3);
  const loose = await modesAlong(model, { kind: 'gaussian', scale: 0.4 }, 1e-3, 100, 20);
  expect(loose.value.notices.join()).toContain('supposes aligned weights');
  expect(loose.value.notices.join()).toContain('supposes equal gains');
});

test('modes without a unit have no theory; other optimisers and missing records have none at all', async () => {
  const model = deepLinearModel({ singularValues: [1, 4, 3], hidden: 2 }, null);
  const { value, objective, path, context } = await modesAlong(model, { kind: 'gaussian', scale: 1e-2 }, 0.02, 300, 10);
  expect(value.modes.map(({ theory }) => theory !== null)).toEqual([false, true, true]);
  expect(value.notices[0]).toContain('The narrowest layer has 2 of the 3 units');
  expect(value.notices.join()).toContain('Steps are long: η s₁ is 0.080');
  const none = await runModes(objective, path[0]!, {}, { ...context, clock: null });
  expect(none.value.form).toBe('none');
  expect(none.value.notices[0]).toContain('no records');
  expect(none.value.modes.every(({ theory, theoryHalfTime }) => theory === null && theoryHalfTime === null)).toBe(true);
  expect(none.value.modes[1]!.strengths.at(-1)).toBeCloseTo(4, 1);
  expect(notTheFlow(trainingSettings('adam', {}))).toContain('adam');
  expect(notTheFlow(trainingSettings('gradientDescent', { weightDecay: 0.1 }))).toContain('weight decay');
  expect(notTheFlow(trainingSettings('gradientDescent', {}))).toBeNull();
});

test('what has no modes is refused in a sentence; what is stopped or not finite keeps what came before', async () => {
  const model = deepLinearModel({ singularValues: [2], hidden: 2 }, null);
  const { objective, path, context } = await modesAlong(model, { kind: 'gaussian', scale: 0.1 }, 0.01, 20, 5);
  const { network: _, ...elsewhere } = context;
  await expect(runModes(objective, path[0]!, {}, elsewhere)).rejects.toThrow('this model is none');
  await expect(runModes(objective, path[0]!, {}, { ...context, trajectory: undefined })).rejects.toThrow(
    'two checkpoints',
  );
  const stopped = await runModes(objective, path[0]!, {}, { ...context, signal: { aborted: true } });
  expect([stopped.status, stopped.value.steps.length]).toEqual(['cancelled', 1]);
  const broken = { steps: [0, 5], theta: async (i: number) => (i === 0 ? path[0]! : path[0]!.map(() => Number.NaN)) };
  const lost = await runModes(objective, path[0]!, {}, { ...context, trajectory: broken });
  expect([lost.status, lost.value.steps.length]).toEqual(['notFinite', 1]);
});

test('κ is what the flow of one mode conserves', async () => {
  const model = deepLinearModel({ singularValues: [3], hidden: 3, inputs: 1, outputs: 1 }, null);
  const { path } = await descent(model, { kind: 'gaussian', scale: 0.5 }, 1e-4, 20_000);
  const kappa = path
    .filter((_, i) => i % 2000 === 0)
    .map((theta) => modeStarts(kernelsOf(model, theta), model)[0]!.imbalance);
  for (const value of kappa) expect(Math.abs(value / kappa[0]! - 1)).toBeLessThan(2e-3);
  const [x, y] = [path[0]!.subarray(0, 3), path[0]!.subarray(3, 6)];
  const square = (v: Float64Array) => v.reduce((sum, one) => sum + one * one, 0);
  const dot = x.reduce((sum, one, i) => sum + one * y[i]!, 0);
  expect(kappa[0]).toBeCloseTo(Math.sqrt((square(x) + square(y)) ** 2 - 4 * dot * dot), 10);
});

test('readings are those of the model', () => {
  const model = deepLinearModel(
    { singularValues: [3, 2, 1], hidden: [4, 3], inputs: 4, outputs: 5 },
    rng.split('some'),
  );
  const theta = rng.split('theta').fill(new Float64Array(model.layout.dim), 'normal');
  const reading = readModes(kernelsOf(model, theta), model);
  modeStrengths(model, theta).forEach((strength, i) => {
    expect(reading.strengths[i]).toBeCloseTo(strength, 10);
  });
  expect(reading.differences).toHaveLength(2);
});

test('the clock of a run is the sum of its rates, with momentum stretched, and goes on beyond its records', () => {
  const records = [0, 1, 2, 3].map((step) => ({ step, time: 0.1 * step, learningRate: 0.1 }));
  const again = [...records, { step: 2, time: 0.2, learningRate: 0.3 }, { step: 3, time: 0.5, learningRate: 0.3 }];
  const clock = flowClock(again, trainingSettings('gradientDescent', {}))!;
  expect([0, 1, 2, 3, 4, 6].map((step) => clock.time(step))).toEqual(
    [0, 0.1, 0.2, 0.5, 0.8, 1.4].map((t) => expect.closeTo(t, 12)),
  );
  expect(clock.step(0.35)).toBeCloseTo(2.5, 12);
  expect(clock.step(clock.time(10))).toBeCloseTo(10, 12);
  const heavy = flowClock(records, trainingSettings('momentum', { momentum: 0.9 }))!;
  expect(heavy.time(2)).toBeCloseTo(2, 12);
  expect(flowClock([], trainingSettings('gradientDescent', {}))).toBeNull();
});
