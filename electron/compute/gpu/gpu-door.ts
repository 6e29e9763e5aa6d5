import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { BadInput } from '../../../core/bad-input.ts';
import type { GpuDescription } from '../../../core/models/tensorflow/webgpu/gpu.ts';
import { type Port, portOf } from '../service/port.ts';
import { type GpuConnection, gpuConnection } from './gpu-connection.ts';

/** What a thread asks its process, and what it is told: a port comes beside `opened`. */
export type ToDoor = { readonly ask: number; readonly forced: boolean };
export type FromDoor =
  | { readonly ask: number; readonly port: MessagePort }
  | { readonly ask: number; readonly refused: string };

/** What the process of the thread asks whoever can open a port to a GPU. */
export type OpenGpu = (forced: boolean) => Promise<Port | string>;

/** A door for a thread: its end is to be given to `useGpuDoor` there. Every port that it gives is passed on here. */
export function gpuDoor(open: OpenGpu): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', ({ ask, forced }: ToDoor) => {
    void open(forced).then((there) => {
      if (typeof there === 'string') return port1.postMessage({ ask, refused: there } satisfies FromDoor);
      const road = new MessageChannel();
      relay(portOf(road.port1, 'node'), there);
      port1.postMessage({ ask, port: road.port2 } satisfies FromDoor, [road.port2]);
    });
  });
  port1.unref();
  return port2;
}

/** Electron's ports cannot be given to a thread of Node: what comes at one end is said at the other. */
function relay(a: Port, b: Port): void {
  a.listen(
    (message) => b.post(message),
    () => b.close(),
  );
  b.listen(
    (message) => a.post(message),
    () => a.close(),
  );
}

/** How this thread reaches the window that computes on the GPU; null outside Electron. */
let knock: ((forced: boolean) => Promise<Port | string>) | null = null;
let connection: GpuConnection | null = null;
let described: GpuDescription | null = null;
/** Whether there was nothing that may be used without being asked for: not looked for again at every opening. */
let isNothingReal = false;

export function useGpuDoor(door: MessagePort): void {
  const waiting = new Map<number, (answer: FromDoor) => void>();
  let last = 0;
  door.on('message', (answer: FromDoor) => {
    waiting.get(answer.ask)?.(answer);
    waiting.delete(answer.ask);
  });
  // The thread lives as long as its service wants it to.
  door.unref();
  knock = async (forced) => {
    const ask = ++last;
    const answer = await new Promise<FromDoor>((resolve) => {
      waiting.set(ask, resolve);
      door.postMessage({ ask, forced } satisfies ToDoor);
    });
    return 'port' in answer ? portOf(answer.port, 'node') : answer.refused;
  };
}

export const hasGpuDoor = (): boolean => knock !== null;

const adapterMs = 30_000;

const noGpu = (found: string) => new BadInput(found, 'Use another engine, for example wasm.');

/**
 * What the window computes on, for a thread that may use it from now on. Null where that is nothing, or, without
 * `forced`, only a program that imitates a GPU. Forced, BadInput where there is nothing.
 */
export async function startGpuWindow(forced: boolean): Promise<GpuDescription | null> {
  if (isNothingReal && !forced) return null;
  if (connection === null || connection.ended) {
    const port = await knock!(forced);
    if (typeof port === 'string') {
      if (forced) throw noGpu(port);
      isNothingReal = true;
      return null;
    }
    connection = gpuConnection(port);
    described = await inTime(connection.ask({ ask: 'adapter' }));
  }
  if (described !== null && (forced || !described.software)) return described;
  connection.end();
  if (forced) throw noGpu('There is no GPU here that WebGPU can use.');
  isNothingReal = true;
  return null;
}

/** A road to the window, opened anew where the last one has ended. Only after `startGpuWindow` has found a GPU. */
export async function gpuRoad(): Promise<GpuConnection> {
  await startGpuWindow(true);
  return connection!;
}

/** A page that failed to start would never answer. */
async function inTime<T>(answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, adapterMs, null);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
