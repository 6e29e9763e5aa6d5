import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BadInput } from '../../../../../core/bad-input.ts';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { installSecondOrder } from '../../../../../core/models/tensorflow/second-order/install.ts';
import { linearizeTape, tapeGradient } from '../../../../../core/models/tensorflow/second-order/linearize-tape.ts';

const values = (tensors: readonly tf.Tensor[]) => tensors.flatMap((tensor) => Array.from(tensor.dataSync()));
const sumOf = (x: tf.Tensor): tf.Scalar => tf.sum(x);

/** A small net with every kind of parameter, on constants made inside. */
function netLoss(w1: tf.Tensor, b1: tf.Tensor, w2: tf.Tensor, b2: tf.Tensor): tf.Scalar {
  const x = tf.reshape(tf.linspace(-1, 1, 24), [6, 4]);
  const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3);
  const hidden = tf.tanh(tf.add(tf.matMul(x, w1), b1));
  return tf.losses.softmaxCrossEntropy(labels, tf.add(tf.matMul(hidden, w2), b2));
}
const netShapes = [[4, 5], [5], [5, 3], [3]];
const netTensors = (frequency: number) =>
  netShapes.map((shape) =>
    tf.tensor(
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(frequency * (i + 1))),
      shape,
    ),
  );

describe.each(['cpu', 'wasm'] as const)('a linearised tape on %s', (backend) => {
  let before: { tensors: number; bytes: number };

  beforeAll(async () => {
    await useBackend(backend);
    installSecondOrder();
  });
  beforeEach(() => {
    tf.engine().startScope();
    before = { tensors: tf.memory().numTensors, bytes: tf.memory().numBytes };
  });
  afterEach(() => tf.engine().endScope());
  const leaked = () => ({
    tensors: tf.memory().numTensors - before.tensors,
    bytes: tf.memory().numBytes - before.bytes,
  });

  test('stock nested gradients of tanh are wrong without throwing, ours are right', () => {
    // d²/dx² of ½ tanh²: with t = tanh x, (1 − t²)(1 − 3t²).
    const x = tf.tensor1d([0.3, -0.5, 1]);
    const f = (t: tf.Tensor) => tf.mul(0.5, tf.sum(tf.square(tf.tanh(t)))) as tf.Scalar;
    const exact = [0.3, -0.5, 1].map((value) => (1 - Math.tanh(value) ** 2) * (1 - 3 * Math.tanh(value) ** 2));
    const nested = tf
      .grad((t) => tf.grad(f)(t))(x)
      .dataSync();
    const worst = exact.map((value, i) => Math.abs(nested[i]! - value) / Math.abs(value));
    expect(Math.max(...worst)).toBeGreaterThan(0.1);

    const linearization = linearizeTape((t) => f(t!), [x]);
    const ours = linearization.hessianProduct([tf.ones([3])])[0]!.dataSync();
    linearization.dispose();
    exact.forEach((value, i) => {
      expect(ours[i]).toBeCloseTo(value, 6);
    });
  });

  test('twenty linearisations with three products each leave no tensor and no byte', () => {
    const xs = netTensors(0.7);
    const vs = netTensors(1.1);
    const start = leaked();
    for (let i = 0; i < 20; i++) {
      const linearization = linearizeTape(
        (...ws) => netLoss(...(ws as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor])),
        xs,
      );
      for (let k = 0; k < 3; k++) tf.dispose(linearization.hessianProduct(vs));
      linearization.dispose();
    }
    expect(leaked()).toEqual(start);
  });

  test('a gradient alone leaves nothing but its result, and is that of the linearisation', () => {
    const xs = netTensors(0.7);
    const f = (...ws: tf.Tensor[]) => netLoss(...(ws as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]));
    const start = leaked();
    const { value, gradients } = tapeGradient(f, xs);
    const linearization = linearizeTape(f, xs);
    expect(values(gradients)).toEqual(values(linearization.gradients));
    expect(value.dataSync()).toEqual(linearization.value.dataSync());
    linearization.dispose();
    tf.dispose([value, ...gradients]);
    expect(leaked()).toEqual(start);
  });

  test.each([
    [
      'the function',
      (x: tf.Tensor) => {
        tf.tanh(tf.exp(x));
        throw new Error('on purpose');
      },
      /on purpose/,
    ],
    ['a missing rule on the way back', (x: tf.Tensor) => sumOf(tf.mul(tf.tanh(x), tf.sum(tf.diag(x)))), /'Diag'/],
    ['a gradient written by hand', (x: tf.Tensor) => sumOf(handWritten(tf.tanh(x))), /tf\.customGrad/],
  ])('nothing is left when %s fails', (_, f, message) => {
    const x = tf.tensor1d([0.3, -0.5, 1]);
    const start = leaked();
    for (let i = 0; i < 5; i++) {
      expect(() => linearizeTape((t) => f(t!) as tf.Scalar, [x])).toThrow(message);
      expect(() => tapeGradient((t) => f(t!) as tf.Scalar, [x])).toThrow(message);
    }
    expect(leaked()).toEqual(start);
    // The engine is usable afterwards.
    const linearization = linearizeTape((t) => sumOf(tf.tanh(t!)), [x]);
    linearization.dispose();
    expect(leaked()).toEqual(start);
  });

  test('a missing rule is reported with the operation and what to do', () => {
    expect(() => linearizeTape((t) => sumOf(tf.diag(t!)), [tf.tensor1d([1, 2])])).toThrow(BadInput);
  });

  test('parameters and constants are the same bits after products', () => {
    const xs = netTensors(0.7);
    const bits = values(xs);
    const linearization = linearizeTape(
      (...ws) => netLoss(...(ws as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor])),
      xs,
    );
    const vs = netTensors(1.1);
    const once = values(linearization.hessianProduct(vs));
    const twice = values(linearization.hessianProduct(vs));
    linearization.dispose();
    expect(values(xs)).toEqual(bits);
    expect(twice).toEqual(once);
    expect(values(vs)).toEqual(values(netTensors(1.1)));
  });

  test('a function that a parameter does not enter has zero blocks, not an error', () => {
    const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([3])];
    const linearization = linearizeTape((a) => sumOf(tf.square(a!)), [x, y]);
    expect(values(linearization.gradients)).toEqual([2, 4, 0]);
    expect(values(linearization.hessianProduct([tf.tensor1d([1, 10]), tf.tensor1d([5])]))).toEqual([2, 20, 0]);
    linearization.dispose();
  });

  test('linear functions, and functions that are their own argument, have zero Hessians', () => {
    const x = tf.tensor1d([1, 2]);
    const linear = linearizeTape((a) => sumOf(tf.mul(a!, [3, 4])), [x]);
    expect(values(linear.gradients)).toEqual([3, 4]);
    expect(values(linear.hessianProduct([tf.tensor1d([1, 1])]))).toEqual([0, 0]);
    linear.dispose();
    const identity = linearizeTape((a) => a as tf.Scalar, [tf.scalar(2)]);
    expect(values(identity.gradients)).toEqual([1]);
    expect(values(identity.hessianProduct([tf.scalar(1)]))).toEqual([0]);
    identity.dispose();
  });

  test('a quadratic whose gradient is a parameter itself has the exchange as Hessian', () => {
    const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
    const linearization = linearizeTape((a, b) => sumOf(tf.mul(a!, b!)), [x, y]);
    expect(values(linearization.gradients)).toEqual([3, 4, 1, 2]);
    expect(values(linearization.hessianProduct([tf.tensor1d([5, 6]), tf.tensor1d([7, 8])]))).toEqual([7, 8, 5, 6]);
    linearization.dispose();
  });

  test('recording inside a recording is refused', () => {
    const x = tf.tensor1d([1, 2]);
    const inner = (a: tf.Tensor) => tapeGradient((b) => sumOf(tf.square(b!)), [a]).value;
    expect(() => linearizeTape((a) => inner(a!), [x])).toThrow(/already/);
    expect(() => tf.grad((a: tf.Tensor) => inner(a))(x)).toThrow(/already/);
  });

  test('a product walks fewer operations than were recorded', () => {
    const linearization = linearizeTape(
      (...ws) => netLoss(...(ws as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor])),
      netTensors(0.7),
    );
    expect(linearization.nodes.walked).toBeLessThan(linearization.nodes.recorded / 2);
    linearization.dispose();
  });
});

const handWritten = tf.customGrad((x) => ({
  value: tf.square(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.mul(dy, 2),
}));
