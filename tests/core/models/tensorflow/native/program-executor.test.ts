import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import type { NativeBinding } from '../../../../../core/models/tensorflow/native/binding.ts';
import { NoLowering, nativeProgramExecutor } from '../../../../../core/models/tensorflow/native/program-executor.ts';
import type {
  Operand,
  Program,
  ProgramStep,
  ProgramValue,
} from '../../../../../core/models/tensorflow/plan/program.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../../support/native-engine.ts';

/** Writes a program down step by step. */
class ProgramWriter {
  readonly steps: ProgramStep[] = [];
  private count = 0;

  value(shape: readonly number[], dtype: tf.DataType = 'float32'): ProgramValue {
    return { id: ++this.count, shape, dtype };
  }

  step(
    kernel: string,
    inputs: Record<string, ProgramValue | tf.Tensor>,
    shape: readonly number[],
    attributes = {},
  ): ProgramValue {
    const output = this.value(shape);
    const operands = Object.entries(inputs).map(([name, from]): [string, Operand] => [name, operand(from)]);
    this.steps.push({ kernel, inputs: operands, attributes, outputs: [output] });
    return output;
  }
}

const operand = (from: ProgramValue | tf.Tensor): Operand =>
  from instanceof tf.Tensor ? { constant: from } : { value: from };

const random = (size: number, seed: number) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) * seed) * 0.5);

/** The same network, one operation after another. */
const outputs = (x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor, last: tf.Tensor) =>
  tf.matMul(tf.tanh(tf.add(tf.matMul(x, weights), bias)), last);

