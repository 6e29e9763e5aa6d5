import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { installSecondOrder } from '../../../../../core/models/tensorflow/second-order/install.ts';

beforeAll(async () => {
  await useBackend('cpu');
  installSecondOrder();
});

const numbers = (n: number, frequency = 1.7) => Array.from({ length: n }, (_, i) => Math.sin(frequency * (i + 1)));
const drawn = (...shape: number[]) => tf.tensor(numbers(tf.util.sizeFromShape(shape)), shape);

/** What the library's own kernel of the cpu backend answers, past all rewriting. */
function byLibrary(name: string, inputs: Record<string, tf.Tensor>, attrs: Record<string, unknown>): Float32Array {
  const { kernelFunc } = tf.getKernel(name, 'cpu');
  const info = kernelFunc({ inputs, attrs: attrs as never, backend: tf.backend() }) as tf.TensorInfo;
  return tf.backend().readSync(info.dataId) as Float32Array;
}

const close = (found: tf.Tensor, expected: ArrayLike<number>) => {
  expect(found.size).toBe(expected.length);
  const most = Math.max(...Array.from(found.dataSync(), (x, i) => Math.abs(x - expected[i]!)));
  expect(most).toBeLessThan(1e-6);
};

test.each(['valid', 'same'] as const)('greyscale dilation, padding %s, is that of the library', (pad) => {
  const [x, filter] = [drawn(2, 7, 6, 2), drawn(2, 3, 2)];
  const attrs = { strides: [2, 1], pad, dilations: [1, 2] };
  close(
    tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, [2, 1], pad, [1, 2]),
    byLibrary('Dilation2D', { x, filter }, attrs),
  );
});

test.each(['nearest', 'bilinear'] as const)('boxes cut out of images, %s, are those of the library', (method) => {
  const image = drawn(2, 6, 7, 3) as tf.Tensor4D;
  const boxes = tf.tensor2d([0.13, 0.1, 0.8, 0.87, 0.83, 0.94, 0.12, 0.06, -0.31, 0.42, 0.72, 1.24], [3, 4]);
  const boxInd = tf.tensor1d([1, 0, 1], 'int32');
  for (const cropSize of [
    [3, 4],
    [1, 1],
    [9, 2],
  ] as [number, number][]) {
    const attrs = { cropSize, method, extrapolationValue: 0.25 };
    close(
      tf.image.cropAndResize(image, boxes, boxInd, cropSize, method, 0.25),
      byLibrary('CropAndResize', { image, boxes, boxInd }, attrs),
    );
  }
});

test.each(['AvgPool', 'MaxPool'])('%s padded by a number is that of the library', (name) => {
  const x = tf.sub(drawn(2, 6, 6, 2), 4) as tf.Tensor4D;
  const pool = name === 'AvgPool' ? tf.avgPool : tf.maxPool;
  for (const rounding of ['floor', 'ceil'] as const) {
    const attrs = { filterSize: 3, strides: 2, pad: 1, dimRoundingMode: rounding };
    close(pool(x, 3, 2, 1, rounding), byLibrary(name, { x }, attrs));
  }
});

test('images with channels first are convolved as their transposed ones, and a filter with gaps as one with zeros', () => {
  const [x, w] = [drawn(2, 5, 6, 2) as tf.Tensor4D, drawn(3, 2, 2, 3) as tf.Tensor4D];
  const first = tf.conv2d(tf.transpose(x, [0, 3, 1, 2]), w, 1, 'same', 'NCHW');
  close(tf.transpose(first, [0, 2, 3, 1]), tf.conv2d(x, w, 1, 'same').dataSync());
  const [volume, filter] = [drawn(1, 5, 4, 5, 1) as tf.Tensor5D, drawn(2, 2, 2, 1, 2) as tf.Tensor5D];
  const attrs = { strides: 1, pad: 'valid', dataFormat: 'NDHWC', dilations: [3, 2, 1] };
  close(tf.conv3d(volume, filter, 1, 'valid', 'NDHWC', [3, 2, 1]), byLibrary('Conv3D', { x: volume, filter }, attrs));
});

test('strided slices: by hand, and an axis that is dropped next to one with a step', () => {
  const x = tf.tensor2d(
    Array.from({ length: 20 }, (_, i) => i),
    [4, 5],
  );
  const slices: [tf.Tensor, number[], number[]][] = [
    [tf.stridedSlice(x, [3, 0], [0, 5], [-2, 2]), [2, 3], [15, 17, 19, 5, 7, 9]],
    [tf.stridedSlice(x, [2, 1], [3, 5], [1, 2], 0, 0, 0, 0, 1), [2], [11, 13]],
    [tf.stridedSlice(x, [1], [4], [2]), [2, 5], [5, 6, 7, 8, 9, 15, 16, 17, 18, 19]],
    [tf.stridedSlice(tf.cast(x, 'int32'), [0, 4], [2, 0], [1, -3]), [2, 2], [4, 1, 9, 6]],
  ];
  for (const [found, shape, values] of slices) {
    expect(found.shape).toEqual(shape);
    expect(Array.from(found.dataSync())).toEqual(values);
  }
});

test('padding of five axes is done axis by axis, with its value', () => {
  const x = tf.ones([1, 2, 1, 2, 1]);
  const y = tf.pad(
    x,
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
      [2, 0],
    ] as [number, number][],
    3,
  );
  expect(y.shape).toEqual([1, 3, 2, 2, 3]);
  expect(tf.sum(y).dataSync()[0]).toBe(4 + 3 * (36 - 4));
  expect(Array.from(tf.slice(y, [0, 1, 0, 0, 2], [1, 2, 1, 2, 1]).dataSync())).toEqual([1, 1, 1, 1]);
});
