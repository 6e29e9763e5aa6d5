import type { AnyDataset, Dataset } from '../../core/data/dataset.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import type { GpuDescription } from '../../core/models/tensorflow/webgpu/gpu.ts';
import { createGate, Stopped } from '../../core/objective/gate.ts';
import type { Linearization, Objective } from '../../core/objective/objective.ts';
import { pointEvaluations } from '../../core/objective/point-evaluations.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import { failureOf, problemOf } from '../compute/gpu/gpu-failure.ts';
import type { FromGpu, GpuAnswers, GpuObjective, GpuQuestion, SentData, ToGpu } from '../compute/gpu/gpu-messages.ts';
import { portable } from '../compute/gpu/portable.ts';
import type { Port } from '../compute/service/port.ts';
import { type OpenedModel, tensorModel } from '../compute/tensor-model.ts';

export interface GpuService {
  /** Starts the engine, or finds it started; null where there is no GPU. */
  start(): Promise<GpuDescription | null>;
  /** Settles when messages that have come were heard. */
  turn(): Promise<void>;
  /** Whether what was computed on is gone, and all that lies there. */
  isLost(): boolean;
  /** No side asks any more, or what was computed on is gone. */
  onUnused(why: 'idle' | 'lost'): void;
}

interface Side {
  readonly models: Map<number, { readonly opened: OpenedModel; readonly objective: number }>;
  readonly objectives: Map<number, Objective<HostVector>>;
  readonly linearizations: Map<number, Linearization<HostVector>>;
  readonly reads: Map<number, { resolve(rows: HostVector): void; reject(problem: Error): void }>;
  post(message: FromGpu): void;
}

const optionalProducts = ['gaussNewtonProduct', 'jacobianProduct', 'jacobianTransposeProduct'] as const;

function found<T>(map: ReadonlyMap<number, T>, number: number): T {
  const it = map.get(number);
  if (it === undefined) throw new Error(`Nothing has the number ${number} here.`);
  return it;
}

/**
 * Answers questions about models on the engine of this realm, one after the other, whoever asks: the engine is one. What
 * a side has opened ends with it.
 */
