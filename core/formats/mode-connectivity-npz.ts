import { BadInput } from '../bad-input.ts';
import { firstIndexFastest, lastIndexFastest } from './axis-order.ts';
import { FormatError } from './format-error.ts';
import { allComputed, axisOf, float64Of, hasShape, shapeName } from './landscape-checks.ts';
import type { FilePath, LandscapeFile } from './landscape-file.ts';
import type { NumericArray } from './numeric-array.ts';

/**
 * curve.npz and plane.npz of dnn-mode-connectivity (Garipov et al. 2018; eval_curve.py, plane.py). A curve: `ts` and
 * quantities (T,). A plane: `alphas`, `betas`, quantities [i][j] at (alphas[i], betas[j]), and `grid` [i][j] = the same
 * point in parameter length, from which ‖d₁‖ and ‖d₂‖ follow. `tr_`, `te_`: training and test; nll is the loss of the
 * data, loss adds the regulariser, acc and err are percentages.
 */

/** Our names for theirs, and by what theirs is divided. */
const ours: Readonly<Record<string, readonly [quantity: string, unit: number]>> = {
  tr_nll: ['loss', 1],
  tr_err: ['error', 100],
  te_nll: ['test_loss', 1],
  te_err: ['test_error', 100],
};
const theirs: readonly string[] = ['tr', 'te'].flatMap((set) =>
  ['nll', 'err', 'loss', 'acc'].map((name) => `${set}_${name}`),
);

export const isCurve = (names: ReadonlySet<string>): boolean =>
  names.has('ts') && !names.has('alphas') && theirs.some((name) => names.has(name));
export const isPlane = (names: ReadonlySet<string>): boolean =>
  names.has('alphas') && names.has('betas') && theirs.some((name) => names.has(name));

const regularised = (set: string): string =>
  `${set} holds the regulariser, which plane.npz takes as a sum of norms and curve.npz as a sum of squared norms: the two cannot be compared. The loss here is ${set.slice(0, 2)}_nll, without it.`;

function quantities(
  arrays: ReadonlyMap<string, NumericArray>,
  shape: readonly number[],
): { fields: LandscapeFile['fields']; announcements: string[] } {
  const found = theirs.flatMap((name) => {
    const array = arrays.get(name);
    if (array === undefined) return [];
    hasShape(name, array, shape);
    return [{ name, values: firstIndexFastest(array.data, shape) }];
  });
  const valuesOf = (name: string) => found.find((one) => one.name === name)?.values;
  const isRepeated = (name: string, accuracy: Float64Array): boolean => {
    const error = name.endsWith('_acc') ? valuesOf(name.replace('acc', 'err')) : undefined;
    return error?.every((value, i) => !(Math.abs(100 - accuracy[i]! - value) > 1e-9)) ?? false;
  };
  const fields = found
    .filter(({ name, values }) => !isRepeated(name, values))
    .map(({ name, values }) => {
      const [quantity, unit] = ours[name] ?? [name, 1];
      return {
        quantity,
        values: unit === 1 ? values : values.map((value) => value / unit),
        computed: allComputed(values.length),
        uncertainty: null,
      };
    });
  const announcements = found.filter(({ name }) => name.endsWith('_loss')).map(({ name }) => regularised(name));
  return { fields, announcements };
}

/** Numbers that stand alone (least, largest, mean, integral of each quantity along the curve). */
const scalarNotes = (arrays: ReadonlyMap<string, NumericArray>): Record<string, string> =>
  Object.fromEntries(
    [...arrays].filter(([, { shape }]) => shape.length === 0).map(([name, { data }]) => [name, String(data[0])]),
  );

/** Throws FormatError. */
export function landscapeOfCurve(arrays: ReadonlyMap<string, NumericArray>): LandscapeFile {
  const ts = axisOf('ts', arrays.get('ts')!);
  const { fields, announcements } = quantities(arrays, [ts.length]);
  const dl = arrays.get('dl');
  if (dl) hasShape('dl', dl, [ts.length]);
  return {
    form: 'mode-connectivity',
    axes: [{ name: 't', coordinates: ts, norm: null }],
    fields: [
      ...fields,
      ...(dl
        ? [{ quantity: 'segment_length', values: float64Of(dl), computed: allComputed(ts.length), uncertainty: null }]
        : []),
    ],
    path: null,
    directions: null,
    notes: scalarNotes(arrays),
    announcements: [
      ...announcements,
      'The axis is the parameter t of a curve and not a straight line: equal steps in t are not equal steps in θ (segment_length).',
    ],
  };
}

