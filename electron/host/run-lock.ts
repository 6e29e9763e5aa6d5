import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { runFiles } from '../../core/experiment/run-folder.ts';
import { temporaryName } from './atomic-write.ts';
import { diskProblem } from './disk-problem.ts';

/** Who writes a run, as its lock file says. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the clock of its system; null where that cannot be asked. A number comes again, this does not. */
  readonly began: string | null;
  /** Of this lock alone. */
  readonly token: string;
}

/** A run that this process alone may write. */
export interface RunLock {
  release(): void;
}

const touchMs = 10_000;
/** A lock of another machine that nobody has touched for so long is left over; its processes cannot be asked. */
const silentMs = 120_000;
/** A lock file without content is being written at this moment, or its writer was killed right there. */
const emptyMs = 2_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** State and start of a process from Linux' table; null where there is no such table or it does not tell. */
function processTable(pid: number): { readonly state: string; readonly began: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything; fields 3 and 22 are counted from behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', began: fields[19] ?? '' };
  } catch {
    return null;
  }
}

function isRunning({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (problem) {
    // EPERM: it runs, and belongs to somebody else.
    if ((problem as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const entry = processTable(pid);
  if (entry === null) return true;
  const dead = entry.state === 'Z' || entry.state === 'X';
  return !dead && (began === null || entry.began === began);
}

interface Found {
  readonly text: string;
  /** Null: the file does not name one. */
  readonly holder: Holder | null;
  readonly touched: number;
}

/** Null: there is no lock. */
function find(file: string): Found | null {
  try {
    const touched = statSync(file).mtimeMs;
    const text = readFileSync(file, 'utf8');
    return { text, touched, holder: holderIn(text) };
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw diskProblem(problem, file);
  }
}

function holderIn(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isSafeInteger(holder.pid) && holder.pid > 0 && typeof holder.token === 'string' ? holder : null;
  } catch {
    return null;
  }
}

function isLeftOver({ holder, touched }: Found): boolean {
  const silent = Date.now() - touched;
  if (holder === null) return silent > emptyMs;
  if (holder.host !== os.hostname()) return silent > silentMs;
  // A running holder touches its lock: one that was last touched before the machine started is of an earlier life of it.
  if (silent > 1000 * os.uptime() + touchMs) return true;
  return !isRunning(holder);
}

/** Takes a left-over lock away, unless another process has replaced it meanwhile. */
function remove(file: string, { text }: Found): void {
  const aside = temporaryName(file);
  try {
    renameSync(file, aside);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw diskProblem(problem, file);
  }
  if (readFileSync(aside, 'utf8') === text) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function create(file: string, holder: Holder): boolean {
  try {
    const handle = openSync(file, 'wx');
    try {
      writeSync(handle, JSON.stringify(holder));
    } finally {
      closeSync(handle);
    }
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw diskProblem(problem, file);
  }
}

function hold(file: string, { token }: Holder): RunLock {
  const timer = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The folder is not to be reached for a moment, or somebody removed the lock by hand.
    }
  }, touchMs);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      try {
        if (find(file)?.holder?.token === token) rmSync(file, { force: true });
      } catch {
        // It names this process, which is about to end or runs on without it: left over either way.
      }
    },
  };
}

/**
 * Takes the lock of a run folder: the file `run.lock` with the process that writes the run. A lock whose process is gone is
 * taken over. Throws BadInput when another process, or this one, writes the run already.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const file = path.join(folder, runFiles.lock);
  const { pid } = process;
  const token = randomBytes(8).toString('hex');
  const mine: Holder = { pid, host: os.hostname(), began: processTable(pid)?.began ?? null, token };
  for (let attempt = 0; attempt < 100; attempt++) {
    if (create(file, mine)) {
      // A process that mistook this lock for a left-over one has put it back by now; one that overwrote it has it.
      await pause(20);
      if (find(file)?.holder?.token === token) return hold(file, mine);
    }
    const found = find(file);
    if (found === null) continue;
    if (isLeftOver(found)) remove(file, found);
    else if (found.holder === null) await pause(50);
    else throw isWritten(folder, found.holder);
  }
  throw new BadInput(
    `The lock ${file} changes all the time.`,
    'Let one process alone write the run, and try again when it has ended.',
  );
}

/** Takes away the lock of a run that a thread of this process was writing when it ended. */
export function releaseOfLostThread(folder: string): void {
  const file = path.join(folder, runFiles.lock);
  const found = find(file);
  if (found?.holder?.pid === process.pid && found.holder.host === os.hostname()) remove(file, found);
}

/** Whether a process, this one or another, writes the run at this moment. */
export function isBeingWritten(folder: string): boolean {
  const found = find(path.join(folder, runFiles.lock));
  return found !== null && !isLeftOver(found);
}

function isWritten(folder: string, { pid, host }: Holder): BadInput {
  const where = host === os.hostname() ? '' : ` on ${host}`;
  return new BadInput(
    `Process ${pid}${where} is writing the run in ${folder}.`,
    `Wait until it has ended or stop it (kill ${pid}); if that is no saddlescope, remove ${runFiles.lock} there.`,
  );
}
