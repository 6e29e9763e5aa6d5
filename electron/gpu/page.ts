/** Entry of the window that nobody sees: computes on the GPU of Chromium for whoever sends it a port. */
import { getBackend, backend as tensorBackend } from '@tensorflow/tfjs-core';
import { useBackend } from '../../core/models/tensorflow/backend.ts';
import type { CheckedWebgpuBackend } from '../../core/models/tensorflow/webgpu/backend.ts';
import type { Gpu, GpuDescription } from '../../core/models/tensorflow/webgpu/gpu.ts';
import { describeAdapter } from '../../core/models/tensorflow/webgpu/gpu.ts';
import type { Port } from '../compute/service/port.ts';
import { gpuService } from './serve-gpu.ts';

/** What of a page is used here. */
interface PagePort {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  addEventListener(type: 'close', listener: () => void): void;
  close(): void;
}
declare const window: {
  readonly navigator: { readonly gpu?: Gpu };
  readonly location: { readonly origin: string };
  addEventListener(
    type: 'message',
    listener: (event: { readonly origin: string; readonly data: unknown; readonly ports: readonly PagePort[] }) => void,
  ): void;
  close(): void;
};

/** Other jobs may come: opening the window anew costs a second. */
const unusedMs = 10_000;

let started: Promise<GpuDescription | null> | null = null;
let unused = setTimeout(() => window.close(), unusedMs);

async function startWebgpu(): Promise<GpuDescription | null> {
  const { gpu } = window.navigator;
  const adapter = (await gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  if (gpu === undefined || adapter === null) return null;
  await useBackend('webgpu', { gpu });
  return describeAdapter(adapter);
}

/** A message to itself: a timer would wait for four milliseconds. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel() as unknown as { readonly port1: PagePort; readonly port2: PagePort };
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

const service = gpuService({
  start() {
    started ??= startWebgpu();
    return started;
  },
  turn,
  isLost: () => getBackend() === 'webgpu' && (tensorBackend() as CheckedWebgpuBackend).isLost,
  onUnused(why) {
    clearTimeout(unused);
    // Of a lost device nothing is left to be saved, and who asks next gets a new window.
    if (why === 'lost') window.close();
    else unused = setTimeout(() => window.close(), unusedMs);
  },
});

function portOf(raw: PagePort): Port {
  return {
    post: (message) => raw.postMessage(message),
    listen(onMessage, onClose) {
      // Told by Electron, where the other end is gone.
      raw.addEventListener('close', onClose);
      raw.onmessage = ({ data }) => onMessage(data);
    },
    close: () => raw.close(),
  };
}

window.addEventListener('message', ({ origin, ports }) => {
  const [port] = ports;
  if (origin !== window.location.origin || port === undefined) return;
  clearTimeout(unused);
  service.serve(portOf(port));
});
