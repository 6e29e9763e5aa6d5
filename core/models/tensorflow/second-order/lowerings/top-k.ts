import { add, gather, reshape, type Tensor, tensor2d } from '@tensorflow/tfjs-core';

/** The values at positions `indices` [… , k] along the last axis of x [… , n]: what a cotangent can flow through. */
export function valuesAt(x: Tensor, indices: Tensor): Tensor {
  const n = x.shape.at(-1) ?? 1;
  const rows = x.size / n;
  const starts = tensor2d(
    Array.from({ length: rows }, (_, row) => row * n),
    [rows, 1],
    'int32',
  );
  const places = add(reshape(indices, [rows, indices.size / rows]), starts);
  return reshape(gather(reshape(x, [x.size]), reshape(places, [indices.size])), indices.shape);
}
