import { BadInput } from '../bad-input.ts';
import { shown } from '../formats/format-error.ts';
import type { NumericArray } from '../formats/numeric-array.ts';
import type { HostVector } from '../linalg/vector-space.ts';
import type { ParameterBlock, ParameterLayout } from '../objective/parameter-layout.ts';
import { fromPytorch, outsideShape, toPytorch } from './pytorch-order.ts';

/** How the tensors of a file are laid out: by TensorFlow (as θ itself) or by PyTorch (out×in, OIHW, flatten C,H,W). */
export type WeightConvention = 'tensorflow' | 'pytorch';

export interface MatchedTensor {
  readonly tensor: string;
  readonly block: string;
}

export interface WeightMatch {
  readonly theta: Float64Array;
  /** Which tensor became which block, in the order of θ. */
  readonly matched: readonly MatchedTensor[];
  /** Running statistics and counters of the file, which are no parameters. */
  readonly unused: readonly string[];
}

/** The tensors under one prefix: `fc1` of `fc1.weight` and `fc1.bias`. */
interface Group {
  readonly prefix: string;
  readonly tensors: ReadonlyMap<string, NumericArray>;
  readonly fullNames: ReadonlyMap<string, string>;
}

interface Layer {
  readonly name: string;
  readonly blocks: ReadonlyMap<string, ParameterBlock>;
}

const notParameters = /^(running_mean|running_var|num_batches_tracked|moving_mean|moving_variance)$/;

/** What a tensor of each role is called in a file. */
const leafNames: Readonly<Record<WeightConvention, Readonly<Partial<Record<ParameterBlock['role'], string>>>>> = {
  pytorch: { kernel: 'weight', bias: 'bias', gain: 'weight', shift: 'bias', embedding: 'weight' },
  tensorflow: { kernel: 'kernel', bias: 'bias', gain: 'gamma', shift: 'beta', embedding: 'embeddings' },
};

const leafOfBlock = (block: ParameterBlock): string => block.name.slice(block.name.lastIndexOf('/') + 1);

/** The name that the stated convention gives a block within its layer. */
function outsideLeaf(block: ParameterBlock, convention: WeightConvention): string {
  const own = leafOfBlock(block);
  // Layers with several kernels tell them apart by name (depthwise, pointwise), and so do roles without a fixed name.
  if (convention === 'tensorflow' && own !== block.name) return own;
  return leafNames[convention][block.role] ?? own;
}

/** `dense/kernel:0` → prefix `dense`, leaf `kernel`; the last dot or slash parts them. */
function splitName(name: string): { prefix: string; leaf: string } {
  const bare = name.replace(/:0$/, '');
  const at = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf('/'));
  return { prefix: bare.slice(0, Math.max(at, 0)), leaf: bare.slice(at + 1) };
}

/** Runs of digits compare as numbers: fc2 before fc10. */
export function naturalOrder(a: string, b: string): number {
  const [as, bs] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    const [x, y] = [as[i]!, bs[i]!];
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y) && Number(x) !== Number(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return as.length - bs.length;
}

function groupsOf(tensors: ReadonlyMap<string, NumericArray>): { groups: Group[]; unused: string[] } {
  const byPrefix = new Map<string, { tensors: Map<string, NumericArray>; fullNames: Map<string, string> }>();
  const unused: string[] = [];
  for (const [name, tensor] of tensors) {
    const { prefix, leaf } = splitName(name);
    if (notParameters.test(leaf)) {
      unused.push(name);
      continue;
    }
    const group = byPrefix.get(prefix) ?? { tensors: new Map(), fullNames: new Map() };
    if (group.tensors.has(leaf)) {
      throw new BadInput(
        `The tensors ${shown(name)} and ${shown(group.fullNames.get(leaf)!)} mean the same.`,
        'Keep one of them.',
      );
    }
    group.tensors.set(leaf, tensor);
    group.fullNames.set(leaf, name);
    byPrefix.set(prefix, group);
  }
  const groups = [...byPrefix].map(([prefix, group]) => ({ prefix, ...group }));
  return { groups: groups.sort((a, b) => naturalOrder(a.prefix, b.prefix)), unused };
}

function layersOf(layout: ParameterLayout, convention: WeightConvention): Layer[] {
  const layers = new Map<string, Map<string, ParameterBlock>>();
  for (const block of layout.blocks) {
    const blocks = layers.get(block.layer) ?? new Map<string, ParameterBlock>();
    const leaf = outsideLeaf(block, convention);
    if (blocks.has(leaf)) {
      throw new BadInput(
        `The layer "${block.layer}" has the blocks "${blocks.get(leaf)!.name}" and "${block.name}", both ${shown(leaf)} in the layout ${convention}.`,
        'Give the weights in the layout tensorflow, named as the blocks of the model.',
      );
    }
    blocks.set(leaf, block);
    layers.set(block.layer, blocks);
  }
  return [...layers].map(([name, blocks]) => ({ name, blocks }));
}

