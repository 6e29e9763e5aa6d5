import { canonicalJson, type Experiment } from '../../core/experiment/experiment.ts';
import type { Failure } from '../../core/protocol/messages.ts';
import type { ExperimentSource, Methods, Records } from '../../core/protocol/methods.ts';
import type { RunCommand } from '../../core/training/run-control.ts';
import type { RunOutcome } from '../../core/training/run-training.ts';
import { compute } from '../client/compute.ts';
import type { Call } from '../client/compute-client.ts';
import { dropRecordsAfter } from '../state/run-series.ts';
import { isAlive, type RunState, runOf, updateRun, useRuns } from '../state/runs.ts';
import { announce, useSession } from '../state/session.ts';
import { failureOf, report } from './failures.ts';
import {
  changeSoon,
  flushChanges,
  forgetFlow,
  forgetSpeed,
  receiveRecords,
  receiveStoredRecords,
  runSoon,
} from './record-flow.ts';

type Start = Methods['train']['params']['start'];
type TrainPartial = Methods['train']['partial'];

/** What is known of a run beside what is shown: how to go on with it. */
interface Training {
  readonly start: Start;
  readonly call: Call<'train'>;
  /** Its folder holds it. */
  started: boolean;
  /** Once its last state is written, or it cannot go on by itself. */
  readonly ended: Promise<void>;
}

const trainings = new Map<string, Training>();
const sources = new Map<string, ExperimentSource>();
/** As the user has set them while the runs went on. */
const learningRates = new Map<string, number>();

/** Runs that differ in nothing but their seed, and in what they are called, share this. */
export function groupOf({ seed: _, name: __, ...experiment }: Experiment): string {
  return canonicalJson(experiment);
}

export interface TrainOptions {
  /** Holds at its first step. */
  readonly paused?: boolean;
}

/** Trains a run of the list, and shows what comes of it. */
export function train(id: string, source: ExperimentSource, start: Start, { paused = false }: TrainOptions = {}): void {
  forgetSpeed(id);
  const call = compute.call('train', { source, run: id, start }, { onPartial: (partial) => hear(id, partial) });
  if (paused) call.steer({ command: 'pause' });
  const ended = call.outcome.then(
    ({ value }) => finish(id, value),
    (problem: unknown) => {
      if (trainings.get(id)?.call === call) breakOff(id, problem);
    },
  );
  trainings.set(id, { start, call, started: false, ended });
  sources.set(id, source);
}

function hear(id: string, partial: TrainPartial): void {
  if ('records' in partial) receiveRecords(id, partial.records);
  else if ('checkpoint' in partial) {
    const { checkpoint } = partial;
    const earlier = (runSoon(id)?.checkpoints ?? []).filter((step) => step < checkpoint);
    changeSoon(id, { checkpoints: [...earlier, checkpoint] });
  } else begin(id, partial.started, partial.step);
}

function begin(id: string, description: Extract<TrainPartial, { started: unknown }>['started'], step: number): void {
  const [run, training] = [runSoon(id), trainings.get(id)];
  if (!run || !training) return;
  training.started = true;
  steerAgain(id, step, description.experiment);
  // What was told of later steps was lost with the process that told it, and is made again.
  dropRecordsAfter(run.series, step);
  const { experiment } = description;
  changeSoon(id, {
    description,
    state: run.state === 'stopping' ? 'stopping' : 'running',
    step,
    steps: experiment.steps,
    checkpoints: run.checkpoints.filter((checkpoint) => checkpoint <= step),
    probeBudget: run.probeBudget ?? experiment.probes.budget,
    group: run.branchedFrom ? id : groupOf(experiment),
    failure: null,
    outcome: null,
  });
  flushChanges();
  if (training.start.kind === 'resume') announce(`“${run.title}” goes on at step ${step}.`);
  if (training.start.kind === 'branch') announce(`“${run.title}” begins at step ${step}.`);
}

/** What the user has set since the state that a run goes on from was lost with it, and is set again. */
function steerAgain(id: string, step: number, { probes }: Experiment): void {
  const run = runOf(id);
  const learningRate = learningRates.get(id);
  const lost = run?.series.events.some(
    (event) => event.record === 'event' && event.event === 'learningRate' && event.step > step,
  );
  if (lost && learningRate !== undefined) steer(id, { command: 'setLearningRate', learningRate });
  const budget = run?.probeBudget ?? probes.budget;
  if (budget !== probes.budget) steer(id, { command: 'setProbeBudget', budget });
}

const stateOfReason = {
  steps: 'finished',
  condition: 'finished',
  stopped: 'stopped',
  diverged: 'diverged',
} as const satisfies Record<RunOutcome['reason'], RunState>;

