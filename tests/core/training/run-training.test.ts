import { expect, test } from 'vitest';
import { packState, unpackState } from '../../../core/experiment/packed-state.ts';
import { quadraticObjective } from '../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import {
  createProbes,
  defaultProbeSettings,
  type ProbeSettings,
  type Probes,
  type ProbesState,
} from '../../../core/training/probes.ts';
import type { ProbeRecord, StepRecord, TrainingRecord } from '../../../core/training/records.ts';
import { createRunControl } from '../../../core/training/run-control.ts';
import { type RunState, runTraining } from '../../../core/training/run-training.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import { restoreTrainer, type Trainer } from '../../../core/training/trainer.ts';
import { recordedRun, smallClassifier, timeless, trainerOf, turn } from '../../support/training-runs.ts';

const isStep = (record: TrainingRecord): record is StepRecord => record.record === 'step';
const isProbe = (record: TrainingRecord): record is ProbeRecord => record.record === 'probe';
const events = (records: readonly TrainingRecord[]) => records.filter(({ record }) => record === 'event');

const allKinds = {
  loss: 4,
  sharpness: 3,
  lowestEigenvalue: 5,
  gradientNorm: 2,
  noiseScale: 6,
  density: 10,
  eigenvalues: 6,
  preconditionedSharpness: 4,
} as const;

function probesFor(
  objective: Objective<Float64Array>,
  settings: Partial<ProbeSettings>,
  from: ProbesState<Float64Array> | null = null,
) {
  return createProbes({
    train: objective,
    settings: { ...defaultProbeSettings, densityStarts: 2, densitySteps: 10, ...settings },
    rng: randomFromSeed(21),
    from,
  });
}

const settings = trainingSettings('adam', { learningRate: 0.03, batchSize: 16 });

function classifierRun(given = settings) {
  const { objective, theta } = smallClassifier();
  return { objective, trainer: trainerOf(objective, given, theta) };
}

test('the trajectory with every probe at every cadence equals the one without, bit for bit', async () => {
  const bare = classifierRun();
  const plain = await recordedRun(bare.trainer, { steps: 40 });
  const watched = classifierRun();
  const probes = probesFor(watched.objective, { budget: 1, every: allKinds });
  const probed = await recordedRun(watched.trainer, { steps: 40, probes });
  expect(probed.records.filter(isStep).map(timeless)).toEqual(plain.records.map(timeless));
  expect(watched.trainer.state()).toEqual(bare.trainer.state());
  expect(new Set(probed.records.filter(isProbe).map(({ kind }) => kind))).toEqual(new Set(Object.keys(allKinds)));
});

test('records come in order: the probes of a step before its update, one step record an update, and the last point is probed', async () => {
  const { objective, trainer } = classifierRun();
  const probes = probesFor(objective, { budget: 1, every: { loss: 2 } });
  const { records, outcome } = await recordedRun(trainer, { steps: 5, probes });
  const place = records.map((record) => `${record.record} ${record.step}`);
  expect(place).toEqual(['probe 0', 'step 0', 'step 1', 'probe 2', 'step 2', 'step 3', 'probe 4', 'step 4', 'probe 5']);
  expect(outcome).toMatchObject({ status: 'converged', reason: 'steps', step: 5 });
  expect(outcome.stats).toMatchObject({ gradients: 5, losses: 4, products: 0 });
});

test('a run resumed from any checkpoint equals the unbroken one, probes at full budget included', async () => {
  const every = { loss: 2, sharpness: 3, noiseScale: 4, density: 5 };
  const first = classifierRun();
  const checkpoints: RunState<Float64Array>[] = [];
  const whole = await recordedRun(first.trainer, {
    steps: 14,
    probes: probesFor(first.objective, { budget: 1, every }),
    checkpointEvery: 3,
    onCheckpoint: (state) => void checkpoints.push(state),
  });
  expect(checkpoints.map(({ trainer }) => trainer.step)).toEqual([0, 3, 6, 9, 12, 14]);
  for (const state of checkpoints) {
    const { objective } = classifierRun();
    const at = state.trainer.step;
    const trainer = restoreTrainer(objective, state.trainer);
    const probes = probesFor(objective, { budget: 1, every }, state.probes);
    const { records } = await recordedRun(trainer, { steps: 14, probes });
    const later = whole.records.filter((record) => (isStep(record) ? record.step >= at : record.step > at));
    expect(records.map(timeless)).toEqual(later.map(timeless));
    expect(trainer.state()).toEqual(first.trainer.state());
  }
});

