import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import type { NativeBinding } from '../../../../../core/models/tensorflow/native/binding.ts';
import { NativeBackend } from '../../../../../core/models/tensorflow/native/native-backend.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../../support/native-engine.ts';

describe.skipIf(nativeEngine === null)(`the library as a backend (${noNativeEngine})`, () => {
  let native: NativeBinding;
  let backend: NativeBackend;
  beforeAll(async () => {
    native = nativeBinding();
    await useBackend('tensorflow', { native });
    backend = tf.findBackend('tensorflow') as NativeBackend;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test('is the current one, in single precision', () => {
    expect(tf.getBackend()).toBe('tensorflow');
    expect(backend).toBeInstanceOf(NativeBackend);
    expect([backend.floatPrecision(), tf.backend().epsilon()]).toEqual([32, 1e-7]);
  });

  test.each([
    ['float32', [1.5, -2, 0]],
    ['int32', [1, -2, 2 ** 31 - 1]],
    ['bool', [1, 0, 1]],
  ] as const)('%s values are read as they were written, at once and awaited', async (dtype, values) => {
    const tensor = tf.tensor1d([...values], dtype);
    expect([...tensor.dataSync()]).toEqual(values);
    expect([...(await tensor.data())]).toEqual(values);
    tensor.dispose();
  });

  test('strings are kept, and refused by operations', () => {
    const words = tf.tensor1d(['saddle', 'point']);
    expect(words.dataSync()).toEqual(['saddle', 'point']);
    const moved = tf.reshape(words, [2, 1]);
    expect(moved.dataSync()).toEqual(['saddle', 'point']);
    expect(() => tf.concat([words, words])).toThrow(/string/);
    tf.dispose([words, moved]);
  });

  test('a tensor does not change with the array that it was made from', () => {
    const values = Float32Array.of(1, 2);
    const tensor = tf.tensor1d(values);
    values[0] = 9;
    expect([...tensor.dataSync()]).toEqual([1, 2]);
    tensor.dispose();
  });

  test('new shapes and clones share memory, which lives as long as the last of them', () => {
    const before = native.alive().tensors;
    const x = tf.tensor1d([1, 2, 3, 4, 5, 6]);
    const [clone, same, matrix] = [tf.clone(x), tf.cast(x, 'float32'), tf.reshape(x, [2, -1])];
    expect(native.alive().tensors).toBe(before + 1);
    expect(matrix.shape).toEqual([2, 3]);
    tf.dispose([x, clone, same]);
    const sums = tf.sum(matrix, 1);
    expect([...sums.dataSync()]).toEqual([6, 15]);
    tf.dispose([matrix, sums]);
  });

  test('what operations make on the way is freed, also when they fail', () => {
    const operate = () =>
      tf.tidy(() => {
        const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
        const y = tf.reshape(tf.reshape(tf.softmax(tf.matMul(x, x, false, true)), [4]), [2, 2]);
        return tf.sum(tf.mul(y, 2)).dataSync()[0];
      });
    // Constants (axes, shapes) are kept after the first time.
    expect(operate()).toBeCloseTo(4, 5);
    const before = native.alive().tensors;
    for (let i = 0; i < 50; i++) operate();
    const unequal = { a: tf.tensor1d([1, 2]), b: tf.tensor1d([1, 2, 3]) };
    expect(() => tf.engine().runKernel('Add', unequal)).toThrow(/2.*3/);
    tf.dispose(unequal);
    expect(native.alive().tensors).toBe(before);
  });

  test('tensors come over from another backend and go back', async () => {
    await tf.setBackend('cpu');
    const x = tf.tensor1d([1, 2, 3]);
    await tf.setBackend('tensorflow');
    const y = tf.mul(x, 2);
    expect([...y.dataSync()]).toEqual([2, 4, 6]);
    await tf.setBackend('cpu');
    const z = tf.add(y, 1);
    expect([...z.dataSync()]).toEqual([3, 5, 7]);
    await tf.setBackend('tensorflow');
    tf.dispose([x, y, z]);
  });
});
