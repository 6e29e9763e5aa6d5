import { app, type MessagePortMain, utilityProcess } from 'electron';
import { type ComputeToMain, type MainToCompute, readComputeMessage } from './compute-messages.ts';
import { endInWords, lastWords } from './end-reason.ts';
import type { LogFile } from './log-file.ts';

const serviceName = 'Saddlescope compute';
/** The reason of an end is told before the end or after it, and of a quiet end not at all. */
const reasonMs = 1_000;
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
  let gone: Pick<Electron.Details, 'reason' | 'exitCode'> | null = null;
  let exitCode: number | null = null;
  let said = '';
  let isExpected = false;
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
  let isOver = false;
  const finish = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    app.off('child-process-gone', noteReason);
    // Where the connection breaks before the process is seen to end, the code of its exit is a zero that says nothing.
    onEnd(endInWords(gone?.exitCode ?? exitCode ?? 0, gone?.reason ?? null), lastWords(said));
  };
  let timer: NodeJS.Timeout | undefined;
  const noteReason = (_event: unknown, details: Electron.Details) => {
    if (details.name !== serviceName && details.serviceName !== serviceName) return;
    gone = details;
    if (exitCode !== null) finish();
    else timer = setTimeout(finish, reasonMs);
  };
  app.on('child-process-gone', noteReason);
  child.on('exit', (code) => {
    exitCode = code;
    if (gone || isExpected) finish();
    else timer = setTimeout(finish, reasonMs);
  });
  return {
    get pid() {
      return child.pid;
    },
    post(message, ports = []) {
      if (message.kind === 'end') isExpected = true;
      child.postMessage(message, ports);
    },
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