test('pausing, stepping and resuming change nothing but the events', async () => {
  const reference = classifierRun();
  await recordedRun(reference.trainer, { steps: 30 });
  const { trainer } = classifierRun();
  const control = createRunControl();
  const seen: number[] = [];
  const running = recordedRun(trainer, {
    steps: 30,
    control,
    onRecord(record) {
      if (record.record === 'step' && record.step === 9) control.pause();
    },
  });
  for (let i = 0; i < 20; i++) await turn();
  seen.push(trainer.step);
  for (let i = 0; i < 3; i++) {
    control.step();
    for (let k = 0; k < 5; k++) await turn();
    seen.push(trainer.step);
  }
  control.resume();
  const { outcome, records } = await running;
  expect(seen).toEqual([10, 11, 12, 13]);
  expect(outcome.reason).toBe('steps');
  expect(events(records)).toEqual([
    { record: 'event', event: 'paused', step: 10 },
    { record: 'event', event: 'resumed', step: 13 },
  ]);
  expect(trainer.state()).toEqual(reference.trainer.state());
});

test('commands are plain data: those sent as JSON do the same', async () => {
  const { trainer } = classifierRun();
  const control = createRunControl();
  for (const text of ['{"command":"setLearningRate","learningRate":0.5}', '{"command":"step"}', '{"command":"step"}'])
    control.send(JSON.parse(text));
  const running = recordedRun(trainer, { steps: 30, control });
  for (let i = 0; i < 10; i++) await turn();
  expect(trainer.step).toBe(2);
  control.send({ command: 'stop' });
  const { outcome, records } = await running;
  expect(outcome).toMatchObject({ status: 'cancelled', reason: 'stopped', step: 2 });
  expect(events(records).map((record) => (record as { event: string }).event)).toEqual([
    'learningRate',
    'paused',
    'stopped',
  ]);
});

test('a learning rate set while running is an event and holds from the next update', async () => {
  const { trainer } = classifierRun();
  const control = createRunControl();
  const { records } = await recordedRun(trainer, {
    steps: 10,
    control,
    onRecord(record) {
      if (record.record === 'step' && record.step === 4) control.setLearningRate(0.005);
    },
  });
  expect(events(records)).toEqual([{ record: 'event', event: 'learningRate', step: 5, from: 0.03, to: 0.005 }]);
  const rates = records.filter(isStep).map(({ learningRate }) => learningRate);
  expect(rates).toEqual([...Array(5).fill(0.03), ...Array(5).fill(0.005)]);
});

test('a probe budget set while running is an event, holds at once, and stays for whoever resumes', async () => {
  const every = { loss: 1, sharpness: 3 };
  const withBudget = async (trainer: Trainer<Float64Array>, probes: Probes<Float64Array>, stopAt: number | null) => {
    const control = createRunControl();
    let last: RunState<Float64Array> | null = null;
    const { records } = await recordedRun(trainer, {
      steps: 30,
      control,
      probes,
      onRecord(record) {
        if (record.record !== 'step') return;
        if (record.step === 9) control.send(JSON.parse('{"command":"setProbeBudget","budget":1}'));
        if (record.step === stopAt) control.stop();
      },
      onResumePoint: (state) => {
        last = state;
      },
    });
    return { records, last: last! as RunState<Float64Array> };
  };
  const unbroken = classifierRun();
  const whole = await withBudget(unbroken.trainer, probesFor(unbroken.objective, { budget: 0, every }), null);
  expect(events(whole.records)).toEqual([{ record: 'event', event: 'probeBudget', step: 10, from: 0, to: 1 }]);
  const probed = whole.records.filter((record) => record.record === 'probe' && record.kind === 'loss');
  expect(probed.map(({ step }) => step)).toEqual(Array.from({ length: 21 }, (_, i) => 10 + i));

  const { objective, trainer } = classifierRun();
  const head = await withBudget(trainer, probesFor(objective, { budget: 0, every }), 16);
  const state = unpackState(packState(head.last)) as RunState<Float64Array>;
  const resumed = restoreTrainer(objective, state.trainer);
  const tail = await withBudget(resumed, probesFor(objective, { budget: 0, every }, state.probes), null);
  const kept = [
    ...head.records.filter((record) => record.record !== 'event' || record.event !== 'stopped'),
    ...tail.records,
  ];
  expect(kept.map(timeless)).toEqual(whole.records.map(timeless));
});

