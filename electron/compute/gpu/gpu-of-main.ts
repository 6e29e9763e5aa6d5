import { type Port, portOf, type RawPort } from '../service/port.ts';
import type { OpenGpu } from './gpu-door.ts';

/** What the process that computes asks of main, and is told: a port comes beside an answer that refuses nothing. */
export interface GpuRequest {
  readonly kind: 'gpu';
  readonly ask: number;
  readonly forced: boolean;
}

interface GpuAnswer {
  readonly kind: 'gpu';
  readonly ask: number;
  readonly refused: string | null;
}

/** The window that main opens, for the threads of this process. `take` is given what main says. */
export function gpuOfMain(post: (request: GpuRequest) => void): {
  readonly open: OpenGpu;
  take(message: unknown, port: RawPort | undefined): void;
} {
  const waiting = new Map<number, (there: Port | string) => void>();
  let last = 0;
  return {
    open: (forced) =>
      new Promise((resolve) => {
        const ask = ++last;
        waiting.set(ask, resolve);
        post({ kind: 'gpu', ask, forced });
      }),
    take(message, port) {
      const { ask, refused } = message as GpuAnswer;
      const settle = waiting.get(ask);
      waiting.delete(ask);
      settle?.(
        port === undefined ? (refused ?? 'There is no window that computes on a GPU.') : portOf(port, 'electron'),
      );
    },
  };
}
