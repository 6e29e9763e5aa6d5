import { zipSync } from 'fflate';
import type { FormatRule } from '../../../core/formats/format-error.ts';
import { landscaperArrays } from '../../../core/formats/landscaper-npz.ts';
import { modeConnectivityArrays } from '../../../core/formats/mode-connectivity-npz.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { arraysOfLandscape } from '../../../core/formats/slice-npz.ts';
import { readLandscapeNpz, sniffLandscape } from '../../../core/formats/sniff-landscape.ts';
import { landscapeOf } from '../../support/landscapes.ts';
import { ascii, type Malformed, rows } from './malformed-arrays.ts';

type Row = readonly [title: string, rule: FormatRule, bytes: () => Uint8Array];
type Arrays = ReadonlyMap<string, NumericArray>;

const [line, plane, volume] = [landscapeOf(3), landscapeOf(3, 2), landscapeOf(3, 2, 2)];
const square = landscapeOf(3, 3);
const withPath = arraysOfLandscape({
  ...plane,
  path: { steps: [0, 1], coordinates: [new Float64Array(2), new Float64Array(2)], distance: null, loss: null },
});
const ours = arraysOfLandscape(plane);
const landscaper = landscaperArrays(square, square.fields[0]!).arrays;
const curve = modeConnectivityArrays(line).arrays;
const grid = modeConnectivityArrays(square).arrays;

const numbers = (shape: readonly number[], ...values: number[]): NumericArray => ({
  shape,
  dtype: 'float64',
  data: Float64Array.from({ length: shape.reduce((count, length) => count * length, 1) }, (_, i) => values[i] ?? 0),
});
/** The archive with some arrays replaced, added, or (null) left out. */
const changed = (arrays: Arrays, changes: Readonly<Record<string, NumericArray | null>>) => (): Uint8Array =>
  writeNpz(
    new Map(
      [...arrays, ...Object.entries(changes)].filter(
        (entry): entry is [string, NumericArray] => entry[1] !== null && changes[entry[0]] !== null,
      ),
    ),
  );
const claimed = (shape: string) => {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  return Uint8Array.from([0x93, ...ascii('NUMPY'), 1, 0, 118, 0, ...ascii(`${header}\n`)]);
};

