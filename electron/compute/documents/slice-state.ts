import fs from 'node:fs/promises';
import path from 'node:path';
import type { SliceContext, SliceProgress } from '../../../core/analyses/slices/run.ts';
import type { SliceField } from '../../../core/analyses/slices/slice.ts';
import type { SliceParameters } from '../../../core/analyses/slices/slice-parameters.ts';
import { BadInput } from '../../../core/bad-input.ts';
import { canonicalJson } from '../../../core/experiment/experiment.ts';
import { packState, unpackState } from '../../../core/experiment/packed-state.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { readBoundedFile } from '../../host/read-dataset.ts';
import { sha256 } from '../../host/run-folder.ts';
import { wantedThreads } from '../../host/threads.ts';
import type { OpenedPoint } from '../open-point.ts';

/** Between two writes of a state: what a crash may cost, and one call of points more. */
const secondsBetween = 10;

/** A grid on disk, taken up where it exists and written again as it goes on. */
export interface SliceStore {
  /** Null where the grid begins. */
  readonly progress: SliceProgress | null;
  /** Points that were computed before. */
  readonly pointsBefore: number;
  onState(progress: SliceProgress): Promise<void>;
  /** Why a state that lies there is not gone on with, a sentence; null where it is, or where nothing lies there. */
  readonly notice: string | null;
  /** Writes what has not been written yet; answers whether there is a state to go on with. */
  flush(): Promise<boolean>;
  /** The slice is whole: its state is of no more use. */
  remove(): Promise<void>;
}

const hashOf = (vector: HostVector): string =>
  sha256(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));

/**
 * A hash of all that has to be the same for a grid to go on bit for bit: the function with its data, the engine and its
 * threads, the point, the other points and directions by their numbers, and everything that is asked.
 */
export function sliceProblem(
  { opened, theta, step }: OpenedPoint,
  { topology: _, ...asked }: SliceParameters,
  points: Pick<SliceContext, 'other' | 'third' | 'file' | 'moment' | 'update'>,
): string {
  const { seed, model, loss, reduction } = opened.experiment;
  const { other, third, file = [], moment, update } = points;
  const vectors = [theta, other, third, ...file, moment, update].map((vector) => vector && hashOf(vector));
  const data = [opened.train.sha256, opened.testProvenance?.sha256 ?? null];
  const engine = [opened.objective.engine, opened.precision, wantedThreads() ?? null];
  return sha256(
    canonicalJson({ seed, data, model, loss, reduction, engine, step, vectors: vectors.map(String), asked }),
  );
}

export interface SliceStoreOptions {
  /** A name that somebody gave, where what is no state may be something precious. Default false. */
  readonly given?: boolean;
}

/**
 * The state in a file. One of another problem, or a torn one, is told and written over: the grid begins anew. BadInput
 * where something else lies under a name that was given, and where nothing can be written there.
 */
export async function openSliceStore(
  file: string,
  problem: string,
  { given = false }: SliceStoreOptions = {},
): Promise<SliceStore> {
  const found = await storedState(file, problem);
  if (given && found.kind === 'unreadable')
    throw new BadInput(`${file} is there, and is no state of a slice.`, 'Give another name, or remove it.');
  if (given) await requireFolder(file);
  const progress = found.kind === 'state' ? found.progress : null;
  let writtenAt = performance.now();
  let writingMs = 0;
  let latest: SliceProgress | null = null;
  let isThere = progress !== null;
  const flush = async () => {
    if (latest === null) return isThere;
    const state = latest;
    latest = null;
    const began = performance.now();
    await atomicWrite(file, stateBytes(state, problem));
    writtenAt = performance.now();
    writingMs = writtenAt - began;
    isThere = true;
    return true;
  };
  return {
    progress,
    pointsBefore: progress?.fields[0]?.computed.reduce((sum, one) => sum + one, 0) ?? 0,
    notice: notices[found.kind]?.(file) ?? null,
    async onState(state) {
      latest = state;
      // Large states are written less often: at most a twentieth of the time.
      if (performance.now() - writtenAt >= Math.max(1000 * secondsBetween, 20 * writingMs)) await flush();
    },
    flush,
    remove: () => fs.rm(file, { force: true }),
  };
}

const notices: Readonly<Record<string, (file: string) => string>> = {
  foreign: (file) => `${file} is of another grid, and is written over: this one begins anew.`,
  unreadable: (file) => `${file} cannot be read, and is written over: the grid begins anew.`,
};

async function requireFolder(file: string): Promise<void> {
  const folder = path.dirname(file);
  const stat = await fs.stat(folder).catch(() => null);
  if (!stat?.isDirectory())
    throw new BadInput(`${folder} is no folder.`, 'Give --state a name in a folder that exists.');
}

function stateBytes({ fields, axes, ...rest }: SliceProgress, problem: string): Uint8Array {
  const plain = fields.map((field) => ({ ...field, computed: Float32Array.from(field.computed) }));
  const { text, vectors } = packState({ ...rest, axes, fields: plain });
  return writeSafetensors(
    vectors,
    new Map([
      ['state', text],
      ['problem', problem],
    ]),
  );
}

type StoredState =
  | { readonly kind: 'none' | 'foreign' | 'unreadable' }
  | { readonly kind: 'state'; readonly progress: SliceProgress };

async function storedState(file: string, problem: string): Promise<StoredState> {
  if ((await fs.stat(file).catch(() => null)) === null) return { kind: 'none' };
  try {
    const { tensors, metadata } = readSafetensors(await readBoundedFile(file));
    const own = metadata.get('problem');
    if (own === undefined) return { kind: 'unreadable' };
    if (own !== problem) return { kind: 'foreign' };
    const state = unpackState({ text: metadata.get('state') ?? '{}', vectors: tensors }) as Omit<
      SliceProgress,
      'fields'
    > & { readonly fields: readonly (Omit<SliceField, 'computed'> & { readonly computed: HostVector })[] };
    const fields = state.fields.map((field) => ({ ...field, computed: Uint8Array.from(field.computed) }));
    return { kind: 'state', progress: { ...state, fields } };
  } catch {
    return { kind: 'unreadable' };
  }
}
