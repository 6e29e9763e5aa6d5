import { getBackend, mul, sigmoid, sub, type Tensor } from '@tensorflow/tfjs-core';
import { layers as factories, type LayersModel, type layers } from '@tensorflow/tfjs-layers';
import type { FunctionalModel } from './functional-model.ts';
import { asContainer, callsInOrder, containerOf } from './model-layers.ts';
import { shadow } from './shadow.ts';

/** Members of a layer of the kinds below. */
export interface WithActivation {
  activation: { apply(x: Tensor): Tensor; getClassName(): string };
}

/** A layer whose value before the activation is affine in θ, because what comes in does not depend on θ. */
export interface AffineLayer {
  readonly layer: layers.Layer & WithActivation;
  /** Indices of its blocks of θ. */
  readonly blocks: readonly number[];
  /** Products that make one of its outputs. */
  readonly fanIn: number;
  /** Shape of its output, one example. */
  readonly outputShape: readonly number[];
}

const affineKinds = new Set(['Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'Conv2DTranspose', 'DepthwiseConv2D']);

/**
 * The layers of a model that see nothing but data: called once, all weights in θ, no layer with weights in θ before
 * them. None are reported for models with models inside.
 */
export function affineLayers(model: LayersModel, variables: FunctionalModel['variables']): AffineLayer[] {
  const container = containerOf(model);
  const calls = callsInOrder(container);
  if (calls.some(({ outboundLayer }) => asContainer(outboundLayer))) return [];
  const constant = new Set<number>();
  const found: AffineLayer[] = [];
  for (const { outboundLayer: layer, inputTensors, outputTensors } of calls) {
    // An input layer lists its own tensor as what comes in.
    if (!inputTensors.every((symbolic) => constant.has(symbolic.id) || outputTensors.includes(symbolic))) continue;
    const blocks = variables.flatMap((entry, i) => (entry.layer === layer ? [i] : []));
    if (blocks.length === 0) {
      for (const symbolic of outputTensors) constant.add(symbolic.id);
      continue;
    }
    const once = calls.filter(({ outboundLayer }) => outboundLayer === layer).length === 1;
    if (!once || !affineKinds.has(layer.getClassName()) || blocks.length !== layer.weights.length) continue;
    const kernel = variables[blocks[0] ?? 0];
    const fanIn = (kernel?.size ?? 0) / (outputTensors[0]?.shape.at(-1) ?? 1);
    const outputShape = outputTensors[0]?.shape.slice(1) as number[];
    found.push({ layer: layer as layers.Layer & WithActivation, blocks, fanIn, outputShape });
  }
  return found;
}

const linear = (factories.activation({ activation: 'linear' }) as layers.Layer & WithActivation).activation;

/**
 * The activation of a layer, with tanh x as 2σ(2x) − 1 on wasm, where σ has a vector kernel and tanh, 15 times slower,
 * would be most of the cost of a point. The error is about 1e-7 of the range of tanh: that of a loss, but not good
 * enough for derivatives near zero, which therefore keep the library's tanh.
 */
export function activationForLosses({ activation }: WithActivation): (x: Tensor) => Tensor {
  if (activation.getClassName() !== 'tanh' || getBackend() !== 'wasm') return (x) => activation.apply(x);
  return (x) => sub(mul(sigmoid(mul(x, 2)), 2), 1);
}

/**
 * Runs `body` while the layers do not compute: each hands its input and what it would have returned without activation
 * to `replace`, which gives the value before the activation that is to be used.
 */
export function withReplaced<T>(
  affine: readonly AffineLayer[],
  replace: (index: number, compute: () => Tensor) => Tensor,
  body: () => T,
): T {
  const undo = affine.map(({ layer }, index) => {
    const call = layer.call.bind(layer);
    const activate = activationForLosses(layer);
    return shadow(layer, 'call', (inputs, options) => {
      const compute = () => {
        const restore = shadow(layer, 'activation', linear);
        try {
          return call(inputs, options) as Tensor;
        } finally {
          restore();
        }
      };
      return activate(replace(index, compute));
    });
  });
  try {
    return body();
  } finally {
    for (const restore of undo) restore();
  }
}
