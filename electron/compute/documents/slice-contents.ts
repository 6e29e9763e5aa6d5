import { shapeOf } from '../../../core/analyses/slices/slice.ts';
import { BadInput } from '../../../core/bad-input.ts';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { landscapeOfSlice } from '../../../core/formats/slice-landscape.ts';
import { tensorsForPytorch } from '../../../core/models/weights-from-outside.ts';
import type { ParameterLayout } from '../../../core/objective/parameter-layout.ts';
import type { SliceFileKind } from '../../../core/protocol/methods.ts';
import { landscapeKinds, type WrittenLandscape } from './landscape-kinds.ts';
import { sliceJson } from './slice-document.ts';
import { contentNotes, storedArrays } from './slice-notes.ts';

export interface SurfaceNeeds {
  /** Of the model, for directions in the order and the shapes of PyTorch. */
  readonly layout: ParameterLayout;
  /** The name of the file with the directions, as the surface file says it. */
  readonly directionFile: string;
}

/** How it was made as well, for files that go elsewhere. */
const notesOf = (document: SliceDocument): Readonly<Record<string, string>> => ({
  command: document.command,
  ...contentNotes(document),
});

/**
 * A slice as a file. `surface` and `directions` are the two HDF5 files of loss-landscape, the second with the directions
 * of the first by tensors; `h5` is ours, which h5py reads as well. Throws BadInput for what a form cannot hold at all;
 * what it holds otherwise is announced.
 */
export async function sliceContent(
  document: SliceDocument,
  kind: SliceFileKind,
  needs?: SurfaceNeeds,
): Promise<WrittenLandscape> {
  if (kind === 'json') return { content: `${sliceJson(document, 1)}\n`, announcements: [] };
  // What is known of a path and has no place in a landscape stays: the same arrays as in the results of a run.
  if (kind === 'npz') return { content: writeNpz(storedArrays(document)), announcements: [] };
  if (kind !== 'surface' && kind !== 'directions')
    return landscapeKinds[`.${kind}`]!.write(landscapeOfSlice(document, notesOf(document)), { form: 'saddlescope' });
  if (shapeOf(document) === 'volume')
    throw new BadInput('A volume has no place in the files of loss-landscape.', 'Save it as HDF5 of Saddlescope.');
  if (!needs) throw new BadInput('The shapes of the directions are not known.', 'Save the slice of a run.');
  const { writeDirectionFile, writeSurfaceFile } = await import('../../host/hdf5/index.ts');
  if (kind === 'directions') {
    const tensors = document.vectors.map((vector) => tensorsForPytorch(vector, needs.layout));
    return { content: await writeDirectionFile(tensors), announcements: [] };
  }
  const { directionFile } = needs;
  const landscape = landscapeOfSlice(document, notesOf(document));
  const { bytes, announcements } = await writeSurfaceFile(landscape, { directionFile, on: document.on });
  return { content: bytes, announcements };
}
