import path from 'node:path';
import { MessageChannelMain, type MessagePortMain } from 'electron';
import type { ComputeState } from '../../core/protocol/bridge.ts';
import type { ComputeToMain } from './compute-messages.ts';
import { type ForkedCompute, forkCompute } from './fork-compute.ts';
import { builtGpuPage, gpuWindow } from './gpu-window.ts';
import { beat, firstPulse, look, type Pulse } from './heartbeat.ts';
import type { LogFile } from './log-file.ts';
import { afterEnd } from './restart-schedule.ts';

const lookMs = 1_000;
/** One that does not follow a polite signal. */
const killMs = 5_000;
/** Ends older than any that the schedule looks at. */
const keptEnds = 10;

/** The process that computes, for as long as the app runs: started again when it ends, ended when it hangs. */
export interface ComputeProcess {
  readonly state: ComputeState;
  start(): void;
  /** At the user's wish: at once, and the ends until now are forgotten. */
  restart(): void;
  /** A new channel now and after each restart; `take` gets the page's end of it. */
  connect(take: (port: MessagePortMain) => void): void;
  /** The page is gone: no channels until the next one asks. */
  disconnect(): void;
  /** The process may use this path under this name, also after a restart. */
  grant(reference: string, path: string): void;
  /** Asks it to end, and terminates it after `patienceMs`. */
  end(patienceMs: number): Promise<void>;
}

export interface ComputeOptions {
  readonly script: string;
  readonly log: LogFile;
  readonly onState: (state: ComputeState) => void;
}

export function computeProcess({ script, log, onState }: ComputeOptions): ComputeProcess {
  const grants = new Map<string, string>();
  let state: ComputeState = { state: 'starting' };
  let child: ForkedCompute | null = null;
  let pulse: Pulse = firstPulse(Date.now());
  let hungSeconds: number | null = null;
  let ends: number[] = [];
  let waiting: NodeJS.Timeout | null = null;
  let take: ((port: MessagePortMain) => void) | null = null;
  let onLastEnd: (() => void) | null = null;

  const enter = (next: ComputeState) => {
    state = next;
    log.write(next.state === 'stopped' ? 'error' : 'info', 'main', `compute: ${JSON.stringify(next)}`);
    onState(next);
  };

  const gpu = gpuWindow({ ...builtGpuPage(path.join(path.dirname(script), '..')), log });
  const openGpu = async (ask: number, forced: boolean) => {
    const asking = child;
    const there = await gpu.connect(forced);
    if (typeof there === 'string') child === asking && child?.post({ kind: 'gpu', ask, refused: there });
    else if (child === asking) child?.post({ kind: 'gpu', ask, refused: null }, [there]);
    else there.close();
  };

  const sendPort = () => {
    if (!take || !child) return;
    const { port1, port2 } = new MessageChannelMain();
    child.post({ kind: 'port' }, [port1]);
    take(port2);
  };

  const hear = (message: ComputeToMain) => {
    if (message.kind === 'gpu') return void openGpu(message.ask, message.forced);
    if (message.kind === 'log') log.write(message.level, 'compute', message.text);
    else pulse = beat(message.kind === 'heartbeat' && message.busy, Date.now());
    if (message.kind === 'ready') enter({ state: 'ready' });
  };

  const start = () => {
    waiting = null;
    hungSeconds = null;
    pulse = firstPulse(Date.now());
    child = forkCompute({ script, log, onMessage: hear, onEnd: ended });
    enter({ state: 'starting' });
    for (const [reference, path] of grants) child.post({ kind: 'grant', reference, path });
    sendPort();
  };

  const ended = (how: string, said: string) => {
    child = null;
    if (onLastEnd) return onLastEnd();
    const what = hungSeconds === null ? how : `did not answer for ${hungSeconds} seconds and was ended`;
    const reason = `The process that computes ${what}${said ? `: ${said}` : '.'}`;
    ends = [...ends, Date.now()].slice(-keptEnds);
    const next = afterEnd(ends);
    if (!next.restart) return enter({ state: 'stopped', reason });
    enter({ state: 'restarting', inSeconds: next.inSeconds, reason });
    waiting = setTimeout(start, next.inSeconds * 1000);
  };

  const watch = () => {
    if (!child || hungSeconds !== null) return;
    const seen = look(pulse, Date.now());
    pulse = seen.pulse;
    hungSeconds = seen.hungSeconds;
    if (hungSeconds !== null) child.kill();
  };
  setInterval(watch, lookMs).unref();

  return {
    get state() {
      return state;
    },
    start,
    restart() {
      ends = [];
      if (waiting) clearTimeout(waiting);
      if (!child) return start();
      const old = child;
      old.terminate();
      setTimeout(() => child === old && old.kill(), killMs).unref();
    },
    connect(receiver) {
      take = receiver;
      sendPort();
    },
    disconnect() {
      take = null;
    },
    grant(reference, path) {
      grants.set(reference, path);
      child?.post({ kind: 'grant', reference, path });
    },
    end(patienceMs) {
      if (waiting) clearTimeout(waiting);
      const last = child;
      if (!last) return Promise.resolve();
      return new Promise((resolve) => {
        onLastEnd = resolve;
        last.post({ kind: 'end' });
        setTimeout(() => {
          last.terminate();
          resolve();
        }, patienceMs).unref();
      });
    },
  };
}
