import type { LayerGraph, LayerNode, LayerWeight } from '../../objective/layer-graph.ts';
import { type ParameterBlock, type ParameterLayout, parameterLayout } from '../../objective/parameter-layout.ts';
import type { LayerSpecification, ModelSpecification } from '../model-specification.ts';
import { type Initializer, initializerFrom } from '../weight-initialization.ts';
import { type ActivationName, activationNames } from './activations.ts';

/** One dense layer A ↦ φ(A W + b), with the activations that follow it before the next dense layer. */
export interface DenseDescription {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  readonly bias: boolean;
  readonly activations: readonly ActivationName[];
  /** Null where the specification leaves it open. */
  readonly kernelInitializer: Initializer | null;
  readonly biasInitializer: Initializer | null;
}

/** A chain of dense layers and what the rest of the program needs to know of it. */
export interface MlpDescription {
  readonly inputShape: readonly number[];
  /** Activations in front of the first dense layer. */
  readonly inputActivations: readonly ActivationName[];
  readonly dense: readonly DenseDescription[];
  /** Kernel (inputs × units, row-major) then bias, layer by layer. */
  readonly layout: ParameterLayout;
  readonly graph: LayerGraph;
}

/**
 * widths[0] inputs, then one dense layer for every further width: the activation on all but the last, which is linear.
 * `mlpFromWidths([784, 64, 10], 'tanh')` has 50,890 parameters.
 */
export function mlpFromWidths(widths: readonly number[], activation: ActivationName, useBias = true): MlpDescription {
  const layers = widths.slice(1).map((units, i, all): LayerSpecification => {
    const options = { units, activation: i < all.length - 1 ? activation : 'linear', useBias };
    return { type: 'dense', options };
  });
  const description = mlpFromSpecification({ layers }, widths.slice(0, 1));
  if (description === null) throw new RangeError(`No chain of dense layers has the widths ${widths.join(', ')}.`);
  return description;
}

/**
 * The model as a chain of dense layers: an optional leading flatten, then `dense` and `activation` layers with the
 * activations of this engine. Null for anything else (other layers, activations or options): the caller falls back to an
 * engine that has them, which also reports what is wrong with a wrong specification.
 */
export function mlpFromSpecification(model: ModelSpecification, inputShape: readonly number[]): MlpDescription | null {
  const counts = new Map<string, number>();
  const nodes: LayerNode[] = [nodeOf('input', 'InputLayer')];
  const shapes: (readonly number[])[] = [inputShape];
  const blocks: Block[] = [];
  const inputActivations: ActivationName[] = [];
  const dense: OpenDense[] = [];
  let flattenedFrom: readonly number[] | null = null;

  for (const { type, options: given } of model.layers) {
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    const { name = `${type}_${count}`, ...options } = given;
    if (typeof name !== 'string' || nodes.some((node) => node.name === name)) return null;
    const shape = shapes.at(-1)!;
    if (type === 'flatten') {
      if (shape.length < 2 || !onlyOptions(options, [])) return null;
      flattenedFrom = shape;
      shapes.push([shape.reduce((product, extent) => product * extent, 1)]);
      nodes.push(nodeOf(name, 'Flatten'));
    } else if (type === 'activation') {
      const activation = activationOf(options);
      if (activation === null || !onlyOptions(options, ['activation'])) return null;
      (dense.at(-1)?.activations ?? inputActivations).push(activation);
      shapes.push(shape);
      nodes.push(nodeOf(name, 'Activation', activation));
    } else if (type === 'dense') {
      const layer = denseOf(name, options, shape);
      if (layer === null) return null;
      const own = denseBlocks(layer, flattenedFrom);
      blocks.push(...own);
      dense.push(layer);
      flattenedFrom = null;
      shapes.push([layer.units]);
      nodes.push({ ...nodeOf(name, 'Dense', layer.activations[0]), weights: own.map(weightOf) });
    } else return null;
  }
  if (dense.length === 0) return null;
  return { inputShape, inputActivations, dense, layout: parameterLayout(blocks), graph: chain(nodes, shapes) };
}

type Options = LayerSpecification['options'];
type Block = Omit<ParameterBlock, 'offset' | 'size'>;
/** A dense layer that further activations may still follow. */
type OpenDense = DenseDescription & { readonly activations: ActivationName[] };

function denseOf(name: string, options: Options, shape: readonly number[]): OpenDense | null {
  const { units, useBias = true, kernelInitializer, biasInitializer } = options;
  const activation = activationOf(options);
  const inputs = shape[0];
  if (shape.length !== 1 || !isCount(inputs) || !isCount(units)) return null;
  if (activation === null || typeof useBias !== 'boolean') return null;
  if (!onlyOptions(options, ['units', 'activation', 'useBias', 'kernelInitializer', 'biasInitializer'])) return null;
  const kernel = initializerFrom(kernelInitializer);
  const bias = initializerFrom(biasInitializer);
  if ((kernel === null && kernelInitializer !== undefined) || (bias === null && biasInitializer !== undefined))
    return null;
  return {
    name,
    inputs,
    units,
    bias: useBias,
    activations: [activation],
    kernelInitializer: kernel,
    biasInitializer: bias,
  };
}

function denseBlocks(
  { name, inputs, units, bias }: DenseDescription,
  flattenedFrom: readonly number[] | null,
): Block[] {
  const blocks: Block[] = [
    {
      name: `${name}/kernel`,
      layer: name,
      role: 'kernel',
      shape: [inputs, units],
      filterAxis: 1,
      ...(flattenedFrom ? { flattenedFrom } : {}),
    },
  ];
  if (bias) blocks.push({ name: `${name}/bias`, layer: name, role: 'bias', shape: [units], filterAxis: null });
  return blocks;
}

function nodeOf(name: string, kind: string, activation: ActivationName = 'linear'): LayerNode {
  const shown = activation === 'linear' ? null : activation;
  const kinks = activation === 'relu' ? { kinks: ['relu'] } : {};
  return { name, kind, activation: shown, weights: [], calls: 1, merges: false, ...kinks };
}

function weightOf({ name, shape }: Block): LayerWeight {
  return { name: name.slice(name.indexOf('/') + 1), shape, block: name, frozen: false };
}

/** shapes[i] is the shape of what node i puts out. */
function chain(nodes: readonly LayerNode[], shapes: readonly (readonly number[])[]): LayerGraph {
  const edges = nodes.slice(1).map((node, i) => {
    return { from: nodes[i]!.name, fromCall: 0, to: node.name, toCall: 0, shape: shapes[i]! };
  });
  return { nodes, edges, inputs: [nodes[0]!.name], outputs: [nodes.at(-1)!.name] };
}

function activationOf({ activation = 'linear' }: Options): ActivationName | null {
  return activationNames.find((name) => name === activation) ?? null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function onlyOptions(options: Options, known: readonly string[]): boolean {
  return Object.keys(options).every((key) => known.includes(key));
}