function finish(id: string, outcome: RunOutcome): void {
  flushChanges();
  trainings.delete(id);
  const run = runOf(id);
  if (run === null) return;
  const state = stateOfReason[outcome.reason];
  updateRun(id, { outcome, state, step: outcome.step, speed: null, version: run.series.version });
  announce(`“${run.title}” has ${state === 'diverged' ? 'diverged' : state} at step ${outcome.step}.`);
}

/** The call failed: the run waits for another process to compute, or it cannot go on. */
function breakOff(id: string, problem: unknown): void {
  flushChanges();
  const [run, failure] = [runOf(id), failureOf(problem)];
  if (run === null) return;
  const { compute: state } = useSession.getState();
  if (failure.kind === 'cancelled') updateRun(id, { state: 'stopped', speed: null });
  else if (failure.kind !== 'lost') {
    updateRun(id, { state: 'failed', failure, speed: null });
    report(problem);
  } else if (run.state === 'stopping') updateRun(id, { state: 'killed', failure, speed: null });
  else if (state.state === 'stopped') failInterrupted(id, state.reason);
  else {
    if (run.state === 'paused') pausedBefore.add(id);
    updateRun(id, { state: 'interrupted', failure, speed: null });
    announce(`${failure.found} “${run.title}” goes on by itself from its last state.`);
  }
}

/** A run whose process ended while it was paused is paused still when it goes on. */
const pausedBefore = new Set<string>();

/** Once there is another process to compute: runs go on from the last state in their folders. */
export function resumeInterrupted(): void {
  for (const { id, state } of useRuns.getState().runs) if (state === 'interrupted') resume(id);
}

function resume(id: string): void {
  const [training, source] = [trainings.get(id), sources.get(id)];
  if (!training || !source) return;
  // A branch that has not begun has no state to go on from; any other begins anew where its folder holds nothing.
  const again: Start = !training.started && training.start.kind === 'branch' ? training.start : { kind: 'resume' };
  updateRun(id, { state: 'opening' });
  const goOn = () => {
    if (runOf(id)?.state === 'opening') train(id, source, again, { paused: pausedBefore.delete(id) });
  };
  if (again.kind === 'resume' && training.started) void readWhatWasLost(id).then(goOn);
  else goOn();
}

/** Records that were stored, but had not reached this page when the process that computed ended. */
async function readWhatWasLost(id: string): Promise<void> {
  const { updates } = runOf(id)?.series ?? {};
  const last = updates && updates.length > 0 ? (updates.data.step[updates.length - 1] ?? -1) : -1;
  const unseen = (records: Records) => records.filter((record) => record.record !== 'run' && record.step > last);
  const call = compute.call(
    'readOn',
    { run: id, from: 0 },
    { onPartial: (records) => receiveStoredRecords(id, unseen(records)) },
  );
  try {
    await call.outcome;
    flushChanges();
  } catch {
    // The run goes on all the same; a gap is only in what is drawn.
  }
}

/** No process computes any more: nothing goes on by itself. */
export function failAllInterrupted(reason: string): void {
  for (const { id, state } of useRuns.getState().runs) if (state === 'interrupted') failInterrupted(id, reason);
}

function failInterrupted(id: string, reason: string): void {
  const advice = 'Continue it to start the computation again; at most its last ten seconds are made once more.';
  const failure: Failure = { kind: 'lost', found: reason, advice };
  updateRun(id, { state: 'failed', failure, speed: null });
}

export function steer(id: string, command: RunCommand): void {
  if (command.command === 'setLearningRate') learningRates.set(id, command.learningRate);
  trainings.get(id)?.call.steer(command);
}

/** Settles when the run has written its last state; at once where nothing trains it. */
export async function stop(id: string): Promise<void> {
  const [run, training] = [runOf(id), trainings.get(id)];
  if (!run || !training || !isAlive(run.state)) return;
  if (run.state === 'interrupted') {
    updateRun(id, { state: 'killed' });
    return;
  }
  updateRun(id, { state: 'stopping' });
  training.call.steer({ command: 'stop' });
  // A call that waits for a process to compute has nothing to write.
  if (useSession.getState().compute.state !== 'ready' && !training.started) training.call.cancel();
  await training.ended;
}

/** Of a run that was trained here; null for one that was not. */
export const sourceOf = (id: string): ExperimentSource | null => sources.get(id) ?? null;

export function forgetTraining(id: string): void {
  for (const table of [trainings, sources, learningRates, pausedBefore]) table.delete(id);
  forgetFlow(id);
}
