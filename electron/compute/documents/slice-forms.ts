import type { SliceDirection, SliceField, SliceTrajectory } from '../../../core/analyses/slices/slice.ts';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { landscapeOfArrays } from '../../../core/formats/slice-npz.ts';

/** A slice as the text of a result has it: lists in the place of typed arrays, and without its directions in full. */
export type StoredSlice = Omit<SliceDocument, 'vectors'>;

/** What slices were in earlier versions: a plane, the loss alone. */
interface PlaneOfBefore {
  readonly alpha: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  readonly loss: { readonly data: ArrayLike<number> };
  readonly computed: ArrayLike<number>;
  readonly cosine: number;
  readonly directions: readonly SliceDirection[];
  readonly trajectory:
    | (Omit<SliceTrajectory, 'coordinates'> & { readonly alpha: ArrayLike<number>; readonly beta: ArrayLike<number> })
    | null;
}

const numbers = (list: ArrayLike<number>): Float64Array => Float64Array.from(list);

const isOfBefore = (document: object): document is PlaneOfBefore => 'alpha' in document;

/** Enough to tell what a stored slice holds, also where its numbers lie in the .npz alone. */
export const axesAndFields = (document: StoredSlice): Pick<StoredSlice, 'axes' | 'fields' | 'points'> =>
  isOfBefore(document) ? fromBefore(document) : document;

/** The fields of a document whose numbers lie in the .npz alone. */
export function withFields(document: StoredSlice, arrays: ReadonlyMap<string, NumericArray>): StoredSlice {
  if (isOfBefore(document) || document.fields.every((field) => 'values' in field)) return document;
  const { fields: found } = landscapeOfArrays(arrays);
  const [loss, ...others] = document.fields.map((field): SliceField => {
    const {
      values,
      computed,
      uncertainty = null,
    } = found.find(({ quantity }) => quantity === field.quantity) ?? noField;
    return { ...field, values, computed, uncertainty };
  });
  return { ...document, fields: [loss!, ...others] };
}

const noField = { values: new Float64Array(0), computed: new Uint8Array(0), uncertainty: null };

/** The document in its present form, with its numbers as in memory. */
export function presentForm(document: StoredSlice): StoredSlice {
  if (isOfBefore(document)) return fromBefore(document);
  const [loss, ...others] = document.fields.map(typedField);
  return {
    ...document,
    axes: document.axes.map(numbers),
    fields: [loss!, ...others],
    trajectory: document.trajectory && typedPath(document.trajectory),
  };
}

const typedField = (field: SliceField): SliceField => ({
  ...field,
  values: numbers(field.values),
  computed: Uint8Array.from(field.computed),
  uncertainty: field.uncertainty && numbers(field.uncertainty),
});

const typedPath = (path: SliceTrajectory): SliceTrajectory => ({
  steps: path.steps,
  coordinates: path.coordinates.map(numbers),
  distance: numbers(path.distance),
  length: numbers(path.length),
  trueLoss: numbers(path.trueLoss),
  projectedLoss: numbers(path.projectedLoss),
});

function fromBefore(document: StoredSlice & PlaneOfBefore): StoredSlice {
  const { alpha, beta, loss, computed, cosine, trajectory, ...rest } = document as unknown as Omit<
    StoredSlice,
    'trajectory'
  > &
    PlaneOfBefore;
  return {
    ...rest,
    axes: [numbers(alpha), numbers(beta)],
    cosines: [cosine],
    points: [],
    on: 'train',
    statistics: 'experiment',
    fields: [
      {
        quantity: 'loss',
        values: numbers(loss.data),
        computed: Uint8Array.from(computed),
        certificate: null,
        uncertainty: null,
      },
    ],
    trajectory:
      trajectory && typedPath({ ...trajectory, coordinates: [numbers(trajectory.alpha), numbers(trajectory.beta)] }),
  };
}
