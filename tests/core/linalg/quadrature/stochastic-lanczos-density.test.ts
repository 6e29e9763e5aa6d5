import { describe, expect, it } from 'vitest';
import { symmetricEigen, symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import { normalCumulative } from '../../../../core/linalg/quadrature/normal-distribution.ts';
import {
  densityMassBelow,
  densityOfQuadratures,
  stochasticLanczosDensity,
} from '../../../../core/linalg/quadrature/stochastic-lanczos-density.ts';
import {
  gaussianOrthogonalEnsemble,
  spiked,
  spikeOutlier,
} from '../../../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { hessianLikeSpectrum, withSpectrum } from '../../../support/test-matrices.ts';

/** The smoothed density of known eigenvalues by the definition, at a point. */
function gaussianMixture(eigenvalues: Float64Array, sigma: number, x: number): number {
  const sum = eigenvalues.reduce((total, value) => total + Math.exp(-0.5 * ((x - value) / sigma) ** 2), 0);
  return sum / (eigenvalues.length * sigma * Math.sqrt(2 * Math.PI));
}

function l1Distance(x: Float64Array, y: Float64Array, density: (x: number) => number): number {
  const cell = x[1]! - x[0]!;
  return x.reduce((sum, at, i) => sum + Math.abs(y[i]! - density(at)) * cell, 0);
}

const operatorOf = (matrix: Matrix) => matrixOperator(hostFloat64Space(matrix.rows), matrix);

describe('normal distribution function', () => {
  it('agrees with the quadrature of its density to 1e-14', () => {
    for (const x of [-6, -3, -1.2, 0, 0.4, 1, 2.5, 5]) {
      const n = 4000;
      const h = (x + 12) / n;
      let sum = 0;
      for (let i = 0; i <= n; i++) {
        const weight = i === 0 || i === n ? 1 : i % 2 ? 4 : 2;
        sum += weight * Math.exp(-0.5 * (-12 + i * h) ** 2);
      }
      expect(Math.abs(normalCumulative(x) - (sum * h) / 3 / Math.sqrt(2 * Math.PI))).toBeLessThan(1e-12);
    }
    expect(normalCumulative(-9)).toBe(0);
    expect(normalCumulative(9)).toBe(1);
  });
});

describe('I1: GOE(1000) with a spike of 5', () => {
  const n = 1000;
  const u = randomFromSeed(2).fill(new Float64Array(n), 'sphere');
  const matrix = spiked(gaussianOrthogonalEnsemble(n, randomFromSeed(1)), 5, u);
  const operator = operatorOf(matrix);
  const truth = symmetricEigenvalues(matrix);

  it('has its outlier at θ + 1/θ with squared overlap 1 − 1/θ², and 20 steps give it to 1e-8', async () => {
    const { value } = await lanczos(operator, {
      top: 1,
      residualTol: 1e-12,
      maxProducts: 21,
      eigenvectors: true,
      rng: randomFromSeed(3),
    });
    const [outlier] = value.top;
    expect(value.basisSize).toBe(20);
    expect(Math.abs(outlier!.value - spikeOutlier(5).eigenvalue)).toBeLessThan(0.2);
    expect(Math.abs(outlier!.value - truth[n - 1]!)).toBeLessThan(1e-8);
    const overlap = outlier!.vector!.reduce((sum, v, i) => sum + v * u[i]!, 0);
    expect(Math.abs(overlap * overlap - spikeOutlier(5).squaredOverlap)).toBeLessThan(0.02);
  });

  it('has the smoothed density of the dense spectrum within 0.1 in L1 from 40 steps and 10 probes', async () => {
    const { value, status } = await stochasticLanczosDensity(operator, {
      probes: 10,
      steps: 40,
      kernelWidth: 0.1,
      rng: randomFromSeed(4),
    });
    expect(status).toBe('converged');
    for (const { weights } of value.quadratures) {
      expect(Math.abs(weights.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
    }
    expect(l1Distance(value.x, value.y, (x) => gaussianMixture(truth, 0.1, x))).toBeLessThan(0.1);
    const mean = truth.reduce((a, b) => a + b, 0) / n;
    expect(Math.abs(value.mean.value - mean)).toBeLessThan(0.05);
    expect(Math.abs(value.mean.value - mean)).toBeLessThan(4 * value.mean.standardError);
  });
});

describe('spectral density', () => {
  const spectrum = hessianLikeSpectrum(300);
  const matrix = withSpectrum(spectrum, 21);
  const operator = operatorOf(matrix);
  const truth = symmetricEigen(matrix).eigenvalues;

  it('integrates to 1, however narrow the kernel, and its cumulative ends at 1', async () => {
    for (const kernelWidth of [1e-7, 1e-3, 0.3]) {
      const { value } = await stochasticLanczosDensity(operator, {
        probes: 2,
        steps: 30,
        kernelWidth,
        rng: randomFromSeed(5),
      });
      const cell = value.x[1]! - value.x[0]!;
      expect(Math.abs(value.y.reduce((a, b) => a + b, 0) * cell - 1)).toBeLessThan(1e-8);
      expect(Math.abs(value.cumulative[value.cumulative.length - 1]! - 1)).toBeLessThan(1e-8);
      expect(value.kernelWidth).toBe(kernelWidth);
    }
  });

  it('with as many steps as dimensions has the moments vᵀAv and vᵀA²v of its starts, so unbiased ones', async () => {
    const { value } = await stochasticLanczosDensity(operator, { probes: 40, steps: 60, rng: randomFromSeed(6) });
    const mean = truth.reduce((a, b) => a + b, 0) / 300;
    const second = truth.reduce((a, b) => a + b * b, 0) / 300;
    expect(Math.abs(value.mean.value - mean)).toBeLessThan(4 * value.mean.standardError);
    expect(Math.abs(value.secondMoment.value - second)).toBeLessThan(4 * value.secondMoment.standardError);
  });

  it('covers the true smoothed density with its standard error: z-scores over 60 seeds', async () => {
    const at = [-0.03, 0, 0.05, 0.3, 1.1, 2.15];
    const z: number[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const { value } = await stochasticLanczosDensity(operator, {
        probes: 10,
        steps: 50,
        kernelWidth: 0.08,
        gridPoints: 400,
        rng: randomFromSeed(100 + seed),
      });
      const cell = value.x[1]! - value.x[0]!;
      for (const x of at) {
        const i = Math.floor((x - value.x[0]!) / cell + 0.5);
        z.push((value.y[i]! - gaussianMixture(truth, 0.08, value.x[i]!)) / value.standardError[i]!);
      }
    }
    const mean = z.reduce((a, b) => a + b, 0) / z.length;
    const variance = z.reduce((a, b) => a + (b - mean) ** 2, 0) / (z.length - 1);
    expect(variance).toBeGreaterThan(0.5);
    expect(variance).toBeLessThan(2);
    expect(Math.abs(mean)).toBeLessThan(0.5);
  });

  it('gives the share of eigenvalues below a threshold within its resolution and standard error', async () => {
    const { value } = await stochasticLanczosDensity(operator, { probes: 40, steps: 80, rng: randomFromSeed(7) });
    for (const threshold of [-0.005, 0.003, 0.1, 1]) {
      const share = truth.filter((v) => v < threshold).length / 300;
      const estimate = densityMassBelow(value, threshold);
      expect(Math.abs(estimate.value - share)).toBeLessThan(4 * estimate.standardError + estimate.resolution);
      if (threshold === 1) expect(estimate.resolution).toBeLessThan(0.01);
    }
  });

  it('has no standard error from a single probe', async () => {
    const { value } = await stochasticLanczosDensity(operator, { probes: 1, steps: 10, rng: randomFromSeed(8) });
    expect(value.standardError.every(Number.isNaN)).toBe(true);
    expect(value.mean.standardError).toBeNaN();
    expect(value.y.every(Number.isFinite)).toBe(true);
  });

  it('continues the same probes when more are asked', async () => {
    const few = await stochasticLanczosDensity(operator, { probes: 2, steps: 10, rng: randomFromSeed(9) });
    const more = await stochasticLanczosDensity(operator, { probes: 4, steps: 10, rng: randomFromSeed(9) });
    expect(more.value.quadratures.slice(0, 2)).toEqual(few.value.quadratures);
  });

  it('of quadratures that are known is the mixture by its definition', () => {
    const nodes = Float64Array.of(-1, 0.5, 2);
    const weights = Float64Array.of(0.2, 0.5, 0.3);
    const { x, y } = densityOfQuadratures([{ nodes, weights }], 3, 4000, 0.25);
    let worst = 0;
    x.forEach((at, i) => {
      const exact = nodes.reduce(
        (sum, node, k) => sum + weights[k]! * gaussianMixture(Float64Array.of(node), 0.25, at),
        0,
      );
      worst = Math.max(worst, Math.abs(y[i]! - exact));
    });
    expect(worst).toBeLessThan(1e-5);
  });

  it('of the identity is one peak of full mass, in float32 as well', async () => {
    const identity = withSpectrum(new Float64Array(30).fill(1), 22);
    for (const space of [hostFloat64Space(30), hostFloat32Space(30)]) {
      const { value, stats } = await stochasticLanczosDensity<Float64Array | Float32Array>(
        matrixOperator(space as never, identity),
        { probes: 3, rng: randomFromSeed(10) },
      );
      expect(stats.products).toBeLessThanOrEqual(6);
      expect(Math.abs(value.mean.value - 1)).toBeLessThan(1e-6);
      expect(densityMassBelow(value, 0.999).value).toBeLessThan(1e-6);
    }
  });

  it('keeps its finished probes when products turn to NaN or the work is cancelled', async () => {
    let products = 0;
    const failing = {
      ...operator,
      apply: async (v: Float64Array) => (++products > 25 ? v.map(() => Number.NaN) : operator.apply(v)),
    };
    const broken = await stochasticLanczosDensity(failing, { probes: 5, steps: 10, rng: randomFromSeed(11) });
    expect(broken.status).toBe('notFinite');
    expect(broken.value.probes).toBe(2);
    const signal = { aborted: true };
    const cancelled = await stochasticLanczosDensity(operator, { rng: randomFromSeed(11), signal });
    expect(cancelled.status).toBe('cancelled');
    expect(cancelled.value.x.length).toBe(0);
    expect(cancelled.stats.products).toBe(0);
  });
});
