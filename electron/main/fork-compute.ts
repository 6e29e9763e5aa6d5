import { app, type MessagePortMain, utilityProcess } from 'electron';
import { type ComputeToMain, type MainToCompute, readComputeMessage } from './compute-messages.ts';
import { endInWords, lastWords } from './end-reason.ts';
import type { LogFile } from './log-file.ts';

const serviceName = 'Saddlescope compute';
/** Chromium tells the reason of an end a moment before or after the end itself. */
const reasonMs = 100;
/** Of what the process says on its streams: kept for its last words, and written to the log in one second. */
const keptSaid = 4_000;
const loggedASecond = 20_000;

/** One life of the process that computes. */
export interface ForkedCompute {
  readonly pid: number | undefined;
  /** Messages wait until the process runs. */
  post(message: MainToCompute, ports?: MessagePortMain[]): void;
  terminate(): void;
  kill(): void;
}

export interface ForkOptions {
  readonly script: string;
  readonly log: LogFile;
  onMessage(message: ComputeToMain): void;
  /** How it ended, as the end of a sentence, with its last words. */
  onEnd(how: string, said: string): void;
}

export function forkCompute({ script, log, onMessage, onEnd }: ForkOptions): ForkedCompute {
  let reason: string | null = null;
  let said = '';
  const child = utilityProcess.fork(script, [], { serviceName, stdio: 'pipe' });
  const write = boundedLog(log);
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-keptSaid);
      write(data.toString().trimEnd());
    });
  child.on('message', (message: unknown) => {
    const read = readComputeMessage(message);
    if (read) onMessage(read);
    else log.notice('compute', 'A message of the process that computes is none of ours.');
  });
  const noteReason = (_event: unknown, details: Electron.Details) => {
    if (details.name === serviceName || details.serviceName === serviceName) reason = details.reason;
  };
  app.on('child-process-gone', noteReason);
  child.on('exit', (code) =>
    setTimeout(() => {
      app.off('child-process-gone', noteReason);
      onEnd(endInWords(code, reason), lastWords(said));
    }, reasonMs),
  );
  return {
    get pid() {
      return child.pid;
    },
    post: (message, ports = []) => child.postMessage(message, ports),
    terminate: () => void child.kill(),
    kill() {
      if (child.pid) process.kill(child.pid, 'SIGKILL');
    },
  };
}

/** A process that prints without end must not fill the disk, nor this one's time. */
function boundedLog(log: LogFile): (text: string) => void {
  let second = 0;
  let written = 0;
  return (text) => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) [second, written] = [now, 0];
    if (written < loggedASecond) log.write('info', 'compute', text.slice(0, loggedASecond - written));
    written += text.length;
  };
}