test('a probe budget that holds already is no event', async () => {
  const { objective, trainer } = classifierRun();
  const control = createRunControl();
  for (const budget of [0.2, 0.2, 0.3, 0.3]) control.setProbeBudget(budget);
  const { records } = await recordedRun(trainer, { steps: 3, control, probes: probesFor(objective, { budget: 0.2 }) });
  expect(events(records)).toEqual([{ record: 'event', event: 'probeBudget', step: 0, from: 0.2, to: 0.3 }]);
});

test('a stopped run gives a state from which it goes on as if nothing had happened', async () => {
  const reference = classifierRun();
  await recordedRun(reference.trainer, { steps: 20 });
  const { objective, trainer } = classifierRun();
  const control = createRunControl();
  let last: RunState<Float64Array> | null = null;
  await recordedRun(trainer, {
    steps: 20,
    control,
    onRecord(record) {
      if (record.step === 7) control.stop();
    },
    onResumePoint: (state) => {
      last = state;
    },
  });
  const resumed = restoreTrainer(objective, last!.trainer);
  expect(resumed.step).toBe(8);
  await recordedRun(resumed, { steps: 20 });
  expect(resumed.state()).toEqual(reference.trainer.state());
});

test('stop ends a long probe at its next product; the probe is not recorded and is made after the resumption', async () => {
  const { objective, trainer } = classifierRun();
  const control = createRunControl();
  let products = 0;
  const watched: Objective<Float64Array> = {
    ...objective,
    async linearize(at, batch) {
      const inner = await objective.linearize(at, batch);
      return {
        ...inner,
        hessianProduct(v) {
          if (++products === 25) control.stop();
          return inner.hessianProduct(v);
        },
      };
    },
  };
  const plan = { budget: 1, every: { density: 5 }, densityStarts: 20, densitySteps: 20 };
  let last: RunState<Float64Array> | null = null;
  const { records, outcome } = await recordedRun(trainer, {
    steps: 20,
    control,
    probes: probesFor(watched, plan),
    onResumePoint: (state) => {
      last = state;
    },
  });
  expect(products).toBeLessThan(28);
  expect(outcome.reason).toBe('stopped');
  expect(records.filter(isProbe)).toEqual([]);
  const resumed = restoreTrainer(objective, last!.trainer);
  const rest = await recordedRun(resumed, { steps: 4, probes: probesFor(objective, plan, last!.probes) });
  expect(rest.records.find(isProbe)).toMatchObject({ kind: 'density', step: 0, status: 'converged' });
});

test('a condition on a probe ends the run where it is met: descent stops when sharpness passes 2/η', async () => {
  // The curvature stands still and the warm-up lowers the threshold onto it.
  const objective = quadraticObjective(Float64Array.of(15, 1));
  const schedule = { kind: 'warmUp', steps: 20 };
  const given = trainingSettings('gradientDescent', { learningRate: 0.2, schedule });
  const trainer = trainerOf(objective, given, Float64Array.of(1, 1));
  const { outcome, records } = await recordedRun(trainer, {
    steps: 100,
    probes: probesFor(objective, { budget: 1, every: { sharpness: 1 } }),
    stopWhen: [{ quantity: 'sharpness', above: 'threshold' }],
    onCheckpoint: () => {},
  });
  // η(t) = 0.01 (t + 1), so 15 > 2/η first holds at t = 13.
  expect(outcome).toMatchObject({ status: 'converged', reason: 'condition', step: 13 });
  expect(outcome.met!.value).toBeCloseTo(15, 9);
  expect(records.at(-1)).toMatchObject({ event: 'stopCondition', quantity: 'sharpness', step: 13 });
});

