import type { HostVector, VectorSpace } from '../../core/linalg/vector-space.ts';
import type { BatchKey, Evaluation, Linearization, Objective, Outputs } from '../../core/objective/objective.ts';
import { parameterLayout } from '../../core/objective/parameter-layout.ts';
import type { Random } from '../../core/random/random.ts';

/** ℓᵢ(θ) = ½ rᵢ² + ¼ κ rᵢ⁴ with rᵢ = aᵢ·θ − yᵢ; L = mean or sum of ℓᵢ, + ½ ρ ‖θ‖². */
export interface LeastSquares {
  /** Row-major, examples × dim. */
  readonly a: Float64Array;
  readonly y: Float64Array;
  readonly examples: number;
  readonly dim: number;
  readonly quartic: number;
  readonly penalty: number;
  readonly over: 'mean' | 'sum';
}

export function randomLeastSquares(
  rng: Random,
  examples: number,
  dim: number,
  options: Partial<Pick<LeastSquares, 'quartic' | 'penalty' | 'over'>> = {},
): LeastSquares {
  const a = rng.fill(new Float64Array(examples * dim), 'normal');
  const y = rng.fill(new Float64Array(examples), 'normal');
  return { a, y, examples, dim, quartic: 0.3, penalty: 0.2, over: 'mean', ...options };
}

/** The dense twin: everything from the formulas, with ordinary arrays and no code of the program. */
export function denseTwin(problem: LeastSquares, theta: ArrayLike<number>, batch?: ArrayLike<number>) {
  const { a, y, examples, dim, quartic, penalty, over } = problem;
  const key = batch ? Array.from(batch) : Array.from({ length: examples }, (_, i) => i);
  const factor = over === 'mean' ? 1 / key.length : 1;
  const perExample: number[] = [];
  const outputs: number[] = [];
  const gradient = Array.from({ length: dim }, (_, j) => penalty * theta[j]!);
  const hessian = Array.from({ length: dim }, (_, j) => Array.from({ length: dim }, (_, k) => (j === k ? penalty : 0)));
  const jacobian = key.map((i) => Array.from(a.subarray(i * dim, (i + 1) * dim)));
  let loss = 0;
  for (let j = 0; j < dim; j++) loss += 0.5 * penalty * theta[j]! ** 2;
  key.forEach((i, row) => {
    const slopes = jacobian[row]!;
    const output = slopes.reduce((sum, slope, j) => sum + slope * theta[j]!, 0);
    const r = output - y[i]!;
    outputs.push(output);
    perExample.push(0.5 * r * r + 0.25 * quartic * r ** 4);
    loss += factor * perExample.at(-1)!;
    for (let j = 0; j < dim; j++) {
      gradient[j]! += factor * (r + quartic * r ** 3) * slopes[j]!;
      for (let k = 0; k < dim; k++) hessian[j]![k]! += factor * (1 + 3 * quartic * r * r) * slopes[j]! * slopes[k]!;
    }
  });
  return { loss, perExample, outputs, gradient, hessian, jacobian };
}

export function timesDense(matrix: readonly (readonly number[])[], v: ArrayLike<number>): number[] {
  return matrix.map((row) => row.reduce((sum, value, j) => sum + value * v[j]!, 0));
}

/**
 * The problem as an objective over a host space. θ is two blocks, `head/kernel` and `tail/kernel`, split at a third.
 * In a float32 space losses are rounded to float32, as an engine would.
 */
