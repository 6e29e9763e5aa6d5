import type { MessagePort } from 'node:worker_threads';
import { BadInput } from '../../../core/bad-input.ts';
import { exampleRange } from '../../../core/data/subset.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { createGate, Stopped } from '../../../core/objective/gate.ts';
import type { Linearization, Objective } from '../../../core/objective/objective.ts';
import { pointEvaluations } from '../../../core/objective/point-evaluations.ts';
import { stoppingObjective } from '../../../core/objective/stopping.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { loadData } from '../load-data.ts';
import { type OpenedExperiment, openExperiment } from '../open-experiment.ts';
import { unshared } from '../service/unshared.ts';
import type {
  Answers,
  FromShard,
  Question,
  ShardFailure,
  ShardLinearization,
  ShardOpening,
  Slot,
  ToShard,
} from './shard-messages.ts';

interface OpenedShard {
  readonly opened: OpenedExperiment;
  readonly objective: Objective<HostVector>;
  readonly linearizations: Map<number, Linearization<HostVector>>;
}

const optionalProducts = ['gaussNewtonProduct', 'jacobianProduct', 'jacobianTransposeProduct'] as const;

/** The experiment as any process would open it, its objective on a piece of the training set. */
async function openShard({ experiment, baseFolder, from, to, stop }: ShardOpening): Promise<OpenedShard> {
  const opened = await openExperiment(experiment, baseFolder, 'look', { threads: 1 });
  try {
    const rng = randomFromSeed(experiment.seed).split('data');
    const { train } = await loadData(experiment, baseFolder, rng);
    const flag = new Int32Array(stop);
    // The flag is memory that the other side writes: no turn of the event loop is needed to see it.
    const gate = createGate(async () => {});
    gate.watch({
      get aborted() {
        return Atomics.load(flag, 0) !== 0;
      },
    });
    const objective = stoppingObjective(opened.objective.withData!(exampleRange(train, from, to)), gate);
    return { opened, objective, linearizations: new Map() };
  } catch (problem) {
    opened.dispose();
    throw problem;
  }
}

export function failureOf(problem: unknown): ShardFailure {
  if (problem instanceof Stopped) return { kind: 'stopped' };
  if (problem instanceof BadInput) return { kind: 'badInput', found: problem.found, advice: problem.advice };
  const { message, stack } = problem instanceof Error ? problem : new Error(String(problem));
  return { kind: 'failed', message, stack: stack ?? message };
}

/** Answers questions about one shard after another, each question when the one before is answered. */
export function serveShard(port: MessagePort): void {
  const slots = new Map<Slot, HostVector>();
  let shard: OpenedShard | null = null;
  let lastLinearization = 0;
  let before: Promise<void> = Promise.resolve();

  const post = (message: FromShard) => port.postMessage(message);
  const slot = (number: Slot): HostVector => {
    const found = slots.get(number);
    if (!found) throw new Error(`There is no slot ${number}.`);
    return found;
  };
  const current = (): OpenedShard => {
    if (!shard) throw new Error('No shard is open.');
    return shard;
  };
  const at = (number: number): Linearization<HostVector> => {
    const found = current().linearizations.get(number);
    if (!found) throw new Error(`There is no linearization ${number}.`);
    return found;
  };
  const put = (into: Slot, v: HostVector): null => {
    slot(into).set(v);
    current().objective.space.release(v);
    return null;
  };

  function close(): void {
    for (const linearization of shard?.linearizations.values() ?? []) linearization.dispose();
    shard?.objective.dispose();
    shard?.opened.dispose();
    shard = null;
    slots.clear();
  }

  function opened({ opened, objective }: OpenedShard): Answers['open'] {
    return { examples: objective.examples, dim: opened.objective.space.dim, engine: objective.engine };
  }

  async function linearize(question: Extract<Question, { ask: 'linearize' }>): Promise<ShardLinearization> {
    const made = await current().objective.linearize(slot(question.theta), question.batch);
    const number = ++lastLinearization;
    current().linearizations.set(number, made);
    slot(question.into).set(made.gradient);
    const { loss, exact, inexactReason } = made;
    const products = optionalProducts.filter((name) => made[name] !== undefined);
    return { at: number, loss, exact, ...(inexactReason !== undefined && { inexactReason }), products };
  }

  async function answer(question: Question): Promise<Answers[keyof Answers]> {
    switch (question.ask) {
      case 'open':
        close();
        shard = await openShard(question);
        return opened(shard);
      case 'settle':
        await current().opened.settle(slot(question.theta));
        return null;
      case 'evaluate':
        return current().objective.evaluate(slot(question.theta), question.wanted);
      case 'gradient': {
        const { loss, gradient } = await current().objective.gradient(slot(question.theta), question.batch);
        put(question.into, gradient);
        return loss;
      }
      case 'losses': {
        const directions = question.directions.map(slot);
        return current().objective.losses(slot(question.origin), directions, question.coefficients, question.batch);
      }
      case 'evaluations': {
        const { origin, directions, coefficients, wanted, batch } = question;
        const { objective } = current();
        return pointEvaluations(objective, slot(origin), directions.map(slot), coefficients, wanted, batch);
      }
      case 'linearize':
        return linearize(question);
      case 'hessianProduct':
        return put(question.into, await at(question.at).hessianProduct(slot(question.v)));
      case 'gaussNewtonProduct':
        return put(question.into, await at(question.at).gaussNewtonProduct!(slot(question.v)));
      case 'jacobianProduct':
        return at(question.at).jacobianProduct!(slot(question.v));
      case 'jacobianTransposeProduct':
        return put(question.into, await at(question.at).jacobianTransposeProduct!(question.u));
    }
  }

  async function handle(message: ToShard): Promise<void> {
    if (message.kind === 'slot') {
      // In the float64 realm `Float32Array` is Float64Array: the experiment says which precision a slot has.
      slots.set(message.slot, view(message.memory, current().objective.space.precision));
    } else if (message.kind === 'forget') {
      shard?.linearizations.get(message.at)?.dispose();
      shard?.linearizations.delete(message.at);
    } else if (message.kind === 'close') {
      close();
    } else {
      const { id, question } = message;
      try {
        post({ kind: 'answer', id, answer: unshared(await answer(question)) });
      } catch (problem) {
        post({ kind: 'failure', id, failure: failureOf(problem) });
      }
    }
  }

  port.on('message', (message: ToShard) => {
    before = before.then(() => handle(message));
  });
}

const view = (memory: SharedArrayBuffer, precision: 'float32' | 'float64'): HostVector =>
  precision === 'float64' ? new Float64Array(memory) : new Float32Array(memory);