const npzRows: Row[] = [
  ['an archive of something else', 'landscape-unknown', () => writeNpz(new Map([['x', numbers([2])]]))],
  ['an empty archive', 'landscape-unknown', () => writeNpz(new Map())],
  ['axes and masks alone', 'landscape-values', changed(ours, { loss: null })],
  ['a checkpoint of PyTorch', 'landscape-unknown', () => zipSync({ 'archive/data.pkl': ascii('code') })],
  [
    'a known key in a folder',
    'landscape-unknown',
    () => zipSync({ 'a/alpha.npy': ascii(''), 'a/loss.npy': ascii('') }),
  ],
  ['an axis of two axes', 'landscape-axis', changed(ours, { alpha: numbers([3, 1], 1, 2, 3) })],
  ['an axis that is one number', 'landscape-axis', changed(ours, { alpha: numbers([], 1) })],
  ['an axis without points', 'landscape-axis', changed(ours, { alpha: numbers([0]) })],
  ['an axis with NaN', 'landscape-axis', changed(ours, { alpha: numbers([3], 0, Number.NaN, 1) })],
  ['an axis to infinity', 'landscape-axis', changed(ours, { beta: numbers([2], 0, Number.POSITIVE_INFINITY) })],
  ['an axis that turns', 'landscape-axis', changed(ours, { alpha: numbers([3], 0, 2, 1) })],
  ['an axis with a point twice', 'landscape-axis', changed(ours, { alpha: numbers([3], 0, 0, 1) })],
  ['gamma without beta', 'landscape-axis', changed(arraysOfLandscape(volume), { beta: null })],
  ['a loss of the other orientation', 'landscape-shape', changed(ours, { loss: numbers([3, 2]) })],
  ['a loss in a flat list', 'landscape-shape', changed(ours, { loss: numbers([6]) })],
  ['a mask of another shape', 'landscape-shape', changed(ours, { computed: numbers([2, 2]) })],
  ['a mask of its own of another shape', 'landscape-shape', changed(ours, { loss_computed: numbers([5]) })],
  ['an uncertainty of another shape', 'landscape-shape', changed(ours, { loss_uncertainty: numbers([2]) })],
  ['a quantity of another grid', 'landscape-shape', changed(ours, { error: numbers([4, 4]) })],
  ['a path without its second coordinate', 'landscape-shape', changed(withPath, { path_beta: null })],
  ['a path of two lengths', 'landscape-shape', changed(withPath, { path_alpha: numbers([3]) })],
  ['steps in two axes', 'landscape-shape', changed(withPath, { path_step: numbers([1, 2]) })],
  ['Landscaper: coordinates in one axis', 'landscape-axis', changed(landscaper, { coordinates: numbers([3]) })],
  ['Landscaper: no axes at all', 'landscape-shape', changed(landscaper, { coordinates: numbers([0, 3]) })],
  [
    'Landscaper: four axes',
    'landscape-shape',
    changed(landscaper, { coordinates: numbers([4, 3], 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2) }),
  ],
  ['Landscaper: a loss of other steps', 'landscape-shape', changed(landscaper, { loss: numbers([3, 4]) })],
  ['Landscaper: coordinates that stand still', 'landscape-axis', changed(landscaper, { coordinates: numbers([2, 3]) })],
  [
    'Landscaper: no steps',
    'landscape-axis',
    changed(landscaper, { coordinates: numbers([2, 0]), loss: numbers([0, 0]) }),
  ],
  ['curve: quantities of two lengths', 'landscape-shape', changed(curve, { tr_nll: numbers([4]) })],
  ['curve: segments of another length', 'landscape-shape', changed(curve, { dl: numbers([2]) })],
  ['curve: t goes back', 'landscape-axis', changed(curve, { ts: numbers([3], 0, 1, 0.5) })],
  ['plane: quantities of another shape', 'landscape-shape', changed(grid, { tr_loss: numbers([9]) })],
  ['plane: grid without coordinates', 'landscape-shape', changed(grid, { grid: numbers([3, 3]) })],
  [
    'plane: a curve of another length than ts',
    'landscape-shape',
    changed(grid, { curve_coordinates: numbers([4, 2]) }),
  ],
  ['plane: betas NaN', 'landscape-axis', changed(grid, { betas: numbers([3], 0, Number.NaN, 1) })],
  [
    'a loss that claims 2^40 values',
    'array-too-large',
    () => zipSync({ 'alpha.npy': claimed('(134217729,)'), 'loss.npy': claimed('(1099511627776,)') }),
  ],
];

const fileRows: Row[] = [
  ['nothing', 'file-empty', () => new Uint8Array(0)],
  ['a pickle', 'landscape-unknown', () => Uint8Array.of(0x80, 4, 0x95, 0, 0)],
  ['a text', 'landscape-unknown', () => ascii('x,y\n1,2\n')],
  ['a cut signature of HDF5', 'landscape-unknown', () => Uint8Array.of(0x89, 0x48, 0x44, 0x46)],
  ['a cut archive', 'zip-truncated', () => changed(ours, {})().subarray(0, 200)],
];

export const malformedLandscapes: readonly Malformed[] = [
  ...rows('landscape .npz', readLandscapeNpz, npzRows),
  ...rows('landscape', sniffLandscape, fileRows),
];

/** Intact files: what the mutants are made of. Stored, so that edits reach the arrays. */
export const intactLandscapes: readonly Uint8Array[] = [ours, withPath, landscaper, curve, grid].map((arrays) =>
  writeNpz(arrays, { deflate: false }),
);
