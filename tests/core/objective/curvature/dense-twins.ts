import type { Dataset } from '../../../../core/data/dataset.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { addOuter } from '../../../support/dense-columns.ts';

/**
 * Matrices of the curvature as dense sums over gradients of single examples, each a gradient of a batch of one, at any
 * targets: nothing of Jacobian products or of formulas in the outputs.
 */
export interface DenseTwins<V extends HostVector> {
  readonly objective: Objective<V>;
  readonly theta: V;
  readonly data: Dataset;
  /** 1/N or 1. */
  readonly scale: number;
}

/** Gradients of ℓᵢ, for an objective without penalties, at other targets where they are given. */
export async function exampleGradients<V extends HostVector>(
  { objective, theta, data }: DenseTwins<V>,
  targets: Dataset['targets'] = data.targets,
): Promise<Float64Array[]> {
  const other = objective.withData!({ ...data, targets });
  const found: Float64Array[] = [];
  for (let i = 0; i < data.examples; i++) {
    const { gradient } = await other.gradient(theta, Int32Array.of(i));
    found.push(await objective.space.toHost(gradient));
    objective.space.release(gradient);
  }
  other.dispose();
  return found;
}

export function sumOfOuters(gradients: readonly Float64Array[], weight: (i: number) => number): Float64Array {
  const dim = gradients[0]!.length;
  const dense = new Float64Array(dim * dim);
  for (const [i, g] of gradients.entries()) addOuter(dense, g, weight(i));
  return dense;
}

export async function empiricalFisher<V extends HostVector>(twins: DenseTwins<V>): Promise<Float64Array> {
  return sumOfOuters(await exampleGradients(twins), () => twins.scale);
}

export async function gradientCovariance<V extends HostVector>(twins: DenseTwins<V>): Promise<Float64Array> {
  const gradients = await exampleGradients(twins);
  const n = gradients.length;
  const mean = gradients[0]!.map((_, k) => gradients.reduce((sum, g) => sum + g[k]!, 0) / n);
  return sumOfOuters(
    gradients.map((g) => g.map((entry, k) => entry - mean[k]!)),
    () => 1 / n,
  );
}

/**
 * E over y ∼ p(·|f) of the outer products of gradients at y, without an integral: every class with its probability; for
 * squared errors, where a gradient is linear in y − f, displacements by one standard deviation along each output. The
 * standard deviations are those of exp(−ℓ): 1 for half the square, √(C/2) for the mean over C outputs.
 */
export async function exactFisher<V extends HostVector>(twins: DenseTwins<V>): Promise<Float64Array> {
  const { objective, theta, scale } = twins;
  const { outputs } = await objective.evaluate(theta, { outputs: true });
  const { rows, columns, data: f } = outputs!;
  const sum = new Float64Array(objective.space.dim ** 2);
  const { loss } = objective.convention;
  for (let c = 0; c < columns; c++) {
    const deviation = loss === 'meanSquaredError' ? Math.sqrt(columns / 2) : 1;
    const targets: Dataset['targets'] =
      loss === 'softmaxCrossEntropy'
        ? { kind: 'classes', classes: columns, labels: new Int32Array(rows).fill(c) }
        : {
            kind: 'values',
            width: columns,
            values: f.map((value, at) => value + (at % columns === c ? deviation : 0)),
          };
    const probability = (i: number) => {
      if (loss !== 'softmaxCrossEntropy') return 1;
      const row = f.subarray(i * columns, (i + 1) * columns);
      return 1 / row.reduce((total, other) => total + Math.exp(other - row[c]!), 0);
    };
    const part = sumOfOuters(await exampleGradients(twins, targets), (i) => scale * probability(i));
    for (let at = 0; at < sum.length; at++) sum[at]! += part[at]!;
  }
  return sum;
}

/** J, a row an output of an example, from its transpose's definition: gradients are differences of two targets' gradients. */
export async function jacobianRows<V extends HostVector>(twins: DenseTwins<V>): Promise<Float64Array[]> {
  const { objective, theta, data } = twins;
  const { outputs } = await objective.evaluate(theta, { outputs: true });
  const { columns, data: f } = outputs!;
  const rows: Float64Array[] = [];
  for (let c = 0; c < columns; c++) {
    const lowered = f.map((value, at) => value - (at % columns === c ? 1 : 0));
    const ofOutput = await exampleGradients(twins, { kind: 'values', width: columns, values: lowered });
    for (const [i, g] of ofOutput.entries()) rows[i * columns + c] = g;
  }
  if (objective.convention.loss === 'meanSquaredError') return rows.map((row) => row.map((x) => (x * columns) / 2));
  if (objective.convention.loss === 'softmaxCrossEntropy' || data.targets.kind === 'classes')
    throw new RangeError('Rows of J are read off a squared error.');
  return rows;
}
