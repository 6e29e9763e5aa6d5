import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { installSecondOrder } from '../../../../../core/models/tensorflow/second-order/install.ts';
import { linearizeTape } from '../../../../../core/models/tensorflow/second-order/linearize-tape.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import type { OpCase } from './op-case.ts';
import { opCases } from './op-cases.ts';

/** Entries of several tensors one after another. */
export type Flat = Float64Array;

export interface Derivatives {
  readonly loss: number;
  readonly gradient: Flat;
  /** H u and H v. */
  readonly hu: Flat;
  readonly hv: Flat;
}

/** A case as a scalar function of one flat vector, with a point and two directions that both precisions share. */
export class OpCaseProblem {
  readonly x: Flat;
  readonly u: Flat;
  readonly v: Flat;

  constructor(private readonly row: OpCase) {
    const random = randomFromSeed(1).split(row.name);
    const length = row.shapes.reduce((n, shape) => n + sizeOf(shape), 0);
    const draw = (name: string) => random.split(name).fill(new Float64Array(length), 'normal').map(Math.fround);
    this.x = draw('x');
    this.u = draw('u');
    this.v = draw('v');
  }

  async loss(x: Flat): Promise<number> {
    const value = tf.tidy(() => this.scalar(...this.tensors(x)));
    const [loss] = await value.data();
    value.dispose();
    return loss!;
  }

  /** Values are awaited, because some backends have no other way to read. */
  async derivatives(x: Flat): Promise<Derivatives> {
    tf.engine().startScope();
    try {
      const linearization = linearizeTape((...xs) => this.scalar(...xs), this.tensors(x));
      const hu = await flat(linearization.hessianProduct(this.tensors(this.u)));
      const hv = await flat(linearization.hessianProduct(this.tensors(this.v)));
      const gradient = await flat(linearization.gradients);
      const loss = (await linearization.value.data())[0]!;
      linearization.dispose();
      return { loss, gradient, hu, hv };
    } finally {
      tf.engine().endScope();
    }
  }

  /**
   * Σ c∘z + ½ Σ d∘z² with fixed c and d, behind a curved change of every input: so the operation is differentiated
   * twice on its own, through its neighbours before it and after it.
   */
  scalar(...xs: tf.Tensor[]): tf.Scalar {
    const z = this.row.run(...xs.map((x) => tf.add(x, tf.mul(tf.square(x), 0.1))));
    const c = tf.tensor(wave(z.size, 1.3), z.shape);
    const d = tf.tensor(wave(z.size, 0.9), z.shape);
    return tf.sum(tf.mul(z, tf.add(c, tf.mul(tf.mul(d, z), 0.5))));
  }

  tensors(values: Flat): tf.Tensor[] {
    let start = 0;
    return this.row.shapes.map((shape) => {
      const end = start + sizeOf(shape);
      const tensor = tf.tensor(Array.from(values.subarray(start, end)), [...shape], 'float32');
      start = end;
      return tensor;
    });
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Numbers without structure that both precisions compute alike. */
const wave = (n: number, frequency: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.fround(Math.sin(frequency * (i + 1)) + 0.3));

async function flat(tensors: readonly tf.Tensor[]): Promise<Flat> {
  const read = await Promise.all(tensors.map((tensor) => tensor.data()));
  return Float64Array.from(read.flatMap((values) => Array.from(values)));
}

/** What a double-precision realm answers: the derivatives of the named cases at their points, or why there are none. */
export async function derivativesOfCases(names: readonly string[]): Promise<(Derivatives | string)[]> {
  await useBackend('cpu');
  installSecondOrder();
  const found: (Derivatives | string)[] = [];
  for (const name of names) {
    const row = opCases.find((one) => one.name === name)!;
    const problem = new OpCaseProblem(row);
    found.push(await problem.derivatives(problem.x).catch(String));
  }
  return found;
}