export function gpuService({ start, turn, isLost, onUnused }: GpuService): { serve(port: Port): void } {
  const gate = createGate(turn);
  const sides = new Set<Side>();
  let last = 0;
  let before: Promise<void> = Promise.resolve();

  function examples({ post, reads }: Side, data: SentData): AnyDataset {
    if ('inputs' in data) return data;
    const { rows, ...rest } = data;
    const read = (from: number, to: number) =>
      new Promise<HostVector>((resolve, reject) => {
        const id = ++last;
        reads.set(id, { resolve, reject });
        post({ kind: 'read', id, rows, from, to });
      });
    return { ...rest, rows: { read, identity: `rows ${rows}` } };
  }

  function hold(side: Side, objective: Objective<HostVector>): GpuObjective {
    const number = ++last;
    side.objectives.set(number, objective);
    const { layout, graph = null, convention, engine } = objective;
    return { objective: number, layout, graph, convention, engine };
  }

  async function open(side: Side, { model, data, seed }: Extract<GpuQuestion, { ask: 'open' }>) {
    if ((await start()) === null) throw new Error('There is no GPU here that WebGPU can use.');
    const opened = tensorModel(model, examples(side, data), randomFromSeed(seed).split('model'), gate);
    const told = hold(side, opened.objective);
    const number = ++last;
    side.models.set(number, { opened, objective: told.objective });
    const { initialTheta, tfjs } = opened;
    return { ...told, model: number, initialTheta, tfjs };
  }

  async function linearize(side: Side, { of, theta, batch }: Extract<GpuQuestion, { ask: 'gradient' | 'linearize' }>) {
    const made = await found(side.objectives, of).linearize(theta, batch);
    const at = ++last;
    side.linearizations.set(at, made);
    const { loss, gradient, exact, inexactReason } = made;
    const products = optionalProducts.filter((name) => made[name] !== undefined);
    return { at, loss, gradient, exact, ...(inexactReason !== undefined && { inexactReason }), products };
  }

  async function answer(side: Side, question: GpuQuestion): Promise<GpuAnswers[keyof GpuAnswers]> {
    const { models, objectives, linearizations } = side;
    switch (question.ask) {
      case 'adapter':
        return start();
      case 'open':
        return open(side, question);
      case 'test': {
        const test = found(models, question.of).opened.onTestSet(examples(side, question.data));
        return hold(side, test!);
      }
      case 'withData':
        return hold(side, found(objectives, question.of).withData!(examples(side, question.data) as Dataset));
      case 'settle':
        await found(models, question.of).opened.settle(question.theta);
        return null;
      case 'evaluate':
        return found(objectives, question.of).evaluate(question.theta, question.wanted);
      case 'gradient':
        return found(objectives, question.of).gradient(question.theta, question.batch);
      case 'losses': {
        const { origin, directions, coefficients, batch } = question;
        return found(objectives, question.of).losses(origin, directions, coefficients, batch);
      }
      case 'evaluations': {
        const { origin, directions, coefficients, wanted, batch } = question;
        return pointEvaluations(found(objectives, question.of), origin, directions, coefficients, wanted, batch);
      }
      case 'linearize':
        return linearize(side, question);
      case 'jacobianTransposeProduct':
        return found(linearizations, question.at).jacobianTransposeProduct!(question.u);
      default:
        return found(linearizations, question.at)[question.ask]!(question.v);
    }
  }

  function forget(side: Side, what: 'model' | 'objective' | 'linearization', number: number): void {
    if (what === 'model') {
      const model = side.models.get(number);
      side.models.delete(number);
      // The model disposes of its own objective.
      side.objectives.delete(model?.objective ?? 0);
      model?.opened.dispose();
    } else {
      const held = what === 'objective' ? side.objectives : side.linearizations;
      held.get(number)?.dispose();
      held.delete(number);
    }
  }

  function forgetAll(side: Side): void {
    const own = new Set([...side.models.values()].map(({ objective }) => objective));
    for (const number of [...side.linearizations.keys()]) forget(side, 'linearization', number);
    for (const number of [...side.objectives.keys()]) if (!own.has(number)) forget(side, 'objective', number);
    for (const number of [...side.models.keys()]) forget(side, 'model', number);
  }

  /** After all that was asked before it. */
  const inTurn = (work: () => Promise<void> | void) => {
    before = before.then(work);
  };

  function serve(port: Port): void {
    const side: Side = {
      models: new Map(),
      objectives: new Map(),
      linearizations: new Map(),
      reads: new Map(),
      post: (message) => port.post(portable(message)),
    };
    sides.add(side);
    const stopped = new Set<number>();

    async function reply({ id, question }: Extract<ToGpu, { kind: 'question' }>): Promise<void> {
      if (!sides.has(side)) return;
      const signal = {
        get aborted() {
          return stopped.has(id) || !sides.has(side);
        },
      };
      gate.watch(signal);
      try {
        if (signal.aborted) throw new Stopped();
        const answered = await answer(side, question);
        side.post({ kind: 'answer', id, answer: answered });
        release(side, question, answered);
      } catch (problem) {
        side.post({ kind: 'failure', id, failure: failureOf(problem) });
        if (isLost()) onUnused('lost');
      } finally {
        gate.watch(null);
        stopped.delete(id);
      }
    }

    function close(): void {
      if (!sides.delete(side)) return;
      for (const { reject } of side.reads.values()) reject(new Error('The side that asked has ended.'));
      inTurn(() => {
        forgetAll(side);
        if (sides.size === 0) onUnused('idle');
      });
    }

    port.listen((given) => {
      const message = given as ToGpu;
      if (message.kind === 'question') inTurn(() => reply(message));
      else if (message.kind === 'forget') inTurn(() => forget(side, message.what, message.number));
      else if (message.kind === 'stop') stopped.add(message.id);
      else if (message.kind === 'end') close();
      else {
        const read = side.reads.get(message.id);
        side.reads.delete(message.id);
        if (message.kind === 'rows') read?.resolve(message.rows);
        else read?.reject(problemOf(message.failure));
      }
    }, close);
  }

  return { serve };
}

/** Vectors that were made for an answer and have left with it; gradients of linearizations stay theirs. */
function release(side: Side, question: GpuQuestion, answered: GpuAnswers[keyof GpuAnswers]): void {
  const [any] = side.objectives.values();
  if (any === undefined) return;
  if (question.ask === 'gradient') any.space.release((answered as GpuAnswers['gradient']).gradient);
  else if (ArrayBuffer.isView(answered) && question.ask !== 'losses') any.space.release(answered as HostVector);
}
