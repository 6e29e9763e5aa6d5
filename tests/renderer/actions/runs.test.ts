// @vitest-environment jsdom
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, until } from './app-in-memory.ts';
import { endless, smallYaml } from './small-experiment.ts';

const app = createApp();
const {
  branchRun,
  closeRun,
  continueRun,
  openRun,
  pauseRun,
  resumeRun,
  setLearningRate,
  setProbeBudget,
  startRun,
  stepRun,
  stopRun,
} = await import('../../../renderer/actions/run-actions.ts');
const { startSession } = await import('../../../renderer/actions/session-actions.ts');
const { currentRun, runOf, useRuns } = await import('../../../renderer/state/runs.ts');
const { useSession } = await import('../../../renderer/state/session.ts');
const { useSettings } = await import('../../../renderer/state/settings.ts');
const { newestStep } = await import('../../../renderer/state/time.ts');

const start = (settings: Parameters<typeof smallYaml>[0], title = 'small') =>
  startRun({ yaml: smallYaml(settings), file: null }, title);
const stateOf = (id: string) => runOf(id)?.state;
const stepsOf = (id: string) => {
  const { data, length } = runOf(id)!.series.updates;
  return Array.from(data.step.subarray(0, length));
};
const ended = (id: string) => until(() => ['finished', 'stopped', 'diverged', 'failed'].includes(stateOf(id) ?? ''));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

beforeAll(async () => {
  // Planes by themselves are tested by themselves.
  app.store({ settings: { landscape: { follow: false } } });
  await startSession();
  await until(() => useSession.getState().compute.state === 'ready');
});

afterAll(() => app.close());

describe('a run', () => {
  test('is trained to its end, with all its records, checkpoints and numbers', async () => {
    const id = await start({});
    expect(currentRun()).toMatchObject({ id, title: 'small', state: 'opening' });
    expect(app.busy).toBe(true);
    await ended(id);
    const run = runOf(id)!;
    expect(run).toMatchObject({ state: 'finished', step: 60, steps: 60, learningRate: 0.01, probeBudget: 0.5 });
    expect(run.checkpoints).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(run.description?.parameters).toBe(22);
    expect(run.outcome?.reason).toBe('steps');
    expect(stepsOf(id)).toEqual(upTo(60));
    expect(newestStep(run.series)).toBeGreaterThanOrEqual(59);
    expect(run.version).toBe(run.series.version);
    expect(useSession.getState().announcement).toBe('“small” has finished at step 60.');
    await until(() => !app.busy);
  });

  test('shows what its folder holds, opened once more', async () => {
    const id = currentRun()!.id;
    const before = runOf(id)!;
    await closeRun(id);
    expect(runOf(id)).toBeNull();
    await openRun(before.file);
    const { series, group, state, step, checkpoints, yaml } = runOf(id)!;
    expect({ group, state, step, checkpoints, yaml }).toEqual({
      group: before.group,
      state: 'finished',
      step: 60,
      checkpoints: before.checkpoints,
      yaml: before.yaml,
    });
    for (const columns of ['updates', 'losses'] as const)
      expect(series[columns].data.step).toEqual(before.series[columns].data.step);
    expect(series.updates.data.loss).toEqual(before.series.updates.data.loss);
    expect(series.eigenvalues.sharpness.data).toEqual(before.series.eigenvalues.sharpness.data);
    const count = useRuns.getState().runs.length;
    await openRun(before.file);
    expect(useRuns.getState().runs).toHaveLength(count);
    await closeRun(id);
  });

  test('pauses, makes single updates, goes on, and is stopped with its last state written', async () => {
    const id = await start(endless);
    await until(() => (runOf(id)?.step ?? 0) > 50);
    pauseRun(id);
    await until(() => stateOf(id) === 'paused');
    const { step } = runOf(id)!;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(runOf(id)!.step).toBe(step);
    stepRun(id);
    await until(() => runOf(id)!.step === step + 1);
    expect(stateOf(id)).toBe('paused');
    resumeRun(id);
    await until(() => stateOf(id) === 'running' && runOf(id)!.step > step + 100);
    await until(() => (runOf(id)!.speed ?? 0) > 0);
    const stopped = stopRun(id);
    expect(stateOf(id)).toBe('stopping');
    await stopped;
    expect(runOf(id)).toMatchObject({ state: 'stopped', outcome: { reason: 'stopped' }, speed: null });
    const last = runOf(id)!.step;
    await continueRun(id);
    await until(() => runOf(id)!.step > last + 100);
    expect(stateOf(id)).toBe('running');
    await closeRun(id);
    expect(runOf(id)).toBeNull();
    await until(() => !app.busy);
  });

  test('obeys a new step size and a new budget while it goes on, and says when', async () => {
    const id = await start(endless);
    await until(() => (runOf(id)?.step ?? 0) > 10);
    setLearningRate(id, 0.02);
    setProbeBudget(id, 0.25);
    await until(() => runOf(id)!.learningRate === 0.02);
    const events = () => runOf(id)!.series.events.filter(({ record }) => record === 'event');
    await until(() => events().length === 2);
    expect(events()).toMatchObject([
      { event: 'learningRate', from: 0.01, to: 0.02 },
      { event: 'probeBudget', to: 0.25 },
    ]);
    await closeRun(id);
  });

  test('branches at a checkpoint, with other settings', async () => {
    const id = await start({});
    await ended(id);
    const branch = await branchRun(id, 30, smallYaml({ rate: 0.005 }), 'half the step');
    await ended(branch);
    expect(runOf(branch)).toMatchObject({ state: 'finished', branchedFrom: { run: id, step: 30 }, group: branch });
    expect(stepsOf(branch)).toEqual(upTo(60).slice(30));
    const [parent, child] = [id, branch].map((run) => runOf(run)!.series.updates);
    // The same θ, another step size.
    expect(child!.data.loss[0]).toBe(parent!.data.loss[30]);
    expect(child!.data.learningRate[0]).toBe(0.005);
    expect(runOf(branch)!.colour).not.toBe(runOf(id)!.colour);
    await closeRun(branch);
    await closeRun(id);
  });

  test('shares its group with runs that differ in seed and name alone', async () => {
    const ids = await Promise.all([
      start({ seed: 1 }),
      start({ seed: 2, name: 'another' }),
      start({ seed: 1, rate: 0.02 }),
    ]);
    for (const id of ids) await ended(id);
    const [first, second, other] = ids.map((id) => runOf(id)!.group);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    for (const id of ids) await closeRun(id);
  });

  test('that cannot be trained says why, and the others are left alone', async () => {
    const { problems } = useSession.getState();
    const id = await startRun({ yaml: 'name: [', file: null }, 'broken');
    await ended(id);
    expect(runOf(id)).toMatchObject({ state: 'failed', failure: { kind: 'badInput' } });
    expect(useSession.getState().problems).toHaveLength(problems.length + 1);
    await closeRun(id);
  });
});

