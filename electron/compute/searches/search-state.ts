import { createReadStream } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { SearchOutcome } from '../../../core/analyses/saddles/search.ts';
import { BadInput } from '../../../core/bad-input.ts';
import { readJson, writeJson } from '../../../core/formats/json-numbers.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { makeFolder, writing } from '../../host/disk-problem.ts';
import { isSearchedPoint } from '../documents/search-forms.ts';

/**
 * What a search has found so far, on disk: a line that says which search it is, then a line a judged point, appended when
 * it is judged. A process that dies may leave half a line: it is left out, and the next one begins on a line of its own.
 * Of two searches that have the same file at the same time, each writes to the one that it began or found its own: points
 * of one never come among those of the other, and the same search made twice loses nothing.
 */
export interface SearchState {
  /** Of this very search; empty where it begins. */
  readonly before: readonly SearchOutcome[];
  /** Why what lies there is not gone on with; null where it is, or where nothing lies there. */
  readonly notice: string | null;
  /** One after another, in the order of the calls. */
  append(outcome: SearchOutcome): Promise<void>;
  /** Nothing more is appended. */
  close(): Promise<void>;
  /** The search has ended. The state of another search that has taken the place stays. */
  remove(): Promise<void>;
}

/** `given`: somebody named the file, so that what is no state is not written over. */
export async function openSearchState(file: string, problem: string, given: boolean): Promise<SearchState> {
  const kind = await kindOf(file, problem);
  if (given && kind === 'no state')
    throw new BadInput(`${file} is there, and is no state of a search.`, 'Give another name, or remove it.');
  const before = kind === 'same' ? await outcomesOf(file) : [];
  let handle: FileHandle | null = null;
  let last: Promise<void> = Promise.resolve();
  let isClosed = false;
  // Nothing is written before there is a point. What was replaced meanwhile is written on, and is nobody's.
  const begin = async (): Promise<FileHandle> => {
    // Somebody may have ended and removed, or replaced, what was there when this was opened.
    const isThere = (await kindOf(file, problem)) === 'same';
    if (!isThere) {
      await makeFolder(path.dirname(file));
      await atomicWrite(file, `${head(problem)}\n`);
    }
    const opened = await fs.open(file, 'a+');
    if (!isThere) for (const outcome of before) await opened.appendFile(lineOf(outcome));
    const { size } = await opened.stat();
    const { buffer } = await opened.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    if (buffer[0] !== newLine) await opened.appendFile('\n');
    return opened;
  };
  const write = async (outcome: SearchOutcome): Promise<void> => {
    if (isClosed) return;
    handle ??= await begin();
    await handle.appendFile(lineOf(outcome));
  };
  const close = async (): Promise<void> => {
    isClosed = true;
    await last.catch(() => {});
    await handle?.close();
    handle = null;
  };
  return {
    before,
    notice: kind === 'other' ? `${file} is of another search, and is written over: this one begins anew.` : null,
    append(outcome) {
      // Points come from several threads at once.
      last = last.then(() => writing(file, () => write(outcome)));
      return last;
    },
    close,
    async remove() {
      await close();
      if ((await kindOf(file, problem)) === 'same') await fs.rm(file, { force: true });
    },
  };
}

const newLine = 10;

const head = (problem: string): string => JSON.stringify({ saddlescope: 'critical points', problem });

type StateKind = 'none' | 'same' | 'other' | 'no state';

/** By the beginning of the file, which may be long. */
async function kindOf(file: string, problem: string): Promise<StateKind> {
  const wanted = `${head(problem)}\n`;
  try {
    const handle = await fs.open(file, 'r');
    try {
      const bytes = Buffer.alloc(Buffer.byteLength(wanted));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      const start = bytes.toString('utf8', 0, bytesRead);
      if (start === wanted) return 'same';
      return start.startsWith('{"saddlescope":"critical points"') ? 'other' : 'no state';
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'none';
    throw new BadInput(`${file} cannot be read (${code}).`, 'Name a file that can be read and written.');
  }
}

const lineOf = ({ point, theta }: SearchOutcome): string =>
  `${writeJson({ point, theta: Buffer.from(theta.buffer, theta.byteOffset, theta.byteLength).toString('base64') })}\n`;

/** Line by line: θ of all points together may be longer than a text can be. */
async function outcomesOf(file: string): Promise<SearchOutcome[]> {
  const found: SearchOutcome[] = [];
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let isFirst = true;
  for await (const line of lines) {
    if (!isFirst) found.push(...outcomeOf(line));
    isFirst = false;
  }
  return found;
}

function outcomeOf(line: string): SearchOutcome[] {
  try {
    const { point, theta } = readJson(line) as { point: SearchOutcome['point']; theta: string };
    return isSearchedPoint(point) ? [{ point, theta: numbersOf(theta) }] : [];
  } catch {
    return [];
  }
}

/** The buffer of a decoded text begins where it likes. */
function numbersOf(text: string): Float64Array {
  return new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}
