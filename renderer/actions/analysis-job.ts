import type { Outcome } from '../../core/protocol/messages.ts';
import type { MethodName, Methods } from '../../core/protocol/methods.ts';
import { compute } from '../client/compute.ts';
import { addJob, type Job, removeJob, updateJob } from '../state/jobs.ts';
import { announce } from '../state/session.ts';
import { failureOf, report } from './failures.ts';

/** How long a job that has ended stays in the strip. */
const shownAfterEndMs = { done: 4000, cancelled: 2500, failed: 20_000 } as const;
let lastJob = 0;

export interface JobOptions<M extends MethodName> {
  readonly title: string;
  /** Without what is seen elsewhere, for the strip; the title by itself. */
  readonly brief?: string;
  readonly run: string | null;
  /** Nobody asked for it: its failure is shown in its place only, and its end is not announced. */
  readonly automatic?: boolean;
  readonly onPartial?: (value: Methods[M]['partial']) => void;
}

export interface StartedJob<T> {
  cancel(): void;
  /** Somebody has asked it to stop. */
  wasCancelled(): boolean;
  /** Null where it failed or was cancelled with nothing worth having; that is told already. */
  readonly ended: Promise<Outcome<T> | null>;
}

/** Asks for something that takes its time, shown in the strip of jobs while it does and a moment longer. */
export function startJob<M extends MethodName>(
  method: M,
  params: Methods[M]['params'],
  { title, brief = title, run, automatic = false, onPartial }: JobOptions<M>,
): StartedJob<Methods[M]['value']> {
  const id = `job-${++lastJob}`;
  const call = compute.call(method, params, {
    onAccepted: () => change({ state: 'running' }),
    onProgress: (progress) => updateJob(id, { progress }),
    ...(onPartial ? { onPartial } : {}),
  });
  let cancelling = false;

  function change(to: Partial<Job>): void {
    if (!cancelling || to.state !== 'running') updateJob(id, to);
  }

  function end(state: keyof typeof shownAfterEndMs, failure: Job['failure'] = null): void {
    updateJob(id, { state, failure });
    setTimeout(() => removeJob(id), shownAfterEndMs[state]);
  }

  function cancel(): void {
    if (cancelling) return;
    cancelling = true;
    updateJob(id, { state: 'cancelling' });
    call.cancel();
  }

  addJob({
    id,
    title,
    brief,
    run,
    state: 'waiting',
    progress: null,
    failure: null,
    startedAt: performance.now(),
    cancel,
  });
  const ended = call.outcome.then(
    (outcome) => {
      const cancelled = outcome.status === 'cancelled';
      end(cancelled ? 'cancelled' : 'done');
      if (!automatic) announce(cancelled ? `${title} was cancelled.` : `${title} is done.`);
      return outcome;
    },
    (problem: unknown) => {
      const failure = failureOf(problem);
      if (failure.kind === 'cancelled') end('cancelled');
      else end('failed', failure);
      if (!automatic) report(problem);
      return null;
    },
  );
  return { cancel, wasCancelled: () => cancelling, ended };
}
