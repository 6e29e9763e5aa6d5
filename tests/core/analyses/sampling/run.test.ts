import { describe, expect, it } from 'vitest';
import { sizeForPopulation, sizeOfThese } from '../../../../core/analyses/sampling/proposed-size.ts';
import { runSampling } from '../../../../core/analyses/sampling/run.ts';
import { commonVariance } from '../../../../core/analyses/sampling/scatter.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import { symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

/** Least squares in d unknowns: Hᵢ = xᵢxᵢᵀ whatever θ, inputs with one strong direction. */
function leastSquares(seed: number, examples: number, d = 6) {
  const rng = randomFromSeed(seed).split('data');
  const inputs = rng.fill(new Float64Array(examples * d), 'normal');
  for (let i = 0; i < examples; i++) inputs[i * d] = 2 * inputs[i * d]!;
  const targets = rng.fill(new Float64Array(examples), 'normal');
  const objective = mlpObjective(mlpFromWidths([d, 1], 'linear', false), {
    data: {
      name: 'least squares',
      examples,
      inputShape: [d],
      inputs,
      targets: { kind: 'values', width: 1, values: targets },
      source: 'drawn here',
    },
    loss: 'halfSquaredError',
  });
  const row = (i: number) => inputs.subarray(i * d, (i + 1) * d);
  return { objective, theta: new Float64Array(d), row, d, examples };
}

type Problem = ReturnType<typeof leastSquares>;

function secondMoment({ row, d }: Problem, of: readonly number[]) {
  const data = new Float64Array(d * d);
  for (const i of of)
    for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) data[a * d + b]! += (row(i)[a]! * row(i)[b]!) / of.length;
  return { rows: d, columns: d, data };
}

const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

const all = ({ examples }: Problem) => Array.from({ length: examples }, (_, i) => i);

