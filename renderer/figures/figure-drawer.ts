import type { Specification } from '../../core/figures/figure.ts';
import type { DrawnFigure, FigureAnswer, FigureRequest } from './figure-worker.ts';

/** Vega takes longer for a picture than a page may stand still: it draws in a worker, which ends when nothing was drawn for a while. */
const idleMs = 60_000;

interface Waiting {
  resolve(drawn: DrawnFigure): void;
  reject(problem: Error): void;
}

let worker: Worker | null = null;
let idle: ReturnType<typeof setTimeout> | undefined;
let lastId = 0;
const waiting = new Map<number, Waiting>();

function failAll(problem: Error): void {
  for (const { reject } of waiting.values()) reject(problem);
  waiting.clear();
}

function end(): void {
  worker?.terminate();
  worker = null;
}

function started(): Worker {
  const made = new Worker(new URL('./figure-worker.ts', import.meta.url), { type: 'module' });
  made.onmessage = ({ data }: MessageEvent<FigureAnswer>) => {
    const request = waiting.get(data.id);
    waiting.delete(data.id);
    if (waiting.size === 0) idle = setTimeout(end, idleMs);
    if ('svg' in data) request?.resolve(data);
    else request?.reject(new Error(data.problem));
  };
  made.onerror = ({ message }) => {
    end();
    failAll(new Error(message || 'The program that draws figures could not be started.'));
  };
  return made;
}

/** The SVG text of a Vega-Lite specification, and where its plot lies. Rejects with what Vega found wrong. */
export function drawnFigure(specification: Specification): Promise<DrawnFigure> {
  clearTimeout(idle);
  worker ??= started();
  const request: FigureRequest = { id: ++lastId, specification };
  return new Promise((resolve, reject) => {
    waiting.set(request.id, { resolve, reject });
    worker?.postMessage(request);
  });
}
