/** f(λ₁) … f(λ_n) of the eigenvalues of one matrix: a function of a symmetric matrix in its own basis. */
export type SpectralWeights = (eigenvalues: Float64Array) => Float64Array;

/**
 * 1/(|λ| + μ), the weights of (|A| + μI)⁻¹ with |A| = V |Λ| Vᵀ (Dauphin et al. 2014). Directions in which |λ| + μ is at
 * most rounding of the largest |λ| are left out: without damping a null direction has no inverse.
 */
export function absoluteInverse(damping: number): SpectralWeights {
  return (eigenvalues) => {
    const floor = eigenvalues.length * Number.EPSILON * largestMagnitude(eigenvalues);
    return eigenvalues.map((lambda) => {
      const size = Math.abs(lambda) + damping;
      return size <= floor ? 0 : 1 / size;
    });
  };
}

/**
 * 1/(λ + μ), the weights of (A + μI)⁺: 0 where |λ + μ| is at most `relativeCut` times the largest of them (Moore and
 * Penrose; the cut decides the rank).
 */
export function pseudoInverse(relativeCut: number, shift = 0): SpectralWeights {
  return (eigenvalues) => {
    const shifted = eigenvalues.map((lambda) => lambda + shift);
    const floor = relativeCut * largestMagnitude(shifted);
    return shifted.map((lambda) => (Math.abs(lambda) <= floor ? 0 : 1 / lambda));
  };
}

/** NaN where an entry is none. */
function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (!(Math.abs(value) <= largest)) largest = Math.abs(value);
  return largest;
}
