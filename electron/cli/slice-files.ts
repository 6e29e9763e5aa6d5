import path from 'node:path';
import { shapeOf } from '../../core/analyses/slices/slice.ts';
import { BadInput } from '../../core/bad-input.ts';
import type { SliceDocument } from '../../core/experiment/result-documents.ts';
import { landscapeOfSlice } from '../../core/formats/slice-landscape.ts';
import { tensorsForPytorch } from '../../core/models/weights-from-outside.ts';
import type { ParameterLayout } from '../../core/objective/parameter-layout.ts';
import { sliceJson } from '../compute/documents/slice-document.ts';
import { atomicWrite } from '../host/atomic-write.ts';
import { sha256 } from '../host/run-folder.ts';
import { landscapeKinds } from './landscape-kinds.ts';
import { slicePicture } from './slice-picture.ts';

const kinds = [...new Set([...Object.keys(landscapeKinds), '.svg', '.png', '.json'])];

/** The ending of a name; BadInput for what no slice can be written as. */
export function sliceKind(out: string): string {
  const kind = path.extname(out).toLowerCase();
  if (kinds.includes(kind)) return kind;
  throw new BadInput(
    `--out ${out} is no kind of file that a slice can be.`,
    `Give a name that ends in ${kinds.join(', ')}.`,
  );
}

const bytesOf = (vector: Float64Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

/** How the slice was made, for the notes of a file. */
const notesOf = (document: SliceDocument): Readonly<Record<string, string>> => ({
  command: document.command,
  experiment: document.experiment,
  seed: String(document.seed),
  step: String(document.step),
  loss: document.convention.formula,
  examples: `${document.center.examples} of the ${document.on === 'test' ? 'test' : 'training'} set`,
  statistics: document.statistics,
  engine: `${document.engine} ${document.precision}`,
  directions: document.directions.map(({ kind }) => kind).join('; '),
  directions_sha256: sha256(...document.vectors.map(bytesOf)),
  saddlescope: document.saddlescope,
});

/**
 * Writes a slice in the form of its name. A surface file of loss-landscape (`.h5`) comes with its direction file beside
 * it, `NAME.directions.h5`, in the order and the shapes of PyTorch. Answers what the form cannot hold, a sentence each.
 */
export async function writeSliceFile(
  out: string,
  document: SliceDocument,
  layout: ParameterLayout,
): Promise<readonly string[]> {
  const kind = sliceKind(out);
  const file = path.resolve(out);
  if (kind === '.json') return written(file, `${sliceJson(document, 1)}\n`);
  if (kind === '.svg' || kind === '.png')
    return written(file, await slicePicture(document, kind === '.svg' ? 'svg' : 'png'));
  const landscape = landscapeOfSlice(document, notesOf(document));
  // A volume has no place in a surface file: then ours, which h5py reads as well.
  const form = kind === '.h5' && shapeOf(document) !== 'volume' ? 'loss-landscape' : 'saddlescope';
  if (form === 'loss-landscape') return writeSurface(file, document, landscape, layout);
  const { content, announcements } = await landscapeKinds[kind]!.write(landscape, { form });
  await written(file, content);
  return announcements;
}

async function written(file: string, content: Uint8Array | string): Promise<readonly string[]> {
  await atomicWrite(file, content);
  return [];
}

async function writeSurface(
  file: string,
  { vectors, on }: SliceDocument,
  landscape: ReturnType<typeof landscapeOfSlice>,
  layout: ParameterLayout,
): Promise<readonly string[]> {
  const { writeDirectionFile, writeSurfaceFile } = await import('../host/hdf5/index.ts');
  const directionFile = file.replace(/\.h5$/i, '.directions.h5');
  const directions = vectors.map((vector) => tensorsForPytorch(vector, layout));
  const { bytes, announcements } = await writeSurfaceFile(landscape, {
    directionFile: path.basename(directionFile),
    on,
  });
  await written(directionFile, await writeDirectionFile(directions));
  await written(file, bytes);
  return announcements;
}
