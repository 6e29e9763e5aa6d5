import { describe, expect, it } from 'vitest';
import { symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import {
  brayDeanEnergy,
  brayDeanIndexFraction,
  brayDeanLoss,
  brayDeanLowestEnergy,
  brayDeanRadius,
  brayDeanShift,
  fittedBrayDean,
} from '../../../../core/linalg/random-matrices/bray-dean.ts';
import {
  semicircleAngleOfShare,
  semicircleCumulative,
  semicircleShareOfAngle,
} from '../../../../core/linalg/random-matrices/semicircle-law.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

/** f(s) = e^{−s}: f′(0) = −1, f″(0) = 1. */
const exponential = { slope: -1, curvature: 1 };
/** f(s) = e^{−3s}/2. */
const narrow = { slope: -1.5, curvature: 4.5 };

describe('the share of a semicircle and its angle', () => {
  it('agree with the distribution function, and series meets formula', () => {
    for (const angle of [0.3, 1, 2, 3]) {
      expect(Math.abs(semicircleShareOfAngle(angle) - semicircleCumulative(-2 * Math.cos(angle)))).toBeLessThan(1e-15);
    }
    // The cancellation of the formula at 0.05 is 1e-17/8e-5.
    const formula = (angle: number) => (angle - Math.sin(angle) * Math.cos(angle)) / Math.PI;
    const seriesHere = semicircleShareOfAngle(0.0499999);
    expect(Math.abs(seriesHere / formula(0.0499999) - 1)).toBeLessThan(1e-11);
    expect(semicircleShareOfAngle(1e-5) / ((2e-15 / 3 / Math.PI) * (1 - 1e-10 / 5))).toBeCloseTo(1, 14);
  });

  it('are inverse to each other from one edge to the other', () => {
    for (const share of [0, 1e-18, 1e-9, 1e-3, 0.1, 0.4999, 0.5, 0.7, 0.999, 1]) {
      const back = semicircleShareOfAngle(semicircleAngleOfShare(share));
      expect(Math.abs(back - share)).toBeLessThanOrEqual(4e-16 + 1e-14 * share);
    }
    expect(semicircleShareOfAngle(semicircleAngleOfShare(1e-18)) / 1e-18).toBeCloseTo(1, 12);
    expect(() => semicircleAngleOfShare(1.1)).toThrow(RangeError);
  });
});

describe('critical points of a Gaussian field (Bray and Dean)', () => {
  it.each([exponential, narrow])('energy and index fraction are inverse to each other (f = %o)', (field) => {
    const lowest = brayDeanLowestEnergy(field);
    for (const alpha of [0, 1e-6, 0.01, 0.3, 0.5, 0.8, 1]) {
      expect(Math.abs(brayDeanIndexFraction(brayDeanEnergy(alpha, field), field) - alpha)).toBeLessThan(1e-12);
    }
    expect(brayDeanEnergy(0, field)).toBe(lowest);
    expect(brayDeanEnergy(0.5, field)).toBeCloseTo(0, 15);
    expect(brayDeanIndexFraction(2 * lowest, field)).toBe(0);
    expect(brayDeanIndexFraction(-2 * lowest, field)).toBe(1);
  });

  it('rises from the lowest energy as (4√2/3π) x^{3/2}', () => {
    for (const x of [1e-10, 1e-6, 1e-4]) {
      const alpha = brayDeanIndexFraction(-2 * (1 - x), exponential);
      expect(alpha / (((4 * Math.SQRT2) / (3 * Math.PI)) * x ** 1.5)).toBeCloseTo(1, 3);
    }
  });

  it('is what Hessians and energies do that are drawn from their joint Gaussian law', () => {
    // Cov(H_ij, H_kl) = f″(0)/N (δ_ij δ_kl + δ_ik δ_jl + δ_il δ_jk) and Cov(φ, H_ij) = f′(0) δ_ij, so that H = W + λ̄ with W the
    // Wigner matrix of E W_ij² = f″(0)/N and λ̄ of variance f″(0)/N; at a chosen λ̄ the mean of φ is N λ̄ f′(0)/f″(0).
    const n = 300;
    const field = narrow;
    const rng = randomFromSeed(5);
    for (const alpha of [0.05, 0.25, 0.5]) {
      const shift = brayDeanShift(alpha, field);
      const noise = rng.fill(new Float64Array(n * n), 'normal');
      const scale = Math.sqrt(field.curvature / (2 * n));
      const data = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          data[i * n + j] = (noise[i * n + j]! + noise[j * n + i]!) * scale + (i === j ? shift : 0);
      const negative = symmetricEigenvalues({ rows: n, columns: n, data }).filter((value) => value < 0).length / n;
      expect(Math.abs(negative - alpha)).toBeLessThan(0.01);
    }
    expect(brayDeanRadius(field)).toBeCloseTo(2 * Math.sqrt(4.5), 15);
  });

  it('has the energy that a drawn field has beside the centre of its spectrum', () => {
    // φ = √(2N/M) Σ cos(k·x + ϕ) with k of variance 1/N has ⟨φφ⟩ = N e^{−|x − y|²/2N}. At x = 0: energy φ/N, λ̄ = tr H/N.
    const [n, waves, draws] = [200, 200, 400];
    const rng = randomFromSeed(6);
    const squares = Float64Array.from({ length: waves }, () => {
      const k = rng.fill(new Float64Array(n), 'normal');
      return k.reduce((sum, entry) => sum + (entry * entry) / n, 0);
    });
    let [covariance, variance] = [0, 0];
    for (let i = 0; i < draws; i++) {
      let [field, trace] = [0, 0];
      for (let j = 0; j < waves; j++) {
        const wave = Math.sqrt((2 * n) / waves) * Math.cos(2 * Math.PI * rng.uniform());
        field += wave;
        trace -= squares[j]! * wave;
      }
      covariance += field * trace;
      variance += trace * trace;
    }
    const alpha = 0.2;
    const predicted = brayDeanEnergy(alpha, exponential) / brayDeanShift(alpha, exponential);
    // 2/N is what is left out of N → ∞, and as much again for so few waves.
    expect(Math.abs(covariance / variance / predicted - 1)).toBeLessThan(4 / n);
  });

  it('on a loss is found again by least squares, and says when it cannot be', () => {
    const scale = { lowest: 0.2, middle: 1.4 };
    const points = [0, 0.01, 0.05, 0.2, 0.3].map((indexFraction) => ({
      indexFraction,
      loss: brayDeanLoss(indexFraction, scale),
    }));
    const fit = fittedBrayDean(points)!;
    expect(fit.lowest).toBeCloseTo(0.2, 12);
    expect(fit.middle).toBeCloseTo(1.4, 12);
    expect(fit.rootMeanSquare).toBeLessThan(1e-14);
    expect(fittedBrayDean(points.slice(0, 2))).toBeNull();
    expect(fittedBrayDean([1, 2, 3].map((loss) => ({ indexFraction: 0.1, loss })))).toBeNull();
  });
});
