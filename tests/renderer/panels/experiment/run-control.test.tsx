// @vitest-environment jsdom
import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Partner, scriptedPartner } from '../../client/scripted-partner.ts';
import { button, choose, enter, field, grantedRun, installBridge, press, settle, show, write } from './page.tsx';

let made = 0;
installBridge({ newRun: async () => grantedRun(`run-${++made}`) });
const { compute } = await import('../../../../renderer/client/compute.ts');
const { startRun, closeRun } = await import('../../../../renderer/actions/run-actions.ts');
const { flushChanges } = await import('../../../../renderer/actions/record-flow.ts');
const { ExperimentPanel } = await import('../../../../renderer/panels/experiment-panel.tsx');
const { BranchDialog } = await import('../../../../renderer/panels/branch-dialog.tsx');
const { runCommands } = await import('../../../../renderer/app/commands/run-commands.ts');
const { useDrafts } = await import('../../../../renderer/state/drafts.ts');
const { undo, useHistory } = await import('../../../../renderer/state/history.ts');
const { currentRun, useRuns } = await import('../../../../renderer/state/runs.ts');
const { closeDialog, useSession } = await import('../../../../renderer/state/session.ts');
const { useTime } = await import('../../../../renderer/state/time.ts');
const { readExperiment } = await import('../../../../core/experiment/read-experiment.ts');
const { begun, stepRecord, yaml } = await import('./running.tsx');

let partner: Partner;
let view: ReturnType<typeof show>;
let training: Awaited<ReturnType<typeof begun>>;
const page = () => document.body.textContent ?? '';
const command = (id: string) => {
  const found = runCommands.find((one) => one.id === id);
  if (!found) throw new Error(`There is no command ${id}.`);
  return found;
};

beforeEach(async () => {
  const { port1, port2 } = new MessageChannel();
  compute.connect(port1);
  partner = scriptedPartner(port2);
  useSession.setState({ compute: { state: 'ready' }, problems: [], dialog: null });
  useHistory.setState({ past: [], future: [] });
  useTime.setState({ cursor: null });
  view = show(
    <>
      <ExperimentPanel />
      <Dialog />
    </>,
  );
  await act(() => startRun({ yaml, file: null }, 'small'));
  training = await begun(partner, yaml);
});

function Dialog() {
  return useSession(({ dialog }) => dialog?.name === 'branch') ? <BranchDialog /> : null;
}

afterEach(async () => {
  const { runs } = useRuns.getState();
  await act(async () => {
    useRuns.setState({ runs: runs.map((run) => ({ ...run, state: 'stopped' })) });
    for (const { id } of runs) await closeRun(id);
    closeDialog();
  });
  view.close();
  compute.disconnect('The test is over.');
  partner.close();
  useDrafts.setState({ drafts: {} });
});

test('pause, one step, resume and stop are told to the run, and shown when the run says so', async () => {
  await press(button('Pause'));
  await training.say({ record: 'event', event: 'paused', step: 3 });
  expect(page()).toContain('paused');
  await press(button('One step, then wait'));
  await press(button('Resume'));
  await training.say({ record: 'event', event: 'resumed', step: 4 });
  expect(button('Pause').disabled).toBe(false);
  await press(button('Stop and keep the last state'));
  await settle();
  expect(training.steered()).toEqual([
    { command: 'pause' },
    { command: 'step' },
    { command: 'resume' },
    { command: 'stop' },
  ]);
  await training.end('stopped', 4);
  expect(button('Continue').disabled).toBe(false);
  await press(button('Continue'));
  const again = await act(() => partner.hears('request', ({ id }) => id > training.id));
  expect(again.params).toMatchObject({ run: training.params.run, start: { kind: 'resume' } });
});

test('η acts at once, with the threshold of the new value beside it', async () => {
  await training.say(stepRecord(0));
  expect(page()).toContain('2/η 40');
  await enter(field('Step size η'), '0.1');
  await settle();
  expect(training.steered()).toEqual([{ command: 'setLearningRate', learningRate: 0.1 }]);
  await training.say({ record: 'event', event: 'learningRate', step: 1, from: 0.05, to: 0.1 });
  expect(field('Step size η').value).toBe('0.1');
  expect(page()).toContain('2/η 20');
  // Done to the run, not to a document: there is nothing to undo.
  expect(useHistory.getState().past).toEqual([]);
});

