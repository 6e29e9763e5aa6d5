import { getHeapStatistics } from 'node:v8';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { BadInput } from '../../../core/bad-input.ts';
import { Stopped } from '../../../core/objective/gate.ts';
import type { Failure, Outcome } from '../../../core/protocol/messages.ts';
import type { FileReference, MethodName } from '../../../core/protocol/methods.ts';
import type { RunCommand } from '../../../core/training/run-control.ts';
import { NeedsFloat64Realm } from '../float64-realm.ts';
import { useGpuDoor } from '../gpu/gpu-door.ts';
import { prepareTensors } from '../open-experiment.ts';
import { Cancelled, cancelledFailure, type Method, type MethodContext } from './method.ts';
import { methods } from './methods/methods.ts';
import { createOpenedExperiments } from './opened-experiments.ts';
import { progressPosts } from './progress-posts.ts';
import { unshared } from './unshared.ts';
import type { FromWorker, Job, ToWorker, WorkerData } from './worker-messages.ts';

const heapWatchMs = 250;

interface Running {
  readonly job: number;
  cancel(): void;
  steer(command: RunCommand): void;
}

const memoryFailure = (usedBytes: number, limitBytes: number): Failure => ({
  kind: 'badInput',
  found: `The computation needs more memory than there is: ${Math.round(usedBytes / 2 ** 20)} of ${Math.round(limitBytes / 2 ** 20)} MiB were taken.`,
  advice: 'Ask for less at once: a coarser grid, fewer eigenvalues, a smaller part of the examples.',
});

export function failureOf(problem: unknown): Failure {
  if (problem instanceof Cancelled || problem instanceof Stopped) return cancelledFailure;
  if (problem instanceof BadInput) return { kind: 'badInput', found: problem.found, advice: problem.advice };
  const error = problem instanceof Error ? problem : new Error(String(problem));
  return {
    kind: 'failed',
    found: `Something went wrong inside: ${error.message}`,
    advice: 'Try again; if it happens twice, report it with the log.',
    details: error.stack ?? error.message,
  };
}

/** Nothing depends on it: what fails here fails again, and is told, where it is needed. */
async function warm(): Promise<void> {
  try {
    await Promise.all([methods.describe(), methods.train(), methods.slice()]);
    await prepareTensors();
  } catch {
    // told by the first job
  }
}

/** Takes jobs from the service, one at a time, until the thread is ended. */
export function work({ fullHeap = 0.8, gpuDoor }: WorkerData, port: MessagePort | null = parentPort): void {
  if (port === null) throw new Error('A worker has a service that it works for.');
  if (gpuDoor) useGpuDoor(gpuDoor);
  const experiments = createOpenedExperiments();
  let running: Running | null = null;
  // Two that start tensor engines at once would leave one of them with the other's.
  let ready: Promise<void> = Promise.resolve();
  const post = (message: FromWorker) => port.postMessage(message);

  function contextOf({ job, paths, plane }: Job) {
    const cancelListeners: (() => void)[] = [];
    const early: RunCommand[] = [];
    let steered: ((command: RunCommand) => void) | null = null;
    const signal = { aborted: false };
    const context: MethodContext<MethodName> = {
      signal,
      onCancel(listener) {
        if (signal.aborted) listener();
        else cancelListeners.push(listener);
      },
      onSteer(listener) {
        steered = listener;
        for (const command of early.splice(0)) listener(command);
      },
      path: (reference: FileReference) => {
        const known = Object.hasOwn(paths, reference) ? paths[reference] : undefined;
        if (known === undefined) throw new BadInput('The file was not opened in this session.', 'Open it again.');
        return known;
      },
      progress: progressPosts((progress) => post({ kind: 'progress', job, progress })),
      partial: (value) => post({ kind: 'partial', job, value }),
      hold: (planeId, held) => post({ kind: 'plane', planeId, plane: unshared(held) }),
      plane,
      experiments,
      log: (level, text) => post({ kind: 'log', level, text }),
    };
    const cancel = () => {
      if (signal.aborted) return;
      signal.aborted = true;
      for (const listener of cancelListeners) listener();
    };
    const steer = (command: RunCommand) => (steered === null ? early.push(command) : steered(command));
    return { context, cancel, steer };
  }

  async function run(job: Job): Promise<FromWorker> {
    const { context, cancel, steer } = contextOf(job);
    running = { job: job.job, cancel, steer };
    let tooFull: Failure | null = null;
    const watch = setInterval(() => {
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      if (used < fullHeap * limit || tooFull !== null) return;
      tooFull = memoryFailure(used, limit);
      cancel();
    }, heapWatchMs);
    try {
      const { method, params } = job.call;
      await ready;
      const load = methods[method as keyof typeof methods];
      const answer = (await load()) as Method<MethodName>;
      const outcome: Outcome<unknown> = await answer(params, context);
      if (tooFull !== null) return { kind: 'failure', job: job.job, failure: tooFull };
      return { kind: 'result', job: job.job, outcome: unshared(outcome) };
    } catch (problem) {
      if (problem instanceof NeedsFloat64Realm) return { kind: 'elsewhere', job: job.job };
      return { kind: 'failure', job: job.job, failure: tooFull ?? failureOf(problem) };
    } finally {
      clearInterval(watch);
      running = null;
    }
  }

  port.on('message', (message: ToWorker) => {
    if (message.kind === 'job') void run(message).then(post);
    else if (message.kind === 'warm') ready = warm();
    else if (running?.job === message.job) {
      if (message.kind === 'cancel') running.cancel();
      else running.steer(message.command);
    }
  });
}
