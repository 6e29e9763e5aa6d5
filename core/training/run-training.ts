import type { Stats, Status } from '../linalg/result.ts';
import type { HostVector } from '../linalg/vector-space.ts';
import { createBreathing } from './breathing.ts';
import type { Probes, ProbesState } from './probes.ts';
import type { EventRecord, ProbeKind, ProbeRecord, StepRecord, TrainingRecord } from './records.ts';
import { createRunControl, type RunControl } from './run-control.ts';
import { type MetCondition, metCondition, type StopCondition } from './stop-conditions.ts';
import type { Trainer, TrainerState } from './trainer.ts';

/** Everything a run needs to go on where it was. */
export interface RunState<V extends HostVector = HostVector> {
  readonly trainer: TrainerState<V>;
  readonly probes: ProbesState<V> | null;
  /** The condition that has ended the run, or is about to. */
  readonly met: MetCondition | null;
}

export interface RunOptions<V extends HostVector> {
  /** Updates of the whole run, those before a resumption included. */
  readonly steps: number;
  readonly probes?: Probes<V> | undefined;
  readonly stopWhen?: readonly StopCondition[];
  /** Of the state that the run goes on from: a run that its condition has ended makes no further step. */
  readonly met?: MetCondition | null;
  readonly onRecord?: (record: TrainingRecord) => void | Promise<void>;
  /** Steps between two points of the stored trajectory; step 0 and the last point are stored too. */
  readonly checkpointEvery?: number;
  readonly onCheckpoint?: (state: RunState<V>) => void | Promise<void>;
  /** Seconds between two states for resuming after a crash. Default 10. One more at the end, whatever ended the run. */
  readonly resumeEverySeconds?: number;
  readonly onResumePoint?: (state: RunState<V>) => void | Promise<void>;
  readonly control?: RunControl;
  /** Settles after the event loop has turned once. */
  readonly breathe: () => Promise<void>;
  readonly breatheEveryMs?: number;
  /** Milliseconds, never going back. */
  readonly now?: () => number;
}

export interface RunOutcome {
  /** `converged`: all steps were made or a condition was met; `cancelled`: stopped by hand; `diverged`; `notFinite`. */
  readonly status: Status;
  readonly reason: 'steps' | 'condition' | 'stopped' | 'diverged';
  readonly met: MetCondition | null;
  /** Updates made by the run so far. */
  readonly step: number;
  readonly trainingSeconds: number;
  readonly probeSeconds: number;
  /** Of training and probes, in this session. */
  readonly stats: Stats;
}

type Ending = Pick<RunOutcome, 'status' | 'reason' | 'met'>;

/**
 * Trains until the steps are made, a condition is met, somebody stops it or it diverges. At every step: commands, then the
 * probes of this point, then the states to keep, then one update; so a state holds what was measured at its own step and
 * nothing is measured twice after a resumption. Probes see θ and never change it, nor any stream of training: the
 * trajectory is the same bit for bit with and without them.
 */
