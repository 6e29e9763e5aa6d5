import type { VectorSpace } from '../vector-space.ts';

/** Kahan's bound: a vector that keeps this share of its length needs no second orthogonalisation. */
const keptShare = Math.SQRT1_2;

export interface Orthogonalized<V> {
  readonly vector: V;
  /** Of what is left; 0 where it is rounding only. */
  readonly norm: number;
  /** Of the vector as it came. */
  readonly length: number;
  readonly coefficients: Float64Array;
}

/**
 * x less its part in the span of an orthonormal frame, by classical Gram–Schmidt in blocks, repeated where the first pass
 * removed much ("twice is enough": Kahan in Parlett 1980). Consumes `x`. Cost: 4 or 8 (frame) p operations.
 */
export async function orthogonalize<V>(space: VectorSpace<V>, frame: readonly V[], x: V): Promise<Orthogonalized<V>> {
  const n = frame.length;
  const first = await space.dots([...frame, x], x);
  const length = Math.sqrt(first[n]!);
  const coefficients = first.subarray(0, n);
  if (!Number.isFinite(length)) return { vector: x, norm: Number.NaN, length, coefficients };
  let vector = space.combine(frame, coefficients.map(negated), x);
  const norm = Math.sqrt((await space.dots([vector], vector))[0]!);
  if (norm >= keptShare * length) return { vector, norm, length, coefficients };
  const correction = await space.dots(frame, vector);
  vector = space.combine(frame, correction.map(negated), vector);
  for (let i = 0; i < n; i++) coefficients[i] = coefficients[i]! + correction[i]!;
  const last = Math.sqrt((await space.dots([vector], vector))[0]!);
  // A second loss of length means that the rest is rounding in the span of the frame.
  return { vector, norm: last < keptShare * norm ? 0 : last, length, coefficients };
}

function negated(x: number): number {
  return -x;
}