export function leastSquaresObjective<V extends HostVector>(
  problem: LeastSquares,
  makeSpace: (dim: number) => VectorSpace<V>,
): Objective<V> {
  const { a, y, examples, dim, quartic, penalty, over } = problem;
  const space = makeSpace(dim);
  const everyone = Int32Array.from({ length: examples }, (_, i) => i);
  const rounded = space.precision === 'float32' ? Math.fround : (x: number) => x;
  const head = Math.ceil(dim / 3);
  const block = (layer: string, size: number) =>
    ({ name: `${layer}/kernel`, layer, role: 'kernel', shape: [size], filterAxis: null }) as const;
  const product = (i: number, v: ArrayLike<number>) => {
    let sum = 0;
    for (let j = 0; j < dim; j++) sum += a[i * dim + j]! * v[j]!;
    return sum;
  };
  const residuals = (theta: V, batch: BatchKey) => Float64Array.from(batch, (i) => product(i, theta) - y[i]!);
  const scale = (batch: BatchKey) => (over === 'mean' ? 1 / batch.length : 1);
  const lossOf = (r: number) => 0.5 * r * r + 0.25 * quartic * r ** 4;
  const squares = (theta: V) => (theta as HostVector as Float64Array).reduce((sum, value) => sum + value * value, 0);
  const total = (theta: V, batch: BatchKey) =>
    rounded(
      scale(batch) * residuals(theta, batch).reduce((sum, r) => sum + lossOf(r), 0) + 0.5 * penalty * squares(theta),
    );

  /** Σ weightᵢ aᵢ + ridge v. */
  const transposeProduct = (weights: ArrayLike<number>, batch: BatchKey, ridge: number, v?: V): V => {
    const out = new Float64Array(dim);
    batch.forEach((i, row) => {
      for (let j = 0; j < dim; j++) out[j]! += weights[row]! * a[i * dim + j]!;
    });
    if (v) for (let j = 0; j < dim; j++) out[j]! += ridge * v[j]!;
    return space.fromHost(out);
  };

  const gradientOf = (theta: V, batch: BatchKey) => {
    const weights = residuals(theta, batch).map((r) => scale(batch) * (r + quartic * r ** 3));
    return transposeProduct(weights, batch, penalty, theta);
  };

  async function linearize(theta: V, batch: BatchKey = everyone): Promise<Linearization<V>> {
    const r = residuals(theta, batch);
    const gradient = gradientOf(theta, batch);
    const curved = (v: V, ridge: number) => {
      const weights = r.map((value, row) => scale(batch) * (1 + 3 * quartic * value ** 2) * product(batch[row]!, v));
      return transposeProduct(weights, batch, ridge, v);
    };
    return {
      loss: total(theta, batch),
      gradient,
      exact: true,
      hessianProduct: async (v) => curved(v, penalty),
      gaussNewtonProduct: async (v) => curved(v, 0),
      jacobianProduct: async (v) => ({
        rows: batch.length,
        columns: 1,
        data: Float64Array.from(batch, (i) => product(i, v)),
      }),
      jacobianTransposeProduct: async (u) => transposeProduct(u.data, batch, 0),
      dispose: () => space.release(gradient),
    };
  }

  return {
    space,
    layout: parameterLayout([block('head', head), block('tail', dim - head)]),
    convention: { loss: 'closedForm', overExamples: over, overOutputs: 'none', half: true, formula: 'least squares' },
    engine: 'closed form',
    examples,
    batches: [everyone],
    async evaluate(theta, ask = {}): Promise<Evaluation> {
      const batch = ask.batch ?? everyone;
      const perExample = residuals(theta, batch).map(lossOf);
      const n = batch.length;
      const mean = perExample.reduce((sum, value) => sum + value, 0) / n;
      const variance = perExample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
      const outputs: Outputs = { rows: n, columns: 1, data: Float64Array.from(batch, (i) => product(i, theta)) };
      return {
        loss: total(theta, batch),
        standardError: n > 1 ? Math.sqrt(variance / n) * (over === 'sum' ? n : 1) : 0,
        error: perExample.filter((value) => value > 1).length / n,
        ...(ask.perExample && { perExample }),
        ...(ask.outputs && { outputs }),
      };
    },
    async gradient(theta, batch = everyone) {
      return { loss: total(theta, batch), gradient: gradientOf(theta, batch) };
    },
    async losses(origin, directions, coefficients, batch = everyone) {
      return Float64Array.from({ length: coefficients.rows }, (_, i) => {
        const weights = coefficients.data.subarray(i * coefficients.columns, (i + 1) * coefficients.columns);
        const point = space.combine(directions, weights, space.copy(origin));
        const loss = total(point, batch);
        space.release(point);
        return loss;
      });
    },
    linearize,
    dispose() {},
  };
}
