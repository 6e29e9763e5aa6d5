import type { Worker } from 'node:worker_threads';
import { BadInput } from '../../../core/bad-input.ts';
import { Stopped } from '../../../core/objective/gate.ts';
import type { Answers, FromShard, Question, ShardFailure, ToShard } from './shard-messages.ts';

/** A thread that computed on a shard has ended; what the others would compute is of no use alone. */
export class ShardLost extends Error {
  constructor(reason: string) {
    super(`A thread that computes on a part of the examples has ended: ${reason}. Start again, with fewer threads.`);
    this.name = 'ShardLost';
  }
}

export type AnswerTo<Q extends Question> = Answers[Q['ask']];

/** A thread that answers questions. It keeps the process alive only while it owes an answer. */
export interface ShardThread {
  ask<Q extends Question>(question: Q): Promise<AnswerTo<Q>>;
  tell(message: Exclude<ToShard, { kind: 'question' }>): void;
  /** Called when the thread has ended by itself, from then on. Its questions were answered with `ShardLost`. */
  onLost: ((problem: ShardLost) => void) | null;
  readonly lost: ShardLost | null;
}

interface Waiting {
  resolve(answer: never): void;
  reject(problem: unknown): void;
}

export function problemOf(failure: ShardFailure): Error {
  if (failure.kind === 'stopped') return new Stopped();
  if (failure.kind === 'badInput') return new BadInput(failure.found, failure.advice);
  const problem = new Error(failure.message);
  problem.stack = failure.stack;
  return problem;
}

export function shardThread(worker: Worker): ShardThread {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let reason = '';
  worker.unref();
  worker.on('message', (message: FromShard) => {
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if (waiting.size === 0) worker.unref();
    if (message.kind === 'failure') question?.reject(problemOf(message.failure));
    else question?.resolve(message.answer as never);
  });
  worker.on('error', (problem: Error) => {
    reason = problem.message;
  });
  worker.on('exit', (code) => {
    const lost = new ShardLost(reason || `code ${code}`);
    thread.lost = lost;
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
    thread.onLost?.(lost);
  });

  const thread = {
    lost: null as ShardLost | null,
    onLost: null as ((problem: ShardLost) => void) | null,
    ask<Q extends Question>(question: Q): Promise<AnswerTo<Q>> {
      if (thread.lost) return Promise.reject(thread.lost);
      const id = ++lastId;
      if (waiting.size === 0) worker.ref();
      worker.postMessage({ kind: 'question', id, question } satisfies ToShard);
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    tell(message: Exclude<ToShard, { kind: 'question' }>) {
      if (!thread.lost) worker.postMessage(message);
    },
  };
  return thread;
}
