import { BadInput } from '../../bad-input.ts';
import { FormatError, shown } from '../format-error.ts';
import type { FilePath, LandscapeFile } from '../landscape-file.ts';
import { fromHdf5Name, type Hdf5Group, isNumeric, nodeAt, numbersAt, textAt, textOf } from './hdf5-tree.ts';
import { ourGroup } from './our-group.ts';
import { errorOfAccuracy, type ToolQuantity, toolQuantities } from './quantities.ts';

type Axis = LandscapeFile['axes'][number];
type FileField = LandscapeFile['fields'][number];

/** Whether a tree has the shape of a surface file of loss-landscape. */
export const isSurface = (tree: Hdf5Group): boolean => tree.members.has('xcoordinates');

/**
 * The surface file of tomgoldstein/loss-landscape (plot_surface.py, plot_hessian_eigen.py; Li et al., 2018).
 *
 * Order: the tool numbers points by `meshgrid`, cell k at x = k mod n_x and y = k div n_x, whatever two extents the array
 * declares; that is the order of a `LandscapeFile`. Not computed: −1, of min_eig +1; where the file has a mask of ours, a
 * cell is computed if the mask says so or the tool has filled it since. Accuracies become shares of error (the percentages
 * are 100 (1 − error), up to rounding). Throws FormatError.
 */
export function readSurface(tree: Hdf5Group): LandscapeFile {
  const axes = surfaceAxes(tree);
  const points = axes.reduce((product, { coordinates }) => product * coordinates.length, 1);
  const announcements: string[] = [];
  const fields = [...toolFields(tree, points, announcements), ...ourFields(tree, points), ...otherFields(tree, points)];
  if (fields.length === 0)
    throw new FormatError('landscape-values', 'The file has coordinates and no array of numbers on them.');
  const [nx, ny] = axes.map(({ coordinates }) => coordinates.length);
  if (ny !== undefined && nx !== ny)
    announcements.push(
      `The grid is not square (${nx} × ${ny}): values were read in the order in which loss-landscape computes them, x fastest, whatever shape the file declares.`,
    );
  const notes = notesOf(tree);
  if (notes.dir_file !== undefined)
    announcements.push(
      `The directions lie in a file of their own (${shown(notes.dir_file)}); without it, axes are known in multiples of directions of unknown length only.`,
    );
  else announcements.push('The file names no direction file: what its axes are is not known.');
  return {
    form: 'loss-landscape',
    axes,
    fields,
    path: pathOf(tree, axes.length),
    directions: null,
    notes,
    announcements,
  };
}

function surfaceAxes(tree: Hdf5Group): Axis[] {
  const norms = numbersAt(tree, `${ourGroup}/norms`)?.data;
  return ['x', 'y'].flatMap((name, k) => {
    const found = numbersAt(tree, `${name}coordinates`);
    if (found === null) return [];
    const { data } = found;
    if (data.length === 0 || data.some((value) => !Number.isFinite(value)))
      throw new FormatError('landscape-axis', `The file's ${name}coordinates hold no or no finite numbers.`);
    const norm = norms?.[k];
    return [{ name, coordinates: data, norm: norm === undefined || Number.isNaN(norm) ? null : norm }];
  });
}

function valuesAt(tree: Hdf5Group, dataset: string, points: number): Float64Array | null {
  const found = numbersAt(tree, dataset);
  if (found !== null && found.data.length !== points)
    throw new FormatError(
      'landscape-shape',
      `The file's ${shown(dataset)} has ${found.data.length} values, and the grid has ${points} points.`,
    );
  return found?.data ?? null;
}

function maskAt(tree: Hdf5Group, name: string, points: number): Float64Array | null {
  return valuesAt(tree, `${ourGroup}/computed/${name}`, points);
}

function toolFields(tree: Hdf5Group, points: number, announcements: string[]): FileField[] {
  const fields = toolQuantities.flatMap((known) => {
    const raw = valuesAt(tree, known.dataset, points);
    if (raw === null) return [];
    const field = toolField(tree, known, raw);
    // The tool makes room for accuracies and eigenvalues in pairs; of one that nobody computed there is nothing to show.
    if (known.quantity !== 'loss' && !field.computed.includes(1)) return [];
    announcements.push(...saidOf(known, field, nodeAt(tree, `${ourGroup}/computed/${known.dataset}`) !== undefined));
    return [field];
  });
  if (fields.some(({ quantity }) => quantity.startsWith('lambda_')) && nodeAt(tree, ourGroup) === undefined)
    announcements.push(
      'max_eig and min_eig of loss-landscape are eigenvalues of the sum over its batches: divided by the number of batches, they are those of the mean loss.',
    );
  return fields;
}

