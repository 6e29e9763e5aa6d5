import { concat, mul, ones, pad, reshape, reverse, slice, type Tensor, transpose, util } from '@tensorflow/tfjs-core';
import { volume } from './strided-slice.ts';

/**
 * Π of the entries along some axes, by multiplying halves: log₂ n steps of ordinary products. Its derivatives divide by
 * nothing and take no logarithm, so that they are right where entries are zero or negative.
 */
export function productAlongAxes(
  x: Tensor,
  axis: number | number[] | null | undefined,
  keepDimensions: boolean,
): Tensor {
  const all = x.shape.map((_, i) => i);
  const axes = axis == null ? all : util.parseAxisParam(axis, x.shape);
  const kept = all.filter((i) => !axes.includes(i));
  const rows = volume(kept.map((i) => x.shape[i]!));
  let n = volume(axes.map((i) => x.shape[i]!));
  let y = reshape(transpose(x, [...kept, ...axes]), [rows, n]);
  if (n === 0) y = ones([rows, 1]);
  for (; n > 1; n = Math.ceil(n / 2)) {
    const half = Math.floor(n / 2);
    const products = mul(slice(y, [0, 0], [rows, half]), slice(y, [0, half], [rows, half]));
    y = n % 2 === 0 ? products : concat([products, slice(y, [0, n - 1], [rows, 1])], 1);
  }
  const shape = keepDimensions ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : kept.map((i) => x.shape[i]!);
  return reshape(y, shape);
}

/**
 * Running products along an axis as a parallel scan: log₂ n steps, each of which multiplies by the array moved on by
 * 1, 2, 4 … places. Right at zeros, as above. Hillis and Steele (1986), Data parallel algorithms.
 */
export function runningProduct(x: Tensor, axis: number, exclusive: boolean, backwards: boolean): Tensor {
  const along = util.parseAxisParam(axis, x.shape)[0]!;
  const n = x.shape[along]!;
  const shape = [volume(x.shape.slice(0, along)), n, volume(x.shape.slice(along + 1))];
  const moved = (t: Tensor, by: number) =>
    slice(
      pad(
        t,
        [
          [0, 0],
          [by, 0],
          [0, 0],
        ],
        1,
      ),
      [0, 0, 0],
      shape,
    );
  let y = reshape(backwards ? reverse(x, along) : x, shape);
  if (exclusive) y = moved(y, 1);
  for (let by = 1; by < n; by *= 2) y = mul(y, moved(y, by));
  const whole = reshape(y, x.shape);
  return backwards ? reverse(whole, along) : whole;
}
