import type { Failure } from '../../../core/protocol/messages.ts';
import type { FileReference, MethodName } from '../../../core/protocol/methods.ts';
import type { Reply } from '../../../core/protocol/sender.ts';
import type { MethodCall } from '../../../core/protocol/validate.ts';
import type { RunCommand } from '../../../core/training/run-control.ts';
import { releaseOfLostThread } from '../../host/run-lock.ts';
import { createHeldPlanes } from './held-planes.ts';
import { type Lane, placeOf, startable } from './lanes.ts';
import { cancelledFailure } from './method.ts';
import type { FromWorker, Realm } from './worker-messages.ts';
import { createWorkerPool, type PooledWorker, type WorkerPoolOptions } from './worker-pool.ts';

export type ThreadCall = Exclude<MethodCall, { method: 'hello' }>;

/** A request on its way through the threads. */
export interface JobHandle {
  cancel(): void;
  steer(command: RunCommand): void;
}

export interface Jobs {
  /** `reply` is called with what is said of the job; a result or a failure is the last. */
  submit(call: ThreadCall, paths: Readonly<Record<FileReference, string>>, reply: (reply: Reply) => void): JobHandle;
  readonly busy: boolean;
  /** Settles when no run is being written. */
  quiet(): Promise<void>;
  /** Threads that live. */
  readonly threads: number;
  close(): Promise<void>;
}

export interface JobsOptions extends Pick<WorkerPoolOptions, 'start'> {
  /** How many compute at once. */
  readonly threads: number;
  log(level: 'info' | 'error', text: string): void;
}

interface Ticket {
  readonly job: number;
  readonly call: ThreadCall;
  readonly paths: Readonly<Record<FileReference, string>>;
  readonly lane: Lane;
  readonly order: number;
  realm: Realm;
  worker: PooledWorker | null;
  readonly commands: RunCommand[];
  cancelled: boolean;
  /** Null once the last reply was given: what a thread still says is not passed on. */
  reply: ((reply: Reply) => void) | null;
}

/** So long a cancelled job may take to answer by itself; then the caller is told and the thread works on alone. */
const patienceMs = 200;

const lost = (method: MethodName, reason: string): Failure => ({
  kind: 'lost',
  found: `The thread that computed is gone: ${reason}.`,
  advice: method === 'train' ? 'The run goes on from its folder: resume it.' : 'Ask again.',
});

/** What a job computes on, as far as the request tells: a thread that has it open already is preferred. */
function subjectOf({ params }: ThreadCall): string {
  const { source, run } = params as { source?: unknown; run?: unknown };
  const point = source as { run?: unknown; experiment?: unknown } | undefined;
  return JSON.stringify(point?.run ?? point?.experiment ?? source ?? run ?? '');
}

/** The plane that a call is about, or on which its point lies. */
function planeIdIn({ params }: ThreadCall): string | null {
  if ('planeId' in params && params.planeId !== null) return params.planeId;
  return 'source' in params && 'planeId' in params.source ? params.source.planeId : null;
}

/** The folder that a training writes; null for other jobs. */
const folderOf = ({ call, paths }: Ticket): string | null =>
  call.method === 'train' ? (paths[call.params.run] ?? null) : null;