test('the probe budget acts at once', async () => {
  await write(field('Probe budget'), '0.35');
  await settle();
  expect(training.steered()).toEqual([{ command: 'setProbeBudget', budget: 0.35 }]);
  expect(page()).toContain('35 %');
});

test('other settings are collected for a new run, can be undone, and leave the run alone', async () => {
  await enter(field('Seed'), '7');
  await choose(button(/½ squared error/), 'Cross-entropy');
  expect(page()).toMatch(/Changed: .*Cross-entropy/);
  act(undo);
  expect(page()).toContain('Changed: seed 7');
  await press(button('Start as new run'));
  const other = yaml.replace('seed: 1', 'seed: 7');
  const started = await begun(partner, other);
  expect(started.params).toMatchObject({ start: { kind: 'new' } });
  expect(training.steered()).toEqual([]);
  expect(currentRun()?.title).toBe('small, seed 7');
});

test('a run that diverged says so, and offers a branch with half of η', async () => {
  await training.say(stepRecord(0));
  for (const at of [0, 100, 200, 300]) await training.checkpoint(at);
  await training.end('diverged', 310);
  expect(page()).toContain('The loss left every bound at step 310 at η = 0.05.');
  await press(button('Branch with half of η…'));
  expect(page()).toContain('Other than in the run: η = 0.025.');
  await press(button('Start branch'));
  const half = yaml.replace('0.05', '0.025');
  const { params } = await begun(partner, half, 200);
  expect(params.start).toEqual({ kind: 'branch', from: training.params.run, step: 200 });
  await settle(60);
  expect(currentRun()).toMatchObject({ branchedFrom: { run: training.params.run, step: 200 } });
  expect(useSession.getState().dialog).toBe(null);
});

test('a branch begins at the checkpoint at or before the cursor, with what the form says', async () => {
  await training.say(...Array.from({ length: 10 }, (_, i) => stepRecord(i)));
  for (const at of [0, 100, 200, 300]) await training.checkpoint(at);
  act(() => useTime.setState({ cursor: 260 }));
  await press(button('Branch'));
  const dialog = document.querySelector('[role=dialog]') as HTMLElement;
  expect(button(/At checkpoint/, dialog).textContent).toContain('step 200');
  await enter(field('Step size η', dialog), '0.2');
  await write(field('Title', dialog), 'faster');
  await press(button('Start branch', dialog));
  const { params } = await begun(partner, yaml.replace('0.05', '0.2'), 200);
  expect(params.start).toEqual({ kind: 'branch', from: training.params.run, step: 200 });
  expect(currentRun()?.title).toBe('faster');
  // Seed, data and model are no part of the form.
  expect(readExperiment(currentRun()?.yaml ?? '', 'a').seed).toBe(1);
});

test('a branch begins with the η that was set by hand before its checkpoint', async () => {
  await training.say(...Array.from({ length: 10 }, (_, i) => stepRecord(i)), {
    record: 'event',
    event: 'learningRate',
    step: 150,
    from: 0.05,
    to: 0.02,
  });
  for (const at of [0, 100, 200]) await training.checkpoint(at);
  // What came reaches the store a moment later.
  act(flushChanges);
  act(() => useTime.setState({ cursor: 210 }));
  await press(button('Branch'));
  const dialog = document.querySelector('[role=dialog]') as HTMLElement;
  expect((field('Step size η', dialog) as HTMLInputElement).value).toBe('0.02');
  await press(button('Start branch', dialog));
  await begun(partner, yaml.replace('0.05', '0.02'), 200);
});

test('commands steer by the same messages, and say why they cannot', async () => {
  expect(command('run.branch').available?.()).toBe('The run has no checkpoint yet.');
  expect(command('run.continue').available?.()).not.toBe(true);
  await training.say(stepRecord(0));
  for (const id of ['run.pause', 'run.step', 'run.learningRateUp', 'run.probesUp', 'run.stop']) {
    expect(command(id).available?.() ?? true).toBe(true);
    await act(async () => void command(id).run());
  }
  await settle();
  expect(training.steered()).toEqual([
    { command: 'pause' },
    { command: 'step' },
    { command: 'setLearningRate', learningRate: 0.055 },
    { command: 'setProbeBudget', budget: 0.2 },
    { command: 'stop' },
  ]);
  expect(command('run.start').available?.()).toBe('The editor is empty.');
});
