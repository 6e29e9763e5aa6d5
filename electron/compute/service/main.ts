/** Entry of the process that computes: Electron's utility process, or a thread or process of plain Node. */
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, Worker } from 'node:worker_threads';
import { gpuDoor } from '../gpu/gpu-door.ts';
import { gpuOfMain } from '../gpu/gpu-of-main.ts';
import { portOf, type RawPort } from './port.ts';
import { type FromMain, startService, type ToMain } from './service.ts';
import type { Realm, WorkerData } from './worker-messages.ts';

/** Electron's end of the road to the main process. */
interface ElectronParent {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly RawPort[] }) => void): void;
}

const electronParent = (process as unknown as { readonly parentPort?: ElectronParent }).parentPort;
const post = (message: ToMain) => (electronParent ?? parentPort)?.postMessage(message);

/** The exit code for a fault inside: the one that starts this process starts it anew. */
const faultCode = 70;

function endAfter(problem: unknown): void {
  const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
  post({ kind: 'log', level: 'error', text: `The process that computes has met a fault: ${text.slice(0, 20_000)}` });
  // The message must be on its way first.
  setTimeout(() => process.exit(faultCode), 50);
}

process.on('unhandledRejection', endAfter);
process.on('uncaughtException', endAfter);

// Threads inherit it: what computes takes every moment that nobody else wants, and the window stays at hand.
if (electronParent) os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);

const here = path.dirname(fileURLToPath(import.meta.url));
// Beside this file, or beside the folder of its chunk.
const workerFile = path.join(path.basename(here) === 'chunks' ? path.dirname(here) : here, 'worker.cjs');

/** Only Electron has a window that can compute on a GPU. */
const gpu = electronParent && gpuOfMain((request) => electronParent.postMessage(request));

function startWorker(realm: Realm): Worker {
  if (!gpu || realm === 'float64') return new Worker(workerFile, { workerData: { realm } satisfies WorkerData });
  const door = gpuDoor(gpu.open);
  const workerData = { realm, gpuDoor: door } satisfies WorkerData;
  return new Worker(workerFile, { workerData, transferList: [door] });
}

const service = startService({
  post,
  startWorker,
});

function take(given: unknown, port: RawPort | undefined, kind: 'electron' | 'node'): void {
  const message = given as Partial<FromMain | { readonly kind: 'gpu' }> | null;
  if (message?.kind === 'port' && port !== undefined) service.connect(portOf(port, kind));
  else if (message?.kind === 'grant' && typeof message.reference === 'string' && typeof message.path === 'string')
    service.grant(message.reference, message.path);
  else if (message?.kind === 'gpu') gpu?.take(message, port);
  else if (message?.kind === 'end') end();
}

function end(): void {
  void service.settle().then(() => process.exit(0));
}

process.on('SIGTERM', end);

electronParent?.on('message', ({ data, ports }) => take(data, ports[0], 'electron'));
if (!electronParent)
  parentPort?.on('message', (data: unknown) => take(data, (data as { port?: RawPort } | null)?.port, 'node'));
