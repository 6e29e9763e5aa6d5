import type { LandscapeFile } from '../landscape-file.ts';
import { array, group, type Hdf5Group, hdf5Name } from './hdf5-tree.ts';
import { notesGroup, ourGroup, pathGroup } from './our-group.ts';
import { accuracyOfError, type ToolQuantity, toolQuantities, toolQuantitiesOnTest } from './quantities.ts';
import { notASurface } from './read-surface.ts';

export interface SurfaceOptions {
  /** Name of the direction file beside it, as the tool is to find it. */
  readonly directionFile: string;
  /** What the landscape's `loss` and `error` were evaluated on. */
  readonly on?: 'train' | 'test';
}

export interface WrittenSurface {
  readonly tree: Hdf5Group;
  /** Where the tool will see something else than what is here; one sentence each. */
  readonly announcements: readonly string[];
}

type FileField = LandscapeFile['fields'][number];

/**
 * A surface file as loss-landscape writes and reads it: dir_file, xcoordinates, ycoordinates and its datasets under its
 * names, −1 (min_eig: +1) where nothing is computed, accuracies in percent. Planes are (n_y, n_x): in that shape the tool
 * plots them, and for n_x = n_y it is the one that the tool writes; where n_x ≠ n_y, it declares (n_x, n_y) over the same
 * sequence of numbers and cannot plot its own file. Masks, uncertainties, path, other quantities and notes lie in the
 * group `saddlescope`. Throws BadInput for volumes.
 */
export function surfaceTree(landscape: LandscapeFile, { directionFile, on = 'train' }: SurfaceOptions): WrittenSurface {
  const { axes, fields } = landscape;
  if (axes.length > 2) throw notASurface(axes.length);
  const shape = axes.map(({ coordinates }) => coordinates.length).reverse();
  const names = on === 'test' ? toolQuantitiesOnTest : toolQuantities;
  const known = names.flatMap((name) => {
    const field = fields.find(({ quantity }) => quantity === name.quantity);
    return field === undefined ? [] : [{ name, field }];
  });
  const other = fields.filter(({ quantity }) => !names.some((name) => name.quantity === quantity));
  const labelled = [
    ...known.map(({ name, field }) => [name.dataset, field] as const),
    ...other.map((field) => [hdf5Name(field.quantity), field] as const),
  ];
  const { dir_file: _, ...notes } = landscape.notes;
  const tree = group([
    ['dir_file', directionFile],
    ['xcoordinates', axes[0]!.coordinates],
    ['ycoordinates', axes[1]?.coordinates ?? null],
    ...known.map(({ name, field }) => [name.dataset, array(sentinelled(name, field), shape)] as const),
    ...companions(known, shape),
    [
      ourGroup,
      group({
        computed: group(labelled.map(([name, { computed }]) => [name, array(computed, shape, 'uint8')] as const)),
        uncertainty: group(
          labelled.map(([name, { uncertainty }]) => [name, uncertainty ? array(uncertainty, shape) : null] as const),
        ),
        fields: group(other.map(({ quantity, values }) => [hdf5Name(quantity), array(values, shape)] as const)),
        norms: Float64Array.from(axes, ({ norm }) => norm ?? Number.NaN),
        path: pathGroup(landscape.path),
        notes: notesGroup(notes),
      }),
    ],
  ]);
  return { tree, announcements: [...known.flatMap(({ name, field }) => collisions(name, field)), ...unnamed(other)] };
}

function sentinelled({ unfilled, isAccuracy }: ToolQuantity, { values, computed }: FileField): Float64Array {
  return values.map((value, i) => {
    if (computed[i] === 0) return unfilled;
    return isAccuracy ? accuracyOfError(value) : value;
  });
}

/** The tool opens train_acc wherever it finds train_loss, and max_eig wherever min_eig: empty where there is none here. */
function companions(known: readonly { readonly name: ToolQuantity }[], shape: readonly number[]) {
  const has = (dataset: string) => known.some(({ name }) => name.dataset === dataset);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const pairs = [
    ['train_loss', 'train_acc', -1],
    ['test_loss', 'test_acc', -1],
    ['max_eig', 'min_eig', 1],
    ['min_eig', 'max_eig', -1],
  ] as const;
  return pairs.flatMap(([present, absent, unfilled]) =>
    has(present) && !has(absent) ? [[absent, array(new Float64Array(count).fill(unfilled), shape)] as const] : [],
  );
}

function collisions({ dataset, unfilled, isAccuracy }: ToolQuantity, field: FileField): string[] {
  const written = sentinelled({ dataset, unfilled, isAccuracy, quantity: '' }, field);
  const count = (is: (value: number) => boolean) =>
    written.reduce((sum, value, i) => sum + (field.computed[i] === 1 && is(value) ? 1 : 0), 0);
  const said: string[] = [];
  const taken = count((value) => value === unfilled);
  if (taken > 0)
    said.push(
      `${taken} computed values of ${dataset} are exactly ${unfilled}, which loss-landscape takes for “not computed”; the mask in ${ourGroup}/computed tells them apart.`,
    );
  // scheduler.py computes again wherever losses or largest eigenvalues are not above zero.
  const again =
    dataset.endsWith('_loss') || dataset === 'max_eig' ? count((value) => value <= 0 && value !== unfilled) : 0;
  if (again > 0)
    said.push(
      `${again} values of ${dataset} are not above zero: loss-landscape, told to go on, would compute them again.`,
    );
  return said;
}

const unnamed = (other: readonly FileField[]): string[] =>
  other.length === 0
    ? []
    : [
        `loss-landscape has no name for ${other.map(({ quantity }) => quantity).join(', ')}: they lie in the group ${ourGroup}, which it does not read.`,
      ];
