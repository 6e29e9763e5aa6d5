import { reshape, sum, type Tensor } from '@tensorflow/tfjs-core';

/** The transpose of broadcasting to `t.shape`: sums over the axes along which a tensor of `shape` was repeated. */
export function sumToShape(t: Tensor, shape: readonly number[]): Tensor {
  const offset = t.shape.length - shape.length;
  const axes: number[] = [];
  t.shape.forEach((n, i) => {
    if (i < offset || (shape[i - offset] === 1 && n !== 1)) axes.push(i);
  });
  if (axes.length === 0 && offset === 0) return t;
  return reshape(axes.length > 0 ? sum(t, axes) : t, [...shape]);
}
