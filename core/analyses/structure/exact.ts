import { denseMatrix, symmetricEigen } from '../../linalg/dense/dense-symmetric.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import { gaussNewtonOperator } from '../../objective/curvature/gauss-newton.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Objective } from '../../objective/objective.ts';
import { elementScales, filterScales } from './element-scales.ts';
import { labelsFrom } from './labels.ts';

/** G and its parts as dense matrices. */
export interface ExactClassParts {
  readonly g: Matrix;
  readonly g0: Matrix;
  readonly g1: Matrix;
  readonly g2: Matrix;
  readonly within: Matrix;
}

/**
 * The parts of G by classes from their definition, example by example, as dense matrices: the slow twin of
 * `classFactors`. G itself comes from products. Cost: p products with G, C products with Jᵀ and N·C² p² operations: for
 * small models. Null where the targets are not classes.
 */
export async function exactClassParts<V>(objective: Objective<V>, theta: V): Promise<ExactClassParts | null> {
  const { space, examples, convention } = objective;
  const { outputs, outputGradients } = await objective.evaluate(theta, { outputs: true, outputGradients: true });
  const known = outputs && outputGradients && labelsFrom(outputs, outputGradients);
  if (!known || !outputs) return null;
  const { probabilities, labels } = known;
  const classes = outputs.columns;
  const p = space.dim;
  const scale = convention.overExamples === 'sum' ? 1 : 1 / examples;
  /** δ_{i,c'}. */
  const deltas: Float64Array[][] = [];
  for (let i = 0; i < examples; i++) {
    const linearization = await objective.linearize(theta, Int32Array.of(i));
    const own: Float64Array[] = [];
    for (let other = 0; other < classes; other++) {
      const row = probabilities.subarray(i * classes, (i + 1) * classes);
      const data = row.map((share, k) => Math.sqrt(row[other]!) * ((k === other ? 1 : 0) - share));
      const product = await linearization.jacobianTransposeProduct!({ rows: 1, columns: classes, data });
      own.push(Float64Array.from(await space.toHost(product)));
      space.release(product);
    }
    linearization.dispose();
    deltas.push(own);
  }
  const [g0, g1, g2, within] = [zeros(p), zeros(p), zeros(p), zeros(p)];
  for (let c = 0; c < classes; c++) {
    const members = deltas.filter((_, i) => labels[i] === c);
    if (members.length === 0) continue;
    const means = Array.from({ length: classes }, (_, other) => mean(members.map((own) => own[other]!)));
    const mixed = mean(means.filter((_, other) => other !== c));
    const weight = scale * members.length;
    addOuter(g0, weight, means[c]!);
    addOuter(g1, weight * (classes - 1), mixed);
    means.forEach((one, other) => {
      if (other !== c) addOuter(g2, weight, minus(one, mixed));
      for (const own of members) addOuter(within, scale, minus(own[other]!, one));
    });
  }
  const linearization = await objective.linearize(theta);
  try {
    const { value } = await denseMatrix(gaussNewtonOperator(space, linearization));
    return { g: value.matrix, g0, g1, g2, within };
  } finally {
    linearization.dispose();
  }
}

export interface ExactSpectralNumbers {
  /** All of H, descending. */
  readonly eigenvalues: Float64Array;
  /** ‖P_k ∇L‖²/‖∇L‖² for k = 1 … p. */
  readonly gradientShares: Float64Array;
  readonly adaptiveByElements: number;
  readonly adaptiveByFilters: number;
}

/**
 * Shares of the gradient and sharpness in the metrics of |θ| from the dense Hessian: the slow twins of `gradientShare` and
 * `measureSharpness`. Cost: p products and three decompositions of order p.
 */
export async function exactSpectralNumbers<V>(objective: Objective<V>, theta: V): Promise<ExactSpectralNumbers> {
  const { space, layout } = objective;
  const host = await space.toHost(theta);
  const linearization = await objective.linearize(theta);
  try {
    const { matrix } = (await denseMatrix(hessianOperator(space, linearization))).value;
    const gradient = await space.toHost(linearization.gradient);
    const { eigenvalues, eigenvectors } = symmetricEigen(matrix);
    const n = matrix.rows;
    const square = gradient.reduce((sum, entry) => sum + entry * entry, 0);
    const gradientShares = new Float64Array(n);
    let along = 0;
    for (let k = 1; k <= n; k++) {
      let product = 0;
      for (let i = 0; i < n; i++) product += eigenvectors.data[i * n + n - k]! * gradient[i]!;
      along += product * product;
      gradientShares[k - 1] = along / square;
    }
    const largest = (scales: Float64Array): number => symmetricEigen(scaled(matrix, scales)).eigenvalues[n - 1]!;
    return {
      eigenvalues: eigenvalues.slice().reverse(),
      gradientShares,
      adaptiveByElements: largest(elementScales(host)),
      adaptiveByFilters: largest(filterScales(host, layout)),
    };
  } finally {
    linearization.dispose();
  }
}

const zeros = (n: number): Matrix => ({ rows: n, columns: n, data: new Float64Array(n * n) });

const scaled = ({ rows, columns, data }: Matrix, d: Float64Array): Matrix => ({
  rows,
  columns,
  data: data.map((entry, at) => entry * d[Math.floor(at / columns)]! * d[at % columns]!),
});

const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((entry, i) => entry - b[i]!);

function mean(vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]! / vectors.length;
  return sum;
}

function addOuter({ rows, data }: Matrix, weight: number, v: Float64Array): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < rows; j++) data[i * rows + j]! += weight * v[i]! * v[j]!;
}
