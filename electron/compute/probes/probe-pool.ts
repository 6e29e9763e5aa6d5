import type { Worker } from 'node:worker_threads';
import type { ProbePool, ProbesRequest } from '../../../core/analyses/spectrum/spectrum-context.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import type { ProbeOutcome } from '../../../core/linalg/quadrature/spectral-quadrature.ts';
import type { ProbesToShare, SharedOutcomes } from '../../../core/linalg/quadrature/stochastic-lanczos-density.ts';
import { isFloat64Realm } from '../../../core/models/tensorflow/float64-realm.ts';
import type { OpenedPoint } from '../open-point.ts';
import { problemOf } from '../shards/shard-thread.ts';
import { counters, type FromProbeThread, type ProbeThreadData } from './probe-messages.ts';

export type StartProbeThread = (data: ProbeThreadData) => Worker;

export interface ProbePoolOptions {
  readonly point: OpenedPoint;
  /** How many threads compute at once, this one included where it takes part: its products must be those of one thread. */
  readonly threads: number;
  /** False leaves all probes to the others. Default true. */
  readonly takesPart?: boolean;
  /** The engine of the others, the same as that of the point, as experiments name it. */
  readonly engine: Experiment['engine'];
  readonly start: StartProbeThread;
}

/** Between two looks at the signal and at what the other threads have done. */
const watchMs = 50;

/** A thread that computed probes has ended before its work. */
export class ProbesLost extends Error {
  constructor(reason: string) {
    super(`A thread that computes probes of the density has ended: ${reason}. Start again, with fewer threads.`);
    this.name = 'ProbesLost';
  }
}

/**
 * Threads for the probes of densities at one point. Each density has threads of its own: they open the experiment while
 * this thread is at its first probe already, take numbers of probes from a counter in shared memory until none is left,
 * and end, and with them their memory. Each holds the data, the deflated vectors and the Krylov basis of one probe.
 */
export function probePool(options: ProbePoolOptions): ProbePool {
  const { threads } = options;
  return { threads, quadratures: (request, probes, signal) => share(options, request, probes, signal) };
}

function inSharedMemory(values: ArrayLike<number>): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(8 * values.length));
  shared.set(values);
  return shared;
}

function threadData(
  { point, engine }: ProbePoolOptions,
  request: ProbesRequest,
  count: number,
  shared: Int32Array,
): ProbeThreadData {
  const { deflated } = request;
  const { experiment, baseFolder, train } = point.opened;
  return {
    realm: isFloat64Realm() ? 'float64' : 'ordinary',
    experiment: { ...experiment, engine },
    baseFolder,
    train,
    engine: point.opened.objective.engine,
    theta: inSharedMemory(point.theta),
    request: { ...request, deflated: deflated && { ...deflated, vectors: deflated.vectors.map(inSharedMemory) } },
    count,
    counters: shared,
  };
}

async function share(
  options: ProbePoolOptions,
  request: ProbesRequest,
  { count, here, onProducts }: ProbesToShare,
  signal: { readonly aborted: boolean } | undefined,
): Promise<SharedOutcomes> {
  const { threads, takesPart = true, start } = options;
  const shared = new Int32Array(new SharedArrayBuffer(4 * counters.length));
  const outcomes: (ProbeOutcome | undefined)[] = Array(count).fill(undefined);
  const isStopped = () => Atomics.load(shared, counters.stop) !== 0 || (signal?.aborted ?? false);
  const products = () => Atomics.load(shared, counters.products);

  const data = threadData(options, request, count, shared);
  const others = Math.min(threads, count) - (takesPart ? 1 : 0);
  const workers = Array.from({ length: others }, () => start(data));
  let watch: NodeJS.Timeout | undefined;
  let own: Promise<void> = Promise.resolve();
  try {
    await new Promise<void>((resolve, reject) => {
      function receive(probe: number, outcome: ProbeOutcome): void {
        outcomes[probe] = outcome;
        // What comes behind a probe that failed is of no use; those before it decide what is told.
        if (outcome.quadrature === null) Atomics.store(shared, counters.next, count);
        const first = outcomes.findIndex((at) => !at?.quadrature);
        if (first < 0 || outcomes[first] !== undefined) resolve();
      }
      for (const worker of workers) follow(worker, receive, reject);
      watch = setInterval(() => {
        onProducts(products());
        if (signal?.aborted) resolve();
      }, watchMs);
      if (takesPart) own = computeHere(receive).catch((problem) => (isStopped() ? resolve() : reject(problem)));
    });
  } finally {
    clearInterval(watch);
    Atomics.store(shared, counters.stop, 1);
    for (const worker of workers) worker.unref();
    // The operator is the caller's: this thread must have left it.
    await own;
  }
  onProducts(products());
  const missing = outcomes.indexOf(undefined);
  const listed = (missing < 0 ? outcomes : outcomes.slice(0, missing)) as ProbeOutcome[];
  return { outcomes: listed, products: products() };

  async function computeHere(receive: (probe: number, outcome: ProbeOutcome) => void): Promise<void> {
    const watched = {
      get aborted() {
        return isStopped();
      },
    };
    const onProduct = () => onProducts(Atomics.add(shared, counters.products, 1) + 1);
    while (!isStopped()) {
      const probe = Atomics.add(shared, counters.next, 1);
      if (probe >= count) return;
      receive(probe, await here(probe, { signal: watched, onProduct }));
    }
  }
}

/** Passes on what a thread computes, and what ends it before its work. */
function follow(
  worker: Worker,
  receive: (probe: number, outcome: ProbeOutcome) => void,
  fail: (problem: Error) => void,
): void {
  let isDone = false;
  let reason = '';
  worker.on('message', (message: FromProbeThread) => {
    if (message.kind === 'outcome') receive(message.probe, message.outcome);
    else isDone = true;
    if (message.kind === 'failure') fail(problemOf(message.failure));
  });
  worker.on('error', (problem: Error) => {
    reason = problem.message;
  });
  worker.on('exit', (code) => {
    if (!isDone) fail(new ProbesLost(reason || `code ${code}`));
  });
}
