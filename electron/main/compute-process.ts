import { app, MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { ComputeState } from '../../core/protocol/bridge.ts';
import { endInWords, lastWords } from './end-reason.ts';
import { beat, firstPulse, look, type Pulse } from './heartbeat.ts';
import type { Level, LogFile } from './log-file.ts';
import { afterEnd } from './restart-schedule.ts';

const serviceName = 'Saddlescope compute';
const lookMs = 1_000;
/** Chromium tells the reason of an end a moment before or after the end itself. */
const reasonMs = 100;
const sayLimit = 4_000;

/** What the compute process says to main, beside its port to the page. */
type FromComputeToMain =
  | { readonly kind: 'ready' }
  | { readonly kind: 'heartbeat'; readonly busy: boolean }
  | { readonly kind: 'log'; readonly level: Level; readonly text: string };

/** The process that computes, for as long as the app runs: started again when it ends, ended when it hangs. */
export interface ComputeProcess {
  readonly state: ComputeState;
  start(): void;
  /** After `stopped`: the ends until now are forgotten. */
  restart(): void;
  /** A new channel; its other end goes to the compute process, now or when it runs again. */
  connect(take: (port: MessagePortMain) => void): void;
  /** The page is gone: ports are made again when the next one asks. */
  disconnect(): void;
  /** The compute process may use this path under this name, also after a restart. */
  grant(reference: string, path: string): void;
  /** Asks it to end, and ends it after `patienceMs`. */
  end(patienceMs: number): Promise<void>;
}

export interface ComputeOptions {
  readonly script: string;
  readonly log: LogFile;
  readonly onState: (state: ComputeState) => void;
}

export function computeProcess({ script, log, onState }: ComputeOptions): ComputeProcess {
  const grants = new Map<string, string>();
  let child: UtilityProcess | null = null;
  let state: ComputeState = { state: 'starting' };
  let pulse: Pulse = firstPulse(Date.now());
  let ends: number[] = [];
  let said = '';
  let reason: string | null = null;
  let hung: number | null = null;
  let waiting: NodeJS.Timeout | null = null;
  let ending = false;
  let take: ((port: MessagePortMain) => void) | null = null;

  const enter = (next: ComputeState) => {
    state = next;
    log.write(next.state === 'stopped' ? 'error' : 'info', 'main', `compute: ${JSON.stringify(next)}`);
    onState(next);
  };

  const sendPort = () => {
    if (!take || !child?.pid) return;
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage({ kind: 'port' }, [port1]);
    take(port2);
  };

  const hear = (message: FromComputeToMain) => {
    if (message.kind === 'ready') {
      pulse = beat(false, Date.now());
      enter({ state: 'ready' });
    } else if (message.kind === 'heartbeat') pulse = beat(message.busy, Date.now());
    else log.write(message.level, 'compute', message.text);
  };

  const ended = (code: number) => {
    child = null;
    if (ending) return;
    const how = hung === null ? endInWords(code, reason) : `did not answer for ${hung} seconds and was ended`;
    const words = lastWords(said);
    const why = `The process that computes ${how}${words ? `: ${words}` : '.'}`;
    ends = [...ends, Date.now()].slice(-10);
    const next = afterEnd(ends);
    if (!next.restart) enter({ state: 'stopped', reason: why });
    else {
      enter({ state: 'restarting', inSeconds: next.inSeconds, reason: why });
      waiting = setTimeout(start, next.inSeconds * 1000);
    }
  };

  const start = () => {
    waiting = null;
    if (child || ending) return;
    said = '';
    reason = null;
    hung = null;
    pulse = firstPulse(Date.now());
    const forked = utilityProcess.fork(script, [], { serviceName, stdio: 'pipe' });
    child = forked;
    for (const stream of [forked.stdout, forked.stderr])
      stream?.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-sayLimit);
        log.write('info', 'compute', data.toString().trimEnd());
      });
    forked.on('message', hear);
    forked.on('exit', (code) => setTimeout(() => child === forked && ended(code), reasonMs));
    forked.on('spawn', () => {
      for (const [reference, path] of grants) forked.postMessage({ kind: 'grant', reference, path });
      sendPort();
    });
    enter({ state: 'starting' });
  };

  app.on('child-process-gone', (_event, details) => {
    if (details.name === serviceName || details.serviceName === serviceName) reason = details.reason;
  });

  setInterval(() => {
    if (!child) return;
    const seen = look(pulse, Date.now());
    pulse = seen.pulse;
    if (seen.hungSeconds === null || hung !== null) return;
    hung = seen.hungSeconds;
    if (child.pid) process.kill(child.pid, 'SIGKILL');
  }, lookMs).unref();

  return {
    get state() {
      return state;
    },
    start,
    restart() {
      ends = [];
      if (waiting) clearTimeout(waiting);
      if (child) child.kill();
      else start();
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
      if (child?.pid) child.postMessage({ kind: 'grant', reference, path });
    },
    async end(patienceMs) {
      ending = true;
      if (waiting) clearTimeout(waiting);
      const last = child;
      if (!last) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          last.kill();
          resolve();
        }, patienceMs);
        last.on('exit', () => {
          clearTimeout(timer);
          resolve();
        });
        last.postMessage({ kind: 'end' });
      });
    },
  };
}
