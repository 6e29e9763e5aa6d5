import { describe, expect, it } from 'vitest';
import { symmetricEigen, symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import { densityMassBelow } from '../../../../core/linalg/quadrature/density-masses.ts';
import { logDensityOfQuadratures } from '../../../../core/linalg/quadrature/log-density.ts';
import { normalCumulative } from '../../../../core/linalg/quadrature/normal-distribution.ts';
import { densityOfQuadratures } from '../../../../core/linalg/quadrature/spectral-density.ts';
import { probeQuadrature, quadratureOfRecurrence } from '../../../../core/linalg/quadrature/spectral-quadrature.ts';
import { stochasticLanczosDensity } from '../../../../core/linalg/quadrature/stochastic-lanczos-density.ts';
import {
  gaussianOrthogonalEnsemble,
  spiked,
  spikeOutlier,
} from '../../../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { hessianLikeSpectrum, withSpectrum } from '../../../support/test-matrices.ts';
import { rotated } from './rotated-spectra.ts';

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

  it('covers the true smoothed density with its standard error: z-scores over 40 seeds', async () => {
    const smallerTruth = Float64Array.from(hessianLikeSpectrum(150));
    const smaller = operatorOf(withSpectrum(smallerTruth, 22));
    const at = [-0.03, 0, 0.05, 0.3, 1.1, 2.15];
    const z: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const { value } = await stochasticLanczosDensity(smaller, {
        probes: 10,
        steps: 40,
        kernelWidth: 0.08,
        gridPoints: 400,
        rng: randomFromSeed(100 + seed),
      });
      const cell = value.x[1]! - value.x[0]!;
      for (const x of at) {
        const i = Math.floor((x - value.x[0]!) / cell + 0.5);
        z.push((value.y[i]! - gaussianMixture(smallerTruth, 0.08, value.x[i]!)) / value.standardError[i]!);
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
    const quadrature = quadratureOfRecurrence([0.3, -0.2, 0.5], [0.7, 0.4, 0]);
    const { nodes, weights } = quadrature;
    const { x, y } = densityOfQuadratures([quadrature], { dim: 3, steps: 3, gridPoints: 4000, kernelWidth: 0.25 });
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

describe('deflated and joined densities', () => {
  const values = [...hessianLikeSpectrum(100)].sort((a, b) => a - b);
  const { operator, eigenvector } = rotated(values, 31);
  const removed = Array.from({ length: 10 }, (_, i) => 90 + i);
  const deflated = { values: removed.map((i) => values[i]!), vectors: removed.map(eigenvector) };

  it('take known outliers exactly: no error of theirs is left, the rest is unbiased and varies less', async () => {
    const mean = values.reduce((a, b) => a + b, 0) / 100;
    let [plainSquare, square, z2] = [0, 0, 0];
    for (let seed = 0; seed < 30; seed++) {
      const options = { probes: 6, steps: 30, gridPoints: 200, rng: randomFromSeed(300 + seed) };
      const plain = (await stochasticLanczosDensity(operator, options)).value;
      const { value } = await stochasticLanczosDensity(operator, { ...options, deflated });
      plainSquare += plain.mean.standardError ** 2;
      square += value.mean.standardError ** 2;
      z2 += ((value.mean.value - mean) / value.mean.standardError) ** 2 / 30;
      const cell = value.x[1]! - value.x[0]!;
      expect(Math.abs(value.y.reduce((a, b) => a + b, 0) * cell - 1)).toBeLessThan(1e-8);
      // Beyond the bulk only exact kernels: mass 9/100 above 0.5, and no spread.
      const outside = value.x.reduce((sum, x, i) => sum + (x > 0.6 ? value.y[i]! * cell : 0), 0);
      expect(outside).toBeCloseTo(0.09, 6);
      value.x.forEach((x, i) => {
        if (x > 0.6) expect(value.standardError[i]).toBeLessThan(1e-9);
      });
    }
    expect(square).toBeLessThan(0.05 * plainSquare);
    expect(z2).toBeGreaterThan(0.5);
    expect(z2).toBeLessThan(2.2);
  });

  it('with all pairs deflated have no error and spend nothing', async () => {
    const all = { values, vectors: values.map((_, i) => eigenvector(i)) };
    const { value, stats } = await stochasticLanczosDensity(operator, { deflated: all, rng: randomFromSeed(1) });
    expect(stats.products).toBe(0);
    expect(value.mean.standardError).toBe(0);
    expect(value.mean.value).toBeCloseTo(values.reduce((a, b) => a + b, 0) / 100, 12);
    expect(value.cumulativeUpper[value.x.length - 1]).toBe(1);
  });

  it('refuse vectors that are not orthonormal', async () => {
    const skewed = { values: [1, 2], vectors: [eigenvector(0), eigenvector(0)] };
    await expect(stochasticLanczosDensity(operator, { deflated: skewed, rng: randomFromSeed(1) })).rejects.toThrow(
      'orthonormal to 1.0e+0 only',
    );
    const uneven = { values: [1], vectors: [eigenvector(0), eigenvector(1)] };
    await expect(stochasticLanczosDensity(operator, { deflated: uneven, rng: randomFromSeed(1) })).rejects.toThrow(
      'one vector for each value',
    );
  });

  it('are the same to the last bit wherever and in whatever order the probes were computed', async () => {
    const options = { steps: 20, rng: randomFromSeed(5), deflated };
    const { value } = await stochasticLanczosDensity(operator, { ...options, probes: 4 });
    const parts = [];
    for (const probe of [2, 0, 3, 1]) parts.push((await probeQuadrature(operator, probe, options)).quadrature!);
    const joined = densityOfQuadratures(parts, { dim: 100, steps: 20, deflated: deflated.values });
    expect(joined).toEqual(value);
  });

  it('on the logarithmic axis are the mixture by its definition, both signs, and add to 1 with what is near zero', () => {
    const quadrature = quadratureOfRecurrence([0.3, -0.2, 0.5], [0.7, 0.4, 0]);
    const { nodes, weights } = quadrature;
    const sample = { quadratures: [quadrature], dim: 3, deflated: [] };
    for (const smallest of [1e-4, 0.5]) {
      const curve = logDensityOfQuadratures(sample, { steps: 3, gridPoints: 4000, kernelWidth: 0.1, smallest });
      const cell = curve.x[1]! - curve.x[0]!;
      const total = curve.x.reduce((sum, _, i) => sum + (curve.positive[i]! + curve.negative[i]!) * cell, 0);
      expect(Math.abs(total + curve.nearZero - 1)).toBeLessThan(1e-8);
      expect(curve.x[0]! - cell / 2).toBeCloseTo(Math.log10(smallest), 10);
      for (const [side, sign] of [
        [curve.positive, 1],
        [curve.negative, -1],
      ] as const) {
        curve.x.forEach((u, i) => {
          const exact = nodes.reduce(
            (sum, node, k) =>
              sign * node < smallest
                ? sum
                : sum + weights[k]! * gaussianMixture(Float64Array.of(Math.log10(sign * node)), 0.1, u),
            0,
          );
          expect(Math.abs(side[i]! - exact)).toBeLessThan(1e-4);
        });
      }
    }
    expect(() => logDensityOfQuadratures(sample, { steps: 3, smallest: 0 })).toThrow('above 0');
  });

  it('have cumulative bounds that rise, enclose each other and end at 0 and 1', async () => {
    const { value } = await stochasticLanczosDensity(operator, { probes: 3, steps: 15, rng: randomFromSeed(6) });
    const { cumulativeLower: lower, cumulativeUpper: upper } = value;
    for (let i = 0; i < lower.length; i++) {
      expect(lower[i]).toBeLessThanOrEqual(upper[i]!);
      if (i > 0) expect(lower[i]).toBeGreaterThanOrEqual(lower[i - 1]!);
      if (i > 0) expect(upper[i]).toBeGreaterThanOrEqual(upper[i - 1]!);
    }
    expect(lower[0]).toBe(0);
    expect(upper[upper.length - 1]).toBe(1);
  });
});
