import path from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { createAssembly } from '../../core/protocol/chunking.ts';
import {
  type Failure,
  type FromCompute,
  type Outcome,
  type Progress,
  protocolVersion,
} from '../../core/protocol/messages.ts';
import type { MethodName, Methods } from '../../core/protocol/methods.ts';
import type { RunCommand } from '../../core/training/run-control.ts';
import { portOf } from '../../electron/compute/service/port.ts';
import { startService, type ToMain } from '../../electron/compute/service/service.ts';
import type { Realm, WorkerData } from '../../electron/compute/service/worker-messages.ts';

/** The bundles of the window's processes; the test runner has built them. */
export const appFolder = path.resolve(import.meta.dirname, '..', '..', 'dist', 'app');

export class Failed extends Error {
  constructor(readonly failure: Failure) {
    super(`${failure.kind}: ${failure.found} ${failure.advice} ${failure.details ?? ''}`);
  }
}

export interface Listening<M extends MethodName> {
  onPartial?(value: Methods[M]['partial']): void;
  onProgress?(progress: Progress): void;
}

export interface Asked<M extends MethodName> {
  readonly id: number;
  readonly outcome: Promise<Outcome<Methods[M]['value']>>;
  /** Every message about the request, as it came, pieces left out. */
  readonly heard: FromCompute[];
  cancel(): void;
  steer(command: RunCommand): void;
}

/** One side that asks, without any care for a page. */
export function asking(port: MessagePort) {
  let lastId = 0;
  const listeners = new Map<number, (message: FromCompute) => void>();
  const strangers: FromCompute[] = [];
  const post = (message: object) => port.postMessage({ v: protocolVersion, ...message });
  port.on('message', (message: FromCompute) => {
    if ('chunk' in message) post({ kind: 'received', id: message.id, chunk: message.chunk });
    const listener = listeners.get(message.id);
    if (listener) listener(message);
    else strangers.push(message);
  });

  function ask<M extends MethodName>(
    method: M,
    params: Methods[M]['params'],
    { onPartial, onProgress }: Listening<M> = {},
  ): Asked<M> {
    const id = ++lastId;
    const heard: FromCompute[] = [];
    const assembly = createAssembly();
    const whole = (value: unknown) => {
      const joined = assembly.join(value);
      if ('failure' in joined) throw new Failed(joined.failure);
      return joined.value;
    };
    const outcome = new Promise<Outcome<Methods[M]['value']>>((resolve, reject) => {
      listeners.set(id, (message) => {
        if (message.kind === 'piece') {
          assembly.add(message);
          return;
        }
        heard.push(message);
        if (message.kind === 'progress') onProgress?.(message.progress);
        else if (message.kind === 'partial') {
          const value = whole(message.value) as Methods[M]['partial'];
          onPartial?.(value);
        } else if (message.kind === 'result') resolve(whole(message.outcome) as Outcome<Methods[M]['value']>);
        else if (message.kind === 'failure') reject(new Failed(message.failure));
      });
    });
    outcome.catch(() => {});
    post({ kind: 'request', id, method, params });
    return {
      id,
      outcome,
      heard,
      cancel: () => post({ kind: 'cancel', id }),
      steer: (command) => post({ kind: 'steer', id, command }),
    };
  }

  const answered = async <M extends MethodName>(
    method: M,
    params: Methods[M]['params'],
    listening: Listening<M> = {},
  ): Promise<Methods[M]['value']> => (await ask(method, params, listening).outcome).value;

  return { ask, answered, port, strangers };
}

export type Asking = ReturnType<typeof asking>;

/** The service in this process, its threads from the bundle. */
export function serviceForTests(threads = 2, more: Omit<WorkerData, 'realm'> = {}) {
  const toMain: ToMain[] = [];
  const workers: Worker[] = [];
  const service = startService({
    post: (message) => toMain.push(message),
    startWorker(realm: Realm) {
      const worker = new Worker(path.join(appFolder, 'worker.cjs'), { workerData: { realm, ...more } });
      workers.push(worker);
      return worker;
    },
    threads,
  });
  const connected = (): Asking => {
    const { port1, port2 } = new MessageChannel();
    service.connect(portOf(port2, 'node'));
    return asking(port1);
  };
  return { service, connected, toMain, workers };
}
