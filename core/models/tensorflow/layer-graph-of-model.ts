import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerEdge, LayerGraph, LayerNode } from '../../objective/layer-graph.ts';
import type { Mode } from './functional-model.ts';
import { layerTraits } from './layer-traits.ts';
import { asContainer, type Container, callsInOrder, containerOf, leafLayers } from './model-layers.ts';
import { trainableVariables, weightName } from './trainable-variables.ts';

/** Where a tensor comes from: which call of which layer. */
interface Producer {
  readonly layer: string;
  readonly call: number;
}

const activationLayers: Readonly<Record<string, string>> = {
  ELU: 'elu',
  LeakyReLU: 'leakyRelu',
  PReLU: 'prelu',
  ReLU: 'relu',
  Softmax: 'softmax',
  ThresholdedReLU: 'thresholdedRelu',
};

/** `relu` stays `relu` only without an upper bound: a capped one has none of its scale symmetry. */
function activationOf(layer: layers.Layer): string | null {
  const kind = layer.getClassName();
  const members = layer as unknown as { activation?: { getClassName(): string } | null; maxValue?: number | null };
  if (kind === 'ReLU' && members.maxValue != null) return 'cappedRelu';
  if (Object.hasOwn(activationLayers, kind)) return activationLayers[kind] ?? null;
  const name = members.activation?.getClassName?.() ?? 'linear';
  return name === 'linear' ? null : name;
}

/** Follows every call of every layer, into models used as layers too, and hands each edge to `connect`. */
function traceCalls(
  container: Container,
  inputs: readonly Producer[],
  names: ReadonlyMap<layers.Layer, string>,
  calls: Map<string, number>,
  connect: (edge: LayerEdge) => void,
  atTop: boolean,
): Producer[] {
  const made = new Map<number, Producer>();
  if (!atTop) for (const [i, symbolic] of container.inputs.entries()) made.set(symbolic.id, inputs[i] as Producer);
  const producerOf = (symbolic: SymbolicTensor) => made.get(symbolic.id) as Producer;
  for (const node of callsInOrder(container)) {
    const layer = node.outboundLayer;
    const incoming = node.inputTensors.filter((symbolic) => made.has(symbolic.id));
    const inner = asContainer(layer);
    if (inner) {
      const outer = traceCalls(inner, incoming.map(producerOf), names, calls, connect, false);
      for (const [i, symbolic] of node.outputTensors.entries()) made.set(symbolic.id, outer[i] as Producer);
      continue;
    }
    if (!atTop && layer.getClassName() === 'InputLayer') continue;
    const name = names.get(layer) ?? layer.name;
    const call = calls.get(name) ?? 0;
    calls.set(name, call + 1);
    for (const symbolic of incoming) {
      const from = producerOf(symbolic);
      connect({ from: from.layer, fromCall: from.call, to: name, toCall: call, shape: symbolic.shape.slice(1) });
    }
    for (const symbolic of node.outputTensors) made.set(symbolic.id, { layer: name, call });
  }
  return container.outputs.map(producerOf);
}

/**
 * The graph of any tf.layers model, chain or functional: one node a layer (models used as layers are opened), one edge a
 * tensor that flows from call to call. A layer that is called several times has `calls` above 1: its weights are tied.
 * Weights outside θ (frozen ones, running statistics of batch normalisation) are listed without a block. `mode` says how
 * layers with statistics and masks behave.
 */
export function layerGraphOfModel(model: LayersModel, mode: Mode = 'inference'): LayerGraph {
  const names = leafLayers(model);
  const blocks = new Map(trainableVariables(model).map(({ variable, blockName }) => [variable.id, blockName]));
  const calls = new Map<string, number>();
  const edges: LayerEdge[] = [];
  const container = containerOf(model);
  const outputs = traceCalls(container, [], names, calls, (edge) => edges.push(edge), true);
  const nodes: LayerNode[] = [];
  for (const [layer, name] of names) {
    if (!calls.has(name)) continue;
    const weights = layer.weights.map((variable) => {
      const block = blocks.get(variable.id) ?? null;
      return { name: weightName(variable), shape: variable.shape as number[], block, frozen: block === null };
    });
    nodes.push({
      name,
      kind: layer.getClassName(),
      activation: activationOf(layer),
      weights,
      calls: calls.get(name) ?? 0,
      merges: (layer.inboundNodes[0]?.inputTensors.length ?? 0) > 1,
      ...layerTraits(layer, mode),
    });
  }
  const inputs = container.inputs.map(({ sourceLayer }) => names.get(sourceLayer) ?? sourceLayer.name);
  return { nodes, edges, inputs, outputs: [...new Set(outputs.map(({ layer }) => layer))] };
}