export function createJobs({ threads, start, log }: JobsOptions): Jobs {
  const planes = createHeldPlanes();
  let waiting: Ticket[] = [];
  const running = new Map<PooledWorker, Ticket>();
  let lastJob = 0;
  const pool = createWorkerPool({ start, onMessage, onLost });
  pool.warm();

  function last(ticket: Ticket, reply: Reply): void {
    ticket.reply?.(reply);
    ticket.reply = null;
  }

  function begin(ticket: Ticket): void {
    const { call, job, paths, lane, realm } = ticket;
    const worker = pool.take(realm, lane === 'quick', subjectOf(call));
    ticket.worker = worker;
    running.set(worker, ticket);
    const planeId = planeIdIn(call);
    worker.post({ kind: 'job', job, call, paths, plane: planeId === null ? null : planes.find(planeId) });
    for (const command of ticket.commands.splice(0)) worker.post({ kind: 'steer', job, command });
  }

  /** A run that is being stopped is let go first: whoever resumes it would find it locked. */
  function isHeld(ticket: Ticket): boolean {
    const folder = folderOf(ticket);
    return folder !== null && [...running.values()].some((other) => other.cancelled && folderOf(other) === folder);
  }

  function next(): void {
    const free = waiting.filter((ticket) => !isHeld(ticket));
    const ready = startable(free, [...running.values()], threads);
    waiting = waiting.filter((ticket) => !ready.includes(ticket));
    for (const ticket of ready) begin(ticket);
  }

  function release(worker: PooledWorker): void {
    running.delete(worker);
    pool.free(worker);
  }

  function onMessage(worker: PooledWorker, message: FromWorker): void {
    if (message.kind === 'log') log(message.level, message.text);
    else if (message.kind === 'plane') planes.hold(message.planeId, message.plane);
    else onAnswer(worker, message);
  }

  function onAnswer(worker: PooledWorker, message: Extract<FromWorker, { readonly job: number }>): void {
    const ticket = running.get(worker);
    if (ticket === undefined || ticket.job !== message.job) return;
    switch (message.kind) {
      case 'progress':
        ticket.reply?.({ kind: 'progress', progress: message.progress });
        return;
      case 'partial':
        ticket.reply?.({ kind: 'partial', value: message.value });
        return;
      case 'elsewhere':
        release(worker);
        ticket.realm = 'float64';
        ticket.worker = null;
        if (ticket.cancelled) last(ticket, { kind: 'failure', failure: cancelledFailure });
        else waiting.unshift(ticket);
        break;
      case 'result':
        release(worker);
        last(ticket, { kind: 'result', outcome: message.outcome });
        break;
      case 'failure':
        release(worker);
        if (message.failure.kind === 'failed') log('error', `${ticket.call.method}: ${message.failure.details}`);
        last(ticket, { kind: 'failure', failure: message.failure });
    }
    next();
  }

  function onLost(worker: PooledWorker, reason: string): void {
    log('error', `A thread has ended: ${reason}.`);
    const ticket = running.get(worker);
    running.delete(worker);
    const folder = ticket ? folderOf(ticket) : null;
    if (folder !== null) releaseOfLostThread(folder);
    if (ticket) last(ticket, { kind: 'failure', failure: lost(ticket.call.method, reason) });
    next();
  }

  function cancel(ticket: Ticket): void {
    if (ticket.cancelled || ticket.reply === null) return;
    ticket.cancelled = true;
    if (ticket.worker === null) {
      waiting = waiting.filter((other) => other !== ticket);
      last(ticket, { kind: 'failure', failure: cancelledFailure });
      return;
    }
    ticket.worker.post({ kind: 'cancel', job: ticket.job });
    // A run writes its state before it ends, and that is worth waiting for.
    if (ticket.lane === 'training') return;
    const timer = setTimeout(() => last(ticket, { kind: 'failure', failure: cancelledFailure }), patienceMs);
    timer.unref();
  }

  function sayItWaits(ticket: Ticket): void {
    if (ticket.worker !== null || ticket.lane === 'quick') return;
    const progress = { stage: 'waiting', done: 0, total: 1, unit: 'points', eta: null } as const;
    ticket.reply?.({ kind: 'progress', progress });
  }

  return {
    submit(call, paths, reply) {
      const { lane, order } = placeOf(call.method);
      const ticket: Ticket = {
        job: ++lastJob,
        call,
        paths,
        lane,
        order,
        realm: 'ordinary',
        worker: null,
        commands: [],
        cancelled: false,
        reply,
      };
      waiting.push(ticket);
      next();
      sayItWaits(ticket);
      return {
        cancel: () => cancel(ticket),
        steer(command) {
          if (ticket.worker === null) ticket.commands.push(command);
          else ticket.worker.post({ kind: 'steer', job: ticket.job, command });
        },
      };
    },
    get busy() {
      return running.size > 0;
    },
    quiet: () =>
      new Promise((resolve) => {
        const look = () => {
          if ([...running.values()].some(({ lane }) => lane === 'training')) setTimeout(look, 10);
          else resolve();
        };
        look();
      }),
    get threads() {
      return pool.size;
    },
    close: () => pool.close(),
  };
}