export async function runTraining<V extends HostVector>(
  trainer: Trainer<V>,
  options: RunOptions<V>,
): Promise<RunOutcome> {
  const { steps, probes, stopWhen = [], checkpointEvery, onRecord, onCheckpoint, onResumePoint } = options;
  const control = options.control ?? createRunControl();
  const now = options.now ?? (() => performance.now());
  const breathing = createBreathing(options.breathe, now, options.breatheEveryMs ?? 8);
  const spent = { products: 0, gradients: 0, losses: 0, training: 0, probing: 0 };
  let lastResumePoint = now();
  let checkpointed = -1;
  let paused = false;
  let allowed = 0;
  let met = options.met ?? null;

  async function note(record: TrainingRecord): Promise<void> {
    await onRecord?.(record);
    if (record.record !== 'event' && met === null) met = metCondition(stopWhen, record);
  }

  const event = (name: 'paused' | 'resumed' | 'stopped'): EventRecord => ({
    record: 'event',
    event: name,
    step: trainer.step,
  });

  const state = (): RunState<V> => ({ trainer: trainer.state(), probes: probes?.state() ?? null, met });

  /** False once the run is to stop. */
  async function obey(): Promise<boolean> {
    for (;;) {
      const command = control.take();
      if (command === undefined) {
        if (!paused || allowed > 0) return true;
        await breathing.wait(control.arrival());
        continue;
      }
      switch (command.command) {
        case 'stop':
          await note(event('stopped'));
          return false;
        case 'pause':
          if (!paused) await note(event('paused'));
          paused = true;
          allowed = 0;
          await onResumePoint?.(state());
          break;
        case 'resume':
          if (paused) await note(event('resumed'));
          paused = false;
          break;
        case 'step':
          if (!paused) await note(event('paused'));
          paused = true;
          allowed++;
          break;
        case 'setLearningRate': {
          const from = trainer.learningRate;
          trainer.setLearningRate(command.learningRate);
          const { step, learningRate: to } = trainer;
          await note({ record: 'event', event: 'learningRate', step, from, to });
          // The record stands at this step: a state of this step has to know of it.
          if (paused) await onResumePoint?.(state());
          break;
        }
        case 'setProbeBudget': {
          if (probes === undefined) break;
          const { budget: from } = probes.schedule;
          // Said again by whoever resumes the run: what was spent since it was set still counts.
          if (command.budget === from) break;
          probes.schedule.setBudget(command.budget);
          await note({ record: 'event', event: 'probeBudget', step: trainer.step, from, to: command.budget });
          if (paused) await onResumePoint?.(state());
        }
      }
    }
  }

  /** Makes the probes that `next` names one after the other at this point; they share its linearization. */
  async function measure(next: () => ProbeKind | null): Promise<void> {
    if (probes === undefined) return;
    let kind = next();
    if (kind === null) return;
    const signal = {
      get aborted() {
        return control.stopRequested;
      },
    } as AbortSignal;
    const session = probes.session(trainer, { breathe: breathing.breathe, signal }, breathing.seconds);
    try {
      while (kind !== null && !control.stopRequested) {
        const record = await probes.measure(kind, session);
        if (record === null) probes.schedule.dismiss(kind);
        else await account(record);
        kind = next();
      }
    } finally {
      session.dispose();
    }
  }

  async function probe(): Promise<void> {
    probes?.schedule.ask(trainer.step);
    await measure(() => probes?.schedule.next(trainer.step) ?? null);
  }

  /** The last numbers of a run are those of its last point. */
  async function closingProbes(): Promise<void> {
    const kinds = probes?.schedule.closing() ?? [];
    await measure(() => kinds.shift() ?? null);
  }

  /** A probe that `stop` cut short is no measurement: it goes on waiting. */
  async function account(record: ProbeRecord): Promise<void> {
    const done = record.status !== 'cancelled';
    if (done) probes?.schedule.spentProbe(record.kind, record.seconds);
    spent.probing += record.seconds;
    spent.products += record.products;
    spent.gradients += record.gradients;
    spent.losses += record.losses;
    if (done) await note(record);
  }

  async function advance(): Promise<StepRecord> {
    const began = breathing.seconds();
    const record = await trainer.advance();
    const seconds = breathing.seconds() - began;
    probes?.schedule.spentTraining(seconds);
    spent.training += seconds;
    spent.gradients += trainer.cost.gradients;
    spent.products += trainer.cost.products;
    spent.losses += trainer.cost.losses;
    await note({ ...record, seconds });
    return record;
  }

  async function keepStates(): Promise<void> {
    if (onCheckpoint && checkpointEvery !== undefined && trainer.step % checkpointEvery === 0) {
      checkpointed = trainer.step;
      await onCheckpoint(state());
    }
    if (onResumePoint && now() - lastResumePoint >= 1000 * (options.resumeEverySeconds ?? 10)) {
      await onResumePoint(state());
      lastResumePoint = now();
    }
  }

  async function untilEnd(): Promise<Ending> {
    for (;;) {
      await breathing.breathe();
      if (!(await obey())) return { status: 'cancelled', reason: 'stopped', met: null };
      await probe();
      if (control.stopRequested) continue;
      if (met !== null) return { status: 'converged', reason: 'condition', met };
      if (trainer.step >= steps) return { status: 'converged', reason: 'steps', met: null };
      await keepStates();
      const { status } = await advance();
      if (status !== null) return { status, reason: 'diverged', met: null };
      allowed = Math.max(0, allowed - 1);
    }
  }

  const ending = await untilEnd();
  if (ending.met !== null) {
    const { condition, value, limit } = ending.met;
    const { quantity } = condition;
    await note({ record: 'event', event: 'stopCondition', step: trainer.step, quantity, value, limit });
  }
  const complete = ending.reason === 'steps' || ending.reason === 'condition';
  if (complete) await closingProbes();
  if (complete && checkpointed !== trainer.step) await onCheckpoint?.(state());
  await onResumePoint?.(state());
  const { products, gradients, losses, training, probing } = spent;
  return {
    ...ending,
    step: trainer.step,
    trainingSeconds: training,
    probeSeconds: probing,
    stats: { products, gradients, losses, seconds: training + probing },
  };
}
