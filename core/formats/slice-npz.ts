import { BadInput } from '../bad-input.ts';
import { FormatError, shown } from './format-error.ts';
import { allComputed, axisOf, float64Of, hasShape } from './landscape-checks.ts';
import type { FilePath, LandscapeFile } from './landscape-file.ts';
import type { NumericArray } from './numeric-array.ts';
import { parseStrictJson } from './strict-json.ts';

/** One quantity, point (i, j, k) of the grid at i + n₀(j + n₁k). */
export interface QuantityOnGrid {
  readonly quantity: string;
  readonly values: Float64Array;
  /** 1 where the value was computed. */
  readonly computed: Uint8Array;
  readonly uncertainty?: Float64Array | null | undefined;
}

/** What a slice file needs of a slice. */
export interface SliceArrays {
  /** One to three. */
  readonly axes: readonly Float64Array[];
  /** The one that is drawn first. */
  readonly fields: readonly QuantityOnGrid[];
  /** The length of one unit along each axis, where it is known. */
  readonly directions: readonly { readonly norm: number | null }[];
  /** Full directions; none where they are not at hand. */
  readonly vectors: readonly Float64Array[];
  readonly trajectory: SlicePath | null;
  /** How it was made, as short texts. */
  readonly notes?: Readonly<Record<string, string>>;
}

export interface SlicePath {
  readonly steps: readonly number[];
  readonly coordinates: readonly Float64Array[];
  readonly distance: Float64Array | null;
  readonly trueLoss: Float64Array | null;
  readonly projectedLoss: Float64Array | null;
}

/** The keys of a slice's .npz, for the help and the documentation. */
export const sliceKeys: Readonly<Record<string, string>> = {
  alpha: '(columns,) coordinates along d1, in multiples of d1',
  beta: '(rows,) coordinates along d2; not for a line',
  gamma: '(layers,) coordinates along d3; of a volume only',
  norm: '(axes,) length of d1, d2, d3; NaN where it is not known',
  loss: '(rows, columns) loss[i, j] at origin + alpha[j] d1 + beta[i] d2, NaN where computed is 0; (columns,) on a line; (layers, rows, columns) in a volume; every other quantity likewise under its own name',
  computed: 'as loss; 1 where the loss was computed; a NaN there is a loss that is no number',
  QUANTITY_computed: 'as computed, where a quantity was computed elsewhere than the loss',
  QUANTITY_uncertainty: 'as loss; standard error or residual of each value, where it has one',
  about: '(bytes,) how it was made: a JSON object of texts in UTF-8',
  d1: '(p,) first direction, in the order of θ',
  d2: '(p,) second direction',
  d3: '(p,) third direction',
  path_step: '(n,) steps of the checkpoints on the path',
  path_alpha: '(n,) least-squares coordinates of the path',
  path_beta: '(n,)',
  path_gamma: '(n,)',
  path_distance: '(n,) distance of each point from the slice, in parameter length',
  path_loss: '(n,) loss where the path really is',
  path_projected_loss: '(n,) loss where the slice shows it',
};

export const axisNames = ['alpha', 'beta', 'gamma'] as const;
const notQuantities = /^(?:alpha|beta|gamma|norm|about|computed|d[123]|path_.*)$|_(?:computed|uncertainty)$/;

const float64 = (data: Float64Array, shape: readonly number[] = [data.length]): NumericArray => ({
  shape: [...shape],
  dtype: 'float64',
  data,
});

/** The suffix of a key of the first quantity is left out: `computed`, as in files of before. */
export const maskKey = (fields: SliceArrays['fields'], k: number): string | null => {
  const same = k > 0 && fields[k]!.computed.every((one, i) => one === fields[0]!.computed[i]);
  return k === 0 ? 'computed' : same ? null : `${fields[k]!.quantity}_computed`;
};

/**
 * The arrays of a slice under the names of `sliceKeys`. Throws BadInput where a quantity has the name of something else,
 * two have the same, or one has a name that no archive can hold.
 */
export function sliceArrays({
  axes,
  fields,
  directions,
  vectors,
  trajectory,
  notes = {},
}: SliceArrays): Map<string, NumericArray> {
  const names = fields.map(({ quantity }) => quantity);
  const odd = names.find(
    (name, k) => name === '' || /\p{C}/u.test(name) || notQuantities.test(name) || names.indexOf(name) < k,
  );
  if (odd !== undefined)
    throw new BadInput(
      `A slice file cannot have a quantity called ${shown(odd)}: other things in it have such names.`,
      'Leave it out, or give it another name.',
    );
  const shape = axes.map(({ length }) => length).reverse();
  const arrays = new Map(axes.map((axis, k) => [axisNames[k]!, float64(axis)] as [string, NumericArray]));
  fields.forEach(({ quantity, values, computed, uncertainty }, k) => {
    arrays.set(quantity, float64(values, shape));
    const mask = maskKey(fields, k);
    if (mask !== null) arrays.set(mask, { shape, dtype: 'bool', data: computed });
    if (uncertainty) arrays.set(`${quantity}_uncertainty`, float64(uncertainty, shape));
  });
  if (directions.some(({ norm }) => norm !== null))
    arrays.set('norm', float64(Float64Array.from(axes, (_, k) => directions[k]?.norm ?? Number.NaN)));
  vectors.forEach((vector, k) => {
    arrays.set(`d${k + 1}`, float64(vector));
  });
  if (trajectory) for (const [name, data] of pathArrays(trajectory)) arrays.set(name, float64(data));
  if (Object.keys(notes).length > 0) {
    const data = new TextEncoder().encode(JSON.stringify(notes));
    arrays.set('about', { shape: [data.length], dtype: 'uint8', data });
  }
  return arrays;
}

