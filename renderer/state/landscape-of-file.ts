import type { SliceField, SliceTrajectory } from '../../core/analyses/slices/slice.ts';
import { interpolated } from '../../core/fields/interpolate.ts';
import type { FilePath, LandscapeFile } from '../../core/formats/landscape-file.ts';
import type { PartialSlice } from '../../core/protocol/methods.ts';
import { openedPlane } from './plane-kind.ts';
import type { ShownLandscape } from './results.ts';

/** A slice as far as a file tells it. It has no plane that is held: nothing can be computed on it. */
export type FileSlice = PartialSlice & { readonly warnings: readonly string[] };

export interface OpenedSlice extends ShownLandscape {
  readonly slice: FileSlice;
  readonly file: LandscapeFile;
}

/**
 * A landscape file in the form of a slice, for panels and figures: the loss first, axes that rise, what the file does not
 * tell as NaN or empty (lengths of directions, loss of the centre, formula). Its announcements are warnings of the slice. A
 * path without losses lies on the slice, and a warning says so.
 */
export function landscapeOfFile(given: LandscapeFile): OpenedSlice {
  const { file, turned } = withRisingAxes(given);
  const axes = file.axes.map(({ coordinates }) => coordinates);
  const fields = fieldsOf(file);
  const trajectory = file.path && trajectoryOf(file.path, axes, fields[0]);
  const warnings = [
    ...file.announcements,
    ...turned,
    ...(file.path && file.path.loss === null
      ? ['The file has no losses of the path: it is drawn on the slice, wherever it really lies.']
      : []),
  ];
  const slice: FileSlice = {
    plane: openedPlane,
    points: [],
    axes,
    directions: file.axes.map(({ norm }) => ({
      kind: 'direction',
      norm: norm ?? Number.NaN,
      eigenvalue: null,
      residual: null,
      explained: null,
    })),
    cosines: cosinesOf(file),
    fields,
    center: { loss: Number.NaN, standardError: Number.NaN, examples: 0 },
    on: 'train',
    statistics: 'experiment',
    trajectory,
    warnings,
    convention: { loss: 'closedForm', overExamples: 'none', overOutputs: 'none', half: false, formula: '' },
    engine: file.form,
    precision: 'float64',
    saddlescope: '',
    experiment: '',
    step: null,
    seed: Number(file.notes.seed ?? Number.NaN),
    mode: 'inference',
    data: { name: '', source: '', examples: 0, sha256: '' },
    command: '',
  };
  return { slice, complete: true, newer: null, file };
}

/** Of a line none, of a plane one; unknown unless the direction file told it. */
const cosinesOf = ({ axes, notes }: LandscapeFile): number[] =>
  axes.length === 2
    ? [Number(notes.cosine ?? Number.NaN)]
    : new Array<number>(axes.length === 3 ? 3 : 0).fill(Number.NaN);

function certificateOf(quantity: string): SliceField['certificate'] {
  if (quantity.startsWith('lambda_')) return 'residual';
  return quantity === 'index' ? '95 % half-width' : 'standard error';
}

/** The loss first, where there is one. */
function fieldsOf({ fields }: LandscapeFile): [SliceField, ...SliceField[]] {
  const all = fields.map(
    ({ quantity, values, computed, uncertainty = null }): SliceField => ({
      quantity,
      values,
      computed,
      uncertainty,
      certificate: uncertainty === null ? null : certificateOf(quantity),
    }),
  );
  const isLoss = ({ quantity }: SliceField) => quantity === 'loss';
  return [...all.filter(isLoss), ...all.filter((field) => !isLoss(field))] as [SliceField, ...SliceField[]];
}

function trajectoryOf(
  { steps, coordinates, distance, loss }: FilePath,
  axes: readonly Float64Array[],
  field: SliceField,
): SliceTrajectory {
  const unknown = new Float64Array(steps.length).fill(Number.NaN);
  const points = Float64Array.from({ length: steps.length * axes.length }, (_, i) => {
    const k = i % axes.length;
    return coordinates[k]![(i - k) / axes.length]!;
  });
  const projectedLoss = interpolated(axes, field, points).values;
  return {
    steps,
    coordinates,
    distance: distance ?? unknown,
    length: unknown,
    trueLoss: loss ?? projectedLoss,
    projectedLoss,
  };
}

const rises = (values: Float64Array): boolean => values.every((value, i) => i === 0 || value > values[i - 1]!);

/** Points in rising order along each axis: tools take coordinates as they are given. */
function withRisingAxes(file: LandscapeFile): { file: LandscapeFile; turned: readonly string[] } {
  const falling = file.axes.filter(({ coordinates }) => !rises(coordinates));
  if (falling.length === 0) return { file, turned: [] };
  const orders = file.axes.map(({ coordinates }) =>
    Array.from(coordinates.keys()).sort((a, b) => coordinates[a]! - coordinates[b]!),
  );
  const lengths = orders.map(({ length }) => length);
  const from = Array.from({ length: lengths.reduce((product, length) => product * length, 1) }, (_, to) => {
    let [rest, stride, at] = [to, 1, 0];
    for (const [k, order] of orders.entries()) {
      at += stride * order[rest % lengths[k]!]!;
      rest = Math.floor(rest / lengths[k]!);
      stride *= lengths[k]!;
    }
    return at;
  });
  const moved = (values: Float64Array) => Float64Array.from(from, (at) => values[at]!);
  return {
    file: {
      ...file,
      axes: file.axes.map((axis, k) => ({
        ...axis,
        coordinates: Float64Array.from(orders[k]!, (at) => axis.coordinates[at]!),
      })),
      fields: file.fields.map((field) => ({
        ...field,
        values: moved(field.values),
        computed: Uint8Array.from(from, (at) => field.computed[at]!),
        ...(field.uncertainty ? { uncertainty: moved(field.uncertainty) } : {}),
      })),
    },
    turned: [
      `The coordinates of ${falling.map(({ name }) => name).join(' and ')} do not rise in the file; they do in the picture.`,
    ],
  };
}
