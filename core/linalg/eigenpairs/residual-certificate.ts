import type { Random } from '../../random/random.ts';
import type { LinearOperator } from '../linear-operator.ts';

/** The bound fails with at most the reciprocal of this as probability: 95 %. */
const confidenceFactor = 20;

export interface RecurrencePair<V> {
  readonly value: number;
  readonly vector: V;
  /** The residual A y − θ y that the recurrence gives, in the coordinates of `outside`. */
  readonly coupling: readonly number[];
}

/**
 * How far the true residuals of k Ritz pairs may be from those of their recurrence, from one product.
 *
 * A Krylov recurrence says A yᵢ − θᵢ yᵢ = ρᵢ v with v the next basis vector (block: Q ρᵢ). In truth there is a deviation
 * δᵢ: rounding, noise in the products, a wrong gradient. With independent normal ωᵢ, y = Σ ωᵢ yᵢ / ‖ω‖ is a unit vector and
 *
 *   d = ‖ω‖ (A y) − Σ ωᵢ (θᵢ yᵢ + ρᵢ v) = Σ ωᵢ δᵢ = B ω,   E‖d‖² = Σ ‖δᵢ‖² = ‖B‖_F²,
 *
 * and ‖δᵢ‖ ≤ ‖B‖₂ ≤ α √(2/π) ‖B ω‖ for every i at once, except with probability 1/α (Dixon 1983; Halko, Martinsson and
 * Tropp 2011, lemma 4.1); α = 20 here. So ‖A yᵢ − θᵢ yᵢ‖ ≤ |ρᵢ| + that, at 95 %: a certificate at 1 product instead of k.
 * With k = 1 nothing is random: the deviation itself is returned.
 *
 * The bound is of the size of rounding where all is well, and of the size of the noise where products are noisy. NaN
 * where the product is not finite. Cost: 1 product.
 */
export async function residualDeviation<V>(
  operator: LinearOperator<V>,
  pairs: readonly RecurrencePair<V>[],
  outside: readonly V[],
  rng: Random,
): Promise<number> {
  const { space } = operator;
  const k = pairs.length;
  const weights = k === 1 ? Float64Array.of(1) : rng.fill(new Float64Array(k), 'normal');
  const length = Math.hypot(...weights);
  const unit = weights.map((weight) => weight / length);
  const vectors = pairs.map(({ vector }) => vector);
  const mixed = space.combine(vectors, unit);
  const product = await operator.apply(mixed);
  space.release(mixed);
  const expected = Float64Array.from([
    ...pairs.map(({ value }, i) => -unit[i]! * value),
    ...outside.map((_, q) => -pairs.reduce((sum, { coupling }, i) => sum + unit[i]! * coupling[q]!, 0)),
  ]);
  const difference = space.combine([...vectors, ...outside], expected, product);
  const deviation = Math.sqrt((await space.dots([difference], difference))[0]!);
  space.release(difference);
  return k === 1 ? deviation : confidenceFactor * Math.sqrt(2 / Math.PI) * length * deviation;
}
