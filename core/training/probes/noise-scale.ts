import type { HostVector } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';
import type { ProbePoint } from './probe-point.ts';

export interface NoiseScale {
  /** B = tr Σ / ‖G‖² in examples; NaN where the estimate of ‖G‖² is not above its own standard error. */
  readonly value: number;
  readonly standardError: number;
  /** Unbiased estimate of tr Σ. */
  readonly trace: number;
  /** Unbiased estimate of ‖G‖². */
  readonly squaredGradient: number;
  readonly batches: number;
  readonly batchSize: number;
}

/**
 * The gradient noise scale of McCandlish, Kaplan, Amodei and the OpenAI Dota team (2018), B_simple = tr Σ / ‖G‖², with G
 * the gradient over the probed examples and Σ the covariance of the gradients of single ones. From k batches of b
 * examples drawn with replacement, so that their gradients g_j are independent with mean G and covariance Σ/b:
 *
 *   tr Σ ≈ b/(k−1) Σⱼ ‖g_j − ḡ‖²,   ‖G‖² ≈ ‖ḡ‖² − tr Σ/(b k),
 *
 * both unbiased: the two-batch-size estimators of their appendix A.1 with B_small = b and B_big = k b. The standard
 * errors are by the jackknife over the batches. Cost: k gradients of b examples; memory of k gradients.
 */
export async function noiseScale<V extends HostVector>(
  point: ProbePoint<V>,
  among: {
    readonly batch: Int32Array | undefined;
    readonly rng: Random;
    readonly batches: number;
    readonly batchSize: number;
  },
): Promise<NoiseScale> {
  const { rng, batches, batchSize } = among;
  const gradients: V[] = [];
  for (let j = 0; j < batches && !point.interruption.signal.aborted; j++) {
    const key = Int32Array.from({ length: batchSize }, () => {
      const drawn = rng.integer(point.examples);
      return among.batch === undefined ? drawn : among.batch[drawn]!;
    });
    gradients.push(await point.gradient(key));
  }
  // A sum over examples is b times the mean of which McCandlish et al. speak.
  const scale = point.objective.convention.overExamples === 'sum' ? 1 / batchSize : 1;
  const estimate = fromGradients(gradients, batchSize, scale);
  point.objective.space.release(...gradients);
  return estimate;
}

function fromGradients(gradients: readonly HostVector[], b: number, scale: number): NoiseScale {
  const k = gradients.length;
  const dim = gradients[0]?.length ?? 0;
  const mean = new Float64Array(dim);
  for (const g of gradients) for (let i = 0; i < dim; i++) mean[i]! += (scale / k) * g[i]!;
  const meanSquare = dot(mean, mean, 1);
  // With d_j = g_j − ḡ everything follows from ‖d_j‖² and ⟨d_j, ḡ⟩, also when batch j is left out.
  const squares = new Float64Array(k);
  const overlaps = new Float64Array(k);
  gradients.forEach((g, j) => {
    for (let i = 0; i < dim; i++) {
      const d = scale * g[i]! - mean[i]!;
      squares[j]! += d * d;
      overlaps[j]! += d * mean[i]!;
    }
  });
  const spread = squares.reduce((sum, square) => sum + square, 0);
  const all = estimates(meanSquare, spread, k, b);
  const left = Array.from(squares, (square, j) => {
    // ḡ₋ⱼ = ḡ − d_j/(k−1), and Σ_{i≠j} ‖g_i − ḡ₋ⱼ‖² = spread − ‖d_j‖² k/(k−1).
    const without = meanSquare - (2 * overlaps[j]!) / (k - 1) + square / (k - 1) ** 2;
    return estimates(without, spread - (square * k) / (k - 1), k - 1, b);
  });
  const squaredGradientError = jackknife(left.map(({ squaredGradient }) => squaredGradient));
  const known = all.squaredGradient > squaredGradientError;
  return {
    value: known ? all.trace / all.squaredGradient : Number.NaN,
    standardError: known ? jackknife(left.map(({ trace, squaredGradient }) => trace / squaredGradient)) : Number.NaN,
    trace: all.trace,
    squaredGradient: all.squaredGradient,
    batches: k,
    batchSize: b,
  };
}

function estimates(
  meanSquare: number,
  spread: number,
  k: number,
  b: number,
): { trace: number; squaredGradient: number } {
  const trace = (b * spread) / (k - 1);
  return { trace, squaredGradient: meanSquare - trace / (b * k) };
}

/** √((k−1)/k Σ (xⱼ − x̄)²) over the k estimates that leave one out (Efron and Stein 1981). */
function jackknife(left: readonly number[]): number {
  const k = left.length;
  const mean = left.reduce((sum, x) => sum + x, 0) / k;
  return Math.sqrt(((k - 1) / k) * left.reduce((sum, x) => sum + (x - mean) ** 2, 0));
}

function dot(x: Float64Array, y: HostVector, scale: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * scale * y[i]!;
  return sum;
}
