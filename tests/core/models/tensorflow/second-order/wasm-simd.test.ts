import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { runKernel } from '../../../../../core/models/tensorflow/engine-access.ts';
import { wasmSimd } from '../../../../../core/models/tensorflow/second-order/kernels/wasm-simd.ts';

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const wave = (shape: number[], frequency: number) =>
  tf.tensor(
    Array.from({ length: size(shape) }, (_, i) => Math.sin(frequency * (i + 1))),
    shape,
  );

/** Every fifth entry of a wave, and some rows and columns without any. */
const mostlyZeros = (rows: number, columns: number) =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return row % 7 === 3 || column % 11 === 5 || (row + column) % 5 !== 0 ? 0 : Math.sin(0.7 * (i + 1));
    }),
    [rows, columns],
  );

/** op(A) B in doubles, by the definition. */
function product(a: tf.Tensor, b: tf.Tensor, transposeA: boolean): Float64Array {
  const [rows, columns] = a.shape as [number, number];
  const [m, depth] = transposeA ? [columns, rows] : [rows, columns];
  const n = b.shape[1]!;
  const [as, bs, out] = [a.dataSync(), b.dataSync(), new Float64Array(m * n)];
  for (let i = 0; i < m; i++)
    for (let k = 0; k < depth; k++) {
      const entry = as[transposeA ? k * columns + i : i * columns + k]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += entry * bs[k * n + j]!;
    }
  return out;
}

/** Waves cancel in long sums, so the error is measured against the largest entry of all. */
function expectNear(found: tf.Tensor, wanted: Float64Array, tolerance = 4e-6): void {
  const scale = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const worst = Array.from(found.dataSync()).reduce((most, x, i) => Math.max(most, Math.abs(x - wanted[i]!)), 0);
  expect(found.size).toBe(wanted.length);
  expect(worst / scale).toBeLessThan(tolerance);
}

