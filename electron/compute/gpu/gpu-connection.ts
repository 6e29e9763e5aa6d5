import { BadInput } from '../../../core/bad-input.ts';
import type { InputRows } from '../../../core/data/dataset.ts';
import type { Gate } from '../../../core/objective/gate.ts';
import type { Port } from '../service/port.ts';
import { failureOf, problemOf } from './gpu-failure.ts';
import type { FromGpu, GpuAnswers, GpuQuestion, ToGpu } from './gpu-messages.ts';
import { portable } from './portable.ts';

export type AnswerTo<Q extends GpuQuestion> = GpuAnswers[Q['ask']];

/** A road to what computes on the GPU. */
export interface GpuConnection {
  /** Throws what the other side threw; `Stopped` once the gate's signal is aborted; BadInput where the other side ends. */
  ask<Q extends GpuQuestion>(question: Q, gate?: Gate | null): Promise<AnswerTo<Q>>;
  forget(what: 'model' | 'objective' | 'linearization', number: number): void;
  /** A number under which the other side can read these rows. */
  lendRows(rows: InputRows): number;
  /** Nothing is asked any more. */
  end(): void;
  /** Nothing can be asked any more: the other side has ended, or nothing was asked for long. */
  readonly ended: boolean;
}

interface Waiting {
  resolve(answer: never): void;
  reject(problem: unknown): void;
}

const stopWatchMs = 50;
/** So long without a question, and no linearization held: the window may be given up. It is opened again when needed. */
const usualIdleMs = 5 * 60_000;

const lost = () =>
  new BadInput(
    'The window that computes on the GPU has ended.',
    'Start the computation again: a new one is opened. Where that does not help, use another engine.',
  );

export function gpuConnection(port: Port, { idleMs = usualIdleMs } = {}): GpuConnection {
  const waiting = new Map<number, Waiting>();
  const lent = new Map<number, InputRows>();
  let lastId = 0;
  let linearizations = 0;
  let ended = false;
  let idle: NodeJS.Timeout | undefined;

  const post = (message: ToGpu) => port.post(portable(message));

  function end(): void {
    if (ended) return;
    ended = true;
    clearTimeout(idle);
    post({ kind: 'end' });
    port.close();
  }

  function rest(): void {
    clearTimeout(idle);
    if (waiting.size > 0 || linearizations > 0 || ended) return;
    idle = setTimeout(end, idleMs);
    idle.unref();
  }

  async function readRows({ id, rows, from, to }: Extract<FromGpu, { kind: 'read' }>): Promise<void> {
    let reply: ToGpu;
    try {
      reply = { kind: 'rows', id, rows: await lent.get(rows)!.read(from, to) };
    } catch (problem) {
      reply = { kind: 'noRows', id, failure: failureOf(problem) };
    }
    if (!ended) post(reply);
  }

  port.listen(
    (given) => {
      const message = given as FromGpu;
      if (message.kind === 'read') return void readRows(message);
      const question = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === 'failure') question?.reject(problemOf(message.failure));
      else question?.resolve(message.answer as never);
      rest();
    },
    () => {
      ended = true;
      clearTimeout(idle);
      for (const { reject } of waiting.values()) reject(lost());
      waiting.clear();
    },
  );
  rest();

  return {
    get ended() {
      return ended;
    },
    async ask<Q extends GpuQuestion>(question: Q, gate: Gate | null = null): Promise<AnswerTo<Q>> {
      if (ended) throw lost();
      const id = ++lastId;
      const answer = new Promise<AnswerTo<Q>>((resolve, reject) => waiting.set(id, { resolve, reject }));
      clearTimeout(idle);
      post({ kind: 'question', id, question });
      let told = false;
      const watch =
        gate &&
        setInterval(() => {
          if (told || !gate.signal?.aborted || ended) return;
          told = true;
          post({ kind: 'stop', id });
        }, stopWatchMs);
      try {
        const answered = await answer;
        if (question.ask === 'linearize') linearizations++;
        return answered;
      } finally {
        if (watch) clearInterval(watch);
        rest();
      }
    },
    forget(what, number) {
      if (ended) return;
      if (what === 'linearization') linearizations--;
      post({ kind: 'forget', what, number });
      rest();
    },
    end,
    lendRows(rows) {
      const number = lent.size + 1;
      lent.set(number, rows);
      return number;
    },
  };
}
