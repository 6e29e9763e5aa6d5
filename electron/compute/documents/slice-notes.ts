import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { sliceArrays } from '../../../core/formats/slice-npz.ts';
import { sha256 } from '../../host/run-folder.ts';

const bytesOf = (vector: Float64Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

/** What the slice is of, whoever asked for it. */
export const contentNotes = (document: SliceDocument): Readonly<Record<string, string>> => ({
  experiment: document.experiment,
  seed: String(document.seed),
  step: String(document.step),
  loss: document.convention.formula,
  on: document.on,
  examples: `${document.center.examples} of the ${document.on === 'test' ? 'test' : 'training'} set`,
  statistics: document.statistics,
  engine: `${document.engine} ${document.precision}`,
  directions: document.directions.map(({ kind }) => kind).join('; '),
  directions_sha256: sha256(...document.vectors.map(bytesOf)),
  saddlescope: document.saddlescope,
});

/** What a run folder keeps of a slice in its `.npz`, and what is saved under that name. */
export const storedArrays = (document: SliceDocument): ReturnType<typeof sliceArrays> =>
  sliceArrays({ ...document, notes: contentNotes(document) });
