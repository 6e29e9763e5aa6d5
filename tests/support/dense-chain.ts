import type { Dataset } from '../../core/data/dataset.ts';
import type { ActivationName } from '../../core/models/closed-form/activations.ts';
import { mlpObjective } from '../../core/models/closed-form/mlp.ts';
import { type MlpDescription, mlpFromWidths } from '../../core/models/closed-form/mlp-description.ts';
import type { LossName } from '../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import {
  add,
  constant,
  exponential,
  type HyperDual,
  hyperDualActivations,
  logarithm,
  multiply,
  scale,
} from './hyper-dual.ts';

/** Outputs of a chain of dense layers for one example, entry by entry from the definition. */
export function chainOutputs(
  { dense }: MlpDescription,
  theta: readonly HyperDual[],
  x: ArrayLike<number>,
): HyperDual[] {
  let at = 0;
  let layer: HyperDual[] = Array.from(x, constant);
  for (const { inputs, units, bias, activations } of dense) {
    const biasAt = at + inputs * units;
    const next: HyperDual[] = [];
    for (let j = 0; j < units; j++) {
      let z = bias ? theta[biasAt + j]! : constant(0);
      for (let i = 0; i < inputs; i++) z = add(z, multiply(layer[i]!, theta[at + i * units + j]!));
      next.push(activations.reduce((value, name) => hyperDualActivations[name]!(value), z));
    }
    layer = next;
    at = biasAt + (bias ? units : 0);
  }
  return layer;
}

/** ℓ of the outputs of one example, by the formula of its convention. */
export function exampleLoss(loss: LossName, f: readonly HyperDual[], y: readonly number[]): HyperDual {
  if (loss === 'softmaxCrossEntropy') {
    const normalizer = logarithm(f.map(exponential).reduce(add));
    return add(normalizer, scale(-1, f[y.indexOf(1)]!));
  }
  const squares = f.map((value, c) => add(value, constant(-y[c]!))).map((r) => multiply(r, r));
  return scale(loss === 'halfSquaredError' ? 0.5 : 1 / f.length, squares.reduce(add));
}

/** Targets of every example as rows of numbers. */
export function targetRows({ examples, targets }: Dataset): number[][] {
  return Array.from({ length: examples }, (_, i) =>
    targets.kind === 'classes'
      ? Array.from({ length: targets.classes }, (_, c) => (targets.labels[i] === c ? 1 : 0))
      : [...targets.values.slice(i * targets.width, (i + 1) * targets.width)],
  );
}

/** θ + ε₁ eᵢ + ε₂ eⱼ */
export function seeded(theta: Float64Array, i: number, j: number): HyperDual[] {
  return Array.from(theta, (a, k) => ({ a, b: k === i ? 1 : 0, c: k === j ? 1 : 0, d: 0 }));
}

/** The whole Hessian of Σᵢ scale·ℓᵢ, row-major, two derivatives a pass. Cost: P²/2 passes. */
export function hyperDualHessian(
  model: MlpDescription,
  theta: Float64Array,
  data: Dataset,
  ofOutputs: (f: readonly HyperDual[], example: number) => HyperDual,
): Float64Array {
  const dim = theta.length;
  const width = data.inputs.length / data.examples;
  const hessian = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      const at = seeded(theta, i, j);
      let sum = 0;
      for (let k = 0; k < data.examples; k++) {
        sum += ofOutputs(chainOutputs(model, at, data.inputs.slice(k * width, (k + 1) * width)), k).d;
      }
      hessian[i * dim + j] = sum;
      hessian[j * dim + i] = sum;
    }
  }
  return hessian;
}

/** Normal inputs; classes drawn uniformly, or normal values. */
export function randomDataset(
  examples: number,
  inputs: number,
  outputs: number,
  kind: 'classes' | 'values',
  seed: number,
): Dataset {
  const rng = randomFromSeed(seed);
  return {
    name: 'random',
    examples,
    inputShape: [inputs],
    inputs: rng.split('inputs').fill(new Float64Array(examples * inputs), 'normal'),
    targets:
      kind === 'classes'
        ? { kind, classes: outputs, labels: Int32Array.from({ length: examples }, () => rng.integer(outputs)) }
        : { kind, width: outputs, values: rng.split('values').fill(new Float64Array(examples * outputs), 'normal') },
    source: 'drawn for a test',
  };
}

/** A chain with data: classes for cross-entropy, values for squared errors. */
export function chainProblem(
  activation: ActivationName,
  loss: LossName,
  overExamples: 'mean' | 'sum',
  widths: readonly number[],
  useBias = true,
) {
  const model = mlpFromWidths(widths, activation, useBias);
  const kind = loss === 'softmaxCrossEntropy' ? 'classes' : 'values';
  const data = randomDataset(7, widths[0]!, widths.at(-1)!, kind, 3);
  const rng = randomFromSeed(17);
  const theta = rng.split('theta').fill(new Float64Array(model.layout.dim), 'uniform');
  const [v, w] = ['v', 'w'].map((name) => rng.split(name).fill(new Float64Array(model.layout.dim), 'sphere'));
  return { model, data, theta, v: v!, w: w!, objective: mlpObjective(model, { data, loss, overExamples }) };
}