describe('SIMD kernels on the heap of the wasm backend', () => {
  beforeAll(() => useBackend('wasm'));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('are there', () => {
    expect(wasmSimd(tf.backend())).not.toBeNull();
  });

  test.each([1, 3, 4, 10, 37, 64])('a constant of zeros and few entries times %i columns, in every use', (n) => {
    const a = mostlyZeros(301, 128);
    const [right, left] = [wave([128, n], 1.3), wave([301, n], 0.9)];
    const wanted = [product(a, right, false), product(a, left, true)];
    for (let use = 0; use < 4; use++) {
      expectNear(tf.matMul(a, right), wanted[0]!);
      expectNear(tf.matMul(a, left, true), wanted[1]!);
    }
    // The same constant with another number of columns.
    const other = wave([128, n + 1], 0.3);
    expectNear(tf.matMul(a, other), product(a, other, false));
    const bias = wave([n], 0.2);
    const fused = tf.fused.matMul({ a, b: right as tf.Tensor2D, bias, activation: 'relu' });
    const biases = bias.dataSync();
    expectNear(
      fused,
      wanted[0]!.map((x, i) => Math.max(0, x + biases[i % n]!)),
    );
  });

  test('compressed rows end with the tensor they were made of', () => {
    const held = () => tf.backend().numDataIds();
    const b = wave([128, 8], 1.3);
    const before = held();
    const a = mostlyZeros(301, 128);
    for (let use = 0; use < 4; use++) tf.matMul(a, b).dispose();
    expect(held()).toBe(before + 3);
    a.dispose();
    expect(held()).toBe(before);
  });

  test('zeros multiply nothing, and what is not a number stays so', () => {
    const a = mostlyZeros(301, 128);
    const values = a.dataSync().slice();
    values[0] = Number.NaN;
    const marked = tf.tensor2d(values, [301, 128]);
    const b = tf.ones([128, 4]);
    for (let use = 0; use < 4; use++) {
      const rows = tf.matMul(marked, b as tf.Tensor2D).dataSync();
      expect([...rows.slice(0, 4)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
      expect(rows.slice(4).every(Number.isFinite)).toBe(true);
    }
  });

  test.each([
    [1, 8, 2600],
    [3, 9, 1000],
    [6, 13, 300],
    [45, 64, 129],
    [128, 10, 128],
  ])('Aᵀ B of %i × %i over %i rows', (m, n, depth) => {
    const [a, b] = [wave([depth, m], 0.7), wave([depth, n], 1.3)];
    // n roundings of 2⁻²⁴ each.
    expectNear(tf.matMul(a, b, true), product(a, b, true), depth * 2 ** -24);
  });

  const convolutions: {
    channels: number;
    filters: number;
    strides: number;
    pad: 'same' | 'valid';
    dilations: number;
  }[] = [
    { channels: 1, filters: 8, strides: 1, pad: 'valid', dilations: 1 },
    { channels: 3, filters: 13, strides: 2, pad: 'same', dilations: 1 },
    { channels: 8, filters: 16, strides: 1, pad: 'same', dilations: 1 },
    { channels: 5, filters: 9, strides: 1, pad: 'same', dilations: 2 },
    { channels: 6, filters: 8, strides: 3, pad: 'valid', dilations: 1 },
  ];
  test.each(convolutions)('the filter’s gradient is the slope along every filter: %o', (given) => {
    const { channels, filters, strides, pad, dilations } = given;
    const x = wave([30, 14, 11, channels], 0.7) as tf.Tensor4D;
    const filterShape: [number, number, number, number] = [3, 2, channels, filters];
    const probe = wave(filterShape, 0.31) as tf.Tensor4D;
    const y = tf.conv2d(x, probe, strides, pad, 'NHWC', dilations);
    const dy = wave(y.shape, 0.9);
    const attributes = { strides, pad, dataFormat: 'NHWC', dilations, filterShape };
    const gradient = runKernel('Conv2DBackpropFilter', { x, dy }, attributes);
    // y is linear in the filter, so ⟨dy, y(e)⟩ is the gradient's entry for the filter e with a single one.
    const found = gradient.dataSync();
    for (let entry = 0; entry < found.length; entry += 7) {
      const unit = new Float32Array(found.length);
      unit[entry] = 1;
      const answer = tf.conv2d(x, tf.tensor(unit, filterShape) as tf.Tensor4D, strides, pad, 'NHWC', dilations);
      const [ys, dys] = [answer.dataSync(), dy.dataSync()];
      let [wanted, scale] = [0, 0];
      for (let i = 0; i < ys.length; i++) {
        wanted += ys[i]! * dys[i]!;
        scale += Math.abs(ys[i]! * dys[i]!);
      }
      expect(Math.abs(found[entry]! - wanted) / scale).toBeLessThan(1e-6);
    }
  });

  test('sums over leading axes and a row added to every row', () => {
    const x = wave([40, 13, 9, 12], 0.7);
    const [xs, sums] = [x.dataSync(), new Float64Array(12)];
    for (let i = 0; i < xs.length; i++) sums[i % 12]! += xs[i]!;
    expectNear(tf.sum(x, [0, 1, 2]), sums, 1e-7);
    const row = wave([1, 1, 12], 1.3);
    const rows = row.dataSync();
    const wanted = Float64Array.from(xs, (value, i) => Math.fround(value + rows[i % 12]!));
    expectNear(tf.add(x, row), wanted, 1e-12);
    expectNear(tf.add(row, x), wanted, 1e-12);
  });

  test('tanh to 2e-7 of itself at every size, with its limits', () => {
    const magnitudes = Array.from({ length: 20_001 }, (_, i) => 10 ** (-8 + i * 4.7e-4) * (i % 2 === 0 ? 1 : -1));
    const x = tf.tensor1d(magnitudes);
    const [xs, found] = [x.dataSync(), tf.tanh(x).dataSync()];
    const worst = Array.from(xs).reduce((most, at, i) => Math.max(most, Math.abs(found[i]! / Math.tanh(at) - 1)), 0);
    expect(worst).toBeLessThan(2e-7);
    const limits = [0, -0, 50, -50, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e-40];
    expect([...tf.tanh(tf.tensor1d(limits)).dataSync()]).toEqual([0, -0, 1, -1, 1, -1, Number.NaN, Math.fround(1e-40)]);
  });

  test('the embedded bytes are the compiled text', () => {
    const at = (path: string) => fileURLToPath(new URL(`../../../../../${path}`, import.meta.url));
    const wat = at('core/models/tensorflow/second-order/kernels/wasm-simd.wat');
    const check = [at('electron/build/compile-wat.mjs'), '--check', wat];
    const { status, stderr } = spawnSync(process.execPath, check, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
