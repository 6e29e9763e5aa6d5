import { type Assembly, createAssembly, splitArrays } from '../../core/protocol/chunking.ts';
import {
  type Failure,
  type FromCompute,
  type Outcome,
  type Progress,
  protocolVersion,
  type ToCompute,
} from '../../core/protocol/messages.ts';
import type { MethodName, Methods } from '../../core/protocol/methods.ts';
import { readFromCompute } from '../../core/protocol/validate.ts';
import type { RunCommand } from '../../core/training/run-control.ts';

/** What the other side said instead of a result. */
export class ComputeFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`${failure.found} ${failure.advice}`);
    this.name = 'ComputeFailure';
    this.failure = failure;
  }
}

export interface Listener<M extends MethodName> {
  onAccepted?(): void;
  onProgress?(progress: Progress): void;
  onPartial?(value: Methods[M]['partial']): void;
}

/** A request under way. */
export interface Call<M extends MethodName> {
  /** Rejects with a ComputeFailure. */
  readonly outcome: Promise<Outcome<Methods[M]['value']>>;
  cancel(): void;
  steer(command: RunCommand): void;
}

/** One conversation partner at a time; the calls of a lost one fail with `lost`. */
export interface ComputeClient {
  connect(port: MessagePort): void;
  /** The partner is gone. */
  disconnect(reason: string): void;
  /** Calls wait for a partner. */
  call<M extends MethodName>(method: M, params: Methods[M]['params'], listener?: Listener<M>): Call<M>;
  /** Settles once there is a partner. */
  connected(): Promise<void>;
}

/** One message goes from the page to the other side as a whole. */
const mostSentBytes = 64 << 20;

/** What is told to a call: the last of it is exactly one result or failure. */
interface Pending {
  readonly listener: Listener<MethodName>;
  readonly assembly: Assembly;
  /** Not posted yet, for want of a partner. */
  unsent: ToCompute[] | null;
  settle(outcome: Outcome<unknown>): void;
  fail(failure: Failure): void;
}

/** A listener's fault is the page's, and never ends a conversation. */
function tell(notify: () => void): void {
  try {
    notify();
  } catch (problem) {
    queueMicrotask(() => {
      throw problem;
    });
  }
}

export function createComputeClient(): ComputeClient {
  const v = protocolVersion;
  const pending = new Map<number, Pending>();
  let port: MessagePort | null = null;
  let waitingForPartner: (() => void)[] = [];
  let lastId = 0;

  function end(id: number): Pending | undefined {
    const call = pending.get(id);
    pending.delete(id);
    return call;
  }

  /** A request that is answered with nonsense is over; the other side need not go on with it. */
  function giveUp(id: number, failure: Failure): void {
    const call = end(id);
    if (call === undefined) return;
    port?.postMessage({ v, id, kind: 'cancel' } satisfies ToCompute);
    call.fail(failure);
  }

  function hear(data: unknown): void {
    const read = readFromCompute(data);
    if ('value' in read) answer(read.value);
    else if (read.id !== null) giveUp(read.id, read.failure);
  }

  function answer(message: FromCompute): void {
    const { id } = message;
    const call = pending.get(id);
    switch (message.kind) {
      case 'accepted':
        if (call) tell(() => call.listener.onAccepted?.());
        break;
      case 'progress':
        if (call) tell(() => call.listener.onProgress?.(message.progress));
        break;
      case 'piece': {
        const failure = call?.assembly.add(message);
        if (failure) giveUp(id, failure);
        break;
      }
      case 'partial': {
        const joined = call?.assembly.join(message.value);
        if (joined && 'failure' in joined) giveUp(id, joined.failure);
        else if (call && joined) tell(() => call.listener.onPartial?.(joined.value as never));
        break;
      }
      case 'result': {
        const joined = call?.assembly.join(message.outcome);
        if (joined && 'failure' in joined) giveUp(id, joined.failure);
        else if (joined) end(id)?.settle(joined.value as Outcome<unknown>);
        break;
      }
      case 'failure':
        end(id)?.fail(message.failure);
    }
    // Also of requests that have ended, for the other side counts what is under way.
    if ('chunk' in message) port?.postMessage({ v, id, kind: 'received', chunk: message.chunk } satisfies ToCompute);
  }

  function disconnect(reason: string): void {
    if (port === null) return;
    port.onmessage = null;
    port.close();
    port = null;
    for (const [id, call] of [...pending]) {
      if (call.unsent !== null) continue;
      pending.delete(id);
      call.fail({ kind: 'lost', found: reason, advice: 'It is started again by itself.' });
    }
  }

  function post(id: number, message: ToCompute): void {
    const call = pending.get(id);
    if (call?.unsent) call.unsent.push(message);
    else if (call) port?.postMessage(message);
  }

  /** Null, or why the params cannot be sent. */
  function refusal(params: unknown): Failure | null {
    const advice = 'This is a fault of the program: report it with the log.';
    try {
      const { arrays, bytes } = splitArrays(params);
      const all = arrays.reduce((sum, { byteLength }) => sum + byteLength, bytes);
      const found = `A request of ${Math.round(all / 2 ** 20)} MiB is too large.`;
      return all > mostSentBytes ? { kind: 'badInput', found, advice: 'Ask for less at once.' } : null;
    } catch (problem) {
      return { kind: 'malformed', found: (problem as Error).message, advice };
    }
  }

  return {
    connect(given) {
      disconnect('Another connection took its place.');
      port = given;
      port.onmessage = ({ data }) => {
        if (port === given) hear(data);
      };
      port.start();
      for (const call of pending.values()) {
        for (const message of call.unsent ?? []) port.postMessage(message);
        call.unsent = null;
      }
      for (const settle of waitingForPartner) settle();
      waitingForPartner = [];
    },

    disconnect,

    call<M extends MethodName>(method: M, params: Methods[M]['params'], listener: Listener<M> = {}): Call<M> {
      const id = ++lastId;
      const outcome = new Promise<Outcome<unknown>>((resolve, reject) => {
        pending.set(id, {
          listener,
          assembly: createAssembly(),
          unsent: port === null ? [] : null,
          settle: resolve,
          fail: (failure) => reject(new ComputeFailure(failure)),
        });
      });
      const refused = refusal(params);
      if (refused) end(id)?.fail(refused);
      else post(id, { v, id, kind: 'request', method, params });
      return {
        outcome: outcome as Promise<Outcome<Methods[M]['value']>>,
        cancel() {
          const advice = 'Ask again when it is wanted.';
          if (pending.get(id)?.unsent)
            end(id)?.fail({ kind: 'cancelled', found: 'The request was cancelled before it was sent.', advice });
          else post(id, { v, id, kind: 'cancel' });
        },
        steer: (command) => post(id, { v, id, kind: 'steer', command }),
      };
    },

    connected: () => (port === null ? new Promise((resolve) => waitingForPartner.push(resolve)) : Promise.resolve()),
  };
}
