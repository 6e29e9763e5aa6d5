import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { atomicWrite, removeTemporaries } from '../host/atomic-write.ts';
import { makeFolder } from '../host/disk-problem.ts';

/** Of every file kept in the user-data folder; another number is another version's, and is moved aside. */
const format = 1;

const envelope = v.strictObject({ app: v.literal('saddlescope'), format: v.literal(format), content: v.unknown() });

export interface StoredFileOptions<T> {
  readonly file: string;
  readonly schema: v.GenericSchema<unknown, T>;
  readonly empty: T;
  readonly maxBytes: number;
  /** Told once where the file could not be used; `movedTo` is null where it could not even be moved. */
  readonly onBad: (file: string, why: string, movedTo: string | null) => void;
  readonly onFailedWrite: (file: string, problem: unknown) => void;
}

/** A value that outlives the app, in one JSON file. */
export interface StoredFile<T> {
  readonly value: T;
  /** Writes soon, the latest value last; a write that fails is told and changes nothing on the disk. */
  set(value: T): void;
  /** Settles when everything set so far lies on the disk, or could not be written. */
  written(): Promise<void>;
}

/** Reads the file; where it is damaged, too large or another version's, it is moved aside, never deleted. */
export async function openStoredFile<T>(options: StoredFileOptions<T>): Promise<StoredFile<T>> {
  const { file, maxBytes, onFailedWrite } = options;
  let { value } = await readOrMoveAside(options);
  let wanted: T | null = null;
  let writing: Promise<void> | null = null;

  const write = async () => {
    while (wanted !== null) {
      const text = `${JSON.stringify({ app: 'saddlescope', format, content: wanted })}\n`;
      wanted = null;
      try {
        if (Buffer.byteLength(text) > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
        await makeFolder(path.dirname(file));
        await atomicWrite(file, text);
      } catch (problem) {
        onFailedWrite(file, problem);
      }
    }
    writing = null;
  };

  return {
    get value() {
      return value;
    },
    set(next) {
      value = next;
      wanted = next;
      writing ??= write();
    },
    written: () => writing ?? Promise.resolve(),
  };
}

async function readOrMoveAside<T>(options: StoredFileOptions<T>): Promise<{ readonly value: T }> {
  const { file, schema, empty, maxBytes, onBad } = options;
  await removeTemporaries(path.dirname(file), (name) => name === path.basename(file));
  const found = await readChecked(file, schema, maxBytes);
  if ('value' in found) return found;
  if (found.why === null) return { value: empty };
  const aside = `${file}.bad-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  const moved = await fs.rename(file, aside).then(
    () => aside,
    () => null,
  );
  onBad(file, found.why, moved);
  return { value: empty };
}

type Checked<T> = { readonly value: T } | { readonly why: string | null };

async function readChecked<T>(
  file: string,
  schema: v.GenericSchema<unknown, T>,
  maxBytes: number,
): Promise<Checked<T>> {
  try {
    const { size } = await fs.stat(file);
    if (size > maxBytes) return { why: `it has ${size} bytes, more than ${maxBytes}` };
    const text = await fs.readFile(file, 'utf8');
    const whole = v.safeParse(envelope, parseJson(text));
    if (!whole.success) return { why: 'it is damaged or of another version' };
    const content = v.safeParse(schema, whole.output.content);
    return content.success ? { value: content.output } : { why: `it is damaged (${content.issues[0].message})` };
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { why: null };
    return { why: code ? `it cannot be read (${code})` : 'it is no JSON' };
  }
}

/** `__proto__` as a key of a file is nobody's setting. */
const parseJson = (text: string): unknown =>
  JSON.parse(text, (key, inner) => (key === '__proto__' ? undefined : inner));
