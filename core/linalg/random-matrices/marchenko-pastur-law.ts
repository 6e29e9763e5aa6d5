/** The ends (1 ± √φ)² of the continuous part of the Marchenko–Pastur law of aspect φ and unit mean. */
export function marchenkoPasturEdges(aspect: number): { readonly lower: number; readonly upper: number } {
  const root = Math.sqrt(aspect);
  return { lower: (1 - root) ** 2, upper: (1 + root) ** 2 };
}

/**
 * The Marchenko–Pastur law with this mean and variance, zeros counted: its moments are mean and mean² φ, so that
 * φ = variance/mean², and its continuous part ends at mean (1 ± √φ)². Null where the mean is not positive.
 */
export function marchenkoPasturOfMoments(
  mean: number,
  variance: number,
): { readonly aspect: number; readonly lower: number; readonly upper: number } | null {
  if (!(mean > 0)) return null;
  const aspect = variance / (mean * mean);
  const { lower, upper } = marchenkoPasturEdges(aspect);
  return { aspect, lower: mean * lower, upper: mean * upper };
}

/** Share 1 − 1/φ of the eigenvalues that is exactly 0 for φ > 1; else 0. */
export function marchenkoPasturMassAtZero(aspect: number): number {
  return Math.max(0, 1 - 1 / aspect);
}

/**
 * Density √((b − x)(x − a)) / (2π φ x) of the continuous part of the Marchenko–Pastur law on [a, b] = [(1 − √φ)², (1 + √φ)²]
 * (Marchenko and Pastur 1967): the limit of the spectrum of X Xᵀ/m with X p × m of independent entries of mean 0 and
 * variance 1, φ = p/m. Its mass is min(1, 1/φ); mean 1 and second moment 1 + φ count the zeros as well.
 */
export function marchenkoPasturDensity(x: number, aspect: number): number {
  const { lower, upper } = marchenkoPasturEdges(aspect);
  if (x <= lower || x >= upper) return 0;
  return Math.sqrt((upper - x) * (x - lower)) / (2 * Math.PI * aspect * x);
}

/**
 * Its distribution function, the mass at 0 included from x = 0 on. With c = √φ and x = 1 + c² + 2c cos t the mass above x is
 * (2/π) ∫₀ᵗ sin²s/(1 + c² + 2c cos s) ds
 *   = ((1 + c²) t − 2c sin t − 2 |1 − c²| arctan(|1 − c|/(1 + c) · tan(t/2))) / (2π c²).
 */
export function marchenkoPasturCumulative(x: number, aspect: number): number {
  const { lower, upper } = marchenkoPasturEdges(aspect);
  if (x < 0) return 0;
  if (x >= upper) return 1;
  if (x <= lower) return marchenkoPasturMassAtZero(aspect);
  const c = Math.sqrt(aspect);
  // tan(t/2) without the cancellation of 1 − cos t beside the edges.
  const halfTangent = Math.sqrt((upper - x) / (x - lower));
  const t = 2 * Math.atan(halfTangent);
  const within = Math.abs(1 - aspect) * 2 * Math.atan((Math.abs(1 - c) / (1 + c)) * halfTangent);
  return 1 - ((1 + aspect) * t - 2 * c * Math.sin(t) - within) / (2 * Math.PI * aspect);
}