test('a condition on the loss of the step ends the run after that update', async () => {
  const { trainer } = classifierRun(trainingSettings('gradientDescent', { learningRate: 0.5 }));
  const { outcome, records } = await recordedRun(trainer, {
    steps: 5000,
    stopWhen: [{ quantity: 'loss', below: 0.3 }],
  });
  const steps = records.filter(isStep);
  expect(outcome).toMatchObject({ reason: 'condition', step: steps.length });
  expect(steps.at(-1)!.loss).toBeLessThan(0.3);
  expect(steps.at(-2)!.loss).toBeGreaterThanOrEqual(0.3);
});

test('divergence is an outcome with the last finite point kept', async () => {
  const objective = quadraticObjective(Float64Array.of(100));
  const trainer = trainerOf(objective, trainingSettings('gradientDescent', { learningRate: 1 }), Float64Array.of(1));
  let last: RunState<Float64Array> | null = null;
  const { outcome, records } = await recordedRun(trainer, {
    steps: 100,
    onResumePoint: (state) => {
      last = state;
    },
  });
  expect(outcome).toMatchObject({ status: 'diverged', reason: 'diverged' });
  expect(records.at(-1)).toMatchObject({ record: 'step', status: 'diverged' });
  expect(Number.isFinite(last!.trainer.theta[0])).toBe(true);
});

test('states for resuming come by the clock and at the end, checkpoints by the step', async () => {
  const { trainer } = classifierRun();
  let time = 0;
  const resumePoints: number[] = [];
  await runTraining(trainer, {
    steps: 35,
    breathe: async () => {},
    now: () => time,
    onRecord: () => {
      time += 1000;
    },
    onResumePoint: ({ trainer: { step } }) => void resumePoints.push(step),
  });
  expect(resumePoints).toEqual([10, 20, 30, 35]);
});

test('the program breathes every few milliseconds, and that time is nobody’s cost', async () => {
  const { trainer } = classifierRun();
  let time = 0;
  let breaths = 0;
  const objective = trainer.objective;
  const slow: Objective<Float64Array> = {
    ...objective,
    gradient(at, batch) {
      time += 3;
      return objective.gradient(at, batch);
    },
  };
  const outcome = await runTraining(trainerOf(slow, settings, trainer.theta), {
    steps: 100,
    breathe: async () => {
      breaths++;
      time += 1000;
    },
    breatheEveryMs: 8,
    now: () => time,
  });
  expect(breaths).toBe(33);
  expect(outcome.trainingSeconds).toBeCloseTo(0.3, 9);
});

test('timers fire while a run is under way', async () => {
  const { trainer } = classifierRun();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  const began = performance.now();
  await recordedRun(trainer, { steps: 1500 });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan((performance.now() - began) / 60);
});

test('on a real clock the share of the probes is the budget within 3 points when they ask for more', async () => {
  for (const budget of [0.1, 0.4]) {
    const { objective, trainer } = classifierRun();
    const probes = probesFor(objective, { budget, every: { sharpness: 1, loss: 1, density: 20 } });
    const { outcome, records } = await recordedRun(trainer, { steps: 20_000, probes });
    const share = outcome.probeSeconds / (outcome.probeSeconds + outcome.trainingSeconds);
    expect(Math.abs(share - budget)).toBeLessThan(0.03);
    expect(probes.schedule.share()).toBeCloseTo(share, 9);
    const made = records.filter(isProbe);
    expect(made.length).toBeGreaterThan(10);
    expect(made.some(({ step, askedAt }) => step > askedAt)).toBe(true);
  }
});
