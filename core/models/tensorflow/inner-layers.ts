import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { asContainer, leafLayers } from './model-layers.ts';

/** Where wrappers and recurrent layers keep the layers that they are made of. */
interface Nested {
  readonly layer?: layers.Layer;
  readonly forwardLayer?: layers.Layer;
  readonly backwardLayer?: layers.Layer;
  readonly cell?: layers.Layer;
  readonly cells?: readonly layers.Layer[];
}

/**
 * A layer with all that it is made of: the layer inside TimeDistributed, both directions of Bidirectional, the cells of
 * a recurrent layer, the layers of a model that is wrapped. Each once, the layer itself first.
 */
export function innerLayers(layer: layers.Layer): layers.Layer[] {
  const container = asContainer(layer);
  const { layer: wrapped, forwardLayer, backwardLayer, cell, cells = [] } = layer as layers.Layer & Nested;
  const parts = container
    ? [...leafLayers(layer as unknown as LayersModel).keys()]
    : // What Bidirectional was given is only the pattern of its two directions.
      [...(forwardLayer ? [] : [wrapped]), forwardLayer, backwardLayer, cell, ...cells].filter((part) => part != null);
  return [...new Set([layer, ...parts.flatMap(innerLayers)])];
}

/** Wrappers hand out the penalties of the layer inside as their own. */
export const isWrapper = (layer: layers.Layer): boolean => (layer as layers.Layer & Nested).layer != null;
