import type { Worker } from 'node:worker_threads';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { differsInTraining } from '../../../core/models/layer-options.ts';
import { isFloat64Realm } from '../../../core/models/tensorflow/float64-realm.ts';
import type { Gate } from '../../../core/objective/gate.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { shardedObjective } from '../../../core/objective/sharded.ts';
import type { ShardThreadData } from './shard-messages.ts';
import { shardGroup, shardObjective } from './shard-objective.ts';
import { type ShardThread, shardThread } from './shard-thread.ts';
import { createVectorSlots } from './vector-slots.ts';

export type StartShardThread = (data: ShardThreadData) => Worker;

export interface ShardsOptions {
  readonly experiment: Experiment;
  readonly baseFolder: string;
  /** The objective on all examples in this thread. It computes nothing as long as the shards are asked. */
  readonly whole: Objective<HostVector>;
  /** How many threads; each has an equal share of the examples, one at least. */
  readonly threads: number;
  readonly start: StartShardThread;
  /** Calls stop between two parts of the data once its signal is aborted. */
  readonly gate?: Gate;
}

export interface OpenedShards {
  /** The loss on all examples, computed by all threads at once; `dispose` frees them for other experiments. */
  readonly objective: Objective<HostVector>;
  /** Settles every thread's model at θ, as `OpenedExperiment.settle` does. */
  settle(theta: HostVector): Promise<void>;
}

/** Threads that wait for an experiment. Threads are used again and never ended: ending one is what crashes processes. */
const idle: Record<ShardThreadData['realm'], ShardThread[]> = { ordinary: [], float64: [] };

function takeThread(start: StartShardThread): ShardThread {
  const realm = isFloat64Realm() ? 'float64' : 'ordinary';
  for (let thread = idle[realm].pop(); thread; thread = idle[realm].pop()) if (!thread.lost) return thread;
  return shardThread(start({ realm }));
}

/** Starts threads before they are needed. */
export function warmShards(threads: number, start: StartShardThread): void {
  const taken = Array.from({ length: threads }, () => takeThread(start));
  idle[isFloat64Realm() ? 'float64' : 'ordinary'].push(...taken);
}

/** Whether the loss is a sum over shards: not where, in training, a layer sees the whole batch. */
export const canBeSharded = ({ model }: Experiment): boolean =>
  model.mode === 'inference' || !model.layers.some(differsInTraining);

/** Whether a layer has a penalty. */
export const isPenalized = ({ model }: Experiment): boolean =>
  /Regularizer":(?!null)/.test(JSON.stringify(model.layers));

/**
 * Opens the experiment in threads, each on a piece of its training set. The sum is that of the whole up to rounding; the
 * same number of threads gives the same bits. Throws what opening throws, and `ShardLost` where a thread ends: then the
 * other threads are free again, and every later call throws the same.
 */
export async function openShards({
  experiment,
  baseFolder,
  whole,
  threads,
  start,
  gate,
}: ShardsOptions): Promise<OpenedShards> {
  const count = Math.max(1, Math.min(threads, whole.examples));
  const taken = Array.from({ length: count }, () => takeThread(start));
  const { dim, precision } = whole.space;
  const slots = createVectorSlots(dim, precision, (slot, memory) => {
    for (const thread of taken) thread.tell({ kind: 'slot', slot, memory });
  });
  const group = shardGroup(slots, gate ?? null);
  let ended = false;

  function end(problem: Error): void {
    if (ended) return;
    ended = true;
    group.end(problem);
    for (const thread of taken) {
      thread.onLost = null;
      thread.tell({ kind: 'close' });
      if (!thread.lost) idle[isFloat64Realm() ? 'float64' : 'ordinary'].push(thread);
    }
  }

  const bounds = Array.from({ length: count + 1 }, (_, k) => Math.floor((k * whole.examples) / count));
  for (const thread of taken) thread.onLost = end;
  try {
    const opened = taken.map((thread, k) =>
      thread.ask({ ask: 'open', experiment, baseFolder, from: bounds[k]!, to: bounds[k + 1]!, stop: group.stop }),
    );
    const settled = await Promise.allSettled(opened);
    const failed = settled.find((answer) => answer.status === 'rejected');
    if (failed) throw failed.reason;
    for (const answer of settled) {
      // Shards of different engines would still add up, but no result could name what computed it.
      if (answer.status === 'fulfilled' && answer.value.engine !== whole.engine)
        throw new Error(`A thread computes with ${answer.value.engine} where ${whole.engine} was wanted.`);
    }
  } catch (problem) {
    end(new Error('These shards were not opened.'));
    throw problem;
  }

  const shards = taken.map((thread, k) => shardObjective(thread, bounds[k + 1]! - bounds[k]!, whole, group));
  const sharded = shardedObjective(shards, { penalized: isPenalized(experiment) });
  const objective: Objective<HostVector> = {
    ...sharded,
    engine: count === 1 ? whole.engine : `${whole.engine}, ${count} threads`,
    ...(whole.withData && { withData: whole.withData }),
    dispose: () => end(new Error('This objective was disposed.')),
  };
  return {
    objective,
    async settle(theta) {
      const at = slots.place(theta);
      try {
        await group.during(() => Promise.all(taken.map((thread) => thread.ask({ ask: 'settle', theta: at.slot }))));
      } finally {
        slots.giveBack(at);
      }
    },
  };
}
