import { BadInput } from '../../core/bad-input.ts';
import type { SliceDocument } from '../../core/experiment/result-documents.ts';
import { nameOfSlice } from '../../core/experiment/slice-name.ts';
import type { ParameterLayout } from '../../core/objective/parameter-layout.ts';
import { thetaOfCheckpoint } from '../compute/checkpoint-state.ts';
import { latestWholeSlices } from '../compute/documents/stored-results.ts';
import { readCheckpoint } from '../host/run-folder.ts';

/** `0.5,-0.25`: a coordinate an axis, in multiples of the directions. */
export function placeOf(text: string, slice: SliceDocument, option: string): Float64Array {
  const coordinates = text.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  if (coordinates.length === slice.axes.length && coordinates.every(Number.isFinite))
    return Float64Array.from(coordinates);
  throw new BadInput(
    `${option} ${text} is no point of the slice ${nameOfSlice(slice)}.`,
    `Give ${slice.axes.length} ${slice.axes.length === 1 ? 'number' : 'numbers with commas'}, one an axis.`,
  );
}

/** A slice that a run keeps: the one of that name, or the only one. BadInput for none and for several. */
export async function storedSlice(run: string, name: string | undefined, told: (sentence: string) => void) {
  const slices = (await latestWholeSlices(run, ({ message }) => told(message))).map(({ document }) => document);
  const named = slices.filter((slice) => nameOfSlice(slice) === name);
  // Without its variant a name is enough where it tells them apart.
  const alike = slices.filter((slice) => name === undefined || nameOfSlice({ ...slice, variant: '' }) === name);
  const fits = named.length > 0 ? named : alike;
  if (fits.length === 1) return fits[0]!;
  const names = slices.map(nameOfSlice);
  throw new BadInput(
    name !== undefined
      ? `${run} has ${fits.length === 0 ? 'no slice' : 'several slices'} “${name}”.`
      : `${run} has ${slices.length === 0 ? 'no slice' : 'several slices'}.`,
    names.length > 0 ? `Name one with --slice: ${names.join(', ')}.` : 'Compute one with `saddlescope slice`.',
  );
}

/** θ at a point of a slice: origin + Σ_k c_k d_k. */
export async function thetaAt(run: string, slice: SliceDocument, at: Float64Array, layout: ParameterLayout) {
  const theta = thetaOfCheckpoint(await readCheckpoint(run, slice.step ?? 0), layout);
  if (slice.vectors.some(({ length }) => length !== theta.length))
    throw new BadInput(
      `The directions of the slice ${nameOfSlice(slice)} have ${slice.vectors[0]?.length} parameters; the run has ${theta.length}.`,
      'Compute the slice again.',
    );
  for (const [k, direction] of slice.vectors.entries())
    for (let i = 0; i < theta.length; i++) theta[i]! += at[k]! * direction[i]!;
  return theta;
}