/** Throws FormatError. */
export function landscapeOfPlane(arrays: ReadonlyMap<string, NumericArray>): LandscapeFile {
  const axes = [axisOf('alphas', arrays.get('alphas')!), axisOf('betas', arrays.get('betas')!)] as const;
  const shape = axes.map(({ length }) => length);
  const { fields, announcements } = quantities(arrays, shape);
  const norms = unitLengths(arrays.get('grid'), axes);
  const path = curveOnPlane(arrays, norms);
  const bends = arrays.get('bend_coordinates');
  return {
    form: 'mode-connectivity',
    axes: axes.map((coordinates, k) => ({ name: ['alpha', 'beta'][k]!, coordinates, norm: norms[k]! })),
    fields,
    path,
    directions: null,
    notes: { ...scalarNotes(arrays), ...(bends ? { bend_coordinates: JSON.stringify([...bends.data]) } : {}) },
    announcements: [
      ...announcements,
      ...(path ? ['The path is the curve; its parameter t stands where a run has its steps.'] : []),
      ...(norms.includes(null) ? ['The file does not tell how long one unit along its axes is.'] : []),
    ],
  };
}

/** ‖d‖ of each axis out of grid[i][j] = (αᵢ ‖d₁‖, βⱼ ‖d₂‖), at the coordinate farthest from zero. */
function unitLengths(grid: NumericArray | undefined, axes: readonly Float64Array[]): (number | null)[] {
  if (grid === undefined) return axes.map(() => null);
  const [rows, columns] = axes.map(({ length }) => length) as [number, number];
  hasShape('grid', grid, [rows, columns, 2]);
  return axes.map((coordinates, k) => {
    const at = coordinates.reduce((best, value, i) => (Math.abs(value) > Math.abs(coordinates[best]!) ? i : best), 0);
    const norm = Number(grid.data[2 * (k === 0 ? at * columns : at) + k]) / coordinates[at]!;
    return Number.isFinite(norm) && norm > 0 ? norm : null;
  });
}

function curveOnPlane(arrays: ReadonlyMap<string, NumericArray>, norms: readonly (number | null)[]): FilePath | null {
  const [curve, ts] = [arrays.get('curve_coordinates'), arrays.get('ts')];
  if (!curve || !ts || norms.includes(null)) return null;
  if (ts.shape.length !== 1)
    throw new FormatError('landscape-shape', `The parameter of the curve has ${ts.shape.length} axes.`);
  const count = ts.data.length;
  hasShape('curve_coordinates', curve, [count, 2]);
  const along = (k: number) =>
    Float64Array.from({ length: count }, (_, i) => Number(curve.data[2 * i + k]) / norms[k]!);
  return { steps: [...ts.data], coordinates: [along(0), along(1)], distance: null, loss: null };
}

export interface ModeConnectivityArrays {
  readonly arrays: Map<string, NumericArray>;
  readonly announcements: string[];
}

const float64 = (shape: readonly number[], data: Float64Array): NumericArray => ({
  shape: [...shape],
  dtype: 'float64',
  data,
});

/** Quantities under their names. Where there is no loss with a regulariser, ours stands for it too. */
function theirQuantities({ fields, axes }: LandscapeFile): ModeConnectivityArrays {
  const shape = axes.map(({ coordinates }) => coordinates.length);
  const announcements: string[] = [];
  const arrays = new Map<string, NumericArray>();
  const put = (name: string, values: Float64Array) => arrays.set(name, float64(shape, lastIndexFastest(values, shape)));
  const known = (quantity: string): Float64Array | null => {
    const field = fields.find((one) => one.quantity === quantity);
    return field ? field.values.map((value, i) => (field.computed[i] === 1 ? value : Number.NaN)) : null;
  };
  for (const [name, [quantity, unit]] of Object.entries(ours)) {
    const values = known(quantity);
    if (values === null) continue;
    const [set, kind] = name.split('_') as [string, string];
    put(
      name,
      values.map((value) => value * unit),
    );
    if (kind === 'err') put(`${set}_acc`, known(`${set}_acc`) ?? values.map((value) => 100 - value * unit));
    if (kind !== 'nll') continue;
    const whole = known(`${set}_loss`);
    put(`${set}_loss`, whole ?? values);
    if (whole === null) announcements.push(`${set}_loss is written as ${name}: it has no regulariser.`);
  }
  if (arrays.size === 0)
    throw new BadInput(
      `The form of dnn-mode-connectivity holds losses and errors, and there are only ${fields.map(({ quantity }) => quantity).join(', ')}.`,
      'Use another form.',
    );
  const left = fields.filter(
    ({ quantity }) =>
      quantity !== 'segment_length' &&
      !theirs.includes(quantity) &&
      !Object.values(ours).some(([name]) => name === quantity),
  );
  if (left.length > 0)
    announcements.push(
      `Left out, for the form has no name for it: ${left.map(({ quantity }) => quantity).join(', ')}.`,
    );
  if (fields.some(({ computed }) => computed.includes(0)))
    announcements.push('What was not computed is NaN in the file, as what is no number is.');
  return { arrays, announcements };
}

