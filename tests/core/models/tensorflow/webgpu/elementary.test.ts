import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { gpuOfTests, noGpu } from '../../../../support/gpu-of-tests.ts';

const found = await gpuOfTests();
const count = 4001;
const between = (from: number, to: number) =>
  Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

/** Largest |y − exact| over `scale(exact)`, where the exact value belongs to the rounded argument. */
async function worst(
  xs: Float32Array,
  run: (x: tf.Tensor) => tf.Tensor,
  exact: (x: number) => number,
  scale: (y: number) => number,
): Promise<number> {
  const x = tf.tensor1d(xs);
  const y = run(x);
  const values = await y.data();
  tf.dispose([x, y]);
  return xs.reduce((most, at, i) => {
    const truth = exact(at);
    return Math.max(most, Math.abs((values[i] ?? Number.NaN) - truth) / scale(truth));
  }, 0);
}

describe.skipIf(found === null)(`elementary functions on ${found?.description ?? noGpu}`, () => {
  beforeAll(() => useBackend('webgpu', found ?? {}));

  const relative = Math.abs;
  const absolute = () => 1;
  test.each([
    ['exp', [-85, 88], tf.exp, Math.exp, relative],
    ['expm1', [-2, 2], tf.expm1, Math.expm1, (y: number) => Math.abs(y) || 1],
    ['expm1 near zero', [-1e-3, 1e-3], tf.expm1, Math.expm1, (y: number) => Math.abs(y) || 1],
    ['log', [1e-3, 50], tf.log, Math.log, (y: number) => Math.abs(y) || 1],
    ['log near one', [0.99, 1.01], tf.log, Math.log, (y: number) => Math.abs(y) || 1],
    ['log1p near zero', [-1e-3, 1e-3], tf.log1p, Math.log1p, (y: number) => Math.abs(y) || 1],
    ['sin', [-30, 30], tf.sin, Math.sin, absolute],
    ['cos', [-30, 30], tf.cos, Math.cos, absolute],
    ['tan', [-1.4, 1.4], tf.tan, Math.tan, (y: number) => Math.abs(y) || 1],
    ['asin', [-1, 1], tf.asin, Math.asin, (y: number) => Math.abs(y) || 1],
    ['acos', [-1, 0.9], tf.acos, Math.acos, relative],
    ['atan', [-20, 20], tf.atan, Math.atan, (y: number) => Math.abs(y) || 1],
    ['sinh near zero', [-1, 1], tf.sinh, Math.sinh, (y: number) => Math.abs(y) || 1],
    ['cosh', [-20, 20], tf.cosh, Math.cosh, relative],
    ['tanh', [-12, 12], tf.tanh, Math.tanh, (y: number) => Math.abs(y) || 1],
    ['tanh near zero', [-1e-3, 1e-3], tf.tanh, Math.tanh, (y: number) => Math.abs(y) || 1],
    ['sigmoid', [-80, 80], tf.sigmoid, (x: number) => 1 / (1 + Math.exp(-x)), relative],
    ['softplus', [-60, 60], tf.softplus, (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), relative],
    ['asinh', [-40, 40], tf.asinh, Math.asinh, (y: number) => Math.abs(y) || 1],
    ['acosh', [1.01, 40], tf.acosh, Math.acosh, relative],
    ['atanh', [-0.99, 0.99], tf.atanh, Math.atanh, (y: number) => Math.abs(y) || 1],
    ['sqrt', [1e-6, 100], tf.sqrt, Math.sqrt, relative],
    ['rsqrt', [1e-6, 100], tf.rsqrt, (x: number) => 1 / Math.sqrt(x), relative],
  ] as const)('%s errs by no more than a few units in the last place', async (_, [from, to], run, exact, scale) => {
    const most = await worst(between(from, to), (x) => run(x), exact, scale);
    expect(most).toBeLessThan(5e-7);
  });

  test('values at the ends of the numbers are those of JavaScript', async () => {
    const ends = [Number.NEGATIVE_INFINITY, -1, 0, Number.POSITIVE_INFINITY, Number.NaN];
    const functions = { exp: tf.exp, log: tf.log, tanh: tf.tanh, sqrt: tf.sqrt, atan: tf.atan, expm1: tf.expm1 };
    for (const [name, run] of Object.entries(functions)) {
      const exact = ends.map((x) => Math.fround(Math[name as 'exp'](x)));
      const values = await run(tf.tensor1d(ends)).data();
      for (const [i, value] of values.entries())
        if (Number.isFinite(exact[i])) expect(value, `${name} ${ends[i]}`).toBeCloseTo(exact[i]!, 6);
        else expect(value, `${name} ${ends[i]}`).toBe(exact[i]);
    }
  });

  test('a sum of terms that cancel keeps what a plain sum in single precision loses', async () => {
    // Σ of 10 000 pairs ±big and one small number each: exactly 10 000 · 2⁻⁸.
    const terms = Float32Array.from({ length: 30_000 }, (_, i) => [65_536, 2 ** -8, -65_536][i % 3]!);
    const sum = await tf.sum(tf.tensor1d(terms)).data();
    expect(sum[0]).toBe(10_000 * 2 ** -8);
    const columns = await tf.mean(tf.tensor2d(terms, [10_000, 3]), 0).data();
    expect(Array.from(columns)).toEqual([65_536, 2 ** -8, -65_536]);
  });
});
