/** Density √(R² − x²) · 2/(πR²) of the semicircle law of radius R (Wigner 1955). */
export function semicircleDensity(x: number, radius = 2): number {
  return Math.abs(x) >= radius ? 0 : (2 * Math.sqrt(radius * radius - x * x)) / (Math.PI * radius * radius);
}

/** Its distribution function ½ + x √(R² − x²)/(πR²) + arcsin(x/R)/π. */
export function semicircleCumulative(x: number, radius = 2): number {
  if (x <= -radius) return 0;
  if (x >= radius) return 1;
  const t = x / radius;
  return 0.5 + (t * Math.sqrt(1 - t * t) + Math.asin(t)) / Math.PI;
}

/** Ends mean ± 2 √variance of the semicircle with this mean and variance: R = 2σ. */
export function semicircleOfMoments(
  mean: number,
  variance: number,
): { readonly lower: number; readonly upper: number } {
  const radius = 2 * Math.sqrt(variance);
  return { lower: mean - radius, upper: mean + radius };
}

/**
 * Index fraction of the semicircle shifted by λ̄ (Bray and Dean 2007): α = (ϑ − sin ϑ cos ϑ)/π with ϑ = arccos(λ̄/R), the
 * share of the eigenvalues below 0.
 */
export function shiftedSemicircleIndexFraction(shift: number, radius = 2): number {
  return semicircleShareOfAngle(Math.acos(Math.min(1, Math.max(-1, shift / radius))));
}

/** The share (ϑ − sin ϑ cos ϑ)/π of a semicircle that lies beyond its radius times cos ϑ, for ϑ in [0, π]. */
export function semicircleShareOfAngle(angle: number): number {
  // ϑ − sin(2ϑ)/2 cancels at the edges; its series there is exact to the last digit.
  if (angle > Math.PI - 0.05) return 1 - semicircleShareOfAngle(Math.PI - angle);
  const square = angle * angle;
  if (angle < 0.05)
    return (angle * square * (2 / 3 - square * (2 / 15 - square * (4 / 315 - square * (2 / 2835))))) / Math.PI;
  return (angle - Math.sin(angle) * Math.cos(angle)) / Math.PI;
}

/** ϑ in [0, π] with (ϑ − sin ϑ cos ϑ)/π = α, by Newton's method inside a bracket. Throws RangeError for α outside [0, 1]. */
export function semicircleAngleOfShare(share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`${share} is no share of the eigenvalues.`);
  if (share > 0.5) return Math.PI - semicircleAngleOfShare(1 - share);
  let [low, high] = [0, Math.PI / 2];
  // Of the leading term 2ϑ³/3 = πα, which lies below the root.
  let angle = Math.min(high, Math.cbrt(1.5 * Math.PI * share));
  for (let i = 0; i < 60 && high - low > 0; i++) {
    const excess = semicircleShareOfAngle(angle) - share;
    if (excess === 0) break;
    if (excess > 0) high = angle;
    else low = angle;
    const newton = angle - (excess * Math.PI) / (2 * Math.sin(angle) ** 2);
    const next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (next === angle || Math.abs(next - angle) <= 1e-16 * angle) break;
    angle = next;
  }
  return angle;
}
