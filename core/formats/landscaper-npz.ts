import { BadInput } from '../bad-input.ts';
import { firstIndexFastest, lastIndexFastest } from './axis-order.ts';
import { FormatError } from './format-error.ts';
import { allComputed, axisOf, extentText, float64Of, hasShape } from './landscape-checks.ts';
import type { LandscapeFile } from './landscape-file.ts';
import type { NumericArray } from './numeric-array.ts';
import { axisNames, type QuantityOnGrid } from './slice-npz.ts';

/**
 * Landscaper's .npz (Vis4SciML/Landscaper 1.3, landscape.py and compute.py): `loss`, the same number of steps s along two
 * or more axes, and `coordinates` (axes, s). loss[i₀, i₁, …] belongs to step i₀ of the first direction, i₁ of the second.
 * The coordinates say linspace(−distance, distance, s), but compute.py steps by 2·distance·‖θ‖/s from the centre ⌊s/2⌋:
 * the true offset is (i − ⌊s/2⌋)·2·distance/s of ‖θ‖ along each direction, and for s = 41 ends at 0.9756 distance.
 */

/** In files of ours: the coordinates mean what they say. Landscaper reads only the two keys that it knows. */
const trueKey = 'coordinates_are_true';

export const isLandscaper = (names: ReadonlySet<string>): boolean => names.has('loss') && names.has('coordinates');

const replaced =
  'Landscaper replaces values that are not finite by the mean or the extremes, and adds noise to the largest values before it saves: neither can be undone here.';
const swapped =
  'Landscaper’s own pictures show the axes of such a file swapped; here the first index goes with the first direction, as the file was filled.';

/** The true offsets that belong to nominal coordinates; null where these are not what Landscaper writes. */
function trueOffsets(nominal: Float64Array): Float64Array | null {
  const steps = nominal.length;
  const distance = nominal[steps - 1]!;
  const even = nominal.every(
    (value, i) => Math.abs(value - distance * ((2 * i) / (steps - 1) - 1)) <= 1e-9 * Math.abs(distance),
  );
  if (steps < 2 || !(distance > 0) || !even) return null;
  return nominal.map((_, i) => ((i - Math.floor(steps / 2)) * 2 * distance) / steps);
}

/** Throws FormatError. */
export function landscapeOfLandscaper(arrays: ReadonlyMap<string, NumericArray>): LandscapeFile {
  const [loss, coordinates] = [arrays.get('loss')!, arrays.get('coordinates')!];
  if (coordinates.shape.length !== 2)
    throw new FormatError('landscape-axis', `The coordinates have ${coordinates.shape.length} axes, and not two.`);
  const [dim, steps] = coordinates.shape as [number, number];
  if (dim < 1 || dim > 3)
    throw new FormatError('landscape-shape', `The grid has ${dim} axes, and grids of one to three are read.`);
  const shape = new Array<number>(dim).fill(steps);
  hasShape('loss', loss, shape);
  const numbers = float64Of(coordinates);
  const told = axisNames
    .slice(0, dim)
    .map((name, k) =>
      axisOf(name, { shape: [steps], dtype: 'float64', data: numbers.slice(k * steps, (k + 1) * steps) }),
    );
  const ours = arrays.get(trueKey) !== undefined;
  const offsets = ours ? told.map(() => null) : told.map(trueOffsets);
  const values = firstIndexFastest(loss.data, shape);
  return {
    form: 'landscaper',
    axes: told.map((nominal, k) => ({ name: axisNames[k]!, coordinates: offsets[k] ?? nominal, norm: null })),
    fields: [{ quantity: 'loss', values, computed: allComputed(values.length), uncertainty: null }],
    path: null,
    directions: null,
    notes: {},
    announcements: ours ? [] : [swapped, ...offsetSentences(told, offsets), ...repeatedHalf(values, shape), replaced],
  };
}

function offsetSentences(told: readonly Float64Array[], offsets: readonly (Float64Array | null)[]): string[] {
  if (offsets.includes(null))
    return ['The coordinates are not those that Landscaper computes with, and are taken as they stand.'];
  const [nominal, offset] = [told[0]!, offsets[0]!];
  const last = nominal.length - 1;
  const share = offset[last]! / nominal[last]!;
  return [
    `Landscaper’s coordinates are nominal: its last step lies at ${share.toFixed(4)} of the stated distance. The axes here are the true offsets, as shares of ‖θ‖ along each direction.`,
  ];
}

/** Versions before June 2025 never stepped back from the corner: everything before the middle of an axis is one value. */
function repeatedHalf(values: Float64Array, shape: readonly number[]): string[] {
  const middle = Math.floor(shape[0]! / 2);
  if (middle < 1) return [];
  let stride = 1;
  for (const length of shape) {
    for (let point = 0; point < values.length; point++) {
      const at = Math.floor(point / stride) % length;
      if (at < middle && !Object.is(values[point], values[point + (middle - at) * stride])) return [];
    }
    stride *= length;
  }
  if (values.every((value) => Object.is(value, values[0]))) return [];
  return [
    'Everything before the middle of each axis repeats the middle: an early version of Landscaper wrote this, which never stepped backwards, so that half of each axis shows nothing.',
  ];
}

/**
 * The file that Landscaper opens. It has one number of steps for all axes and one quantity; missing values are NaN there.
 * Throws BadInput for other grids.
 */
export function landscaperArrays(
  file: LandscapeFile,
  { quantity, values, computed }: QuantityOnGrid,
): { arrays: Map<string, NumericArray>; announcements: string[] } {
  const lengths = file.axes.map(({ coordinates }) => coordinates.length);
  const steps = lengths[0]!;
  if (lengths.length < 2 || lengths.some((length) => length !== steps))
    throw new BadInput(
      `Landscaper’s form holds grids with as many points along each of two or more axes, and this one has ${extentText(file)}.`,
      'Compute a square grid, or use another form.',
    );
  const coordinates = new Float64Array(steps * lengths.length);
  file.axes.forEach((axis, k) => {
    coordinates.set(axis.coordinates, k * steps);
  });
  const known = values.map((value, i) => (computed[i] === 1 ? value : Number.NaN));
  const missing = known.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  return {
    arrays: new Map<string, NumericArray>([
      ['loss', { shape: lengths, dtype: 'float64', data: lastIndexFastest(known, lengths) }],
      ['coordinates', { shape: [lengths.length, steps], dtype: 'float64', data: coordinates }],
      [trueKey, { shape: [], dtype: 'bool', data: new Uint8Array([1]) }],
    ]),
    announcements: [
      'Landscaper’s own pictures swap the axes of what they open; the file has the first index along the first direction, as Landscaper fills it.',
      'The coordinates are multiples of the directions, and true ones; Landscaper calls its own shares of ‖θ‖.',
      ...(missing > 0
        ? [
            `${missing} ${missing === 1 ? 'value is' : 'values are'} missing or not finite; Landscaper’s topology needs all of them.`,
          ]
        : []),
      ...(quantity === 'loss' ? [] : [`What Landscaper calls the loss is ${quantity}.`]),
    ],
  };
}
