import type { Random } from '../../random/random.ts';
import type { Matrix } from '../matrix.ts';

/**
 * A draw X Xᵀ/m with X p × m of independent standard normal entries: unit mean, Marchenko–Pastur law of aspect p/m, and
 * p − m eigenvalues 0 where m < p (Wishart 1928). Cost: p² m operations.
 */
export function wishartEnsemble(p: number, m: number, rng: Random): Matrix {
  return gram(rng.fill(new Float64Array(p * m), 'normal'), p, m);
}

/**
 * X Xᵀ/m with columns of the covariance I + (ℓ − 1) e₁e₁ᵀ: one direction of variance ℓ among directions of variance 1
 * (Johnstone 2001).
 */
export function spikedWishart(p: number, m: number, variance: number, rng: Random): Matrix {
  const x = rng.fill(new Float64Array(p * m), 'normal');
  for (let k = 0; k < m; k++) x[k] = x[k]! * Math.sqrt(variance);
  return gram(x, p, m);
}

/**
 * Where a variance ℓ > 1 + √φ shows in the sample covariance: the outlier ℓ (1 + φ/(ℓ − 1)) (Baik, Ben Arous and Péché
 * 2005; Baik and Silverstein 2006), whose eigenvector has the squared overlap (1 − φ/(ℓ − 1)²) / (1 + φ/(ℓ − 1)) with the
 * direction (Paul 2007). Below the threshold there is no outlier: the largest eigenvalue is the edge (1 + √φ)², overlap 0.
 */
export function wishartSpikeOutlier(
  variance: number,
  aspect: number,
): { readonly eigenvalue: number; readonly squaredOverlap: number } {
  const excess = variance - 1;
  if (!(excess > Math.sqrt(aspect))) return { eigenvalue: (1 + Math.sqrt(aspect)) ** 2, squaredOverlap: 0 };
  return {
    eigenvalue: variance * (1 + aspect / excess),
    squaredOverlap: (1 - aspect / (excess * excess)) / (1 + aspect / excess),
  };
}

/** X Xᵀ/m, four rows of the lower triangle at a time so that each is read from memory a quarter as often. */
function gram(x: Float64Array, p: number, m: number): Matrix {
  const data = new Float64Array(p * p);
  const set = (i: number, j: number, sum: number) => {
    data[i * p + j] = data[j * p + i] = sum / m;
  };
  for (let i = 0; i < p; i++) {
    const row = x.subarray(i * m, (i + 1) * m);
    let j = 0;
    for (; j + 3 <= i; j += 4) {
      const at = j * m;
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = 0; k < m; k++) {
        const entry = row[k]!;
        a += entry * x[at + k]!;
        b += entry * x[at + m + k]!;
        c += entry * x[at + 2 * m + k]!;
        d += entry * x[at + 3 * m + k]!;
      }
      set(i, j, a);
      set(i, j + 1, b);
      set(i, j + 2, c);
      set(i, j + 3, d);
    }
    for (; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += row[k]! * x[j * m + k]!;
      set(i, j, sum);
    }
  }
  return { rows: p, columns: p, data };
}
