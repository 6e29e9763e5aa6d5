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

/**
 * Index fraction of the semicircle shifted by λ̄ (Bray and Dean 2007): α = (ϑ − sin ϑ cos ϑ)/π with ϑ = arccos(λ̄/R), the
 * share of the eigenvalues below 0.
 */
export function shiftedSemicircleIndexFraction(shift: number, radius = 2): number {
  const angle = Math.acos(Math.min(1, Math.max(-1, shift / radius)));
  return (angle - Math.sin(angle) * Math.cos(angle)) / Math.PI;
}
