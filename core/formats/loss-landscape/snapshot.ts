import { FormatError, shown } from '../format-error.ts';
import type { LandscapeFile } from '../landscape-file.ts';
import {
  array,
  dataset,
  fromHdf5Name,
  group,
  type Hdf5Group,
  type Hdf5Node,
  hdf5Name,
  isNumeric,
  nodeAt,
  numberedMembers,
  numbersAt,
  textOf,
} from './hdf5-tree.ts';
import { notesGroup, pathGroup } from './our-group.ts';
import { pathOf } from './read-surface.ts';

const format = 'saddlescope landscape';
const version = 1;

/** What lies where in a landscape of ours in HDF5, for the help and the documentation. */
export const snapshotLayout: Readonly<Record<string, string>> = {
  'attributes format, version': `"${format}", ${version}`,
  'coordinates/<k>': '(n_k,) coordinates along axis k, in multiples of direction k; attributes name, norm = ‖d_k‖',
  'fields/<quantity>': '(…, n_1, n_0) values, axis 0 last; attribute order, the loss first',
  'computed/<quantity>': 'same shape, 1 where the value was computed: a NaN there is a value that is no number',
  'uncertainty/<quantity>': 'same shape, standard error or residual of each value',
  'path/steps, distance, loss': '(n,) steps of the checkpoints, distance from the slice, loss where the path really is',
  'path/coordinates': '(axes, n) least-squares coordinates of the path',
  'directions/<k>/<i>': 'tensor i of direction k; attribute name',
  'notes/<name>': 'text: command, seed …',
  announcements: 'texts: where the picture misleads',
};

export const isSnapshot = (tree: Hdf5Group): boolean => textOf(tree.attributes.get('format')) === format;

/** A landscape as a tree of ours (`snapshotLayout`); lines, planes and volumes. */
export function snapshotTree(landscape: LandscapeFile): Hdf5Group {
  const { axes, fields, directions, announcements } = landscape;
  const shape = axes.map(({ coordinates }) => coordinates.length).reverse();
  const named = fields.map((field) => ({ ...field, name: hdf5Name(field.quantity) }));
  return group(
    {
      coordinates: group(
        axes.map(({ name, coordinates, norm }, k) => {
          return [String(k), dataset(coordinates, { name, ...(norm !== null && { norm }) })] as const;
        }),
      ),
      fields: group(named.map(({ name, values }, order) => [name, dataset(array(values, shape), { order })] as const)),
      computed: group(named.map(({ name, computed }) => [name, array(computed, shape, 'uint8')] as const)),
      uncertainty: group(
        named.map(({ name, uncertainty }) => [name, uncertainty ? array(uncertainty, shape) : null] as const),
      ),
      path: pathGroup(landscape.path),
      directions:
        directions &&
        group(
          directions.map((tensors, k) => {
            const members = tensors.map(
              ({ name, shape: own, data }, i) => [String(i), dataset(array(data, own), { name })] as const,
            );
            return [String(k), group(members)] as const;
          }),
        ),
      notes: notesGroup(landscape.notes),
      announcements: announcements.length > 0 ? announcements : null,
    },
    { format, version },
  );
}

const membersOf = (tree: Hdf5Group, name: string): Hdf5Group | null => {
  const found = nodeAt(tree, name);
  return found?.kind === 'group' ? found : null;
};

const numberOf = (node: Hdf5Node, attribute: string): number | null => {
  const value = node.attributes.get(attribute);
  return value !== undefined && isNumeric(value) && value.data.length === 1 ? value.data[0]! : null;
};

/** A landscape out of a tree of ours. Throws FormatError. */
export function readSnapshot(tree: Hdf5Group): LandscapeFile {
  const found = numberOf(tree, 'version');
  if (found === null || found > version)
    throw new FormatError(
      'landscape-version',
      `The landscape is of version ${found}, and this program knows ${version}.`,
    );
  const coordinates = membersOf(tree, 'coordinates');
  const axes = (coordinates ? numberedMembers(coordinates, 'coordinates') : []).map((node, k) => {
    const data = numbersAt(coordinates!, String(k))!.data;
    if (data.length === 0 || data.some((value) => !Number.isFinite(value)))
      throw new FormatError('landscape-axis', `The file's coordinates/${k} hold no or no finite numbers.`);
    return { name: textOf(node.attributes.get('name')) ?? String(k), coordinates: data, norm: numberOf(node, 'norm') };
  });
  if (axes.length < 1 || axes.length > 3)
    throw new FormatError('landscape-axis', `The landscape has ${axes.length} axes, and one to three can be shown.`);
  const points = axes.reduce((product, axis) => product * axis.coordinates.length, 1);
  const fields = fieldsOf(tree, points);
  if (fields.length === 0) throw new FormatError('landscape-values', 'The landscape has no quantity on its grid.');
  const said = nodeAt(tree, 'announcements');
  return {
    form: 'saddlescope',
    axes,
    fields,
    path: pathOf(tree, axes.length, 'path'),
    directions: directionsOf(tree),
    notes: Object.fromEntries(
      [...(membersOf(tree, 'notes')?.members ?? [])].map(([name, node]) => [
        fromHdf5Name(name),
        (node.kind === 'dataset' ? textOf(node.value) : null) ?? '',
      ]),
    ),
    announcements: said?.kind === 'dataset' && said.value.dtype === 'text' ? said.value.data : [],
  };
}

function fieldsOf(tree: Hdf5Group, points: number): LandscapeFile['fields'] {
  const sized = (path: string): Float64Array | null => {
    const values = numbersAt(tree, path)?.data ?? null;
    if (values !== null && values.length !== points)
      throw new FormatError(
        'landscape-shape',
        `The file's ${shown(path)} has ${values.length} values for ${points} points.`,
      );
    return values;
  };
  const ordered = [...(membersOf(tree, 'fields')?.members ?? [])]
    .map(([name, node]) => ({ name, order: numberOf(node, 'order') ?? Number.POSITIVE_INFINITY }))
    .sort((one, other) => (one.order === other.order ? 0 : one.order - other.order));
  return ordered.map(({ name }) => {
    const mask = sized(`computed/${name}`);
    const uncertainty = sized(`uncertainty/${name}`);
    return {
      quantity: fromHdf5Name(name),
      values: sized(`fields/${name}`)!,
      computed: mask === null ? new Uint8Array(points).fill(1) : Uint8Array.from(mask, (is) => (is === 0 ? 0 : 1)),
      ...(uncertainty && { uncertainty }),
    };
  });
}

function directionsOf(tree: Hdf5Group): LandscapeFile['directions'] {
  const all = membersOf(tree, 'directions');
  if (all === null) return null;
  return numberedMembers(all, 'directions').map((direction, k) => {
    if (direction.kind !== 'group')
      throw new FormatError('landscape-direction', `The file's directions/${k} is no group.`);
    return numberedMembers(direction, `directions/${k}`).map((node, i) => {
      const values = numbersAt(direction, String(i))!;
      return { name: textOf(node.attributes.get('name')) ?? String(i), shape: values.shape, data: values.data };
    });
  });
}
