import type { Random } from '../../random/random.ts';
import { drawWeights, type Initializer, initializerFrom } from '../weight-initialization.ts';
import type { MlpDescription } from './mlp-description.ts';

/**
 * θ₀ of a chain of dense layers: each weight from the stream `rng/layer/weight`, exactly as the tf.layers model of the
 * same specification draws it. What the specification leaves open follows `scheme`: `glorotUniform` is Glorot and Bengio
 * (2010), U(±√(6/(fan-in + fan-out))) with zero biases, as in Keras; `fanInUniform` is U(±1/√fan-in) for kernels and biases,
 * as in PyTorch.
 */
export function initialTheta(
  { layout, dense }: MlpDescription,
  rng: Random,
  scheme: 'glorotUniform' | 'fanInUniform' = 'glorotUniform',
): Float64Array {
  const theta = new Float64Array(layout.dim);
  const kernelScheme = named(scheme);
  const biasScheme = named(scheme === 'fanInUniform' ? scheme : 'zeros');
  for (const { layer, name, role, offset, size } of layout.blocks) {
    const { inputs, units, kernelInitializer, biasInitializer } = dense.find((one) => one.name === layer)!;
    const initializer = role === 'kernel' ? (kernelInitializer ?? kernelScheme) : (biasInitializer ?? biasScheme);
    const stream = rng.split(layer).split(name.slice(layer.length + 1));
    theta.set(drawWeights(initializer, size, { in: inputs, out: units }, stream), offset);
  }
  return theta;
}

function named(name: string): Initializer {
  return { name, parameters: initializerFrom(name)?.parameters ?? {} };
}