describe('sampling error of least squares, whose Hessian is a mean of xxᵀ', () => {
  it('knows the scatter of single examples within its interval for 9 of 10 sets of data', async () => {
    let [sharpness, trace] = [0, 0];
    const sets = 40;
    for (let seed = 0; seed < sets; seed++) {
      const problem = leastSquares(seed, 400);
      const { value, status } = await runSampling(
        problem.objective,
        problem.theta,
        { repeats: 2, residualTol: 1e-6 },
        { rng: randomFromSeed(seed) },
      );
      expect(status).toBe('converged');
      const { eigenvalues, eigenvectors } = symmetricEigen(secondMoment(problem, all(problem)));
      const top = problem.d - 1;
      expect(Math.abs(value.sharpness.value - eigenvalues[top]!)).toBeLessThanOrEqual(
        value.sharpness.uncertainty + 1e-12,
      );
      const v = Array.from({ length: problem.d }, (_, i) => eigenvectors.data[i * problem.d + top]!);
      const along = all(problem).map((i) => v.reduce((sum, vi, a) => sum + vi * problem.row(i)[a]!, 0) ** 2);
      const squares = all(problem).map((i) => problem.row(i).reduce((sum, x) => sum + x * x, 0));
      const holds = (truth: number, { perExampleLow95: low, perExampleHigh95: high }: typeof value.trace) =>
        low <= truth && truth <= high ? 1 : 0;
      sharpness += holds(deviation(along), value.sharpness);
      trace += holds(deviation(squares), value.trace);
    }
    expect(sharpness / sets).toBeGreaterThanOrEqual(0.9);
    expect(trace / sets).toBeGreaterThanOrEqual(0.9);
  });

  it('predicts the scatter and finds the bias of the sharpness of subsets', async () => {
    const problem = leastSquares(7, 640);
    const given = { repeats: 60, residualTol: 1e-6 };
    const { value } = await runSampling(problem.objective, problem.theta, given, { rng: randomFromSeed(3) });
    const largest = value.ladder.at(-1)!;
    expect(largest.size).toBe(320);
    expect(largest.standardDeviation / largest.predictedDeviation).toBeGreaterThan(0.75);
    expect(largest.standardDeviation / largest.predictedDeviation).toBeLessThan(1.35);
    // Second order: bias ≈ Σⱼ Var(v₁ᵀHᵢvⱼ) / (λ₁ − λⱼ) (1/n − 1/N), from the exact eigenvectors.
    const { eigenvalues, eigenvectors } = symmetricEigen(secondMoment(problem, all(problem)));
    const { d } = problem;
    const vector = (j: number) => Array.from({ length: d }, (_, a) => eigenvectors.data[a * d + j]!);
    const dot = (v: readonly number[], i: number) => v.reduce((sum, x, a) => sum + x * problem.row(i)[a]!, 0);
    let constant = 0;
    for (let j = 0; j < d - 1; j++) {
      const products = all(problem).map((i) => dot(vector(d - 1), i) * dot(vector(j), i));
      constant += deviation(products) ** 2 / (eigenvalues[d - 1]! - eigenvalues[j]!);
    }
    expect(Math.abs(value.biasConstant.value - constant)).toBeLessThan(3.5 * value.biasConstant.standardError);
    expect(constant).toBeGreaterThan(0);
  });

  it('proposes a size whose subsets have the wanted error', async () => {
    const problem = leastSquares(11, 800);
    const accuracy = 0.1;
    const { value } = await runSampling(
      problem.objective,
      problem.theta,
      { accuracy, repeats: 30, residualTol: 1e-6 },
      { rng: randomFromSeed(5) },
    );
    const { ofThese } = value.proposals.find(({ quantity }) => quantity === 'sharpness')!;
    const rng = randomFromSeed(99);
    const truth = value.sharpness.value;
    const squares = Array.from({ length: 150 }, () => {
      const subset = Array.from(rng.permutation(problem.examples).slice(0, ofThese));
      const { eigenvalues } = symmetricEigen(secondMoment(problem, subset));
      return (eigenvalues[problem.d - 1]! / truth - 1) ** 2;
    });
    const error = Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
    expect(error).toBeGreaterThan(0.65 * accuracy);
    expect(error).toBeLessThan(1.4 * accuracy);
  });

  it('has the sharpness of mini-batches as the eigenvalues of their own matrices', async () => {
    const problem = leastSquares(2, 200);
    const given = { batchSize: 20, miniBatches: 12, repeats: 2, residualTol: 1e-9 };
    const { value } = await runSampling(problem.objective, problem.theta, given, { rng: randomFromSeed(8) });
    const exact = Array.from({ length: 12 }, (_, i) => {
      const batch = randomFromSeed(8).split(`mini-batch ${i}`).permutation(200).slice(0, 20);
      return symmetricEigen(secondMoment(problem, Array.from(batch))).eigenvalues[problem.d - 1]!;
    });
    value.batchSharpness!.sharpness.values.forEach((found, i) => {
      expect(Math.abs(found - exact[i]!)).toBeLessThan(1e-8);
    });
    const sorted = [...exact].sort((a, b) => a - b);
    const median = (sorted[5]! + sorted[6]!) / 2;
    expect(value.batchSharpness!.sharpness.quantiles[2]).toBeCloseTo(median, 8);
    // gᵀHg/‖g‖² is a Rayleigh quotient of the same matrix.
    value.batchSharpness!.alongGradient.values.forEach((quotient, i) => {
      expect(quotient).toBeLessThanOrEqual(exact[i]! + 1e-9);
    });
  });

  it('refuses batches that cannot be', async () => {
    const { objective, theta } = leastSquares(1, 30);
    const context = { rng: randomFromSeed(1) };
    await expect(runSampling(objective, theta, {}, context)).rejects.toThrow(BadInput);
    await expect(runSampling(objective, theta, { batches: 5, batchSize: 30 }, context)).rejects.toThrow(/holds all/);
  });
});

describe('sizes and variances', () => {
  it('solve their own equations', () => {
    for (const [perExample, biasConstant, error] of [
      [1, 0, 0.1],
      [2, 30, 0.05],
      [0.3, 5, 0.2],
    ] as const) {
      const squared = (n: number) => perExample ** 2 / n + (biasConstant / n) ** 2;
      const n = sizeForPopulation({ perExample, biasConstant }, error);
      expect(squared(n)).toBeLessThanOrEqual(error ** 2 * (1 + 1e-9));
      if (n > 1) expect(squared(n - 1)).toBeGreaterThan(error ** 2);
      expect(sizeOfThese({ perExample, biasConstant }, error, 10 * n)).toBeLessThanOrEqual(n);
      expect(sizeOfThese({ perExample, biasConstant }, 0, 50)).toBe(50);
    }
  });

  it('see the common part of noisy readings', () => {
    const rng = randomFromSeed(4);
    const common = rng.fill(new Float64Array(4000), 'normal');
    const readings = Array.from({ length: 5 }, () => common.map((value) => 0.5 * value + 2 * rng.normal()));
    expect(commonVariance(readings)).toBeGreaterThan(0.15);
    expect(commonVariance(readings)).toBeLessThan(0.35);
  });
});