function* pathArrays(path: SlicePath): Generator<[string, Float64Array]> {
  yield ['path_step', Float64Array.from(path.steps)];
  for (const [k, along] of path.coordinates.entries()) yield [`path_${axisNames[k]}`, along];
  if (path.distance) yield ['path_distance', path.distance];
  if (path.trueLoss) yield ['path_loss', path.trueLoss];
  if (path.projectedLoss) yield ['path_projected_loss', path.projectedLoss];
}

/** The arrays of any landscape, so that `landscapeOfArrays` gives it back. */
export const arraysOfLandscape = ({
  axes,
  fields,
  path,
  directions,
  notes,
}: LandscapeFile): Map<string, NumericArray> =>
  sliceArrays({
    axes: axes.map(({ coordinates }) => coordinates),
    fields,
    directions: axes,
    vectors: (directions ?? []).map(joined),
    trajectory: path && { ...path, trueLoss: path.loss, projectedLoss: null },
    notes,
  });

function joined(tensors: readonly { readonly data: Float64Array }[]): Float64Array {
  const out = new Float64Array(tensors.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of tensors) {
    out.set(data, at);
    at += data.length;
  }
  return out;
}

/** Whether an archive with these names is a slice of ours. */
export const isSlice = (names: ReadonlySet<string>): boolean => names.has('alpha');

/**
 * The landscape in the arrays of a slice file, of this form or of before (a plane with the loss alone). Every array of the
 * shape of the grid is a quantity; others are told of in a note. Throws FormatError.
 */
export function landscapeOfArrays(arrays: ReadonlyMap<string, NumericArray>): LandscapeFile {
  const known = axisNames.filter((name) => arrays.has(name));
  if (known.length === 0 || known.some((name, k) => name !== axisNames[k]))
    throw new FormatError('landscape-axis', `The archive has the axes ${known.join(', ') || 'of no grid'}.`);
  const coordinates = known.map((name) => axisOf(name, arrays.get(name)!));
  const shape = coordinates.map(({ length }) => length).reverse();
  const fields = quantities(arrays, shape);
  const vectors = known.map((_, k) => arrays.get(`d${k + 1}`));
  const norm = arrays.get('norm');
  const norms = known.map((_, k) => {
    const told = Number(norm?.data[k] ?? Number.NaN);
    const vector = vectors[k];
    return Number.isFinite(told) ? told : vector ? length(vector.data) : null;
  });
  const whole = vectors.every((vector) => vector !== undefined);
  return {
    form: 'saddlescope',
    axes: known.map((name, k) => ({ name, coordinates: coordinates[k]!, norm: norms[k]! })),
    fields,
    path: pathOf(arrays, known),
    directions: whole
      ? vectors.map((vector, k) => [{ name: `d${k + 1}`, shape: [vector!.data.length], data: float64Of(vector!) }])
      : null,
    notes: notesOf(arrays.get('about')),
    announcements: [],
  };
}

/** Texts alone: whatever else stands there was written by somebody else. */
function notesOf(about: NumericArray | undefined): Record<string, string> {
  if (about === undefined || about.dtype !== 'uint8') return {};
  const text = new TextDecoder().decode(Uint8Array.from(about.data, Number));
  const read = parseStrictJson(text, 'The note “about”');
  if (!(read instanceof Map)) return {};
  return Object.fromEntries([...read].filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

const length = (data: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! ** 2;
  return Math.sqrt(sum);
};

function quantities(arrays: ReadonlyMap<string, NumericArray>, shape: readonly number[]): LandscapeFile['fields'] {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const first = arrays.get('computed');
  const maskOf = (name: string, array: NumericArray): Uint8Array => {
    hasShape(name, array, shape);
    return Uint8Array.from(array.data, (one) => (one === 0 ? 0 : 1));
  };
  const common = first ? maskOf('computed', first) : allComputed(count);
  const fields = [...arrays]
    .filter(([name]) => !notQuantities.test(name))
    .map(([quantity, array]) => {
      hasShape(quantity, array, shape);
      const own = arrays.get(`${quantity}_computed`);
      const uncertainty = arrays.get(`${quantity}_uncertainty`);
      if (uncertainty) hasShape(`${quantity}_uncertainty`, uncertainty, shape);
      return {
        quantity,
        values: float64Of(array),
        computed: own ? maskOf(`${quantity}_computed`, own) : common,
        uncertainty: uncertainty ? float64Of(uncertainty) : null,
      };
    });
  if (fields.length === 0) throw new FormatError('landscape-values', 'The archive has axes but no quantity on them.');
  return fields;
}

function pathOf(arrays: ReadonlyMap<string, NumericArray>, axes: readonly string[]): FilePath | null {
  const steps = arrays.get('path_step');
  if (!steps) return null;
  const along = (name: string): Float64Array | null => {
    const array = arrays.get(name);
    if (array) hasShape(name, array, steps.shape);
    return array ? float64Of(array) : null;
  };
  if (steps.shape.length !== 1)
    throw new FormatError('landscape-shape', `The steps of the path have ${steps.shape.length} axes.`);
  const coordinates = axes.map((name) => {
    const found = along(`path_${name}`);
    if (found === null) throw new FormatError('landscape-shape', `The path has no coordinates along ${name}.`);
    return found;
  });
  return { steps: [...steps.data], coordinates, distance: along('path_distance'), loss: along('path_loss') };
}
