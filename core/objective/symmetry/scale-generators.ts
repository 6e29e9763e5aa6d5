import type { LayerGraph, LayerNode } from '../layer-graph.ts';
import type { LossConvention } from '../loss-convention.ts';
import type { ParameterBlock, ParameterLayout } from '../parameter-layout.ts';
import { type BlockPart, partAlong, wholeBlock } from './block-part.ts';

/** A part of a generator: sign · θ there, or the sign itself. */
export interface GeneratorPart {
  readonly block: ParameterBlock;
  readonly part: BlockPart;
  readonly sign: 1 | -1;
  readonly constant: boolean;
}

/** d θ(s)/ds at s = 0 of a change θ(s) under which the function stays as it is. */
export interface ScaleGenerator {
  readonly kind: 'rescaling' | 'batch normalisation' | 'translation';
  readonly parts: readonly GeneratorPart[];
}

/** One unit or channel at a time: the parts of θ that feed it. */
interface Producer {
  readonly units: number;
  incoming(unit: number): GeneratorPart[];
}

/** Layers whose kernel ends (… , in, out) and that treat their input channels linearly. */
const affine = new Set(['Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'DepthwiseConv2D']);

/** Layers between that pass a positive factor of a channel on, if their own activation does. */
const passing = new Set([
  'Activation',
  'ReLU',
  'LeakyReLU',
  'PReLU',
  'Flatten',
  'Dropout',
  'SpatialDropout1D',
  'MaxPooling1D',
  'MaxPooling2D',
  'MaxPooling3D',
  'AveragePooling1D',
  'AveragePooling2D',
  'AveragePooling3D',
  'GlobalMaxPooling1D',
  'GlobalMaxPooling2D',
  'GlobalAveragePooling1D',
  'GlobalAveragePooling2D',
  'UpSampling2D',
  'ZeroPadding2D',
  'Cropping2D',
]);

const homogeneous = new Set([null, 'linear', 'relu', 'leakyRelu', 'prelu']);

/**
 * The tangents at θ of changes that leave the outputs, or their softmax, as they are, read from the layer graph:
 *
 * - rescaling: for each unit between two affine layers with a positively homogeneous activation (ReLU, leaky ReLU, none)
 *   (w_in, b, −w_out), and the same with gain and shift of a batch normalisation for w_in and b;
 * - batch normalisation, where the statistics follow the weights (`statisticsFollow`): for each filter in front (w, b), up
 *   to the ε of the normalisation, and the shift of the bias where nothing stands between;
 * - translation of softmax outputs: the same added to all logits by the last bias, or by the weights of one input.
 *
 * Layers that are tied, branch, merge, or have frozen weights are left out; penalties of the layers are not invariant.
 */
export function scaleGenerators(
  graph: LayerGraph,
  layout: ParameterLayout,
  convention: LossConvention,
  statisticsFollow: boolean,
): ScaleGenerator[] {
  const blocks = new Map(layout.blocks.map((block) => [block.name, block]));
  const generators: ScaleGenerator[] = [];
  for (const node of graph.nodes) {
    const producer = producerOf(node, blocks);
    const consumer = producer && homogeneous.has(node.activation) ? consumerOf(node, graph) : null;
    if (!producer || !consumer) continue;
    if (consumer.node.kind === 'BatchNormalization') {
      const follows = statisticsFollow || consumer.node.statistics === 'batch';
      if (follows && affine.has(node.kind))
        generators.push(...normalised(node, producer, blocks, consumer.direct && node.activation === null));
    } else generators.push(...rescalings(producer, consumer.node, blocks));
  }
  return [...generators, ...translations(graph, blocks, convention)];
}

type Blocks = ReadonlyMap<string, ParameterBlock>;

const blockOf = ({ weights }: LayerNode, blocks: Blocks, ...names: string[]): ParameterBlock | undefined =>
  weights.flatMap(({ name, block }) => (names.includes(name) && block !== null ? (blocks.get(block) ?? []) : []))[0];

/** Whether one of these weights is held fixed: then it cannot move with the others. */
const hasFrozen = ({ weights }: LayerNode, ...names: string[]): boolean =>
  weights.some(({ name, frozen }) => frozen && names.includes(name));

const part = (block: ParameterBlock, at: BlockPart, sign: 1 | -1, constant = false): GeneratorPart => ({
  block,
  part: at,
  sign,
  constant,
});

function producerOf(node: LayerNode, blocks: Blocks): Producer | null {
  if (node.calls !== 1 || node.merges) return null;
  if (node.kind === 'BatchNormalization') {
    const [gain, shift] = [blockOf(node, blocks, 'gamma'), blockOf(node, blocks, 'beta')];
    if (gain?.shape.length !== 1 || hasFrozen(node, 'gamma', 'beta')) return null;
    const entry = (block: ParameterBlock, unit: number) => part(block, partAlong(block, 0, unit), 1);
    return { units: gain.size, incoming: (unit) => [entry(gain, unit), ...(shift ? [entry(shift, unit)] : [])] };
  }
  const kernel = blockOf(node, blocks, 'kernel', 'depthwise_kernel');
  const bias = blockOf(node, blocks, 'bias');
  if (!affine.has(node.kind) || !kernel || kernel.filterAxis === null || hasFrozen(node, 'bias')) return null;
  const axis = kernel.filterAxis;
  return {
    units: kernel.shape[axis]!,
    incoming: (unit) => [
      part(kernel, partAlong(kernel, axis, unit), 1),
      ...(bias ? [part(bias, partAlong(bias, 0, unit), 1)] : []),
    ],
  };
}

/** The only layer that reads what a layer puts out, through layers that pass positive factors on. */
function consumerOf(node: LayerNode, graph: LayerGraph): { readonly node: LayerNode; readonly direct: boolean } | null {
  let at = node;
  for (let hops = 0; hops < graph.nodes.length; hops++) {
    if (graph.outputs.includes(at.name)) return null;
    const readers = graph.edges.filter(({ from }) => from === at.name);
    const next = graph.nodes.find(({ name }) => name === readers[0]?.to);
    if (readers.length !== 1 || !next || next.calls !== 1 || next.merges) return null;
    if (affine.has(next.kind) || next.kind === 'BatchNormalization') return { node: next, direct: hops === 0 };
    if (!passing.has(next.kind) || !homogeneous.has(next.activation)) return null;
    at = next;
  }
  return null;
}

function rescalings(producer: Producer, consumer: LayerNode, blocks: Blocks): ScaleGenerator[] {
  const kernel = blockOf(consumer, blocks, 'kernel', 'depthwise_kernel');
  const outgoing = kernel && channelAxis(kernel, producer.units);
  if (!outgoing) return [];
  const { shape, axis } = outgoing;
  return Array.from({ length: producer.units }, (_, unit) => ({
    kind: 'rescaling' as const,
    parts: [...producer.incoming(unit), part(kernel, partAlong({ offset: kernel.offset, shape }, axis, unit), -1)],
  }));
}

/** The axis of a kernel that counts the units it reads, its rows split into what a flatten has joined. */
function channelAxis(kernel: ParameterBlock, units: number): { shape: readonly number[]; axis: number } | null {
  const { shape, flattenedFrom } = kernel;
  const axis = shape.length - 2;
  if (shape[axis] === units) return { shape, axis };
  if (flattenedFrom?.at(-1) !== units) return null;
  return { shape: [...flattenedFrom, shape.at(-1)!], axis: flattenedFrom.length - 1 };
}

function normalised(node: LayerNode, producer: Producer, blocks: Blocks, shifts: boolean): ScaleGenerator[] {
  const kind = 'batch normalisation' as const;
  const bias = blockOf(node, blocks, 'bias');
  return Array.from({ length: producer.units }, (_, unit) => [
    { kind, parts: producer.incoming(unit) },
    ...(bias && shifts ? [{ kind, parts: [part(bias, partAlong(bias, 0, unit), 1, true)] }] : []),
  ]).flat();
}

function translations(graph: LayerGraph, blocks: Blocks, { loss }: LossConvention): ScaleGenerator[] {
  const last = logitsOf(graph, loss === 'softmaxCrossEntropy');
  if (!last) return [];
  const [kernel, bias] = [blockOf(last, blocks, 'kernel'), blockOf(last, blocks, 'bias')];
  const kind = 'translation' as const;
  const byBias = bias ? [{ kind, parts: [part(bias, wholeBlock(bias), 1, true)] }] : [];
  const rows = Array.from({ length: kernel?.shape[0] ?? 0 }, (_, row) => row);
  return [...byBias, ...rows.map((row) => ({ kind, parts: [part(kernel!, partAlong(kernel!, 0, row), 1, true)] }))];
}

/** The dense layer whose outputs only their softmax is seen of. */
function logitsOf({ nodes, edges, outputs }: LayerGraph, softmaxLoss: boolean): LayerNode | null {
  const output = nodes.find(({ name }) => name === outputs[0]);
  if (outputs.length !== 1 || !output || output.calls !== 1) return null;
  const isDense = ({ kind, calls, activation }: LayerNode, ...activations: (string | null)[]) =>
    kind === 'Dense' && calls === 1 && activations.includes(activation);
  if (isDense(output, 'softmax', ...(softmaxLoss ? [null] : []))) return output;
  if (output.activation !== 'softmax' || output.kind === 'Dense') return null;
  const before = nodes.find(({ name }) => name === edges.find(({ to }) => to === output.name)?.from);
  const alone = before && edges.filter(({ from }) => from === before.name).length === 1;
  return before && alone && isDense(before, null) ? before : null;
}
