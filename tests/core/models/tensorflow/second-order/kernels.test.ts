import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { runKernel } from '../../../../../core/models/tensorflow/engine-access.ts';

const wave = (shape: number[], frequency: number) =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(frequency * (i + 1))),
    shape,
  );
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

/** A convolution by its definition: calls `visit` with the flat places of every product x·w that enters y. */
function eachProduct(
  [n, height, width, ci]: [number, number, number, number],
  [kh, kw, , co]: [number, number, number, number],
  [oh, ow]: [number, number],
  stride: number,
  before: number,
  visit: (x: number, w: number, y: number) => void,
): void {
  for (let b = 0; b < n; b++)
    for (let y = 0; y < oh; y++)
      for (let x = 0; x < ow; x++)
        for (let i = 0; i < kh; i++)
          for (let j = 0; j < kw; j++) {
            const [r, s] = [y * stride - before + i, x * stride - before + j];
            if (r < 0 || r >= height || s < 0 || s >= width) continue;
            for (let c = 0; c < ci; c++)
              for (let k = 0; k < co; k++)
                visit(
                  ((b * height + r) * width + s) * ci + c,
                  ((i * kw + j) * ci + c) * co + k,
                  ((b * oh + y) * ow + x) * co + k,
                );
          }
}

describe.each(['cpu', 'wasm'] as const)('kernels on %s', (backend) => {
  beforeAll(() => useBackend(backend));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  // Large enough that the patches of the images do not fit into one chunk.
  test.each([
    { stride: 1, out: 20 },
    { stride: 2, out: 10 },
  ])('convolutions in several chunks of images are those of the definition, stride $stride', ({ stride, out }) => {
    const [xShape, wShape] = [[40, 20, 20, 8] as const, [3, 3, 8, 4] as const];
    const x = wave([...xShape], 0.7);
    const w = wave([...wShape], 1.3);
    const dy = wave([40, out, out, 4], 0.9);
    const attributes = { strides: stride, pad: 'same', dataFormat: 'NHWC' };
    const before = stride === 1 ? 1 : 0;
    const [xs, ws, dys] = [x.dataSync(), w.dataSync(), dy.dataSync()];
    const [ys, dxs, dws] = [new Float64Array(dys.length), new Float64Array(xs.length), new Float64Array(ws.length)];
    eachProduct([...xShape], [...wShape], [out, out], stride, before, (p, q, r) => {
      ys[r]! += xs[p]! * ws[q]!;
      dxs[p]! += dys[r]! * ws[q]!;
      dws[q]! += dys[r]! * xs[p]!;
    });
    const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, 'same');
    const dx = runKernel('Conv2DBackpropInput', { dy, filter: w }, { ...attributes, inputShape: [...xShape] });
    const dw = runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: [...wShape] });
    expect(largestDifference(y.dataSync(), ys)).toBeLessThan(2e-5);
    expect(largestDifference(dx.dataSync(), dxs)).toBeLessThan(2e-5);
    // Sums of 16,000 terms: the scale of the rounding is that of the largest partial sum.
    expect(largestDifference(dw.dataSync(), dws)).toBeLessThan(2e-3);
  });

  test('matrix products that fill no block evenly, transposed or not, are those of the definition', () => {
    const [m, k, n] = [37, 61, 43];
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const a = wave(transposeA ? [k, m] : [m, k], 0.7);
      const b = wave(transposeB ? [n, k] : [k, n], 1.3);
      const [as, bs] = [a.dataSync(), b.dataSync()];
      const exact = Array.from({ length: m * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        let sum = 0;
        for (let p = 0; p < k; p++)
          sum += as[transposeA ? p * m + i : i * k + p]! * bs[transposeB ? j * k + p : p * n + j]!;
        return sum;
      });
      expect(largestDifference(tf.matMul(a, b, transposeA, transposeB).dataSync(), exact)).toBeLessThan(1e-5);
    }
  });

  test('a window of NaN pools to NaN', () => {
    const x = tf.fill([1, 2, 2, 1], Number.NaN);
    const positions = runKernel('MaxPositions', { x }, { filterSize: [2, 2], strides: [2, 2], pad: 'valid' });
    expect(runKernel('GatherFromPositions', { x, positions }).dataSync()[0]).toBeNaN();
  });

  test('among equal maxima the first one counts', () => {
    const x = tf.tensor4d([1, 1, 1, 1], [1, 2, 2, 1]);
    const positions = runKernel('MaxPositions', { x }, { filterSize: [2, 2], strides: [2, 2], pad: 'valid' });
    expect(Array.from(positions.dataSync())).toEqual([0]);
  });

  test('cross-entropy of huge logits neither overflows nor loses its curvature', () => {
    const logits = tf.tensor2d([[1000, 0, -1000]]);
    const labels = tf.tensor2d([[0, 1, 0]]);
    expect(runKernel('SoftmaxCrossEntropy', { labels, logits }).dataSync()[0]).toBe(1000);
    const gradient = runKernel('SoftmaxCrossEntropyGrad', { labels, logits, dy: tf.tensor1d([2]) });
    expect(Array.from(gradient.dataSync())).toEqual([2, -2, 0]);
  });

  test('copies share their data, and outlive the original', () => {
    const original = tf.tensor1d([1, 2, 3]);
    const bytes = tf.memory().numDataBuffers;
    const copy = original.clone();
    expect(tf.memory().numDataBuffers).toBe(bytes);
    original.dispose();
    expect(Array.from(copy.dataSync())).toEqual([1, 2, 3]);
  });
});
