import fs from 'node:fs/promises';
import type { SliceProgress } from '../../../core/analyses/slices/run.ts';
import type { SliceField } from '../../../core/analyses/slices/slice.ts';
import type { SliceParameters } from '../../../core/analyses/slices/slice-parameters.ts';
import { canonicalJson } from '../../../core/experiment/experiment.ts';
import { packState, unpackState } from '../../../core/experiment/packed-state.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { atomicWrite } from '../../host/atomic-write.ts';
import { readBoundedFile } from '../../host/read-dataset.ts';
import { sha256 } from '../../host/run-folder.ts';
import type { OpenedPoint } from '../open-point.ts';

/** Between two writes of a state: what a crash may cost. */
const secondsBetween = 10;

/** A grid on disk, taken up where it exists and written again as it goes on. */
export interface SliceStore {
  /** Null where the grid begins. */
  readonly progress: SliceProgress | null;
  /** Points that were computed before. */
  readonly pointsBefore: number;
  onState(progress: SliceProgress): Promise<void>;
  /** Writes what has not been written yet. */
  flush(): Promise<void>;
  /** The slice is whole: its state is of no more use. */
  remove(): Promise<void>;
}

/** What has to be the same for a grid to go on: the function, the point and everything that is asked. */
function problemOf({ opened, theta, step }: OpenedPoint, parameters: Readonly<Record<string, unknown>>): string {
  const { seed, data, model, loss, reduction } = opened.experiment;
  const point = sha256(new Uint8Array(theta.buffer, theta.byteOffset, theta.byteLength));
  const { topology: _, ...asked } = parameters as Partial<SliceParameters>;
  const { engine } = opened.objective;
  return canonicalJson({ seed, data, model, loss, reduction, engine, step, point, asked });
}

/** The state in a file; one of another problem, or that cannot be read, is no state: the grid begins anew. */
export async function openSliceStore(
  file: string,
  point: OpenedPoint,
  parameters: Readonly<Record<string, unknown>>,
): Promise<SliceStore> {
  const problem = problemOf(point, parameters);
  const progress = await storedProgress(file, problem);
  let writtenAt = performance.now();
  let latest: SliceProgress | null = null;
  const flush = async () => {
    if (latest === null) return;
    const state = latest;
    latest = null;
    await atomicWrite(file, stateBytes(state, problem));
    writtenAt = performance.now();
  };
  return {
    progress,
    pointsBefore: progress?.fields[0]?.computed.reduce((sum, one) => sum + one, 0) ?? 0,
    async onState(state) {
      latest = state;
      if (performance.now() - writtenAt >= 1000 * secondsBetween) await flush();
    },
    flush,
    remove: () => fs.rm(file, { force: true }),
  };
}

function stateBytes({ fields, axes, ...rest }: SliceProgress, problem: string): Uint8Array {
  const plain = fields.map((field) => ({ ...field, computed: Float64Array.from(field.computed) }));
  const { text, vectors } = packState({ ...rest, axes, fields: plain });
  return writeSafetensors(
    vectors,
    new Map([
      ['state', text],
      ['problem', sha256(problem)],
    ]),
  );
}

async function storedProgress(file: string, problem: string): Promise<SliceProgress | null> {
  try {
    const { tensors, metadata } = readSafetensors(await readBoundedFile(file));
    if (metadata.get('problem') !== sha256(problem)) return null;
    const state = unpackState({ text: metadata.get('state') ?? '{}', vectors: tensors }) as Omit<
      SliceProgress,
      'fields'
    > & { readonly fields: readonly (Omit<SliceField, 'computed'> & { readonly computed: HostVector })[] };
    const fields = state.fields.map((field) => ({ ...field, computed: Uint8Array.from(field.computed) }));
    return { ...state, fields };
  } catch {
    return null;
  }
}