function saidOf(known: ToolQuantity, { computed }: FileField, isMasked: boolean): string[] {
  const missing = computed.reduce((count, is) => count + 1 - is, 0);
  const said: string[] = [];
  if (missing > 0 && !isMasked)
    said.push(
      `${missing} of ${computed.length} values of ${known.dataset} are ${known.unfilled}, which loss-landscape writes for “not computed”: they are shown as not computed.`,
    );
  if (known.isAccuracy)
    said.push(
      `${known.dataset} is in percent of correct answers; it is shown as ${known.quantity}, the share of wrong ones, (100 − accuracy)/100.`,
    );
  return said;
}

function toolField(tree: Hdf5Group, known: ToolQuantity, raw: Float64Array): FileField {
  const mask = maskAt(tree, known.dataset, raw.length);
  // The tool may have gone on since: what it has filled is computed, whatever the mask said.
  const computed = Uint8Array.from(raw, (value, i) => (value !== known.unfilled || mask?.[i] === 1 ? 1 : 0));
  const values = raw.map((value, i) => {
    if (computed[i] === 0) return Number.NaN;
    return known.isAccuracy ? errorOfAccuracy(value) : value;
  });
  const uncertainty = valuesAt(tree, `${ourGroup}/uncertainty/${known.dataset}`, raw.length);
  return { quantity: known.quantity, values, computed, ...(uncertainty && { uncertainty }) };
}

/** Quantities of ours that the tool has no name for. */
function ourFields(tree: Hdf5Group, points: number): FileField[] {
  const fields = nodeAt(tree, `${ourGroup}/fields`);
  if (fields?.kind !== 'group') return [];
  return [...fields.members.keys()].map((name) => {
    const values = valuesAt(tree, `${ourGroup}/fields/${name}`, points)!;
    const computed = Uint8Array.from(maskAt(tree, name, points) ?? values.map(() => 1), (is) => (is === 0 ? 0 : 1));
    const uncertainty = valuesAt(tree, `${ourGroup}/uncertainty/${name}`, points);
    return { quantity: fromHdf5Name(name), values, computed, ...(uncertainty && { uncertainty }) };
  });
}

/** Arrays of the right size under names that the tool does not write. */
function otherFields(tree: Hdf5Group, points: number): FileField[] {
  const known = new Set(['xcoordinates', 'ycoordinates', ...toolQuantities.map(({ dataset }) => dataset)]);
  return [...tree.members].flatMap(([name, node]) => {
    if (known.has(name) || node.kind !== 'dataset' || !isNumeric(node.value)) return [];
    if (node.value.data.length !== points || points === 1) return [];
    return [{ quantity: name, values: Float64Array.from(node.value.data), computed: new Uint8Array(points).fill(1) }];
  });
}

function notesOf(tree: Hdf5Group): Record<string, string> {
  const notes: [string, string][] = [];
  const directions = textAt(tree, 'dir_file');
  if (directions !== null) notes.push(['dir_file', directions]);
  const ours = nodeAt(tree, `${ourGroup}/notes`);
  if (ours?.kind === 'group') {
    for (const [name, node] of ours.members) {
      const text = node.kind === 'dataset' ? textOf(node.value) : null;
      if (text !== null) notes.push([fromHdf5Name(name), text]);
    }
  }
  return Object.fromEntries(notes);
}

/** The path under a group of ours. */
export function pathOf(tree: Hdf5Group, axes: number, at = `${ourGroup}/path`): FilePath | null {
  const steps = numbersAt(tree, `${at}/steps`)?.data;
  const all = numbersAt(tree, `${at}/coordinates`);
  if (!steps || !all) return null;
  const n = steps.length;
  const [distance, loss] = ['distance', 'loss'].map((name) => numbersAt(tree, `${at}/${name}`)?.data ?? null);
  if (all.data.length !== axes * n || [distance, loss].some((given) => given && given.length !== n))
    throw new FormatError('landscape-shape', `The file's path has ${n} steps and other numbers of coordinates.`);
  return {
    steps: [...steps],
    coordinates: Array.from({ length: axes }, (_, k) => all.data.slice(k * n, (k + 1) * n)),
    distance: distance!,
    loss: loss!,
  };
}

/** A landscape that is none of this form's. */
export const notASurface = (axes: number): BadInput =>
  new BadInput(
    `The landscape has ${axes} axes, and surface files of loss-landscape hold lines and planes.`,
    'Save it in the form of Saddlescope.',
  );