describe.skipIf(nativeEngine === null)(`programs as graphs of the library (${noNativeEngine})`, () => {
  let native: NativeBinding;
  beforeAll(async () => {
    native = nativeBinding();
    await useBackend('tensorflow', { native });
  });
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(0);
    expect(native.alive().programs).toBe(0);
  });

  /** tanh(x W + b) W′ with W fixed, b a small constant, W′ a large one; also x itself and W′ itself. */
  function network(units = 40) {
    const w = new ProgramWriter();
    const [x, weights] = [w.value([3, 5]), w.value([5, units])];
    const bias = tf.tensor1d(random(units, 3));
    const last = tf.tensor2d(random(units * 10, 5), [units, 10]);
    const plain = { transposeA: false, transposeB: false };
    const z = w.step('Add', { a: w.step('BatchMatMul', { a: x, b: weights }, [3, units], plain), b: bias }, [3, units]);
    const y = w.step('BatchMatMul', { a: w.step('Tanh', { x: z }, [3, units]), b: last }, [3, 10], plain);
    const flat = w.step('Reshape', { x: y }, [30], { shape: [30] });
    const program: Program = {
      free: [x],
      fixed: [weights],
      steps: w.steps,
      results: [{ value: y }, { value: flat }, { value: x }, { constant: last }, { constant: bias }, { value: y }],
    };
    return { program, bias, last, weights: tf.tensor2d(random(5 * units, 7), [5, units]) };
  }

  test('equal the same kernels one after another, from the host and from tensors', () => {
    const { program, bias, last, weights } = network();
    const executor = nativeProgramExecutor(program, native);
    const x = tf.tensor2d(random(15, 11), [3, 5]);
    const y = tf.tidy(() => outputs(x, weights, bias, last));
    const expected = [y, y, x, last, bias, y].flatMap((tensor) => [...tensor.dataSync()]);
    for (const results of [
      executor.run([x], [weights]),
      executor.runFromHost!(x.dataSync() as Float32Array, [weights]),
    ]) {
      expect(results.map(({ shape }) => shape)).toEqual([[3, 10], [30], [3, 5], [40, 10], [40], [3, 10]]);
      expect(results.flatMap((tensor) => [...tensor.dataSync()])).toEqual(expected);
      tf.dispose(results);
    }
    const into = new Float64Array(expected.length);
    executor.runOnHost!(Float64Array.from(x.dataSync()), [weights], into);
    expect([...into]).toEqual(expected);
    executor.dispose();
    tf.dispose([bias, last, weights, x, y]);
  });

  test('a run with other fixed inputs uses these; results of earlier runs stay', () => {
    const { program, bias, last, weights } = network();
    const executor = nativeProgramExecutor(program, native);
    const x = random(15, 11);
    const [first, ...others] = executor.runFromHost!(x, [weights]);
    const before = [...first!.dataSync()];
    const doubled = tf.mul(weights, 2);
    const after = executor.runFromHost!(x, [doubled]);
    const expected = tf.tidy(() => outputs(tf.tensor2d(x, [3, 5]), doubled, bias, last).dataSync());
    expect([...after[0]!.dataSync()]).toEqual([...expected]);
    expect([...first!.dataSync()]).toEqual(before);
    expect(before).not.toEqual([...expected]);
    executor.dispose();
    tf.dispose([first!, ...others, ...after, doubled, bias, last, weights]);
  });

  test('several runs at once have the bits of one after another, whatever thread they are in', () => {
    const { program, bias, last, weights } = network();
    const alone = nativeProgramExecutor(program, native);
    const executor = nativeProgramExecutor(program, native, { sideBySide: true });
    expect(executor.lanes).toBe(native.threads());
    expect(alone.lanes).toBeUndefined();
    const runs = 101;
    const x = random(15 * runs, 11);
    const size = 30 + 30 + 15 + 400 + 40 + 30;
    const [one, single] = [new Float32Array(size), new Float32Array(size * runs)];
    for (let run = 0; run < runs; run++) {
      const own = x.slice(15 * run, 15 * (run + 1));
      executor.runOnHost!(own, [weights], one);
      single.set(one, run * size);
      alone.runOnHost!(own, [weights], one);
      const y = [...single.subarray(run * size, run * size + 30)];
      expect(Math.max(...y.map((value, i) => Math.abs(value - one[i]!)))).toBeLessThan(1e-5);
    }
    // The negative control: the runs differ.
    expect(new Set(Array.from({ length: runs }, (_, run) => single[run * size])).size).toBe(runs);
    for (let round = 0; round < 20; round++) {
      const all = new Float32Array(size * runs);
      executor.runOnHost!(x, [weights], all);
      expect(Buffer.compare(Buffer.from(all.buffer), Buffer.from(single.buffer))).toBe(0);
    }
    executor.dispose();
    alone.dispose();
    tf.dispose([bias, last, weights]);
  });

  test('runs at once that are given the wrong numbers say what was wrong, and the next ones are right', () => {
    const { program, bias, last, weights } = network();
    const executor = nativeProgramExecutor(program, native, { sideBySide: true });
    const size = 545;
    const run = (given: number, fixed: tf.Tensor[], places: number) =>
      executor.runOnHost!(random(given, 11), fixed, new Float32Array(places));
    expect(() => run(31, [weights], 2 * size)).toThrow(/takes 15 free values and 2 fixed tensors; 31 and 2/);
    expect(() => run(0, [weights], size)).toThrow(/15 free values/);
    expect(() => run(30, [], 2 * size)).toThrow(/2 fixed tensors; 30 and 1/);
    expect(() => run(30, [weights], 2 * size + 1)).toThrow(/cannot fill/);
    expect(() => run(30, [weights], 2 * size - 2)).toThrow(/545 values were to go into 544/);
    expect(() => run(30 * 15, [bias], 30 * size)).toThrow(/Running a program/);
    expect(() => run(30, [weights], 2 * size)).not.toThrow();
    executor.dispose();
    tf.dispose([bias, last, weights]);
  });

  test('a kernel without a lowering is named; nothing is left behind', () => {
    const w = new ProgramWriter();
    const x = w.value([2]);
    const y = w.step('Conjure', { x }, [2]);
    const program = { free: [x], fixed: [], steps: w.steps, results: [operand(y)] };
    const make = () => nativeProgramExecutor(program, native);
    expect(make).toThrow(NoLowering);
    expect(make).toThrow('Conjure');
  });

  test('a program that the library refuses is its fault, in its words', () => {
    const w = new ProgramWriter();
    const [a, b] = [w.value([2]), w.value([3])];
    const sum = w.step('Add', { a, b }, [3]);
    const program = { free: [a, b], fixed: [], steps: w.steps, results: [operand(sum)] };
    expect(() => nativeProgramExecutor(program, native)).toThrow(/2 and 3/);
    const fine = network();
    nativeProgramExecutor(fine.program, native).dispose();
    tf.dispose([fine.bias, fine.last, fine.weights]);
  });

  test('the product of a tanh network is that of the same sums in double precision', () => {
    const [n, inputs, units] = [50, 30, 12];
    const w = new ProgramWriter();
    const plain = { transposeA: false, transposeB: false };
    const [direction, slope] = [w.value([inputs, units]), w.value([n, units])];
    const x = tf.tensor2d(random(n * inputs, 2), [n, inputs]);
    // Xᵀ ((X V) ∘ D)
    const forward = w.step('BatchMatMul', { a: x, b: direction }, [n, units], plain);
    const weighted = w.step('Multiply', { a: forward, b: slope }, [n, units]);
    const back = w.step('BatchMatMul', { a: x, b: weighted }, [inputs, units], { ...plain, transposeA: true });
    const program = { free: [direction], fixed: [slope], steps: w.steps, results: [operand(back)] };
    const executor = nativeProgramExecutor(program, native);
    const [v, d] = [random(inputs * units, 3), random(n * units, 5)];
    const slopes = tf.tensor2d(d, [n, units]);
    const into = new Float32Array(inputs * units);
    executor.runOnHost!(v, [slopes], into);
    const values = random(n * inputs, 2);
    const expected = new Float64Array(inputs * units);
    for (let row = 0; row < n; row++)
      for (let unit = 0; unit < units; unit++) {
        let sum = 0;
        for (let i = 0; i < inputs; i++) sum += values[row * inputs + i]! * v[i * units + unit]!;
        sum *= d[row * units + unit]!;
        for (let i = 0; i < inputs; i++) expected[i * units + unit]! += values[row * inputs + i]! * sum;
      }
    const largest = Math.max(...expected.map(Math.abs));
    const error = Math.max(...expected.map((value, i) => Math.abs(value - into[i]!)));
    expect(error / largest).toBeLessThan(1e-6);
    executor.dispose();
    tf.dispose([x, slopes]);
  });

  test('memory stays flat over 2,000 runs and 100 programs', () => {
    const { program, bias, last, weights } = network(2000);
    const executor = nativeProgramExecutor(program, native);
    const x = random(15, 11);
    const once = () => tf.dispose(executor.runFromHost!(x, [weights]));
    const make = () => nativeProgramExecutor(program, native).dispose();
    for (let i = 0; i < 200; i++) once();
    for (let i = 0; i < 20; i++) make();
    const [rss, tensors] = [process.memoryUsage.rss(), native.alive().tensors];
    for (let i = 0; i < 2000; i++) once();
    for (let i = 0; i < 100; i++) make();
    expect(native.alive().tensors).toBe(tensors);
    // The copies of the large constant alone would be 160 MB.
    expect(process.memoryUsage.rss() - rss).toBeLessThan(40e6);
    executor.dispose();
    tf.dispose([bias, last, weights]);
  }, 120_000);
});
