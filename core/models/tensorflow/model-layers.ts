import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { BadInput } from '../../bad-input.ts';

/** One call of a layer, as tf.layers records it while a model is put together. */
export interface CallNode {
  readonly outboundLayer: layers.Layer;
  readonly inputTensors: readonly SymbolicTensor[];
  readonly outputTensors: readonly SymbolicTensor[];
}

/** A model, or a model that is used as a layer inside another: what its declarations show and what they do not. */
export interface Container {
  readonly name: string;
  readonly layers: readonly layers.Layer[];
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly nodesByDepth: Readonly<Record<string, readonly CallNode[]>>;
}

export function asContainer(layer: object): Container | null {
  const candidate = layer as Partial<Container>;
  return Array.isArray(candidate.layers) && candidate.nodesByDepth ? (layer as Container) : null;
}

/**
 * The container of a model. A sequential model puts its graph together at first use, so that is done here if need be;
 * `BadInput` where it has no layers.
 */
export function containerOf(model: LayersModel): Container {
  if (!model.inputs?.length || !model.outputs?.length)
    throw new BadInput('The model has no layers.', 'Add a layer with an inputShape.');
  if (!model.built) model.build(model.inputs[0]?.shape ?? []);
  return model as LayersModel & Container;
}

/** The calls of a container in an order in which every tensor is made before it is used. */
export function callsInOrder(container: Container): CallNode[] {
  const depths = Object.keys(container.nodesByDepth).map(Number);
  depths.sort((a, b) => b - a);
  return depths.flatMap((depth) => [...(container.nodesByDepth[depth] ?? [])]);
}

/** All layers of a model that are no models themselves, each once, with a name that is unique in the model. */
export function leafLayers(model: LayersModel): Map<layers.Layer, string> {
  const names = new Map<layers.Layer, string>();
  const taken = new Set<string>();
  const visit = (container: Container, prefix: string): void => {
    for (const layer of container.layers) {
      const inner = asContainer(layer);
      if (inner) visit(inner, `${prefix}${layer.name}/`);
      else if (!names.has(layer)) {
        const name = taken.has(layer.name) ? `${prefix}${layer.name}` : layer.name;
        taken.add(name);
        names.set(layer, name);
      }
    }
  };
  visit(containerOf(model), '');
  return names;
}
