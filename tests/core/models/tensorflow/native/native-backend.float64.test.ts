import '../../../../support/float64-realm-first.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import type { NativeBinding } from '../../../../../core/models/tensorflow/native/binding.ts';
import { nativeProgramExecutor } from '../../../../../core/models/tensorflow/native/program-executor.ts';
import type { ProgramValue } from '../../../../../core/models/tensorflow/plan/program.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../../support/native-engine.ts';

describe.skipIf(nativeEngine === null)(`the library in double precision (${noNativeEngine})`, () => {
  let native: NativeBinding;
  beforeAll(async () => {
    native = nativeBinding();
    await useBackend('tensorflow', { native });
  });
  // Each needs more digits than single precision has.
  const values = [Math.PI, 1 + 2 ** -40, 1e-200];

  test('values come back with all their digits, from operations too', () => {
    const x = tf.tensor1d(values);
    expect([...x.dataSync()]).toEqual(values);
    const doubled = tf.mul(x, 2);
    expect([...doubled.dataSync()]).toEqual(values.map((v) => 2 * v));
    const exp = tf.exp(x);
    exp.dataSync().forEach((v, i) => {
      expect(Math.abs(v / Math.exp(values[i]!) - 1)).toBeLessThan(1e-15);
    });
    tf.dispose([x, doubled, exp]);
  });

  test('programs compute with all digits, from host to host', () => {
    const value = (id: number): ProgramValue => ({ id, shape: [3], dtype: 'float32' });
    const [x, y, sum] = [value(1), value(2), value(3)];
    const inputs = [
      ['a', { value: x }],
      ['b', { value: y }],
    ] as const;
    const steps = [{ kernel: 'Add', inputs, attributes: {}, outputs: [sum] }];
    const executor = nativeProgramExecutor({ free: [x], fixed: [y], steps, results: [{ value: sum }] }, native);
    const fixed = tf.tensor1d(values);
    const into = new Float64Array(3);
    executor.runOnHost!(Float64Array.from(values), [fixed], into);
    expect([...into]).toEqual(values.map((v) => v + v));
    executor.dispose();
    fixed.dispose();
  });
});