const shapeText = (shape: readonly number[]): string => shape.join('×') || 'scalar';

/** Names and shapes in one text: what of a group and of a layer must agree. */
function signature(shapes: Iterable<readonly [string, readonly number[]]>): string {
  return [...shapes]
    .map(([leaf, shape]) => `${leaf} ${shapeText(shape)}`)
    .sort()
    .join(', ');
}

const groupSignature = ({ tensors }: Group): string =>
  signature([...tensors].map(([leaf, { shape }]) => [leaf, shape]));

const layerSignature = ({ blocks }: Layer, convention: WeightConvention): string =>
  signature(
    [...blocks].map(([leaf, block]) => [
      leaf,
      convention === 'pytorch' ? outsideShape(block, leafOfBlock(block)) : block.shape,
    ]),
  );

function bySignature<T>(items: readonly T[], signatureOf: (item: T) => string): Map<string, T[]> {
  const classes = new Map<string, T[]>();
  for (const item of items) {
    const key = signatureOf(item);
    const members = classes.get(key);
    if (members === undefined) classes.set(key, [item]);
    else members.push(item);
  }
  return classes;
}

/** Tensors named as the blocks of the model and shaped like them: what `weightsToOutside` writes. */
function exactNames(tensors: ReadonlyMap<string, NumericArray>, { blocks }: ParameterLayout): boolean {
  return (
    tensors.size === blocks.length &&
    blocks.every(({ name, shape }) => {
      const own = tensors.get(name);
      return own !== undefined && shapeText(own.shape) === shapeText(shape);
    })
  );
}

