import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { installSecondOrder } from '../../../../../core/models/tensorflow/second-order/install.ts';
import { linearizeOutputs } from '../../../../../core/models/tensorflow/second-order/linearize-outputs.ts';
import { linearizeTape } from '../../../../../core/models/tensorflow/second-order/linearize-tape.ts';

const x = () => tf.reshape(tf.linspace(-1, 1, 24), [6, 4]);
const net = (w1: tf.Tensor, w2: tf.Tensor) => tf.matMul(tf.tanh(tf.matMul(x(), w1)), w2);
const wave = (shape: number[], frequency: number) =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(frequency * (i + 1))),
    shape,
  );
const parameters = (frequency: number) => [wave([4, 5], frequency), wave([5, 3], frequency)];
const dot = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0]!;
const values = (tensors: readonly tf.Tensor[]) => tensors.flatMap((tensor) => Array.from(tensor.dataSync()));

describe.each(['cpu', 'wasm'] as const)('linearised outputs on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    installSecondOrder();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('J v is tanh’s product rule, written out', () => {
    const [w1, w2] = parameters(0.7) as [tf.Tensor, tf.Tensor];
    const [v1, v2] = parameters(1.1) as [tf.Tensor, tf.Tensor];
    const linearization = linearizeOutputs((a, b) => net(a!, b!), [w1, w2]);
    const h = tf.tanh(tf.matMul(x(), w1));
    const slope = tf.sub(1, tf.square(h));
    const exact = tf.add(tf.matMul(tf.mul(slope, tf.matMul(x(), v1)), w2), tf.matMul(h, v2));
    const found = linearization.jacobianProduct([v1, v2]);
    expect(tf.max(tf.abs(tf.sub(found, exact))).dataSync()[0]!).toBeLessThan(2e-6);
    linearization.dispose();
  });

  test('J and Jᵀ are transposes: u·Jv = v·Jᵀu', () => {
    const vs = parameters(1.1);
    const u = wave([6, 3], 0.4);
    const linearization = linearizeOutputs((a, b) => net(a!, b!), parameters(0.7));
    const left = dot(u, linearization.jacobianProduct(vs));
    const pulled = linearization.jacobianTransposeProduct(u);
    const right = dot(pulled[0]!, vs[0]!) + dot(pulled[1]!, vs[1]!);
    expect(Math.abs(left - right)).toBeLessThan(1e-5 * Math.abs(left));
    linearization.dispose();
  });

  test('for a model linear in its parameters, Jᵀ A J is the Hessian', () => {
    const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3);
    const lossOf = (z: tf.Tensor) => tf.losses.softmaxCrossEntropy(labels, z) as tf.Scalar;
    const [w, v] = [wave([4, 3], 0.7), wave([4, 3], 1.1)];
    const model = linearizeOutputs((a) => tf.matMul(x(), a!), [w]);
    const loss = linearizeTape((z) => lossOf(z!), [model.outputs]);
    const whole = linearizeTape((a) => lossOf(tf.matMul(x(), a!)), [w]);
    const gaussNewton = model.jacobianTransposeProduct(loss.hessianProduct([model.jacobianProduct([v])])[0]!);
    const hessian = whole.hessianProduct([v]);
    values(hessian).forEach((value, i) => {
      expect(values(gaussNewton)[i]).toBeCloseTo(value, 6);
    });
    for (const linearization of [model, loss, whole]) linearization.dispose();
  });

  test('nothing is left behind', () => {
    const [xs, vs, u] = [parameters(0.7), parameters(1.1), wave([6, 3], 0.4)];
    const before = [tf.memory().numTensors, tf.memory().numBytes];
    for (let i = 0; i < 5; i++) {
      const linearization = linearizeOutputs((a, b) => net(a!, b!), xs);
      tf.dispose([linearization.jacobianProduct(vs), linearization.jacobianTransposeProduct(u)]);
      linearization.dispose();
    }
    expect([tf.memory().numTensors, tf.memory().numBytes]).toEqual(before);
  });
});