/** A line as curve.npz, a plane as plane.npz. Throws BadInput for volumes, and where there is neither loss nor error. */
export function modeConnectivityArrays(file: LandscapeFile): ModeConnectivityArrays {
  if (file.axes.length > 2)
    throw new BadInput(
      `The form of dnn-mode-connectivity holds lines and planes, and this is a ${shapeName(file)}.`,
      'Use another form.',
    );
  const { arrays, announcements } = theirQuantities(file);
  const own = file.axes.length === 1 ? curveArrays(file, arrays) : planeArrays(file, announcements);
  return { arrays: new Map([...own, ...arrays]), announcements };
}

function curveArrays(
  { axes, fields }: LandscapeFile,
  quantities: ReadonlyMap<string, NumericArray>,
): Map<string, NumericArray> {
  const { coordinates, norm } = axes[0]!;
  const count = coordinates.length;
  const stored = fields.find(({ quantity }) => quantity === 'segment_length')?.values;
  const steps = coordinates.map((value, i) => (i === 0 ? 0 : Math.abs(value - coordinates[i - 1]!) * (norm ?? 1)));
  const lengths = stored ?? steps;
  const out = new Map<string, NumericArray>([
    ['ts', float64([count], coordinates)],
    ['dl', float64([count], lengths)],
  ]);
  for (const [name, { data }] of quantities) {
    if (name.endsWith('_acc')) continue;
    for (const [kind, value] of Object.entries(statistics(data, lengths)))
      out.set(`${name}_${kind}`, float64([], new Float64Array([value])));
  }
  return out;
}

/** As eval_curve.py has them: int is the mean along the curve, by the trapezium rule on its segments. */
function statistics(
  values: ArrayLike<number>,
  lengths: Float64Array,
): Readonly<Record<'min' | 'max' | 'avg' | 'int', number>> {
  let [min, max, sum, area, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    // Math.min and Math.max pass NaN on, as NumPy's do.
    min = Math.min(min, values[i]!);
    max = Math.max(max, values[i]!);
    sum += values[i]!;
    if (i === 0) continue;
    area += 0.5 * (values[i - 1]! + values[i]!) * lengths[i]!;
    whole += lengths[i]!;
  }
  return { min, max, avg: sum / values.length, int: area / whole };
}

function planeArrays({ axes, path, notes }: LandscapeFile, announcements: string[]): Map<string, NumericArray> {
  const [alphas, betas] = axes.map(({ coordinates }) => coordinates) as [Float64Array, Float64Array];
  const [dx, dy] = axes.map(({ norm }) => norm ?? 1) as [number, number];
  if (axes.some(({ norm }) => norm === null))
    announcements.push('The length of one unit along an axis is not known and is taken as 1 in grid.');
  const grid = new Float64Array(2 * alphas.length * betas.length);
  for (let i = 0; i < alphas.length; i++)
    for (let j = 0; j < betas.length; j++) grid.set([alphas[i]! * dx, betas[j]! * dy], 2 * (i * betas.length + j));
  const count = path?.steps.length ?? 0;
  const curve = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) curve.set([path!.coordinates[0]![i]! * dx, path!.coordinates[1]![i]! * dy], 2 * i);
  const bends = bendsOf(notes.bend_coordinates);
  if (bends === null) announcements.push('There are no bends of a curve; bend_coordinates is NaN.');
  const points = bends ?? new Float64Array(6).fill(Number.NaN);
  return new Map<string, NumericArray>([
    ['ts', float64([count], Float64Array.from(path?.steps ?? []))],
    ['bend_coordinates', float64([points.length / 2, 2], points)],
    ['curve_coordinates', float64([count, 2], curve)],
    ['alphas', float64([alphas.length], alphas)],
    ['betas', float64([betas.length], betas)],
    ['grid', float64([alphas.length, betas.length, 2], grid)],
  ]);
}

/** Notes are text from anywhere. */
function bendsOf(text: string | undefined): Float64Array | null {
  if (text === undefined || !/^\[[-+.,\deE]*\]$/.test(text)) return null;
  const numbers = text.slice(1, -1).split(',').map(Number);
  return numbers.length % 2 === 0 && numbers.every(Number.isFinite) ? Float64Array.from(numbers) : null;
}