describe('when the process that computes ends', () => {
  const again = { state: 'restarting', inSeconds: 0, reason: 'It was killed.' } as const;

  test('a run goes on by itself, and shows every step once', async () => {
    const id = await start({ steps: 3000, every: 500 });
    await until(() => (runOf(id)?.step ?? 0) > 1000);
    await app.kill(again);
    await until(() => stateOf(id) === 'interrupted');
    expect(useSession.getState().announcement).toMatch(/^It was killed\. “small” goes on by itself/);
    expect(app.busy).toBe(true);
    await app.start();
    await ended(id);
    expect(runOf(id)).toMatchObject({ state: 'finished', step: 3000 });
    expect(stepsOf(id)).toEqual(upTo(3000));
    expect(app.read(runOf(id)!.file, 'metrics.jsonl')).toContain('"event":"resumed"');
    await closeRun(id);
  });

  test('a paused run is paused still, and a step size set since the last state is set again', async () => {
    const id = await start(endless);
    await until(() => (runOf(id)?.step ?? 0) > 1000);
    setLearningRate(id, 0.03);
    await until(() => runOf(id)!.learningRate === 0.03);
    pauseRun(id);
    await until(() => stateOf(id) === 'paused');
    await app.kill(again);
    await until(() => stateOf(id) === 'interrupted');
    await app.start();
    await until(() => stateOf(id) === 'paused');
    stepRun(id);
    const { step } = runOf(id)!;
    await until(() => runOf(id)!.step > step);
    expect(runOf(id)!.learningRate).toBe(0.03);
    await closeRun(id);
  });

  test('again and again, nothing goes on by itself until the user continues it', async () => {
    const id = await start(endless);
    await until(() => (runOf(id)?.step ?? 0) > 100);
    await app.kill({ state: 'stopped', reason: 'It ended three times within two minutes.' });
    await until(() => stateOf(id) === 'failed');
    expect(runOf(id)!.failure).toMatchObject({ kind: 'lost', found: 'It ended three times within two minutes.' });
    expect(app.busy).toBe(false);
    await continueRun(id);
    await until(() => stateOf(id) === 'running');
    await closeRun(id);
  });
});

test('bursts of records are one change of the store a frame', async () => {
  const frames: number[] = [];
  const id = await start(endless);
  await until(() => stateOf(id) === 'running');
  const stop = useRuns.subscribe(() => frames.push(performance.now()));
  const { version, step } = runOf(id)!;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  stop();
  const run = runOf(id)!;
  expect(run.step).toBeGreaterThan(step + 100);
  // At 60 frames a second.
  expect(frames.length).toBeLessThanOrEqual(63);
  expect(run.version).toBeGreaterThan(version);
  await closeRun(id);
  expect(useSettings.getState().landscape.follow).toBe(false);
});
