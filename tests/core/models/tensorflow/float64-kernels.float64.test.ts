import '../../../support/float64-realm-first.ts';

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { erf, softplus } from '../../../../core/models/tensorflow/float64-kernels.ts';
import { enterFloat64Realm, isFloat64Realm } from '../../../../core/models/tensorflow/float64-realm.ts';

beforeAll(() => useBackend('cpu'));

// Abramowitz and Stegun (1964), table 7.1, and DLMF 7.24 to more digits.
test.each([
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [2.9, 0.9999589021219005],
  [3.1, 0.9999883513426328],
  [4, 0.9999999845827421],
])('erf(%f) to double precision', (x, value) => {
  expect(Math.abs(erf(x) - value)).toBeLessThan(1e-15);
  expect(erf(-x)).toBe(-erf(x));
});

test('softplus neither overflows nor cancels', () => {
  expect(softplus(800)).toBe(800);
  expect(softplus(-30)).toBeCloseTo(Math.exp(-30), 25);
  expect(softplus(0)).toBe(Math.LN2);
});

test('tensors hold doubles, through upload, kernels and download', () => {
  const third = tf.tidy(() => tf.div(tf.scalar(1), tf.scalar(3)).dataSync()[0]!);
  expect(third).toBe(1 / 3);
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[0.1, 0.2]]), tf.tensor2d([[0.3], [0.7]])).dataSync()[0]!);
  expect(product).toBe(0.1 * 0.3 + 0.2 * 0.7);
  expect(tf.tidy(() => tf.erf(tf.scalar(0.5)).dataSync()[0]!)).toBe(erf(0.5));
});

test('only the cpu backend exists here, and entering again changes nothing', async () => {
  await expect(useBackend('wasm')).rejects.toThrow(/'cpu'/);
  enterFloat64Realm();
  expect(isFloat64Realm()).toBe(true);
});