const list = (names: readonly string[]): string =>
  names.length === 0
    ? 'nothing'
    : `${names.slice(0, 6).map(shown).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;

const digitless = (text: string): string => text.replace(/\d+/g, '#');

/**
 * Which group belongs to which layer among those of one signature: by equal names, else in natural order, which means
 * something only where the prefixes differ by numbers alone (`encoder` and `decoder` have no order).
 */
function pairUp(groups: readonly Group[], layers: readonly Layer[], key: string): [Group, Layer][] {
  const byName = new Map(groups.map((group) => [group.prefix, group]));
  if (layers.every(({ name }) => byName.has(name))) return layers.map((layer) => [byName.get(layer.name)!, layer]);
  if (new Set(groups.map(({ prefix }) => digitless(prefix))).size > 1) {
    throw new BadInput(
      `The tensors under ${list(groups.map(({ prefix }) => prefix))} (${key}) fit the layers ${list(layers.map(({ name }) => name))} in any order.`,
      'Name them so that only their numbers differ (fc1, fc2, …) or as the layers of the model.',
    );
  }
  return layers.map((layer, i) => [groups[i]!, layer]);
}

/** Both sides of what does not fit, and whether the other layout would. */
function refuseMismatch(
  groups: readonly Group[],
  layers: readonly Layer[],
  layout: ParameterLayout,
  convention: WeightConvention,
): never {
  const inFile = bySignature(groups, groupSignature);
  const inModel = bySignature(layers, (layer) => layerSignature(layer, convention));
  const surplus = <T>(mine: Map<string, T[]>, theirs: ReadonlyMap<string, unknown[]>, name: (item: T) => string) =>
    [...mine]
      .filter(([key, members]) => members.length !== (theirs.get(key)?.length ?? 0))
      .map(([key, members]) => `${list(members.map(name))} (${key})`)
      .slice(0, 6)
      .join('; ') || 'nothing';
  const other = convention === 'pytorch' ? 'tensorflow' : 'pytorch';
  const fits = otherFits(groups, layout, other);
  throw new BadInput(
    `The file has ${surplus(inFile, inModel, ({ prefix }) => prefix)}; the model, in the layout ${convention}, wants ${surplus(inModel, inFile, ({ name }) => name)}.`,
    fits
      ? `The shapes fit the layout ${other}: state that one.`
      : 'Give a file whose tensors match the layers of the model one to one.',
  );
}

function otherFits(groups: readonly Group[], layout: ParameterLayout, convention: WeightConvention): boolean {
  const sorted = (keys: readonly string[]) => [...keys].sort().join('|');
  try {
    const layers = layersOf(layout, convention);
    return sorted(groups.map(groupSignature)) === sorted(layers.map((layer) => layerSignature(layer, convention)));
  } catch {
    return false;
  }
}

function place(
  theta: Float64Array,
  block: ParameterBlock,
  tensor: NumericArray,
  name: string,
  convention: WeightConvention,
): void {
  const { data } = tensor;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new BadInput(
      `Element ${i} of the tensor ${shown(name)} is ${data[i]}.`,
      'Give weights of a network that did not diverge.',
    );
  }
  const values = convention === 'pytorch' ? fromPytorch(tensor, block, leafOfBlock(block)) : data;
  theta.set(values, block.offset);
}

function matchByName(tensors: ReadonlyMap<string, NumericArray>, layout: ParameterLayout): WeightMatch {
  const theta = new Float64Array(layout.dim);
  for (const block of layout.blocks) place(theta, block, tensors.get(block.name)!, block.name, 'tensorflow');
  return { theta, matched: layout.blocks.map(({ name }) => ({ tensor: name, block: name })), unused: [] };
}

/**
 * θ from named tensors. Tensors named exactly as the blocks are taken as they are; others are grouped by prefix; a group fits a layer when its names and shapes, after the stated
 * layout, are those of the layer's blocks. Groups of the same signature are told apart by the layer's own name or, where
 * their prefixes differ by numbers only, by natural order (fc2 before fc10). PyTorch: kernels of dense layers out×in,
 * of convolutions O I H W, of depthwise ones (C·M) 1 H W, of transposed ones I O H W; a dense kernel behind a flatten
 * counts its inputs channels first and is permuted to channels last. Running statistics are listed, not used.
 *
 * Throws BadInput, naming both sides, where anything stays unmatched or could be matched in several ways, and for NaN
 * or infinite weights.
 */
export function matchWeights(
  tensors: ReadonlyMap<string, NumericArray>,
  layout: ParameterLayout,
  convention: WeightConvention,
): WeightMatch {
  if (convention === 'tensorflow' && exactNames(tensors, layout)) return matchByName(tensors, layout);
  const { groups, unused } = groupsOf(tensors);
  const layers = layersOf(layout, convention);
  const inFile = bySignature(groups, groupSignature);
  const inModel = bySignature(layers, (layer) => layerSignature(layer, convention));
  const fits =
    inFile.size === inModel.size && [...inModel].every(([key, { length }]) => inFile.get(key)?.length === length);
  if (!fits) refuseMismatch(groups, layers, layout, convention);

  const theta = new Float64Array(layout.dim);
  const tensorOfBlock = new Map<string, string>();
  for (const [key, members] of inModel) {
    for (const [group, layer] of pairUp(inFile.get(key)!, members, key)) {
      for (const [leaf, block] of layer.blocks) {
        const name = group.fullNames.get(leaf)!;
        place(theta, block, group.tensors.get(leaf)!, name, convention);
        tensorOfBlock.set(block.name, name);
      }
    }
  }
  const matched = layout.blocks.map(({ name }) => ({ tensor: tensorOfBlock.get(name)!, block: name }));
  return { theta, matched, unused };
}

/** θ alone; see `matchWeights`. */
export function weightsFromOutside(
  tensors: ReadonlyMap<string, NumericArray>,
  layout: ParameterLayout,
  convention: WeightConvention,
): Float64Array {
  return matchWeights(tensors, layout, convention).theta;
}

/** θ as one tensor a block, named and shaped as the block: what a checkpoint holds, and what `weightsFromOutside` reads. */
export function weightsToOutside(
  theta: HostVector,
  layout: ParameterLayout,
  dtype: 'float64' | 'float32' = 'float64',
): Map<string, NumericArray> {
  if (theta.length !== layout.dim) throw new RangeError(`theta has ${theta.length} entries, the layout ${layout.dim}`);
  return new Map(
    layout.blocks.map(({ name, shape, offset, size }) => {
      const piece = theta.subarray(offset, offset + size);
      return [name, { shape, dtype, data: dtype === 'float64' ? Float64Array.from(piece) : Float32Array.from(piece) }];
    }),
  );
}

/**
 * A vector of parameters as the tensors that PyTorch keeps them in, in the order of `model.parameters()`: layer by layer,
 * weight before bias.
 */
export const tensorsForPytorch = (
  vector: HostVector,
  layout: ParameterLayout,
): { readonly name: string; readonly shape: readonly number[]; readonly data: Float64Array }[] =>
  layout.blocks.map((block) => {
    const values = vector.subarray(block.offset, block.offset + block.size);
    const { shape, data } = toPytorch(values, block, leafOfBlock(block));
    return { name: block.name, shape, data: Float64Array.from(data, Number) };
  });

/**
 * The vector of tensors that `tensorsForPytorch` has made, also of layers whose blocks have one name in PyTorch; null for
 * tensors of other names or shapes, see `matchWeights` for those.
 */
export function vectorOfOwnTensors(
  tensors: readonly { readonly name: string; readonly shape: readonly number[]; readonly data: Float64Array }[],
  layout: ParameterLayout,
): Float64Array | null {
  const isOwn =
    tensors.length === layout.blocks.length &&
    layout.blocks.every((block, k) => {
      const { name, shape } = tensors[k]!;
      return name === block.name && shapeText(shape) === shapeText(outsideShape(block, leafOfBlock(block)));
    });
  if (!isOwn) return null;
  const vector = new Float64Array(layout.dim);
  for (const [k, block] of layout.blocks.entries()) {
    const { shape, data } = tensors[k]!;
    vector.set(fromPytorch({ shape: [...shape], dtype: 'float64', data }, block, leafOfBlock(block)), block.offset);
  }
  return vector;
}
