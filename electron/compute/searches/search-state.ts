import fs from 'node:fs/promises';
import type { SearchOutcome } from '../../../core/analyses/saddles/search.ts';
import { BadInput } from '../../../core/bad-input.ts';
import { readJson, writeJson } from '../../../core/formats/json-numbers.ts';
import { atomicWrite } from '../../host/atomic-write.ts';

/**
 * What a search has found so far, on disk: a line that says which search it is, then a line a judged point, appended when
 * it is judged. A process that dies may leave half a line: it is left out.
 */
export interface SearchState {
  /** Of this very search; empty where it begins. */
  readonly before: readonly SearchOutcome[];
  /** Why what lies there is not gone on with; null where it is, or where nothing lies there. */
  readonly notice: string | null;
  append(outcome: SearchOutcome): Promise<void>;
  /** The search has ended. */
  remove(): Promise<void>;
}

/** `given`: somebody named the file, so that what is no state is not written over. */
export async function openSearchState(file: string, problem: string, given: boolean): Promise<SearchState> {
  const text = await fs.readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null;
    throw new BadInput(`${file} cannot be read (${thrown.code}).`, 'Name a file that can be read and written.');
  });
  const kind = text === null ? 'none' : kindOf(text, problem);
  if (given && kind === 'no state')
    throw new BadInput(`${file} is there, and is no state of a search.`, 'Give another name, or remove it.');
  const before = kind === 'same' ? outcomesOf(text!) : [];
  // Written anew, so that half a line does not spoil the one after it.
  let isThere = false;
  const begin = async () => {
    await atomicWrite(file, [`${head(problem)}\n`, ...before.map(lineOf)].join(''));
    isThere = true;
  };
  return {
    before,
    notice: kind === 'other' ? `${file} is of another search, and is written over: this one begins anew.` : null,
    async append(outcome) {
      if (!isThere) await begin();
      await fs.appendFile(file, lineOf(outcome));
    },
    remove: () => fs.rm(file, { force: true }),
  };
}

const head = (problem: string): string => JSON.stringify({ saddlescope: 'critical points', problem });

function kindOf(text: string, problem: string): 'same' | 'other' | 'no state' {
  const [first = ''] = text.split('\n', 1);
  if (first === head(problem)) return 'same';
  return first.startsWith('{"saddlescope":"critical points"') ? 'other' : 'no state';
}

const lineOf = ({ point, theta }: SearchOutcome): string =>
  `${writeJson({ point, theta: Buffer.from(theta.buffer, theta.byteOffset, theta.byteLength).toString('base64') })}\n`;

function outcomesOf(text: string): SearchOutcome[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      try {
        const { point, theta } = readJson(line) as { point: SearchOutcome['point']; theta: string };
        return [{ point, theta: numbersOf(theta) }];
      } catch {
        return [];
      }
    });
}

/** The buffer of a decoded text begins where it likes. */
function numbersOf(text: string): Float64Array {
  return new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}
