import { add, matMul, mul, pow, reshape, square, type Tensor, tensor2d } from '@tensorflow/tfjs-core';

export interface LocalResponseAttributes {
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

/**
 * Local response normalisation y_c = x_c (bias + alpha Σ x_k²)^(−beta), the sum over channels k with |k − c| ≤ radius: a
 * product with a band matrix. Krizhevsky, Sutskever and Hinton (2012).
 */
export function localResponse(x: Tensor, { depthRadius, bias, alpha, beta }: LocalResponseAttributes): Tensor {
  const channels = x.shape.at(-1) ?? 1;
  const band = Array.from({ length: channels * channels }, (_, i) =>
    Math.abs(Math.floor(i / channels) - (i % channels)) <= depthRadius ? alpha : 0,
  );
  const squares = reshape(square(x), [x.size / channels, channels]);
  const sums = reshape(matMul(squares, tensor2d(band, [channels, channels])), x.shape);
  return mul(x, pow(add(sums, bias), -beta));
}
