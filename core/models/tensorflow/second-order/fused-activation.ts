import { add, elu, leakyRelu, prelu, relu, relu6, sigmoid, type Tensor } from '@tensorflow/tfjs-core';

/** The second half of a fused operation as ordinary ones: bias, then activation, by the attributes of the kernel. */
export function activated(
  linear: Tensor,
  { bias, preluActivationWeights }: Record<string, Tensor | undefined>,
  attributes: Record<string, unknown>,
): Tensor {
  const y = bias == null ? linear : add(linear, bias);
  const name = attributes.activation ?? 'linear';
  switch (name) {
    case 'linear':
      return y;
    case 'relu':
      return relu(y);
    case 'relu6':
      return relu6(y);
    case 'elu':
      return elu(y);
    case 'sigmoid':
      return sigmoid(y);
    case 'leakyrelu':
      return leakyRelu(y, attributes.leakyreluAlpha as number);
    case 'prelu':
      return prelu(y, preluActivationWeights!);
    default:
      throw new Error(`The fused activation '${String(name)}' is unknown.`);
  }
}
