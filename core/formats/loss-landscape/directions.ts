import { FormatError } from '../format-error.ts';
import { elementCount } from '../numeric-array.ts';
import { array, group, type Hdf5Group, isNumeric, nodeAt, numberedMembers, numbersAt } from './hdf5-tree.ts';

export interface DirectionTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
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
  return numberedMembers(found, name).map((node, i) => {
    if (node.kind !== 'dataset' || !isNumeric(node.value))
      throw new FormatError('landscape-direction', `Tensor ${i} of ${name} is no array of numbers.`);
    return { name: `${name}/${i}`, shape: node.value.shape, data: Float64Array.from(node.value.data) };
  });
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

/**
 * The parameters among the tensors of a direction through states, in the order of `parameters()`: of each batch
 * normalisation, the count of batches (no axes) and the running mean and variance before it are left out, as PyTorch lists
 * them (weight, bias, running_mean, running_var, num_batches_tracked). Throws FormatError where it is otherwise.
 */
export function parametersOfStates(tensors: readonly DirectionTensor[]): DirectionTensor[] {
  const left = new Set<number>();
  tensors.forEach(({ shape }, i) => {
    if (shape.length > 0) return;
    const [mean, variance] = [tensors[i - 2], tensors[i - 1]];
    if (mean?.shape.length !== 1 || variance?.shape.length !== 1 || mean.data.length !== variance.data.length)
      throw new FormatError(
        'landscape-direction',
        `Before tensor ${i}, which has no axes, stand no running mean and variance.`,
      );
    for (const at of [i - 2, i - 1, i]) left.add(at);
  });
  return tensors.filter((_, i) => !left.has(i));
}

/** A direction file as the tool reads it: float32, as its own are. Throws RangeError for other than one or two directions. */
export function directionTree(
  directions: readonly (readonly Omit<DirectionTensor, 'name'>[])[],
  principalComponents: PrincipalComponents | null = null,
): Hdf5Group {
  if (directions.length < 1 || directions.length > 2) throw new RangeError(`${directions.length} directions`);
  return group([
    ...directions.map((tensors, k) => {
      const members = tensors.map(({ shape, data }, i) => {
        if (elementCount(shape) !== data.length) throw new RangeError(`tensor ${i} has ${data.length} elements`);
        return [String(i), array(Float32Array.from(data), shape, 'float32')] as const;
      });
      return [names[k]!, group(members)] as const;
    }),
    ['explained_variance_ratio_', principalComponents?.explainedVarianceRatio ?? null],
    ['singular_values_', principalComponents?.singularValues ?? null],
    ['explained_variance_', principalComponents?.explainedVariance ?? null],
  ]);
}
