import { FormatError } from '../format-error.ts';
import { elementCount } from '../numeric-array.ts';
import {
  array,
  dataset,
  group,
  type Hdf5Group,
  isNumeric,
  nodeAt,
  numberedMembers,
  numbersAt,
  textOf,
} from './hdf5-tree.ts';
import { namesOfTensors } from './tensor-names.ts';

export interface UnnamedTensor {
  readonly name?: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export interface DirectionTensor extends UnnamedTensor {
  /** The file's where it has one, else the usual one by its place and shape (`namesOfTensors`). */
  readonly name: string;
}

/** What the tool's principal component analysis adds to its direction file: two numbers each. */
export interface PrincipalComponents {
  readonly explainedVarianceRatio: Float64Array;
  readonly singularValues: Float64Array;
  readonly explainedVariance: Float64Array;
}

export interface DirectionFile {
  /** One or two directions by tensors, in PyTorch's order and shapes. */
  readonly directions: readonly (readonly DirectionTensor[])[];
  /** ‖d‖ over all tensors with axes, as the tool measures it. */
  readonly norms: readonly number[];
  /** Cosine between two directions; null for one. */
  readonly cosine: number | null;
  /** Whether tensors without axes (num_batches_tracked) tell of a direction through states. */
  readonly isOfStates: boolean;
  readonly principalComponents: PrincipalComponents | null;
  readonly notes: Readonly<Record<string, string>>;
  readonly announcements: readonly string[];
}

const names = ['xdirection', 'ydirection'] as const;

export const isDirectionTree = (tree: Hdf5Group): boolean => tree.members.has('xdirection');

/**
 * The direction file of loss-landscape (net_plotter.py, h5_util.py): groups xdirection and, for planes, ydirection, a
 * dataset a tensor, named "0", "1" … and listed by HDF5 as text ("10" before "2"); put into numeric order here. Principal
 * directions (projection.py) come with their explained variance. Throws FormatError.
 */
export function readDirections(tree: Hdf5Group): DirectionFile {
  const directions = names.flatMap((name) => {
    const found = nodeAt(tree, name);
    if (found === undefined) return [];
    if (found.kind !== 'group')
      throw new FormatError('landscape-direction', `The file's ${name} is no group of tensors.`);
    return [tensorsOf(found, name)];
  });
  if (directions.length === 0 || !tree.members.has('xdirection'))
    throw new FormatError('landscape-direction', 'The file has no xdirection.');
  const isOfStates = directions.some((tensors) => tensors.some(({ shape }) => shape.length === 0));
  const norms = directions.map((tensors) => Math.sqrt(inner(tensors, tensors)));
  const cosine = directions.length === 2 ? inner(directions[0]!, directions[1]!) / (norms[0]! * norms[1]!) : null;
  const components = principalComponentsOf(tree);
  const announcements = [...saidOfTensors(directions, isOfStates), ...saidOfPair(norms, cosine)];
  if (components !== null)
    announcements.push(
      'The shares of variance are those around the mean of the checkpoints (sklearn centres them), while the path is drawn from the final weights.',
    );
  const notes: Record<string, string> = { norms: norms.map((norm) => norm.toPrecision(6)).join(', ') };
  if (cosine !== null) notes.cosine = cosine.toPrecision(6);
  if (components !== null) notes.explained_variance_ratio = [...components.explainedVarianceRatio].join(', ');
  return { directions, norms, cosine, isOfStates, principalComponents: components, notes, announcements };
}

function tensorsOf(found: Hdf5Group, name: string): DirectionTensor[] {
  const tensors = numberedMembers(found, name).map((node, i) => {
    if (node.kind !== 'dataset' || !isNumeric(node.value))
      throw new FormatError('landscape-direction', `Tensor ${i} of ${name} is no array of numbers.`);
    const own = textOf(node.attributes.get('name'));
    return { own, shape: node.value.shape, data: Float64Array.from(node.value.data) };
  });
  const guessed = namesOfTensors(tensors.map(({ shape }) => shape));
  return tensors.map(({ own, shape, data }, i) => ({ name: own ?? guessed[i]!, shape, data }));
}

/** As `nplist_to_tensor` of the tool: tensors without axes are left out. Different shapes have no inner product. */
function inner(one: readonly DirectionTensor[], other: readonly DirectionTensor[]): number {
  if (one.length !== other.length || one.some(({ data }, i) => data.length !== other[i]!.data.length))
    throw new FormatError('landscape-direction', 'The two directions of the file have different tensors.');
  let sum = 0;
  one.forEach(({ shape, data }, t) => {
    if (shape.length === 0) return;
    const others = other[t]!.data;
    for (let i = 0; i < data.length; i++) sum += data[i]! * others[i]!;
  });
  return sum;
}

function saidOfTensors(directions: readonly (readonly DirectionTensor[])[], isOfStates: boolean): string[] {
  const said: string[] = [];
  if (isOfStates)
    said.push(
      'The direction runs through states: besides the parameters it moves the running mean and variance of batch normalisation and its count of batches.',
    );
  const vectors = directions.flat().filter(({ shape }) => shape.length === 1);
  if (vectors.length > 0 && vectors.every(({ data }) => data.every((value) => value === 0)))
    said.push(
      'All tensors with one axis are zero: biases and normalisation were left out of the directions (ignore=biasbn).',
    );
  return said;
}

function saidOfPair(norms: readonly number[], cosine: number | null): string[] {
  if (norms.includes(0)) return ['A direction of the file is zero: nothing changes along it.'];
  if (cosine === null || Math.abs(cosine) < 1e-3) return [];
  if (1 - Math.abs(cosine) < 1e-9) return ['Both directions are the same line: the surface is one curve seen twice.'];
  return [
    `The directions are not orthogonal (cosine ${cosine.toPrecision(3)}): angles and distances in the picture are not those of parameter space.`,
  ];
}

function principalComponentsOf(tree: Hdf5Group): PrincipalComponents | null {
  const [ratio, singular, variance] = ['explained_variance_ratio_', 'singular_values_', 'explained_variance_'].map(
    (name) => numbersAt(tree, name)?.data,
  );
  if (!ratio) return null;
  const none = new Float64Array(0);
  return { explainedVarianceRatio: ratio, singularValues: singular ?? none, explainedVariance: variance ?? none };
}

/** A direction file as the tool reads it: float32, as its own are; names, where given, as attributes. Throws RangeError for other than one or two directions. */
export function directionTree(
  directions: readonly (readonly UnnamedTensor[])[],
  principalComponents: PrincipalComponents | null = null,
): Hdf5Group {
  if (directions.length < 1 || directions.length > 2) throw new RangeError(`${directions.length} directions`);
  return group([
    ...directions.map((tensors, k) => {
      const members = tensors.map(({ name, shape, data }, i) => {
        if (elementCount(shape) !== data.length) throw new RangeError(`tensor ${i} has ${data.length} elements`);
        const values = array(Float32Array.from(data), shape, 'float32');
        return [String(i), dataset(values, name === undefined ? {} : { name })] as const;
      });
      return [names[k]!, group(members)] as const;
    }),
    ['explained_variance_ratio_', principalComponents?.explainedVarianceRatio ?? null],
    ['singular_values_', principalComponents?.singularValues ?? null],
    ['explained_variance_', principalComponents?.explainedVariance ?? null],
  ]);
}
