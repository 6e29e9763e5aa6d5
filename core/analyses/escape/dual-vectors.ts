import { BadInput } from '../../bad-input.ts';
import { dot, norm } from '../../linalg/spaces/host-products.ts';

/**
 * The vectors d*ₖ in the span of d₁ … d_m with ⟨d*ₖ, d_j⟩ = δ_kj: ⟨d*ₖ, x⟩ are the least-squares coordinates of x. Each is
 * what the others leave of dₖ (modified Gram–Schmidt, twice), over its squared length. BadInput where one lies in the span
 * of the others.
 */
export function dualVectors(vectors: readonly Float64Array[]): readonly Float64Array[] {
  return vectors.map((vector, k) => {
    const basis: Float64Array[] = [];
    for (const other of vectors.filter((_, j) => j !== k)) basis.push(scaled(without(other, basis)));
    const rest = without(vector, basis);
    const square = dot(rest, rest);
    if (!(square > 1e-20 * dot(vector, vector)))
      throw new BadInput(`Direction ${k + 1} lies in the span of the others.`, 'Give independent directions.');
    return rest.map((entry) => entry / square);
  });
}

function without(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = vector.slice();
  for (let pass = 0; pass < 2; pass++)
    for (const unit of basis) {
      const share = dot(rest, unit);
      for (let i = 0; i < rest.length; i++) rest[i] = rest[i]! - share * unit[i]!;
    }
  return rest;
}

function scaled(vector: Float64Array): Float64Array {
  const length = norm(vector);
  return length > 0 ? vector.map((entry) => entry / length) : vector;
}
