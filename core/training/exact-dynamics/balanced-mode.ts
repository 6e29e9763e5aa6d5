/**
 * A mode of a linear network with two weight matrices under gradient flow on L = ½‖W₂W₁ − Σ‖² (sum over whitened
 * examples), decoupled from the others and balanced (a = b = √u): τ du/dt = 2u(s − u), τ = 1/η where t counts steps.
 * Saxe, McClelland, Ganguli 2013, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks";
 * 2019, "A mathematical theory of semantic development in deep neural networks".
 */
export interface BalancedMode {
  /** s ≥ 0, the singular value of Σ that the mode learns. */
  readonly singularValue: number;
  /** u₀ = u(0) ≥ 0. */
  readonly start: number;
  /** τ. */
  readonly timeConstant: number;
}

/** u(t) = s e^{2st/τ} / (e^{2st/τ} − 1 + s/u₀), in a form that does not overflow; u₀/(1 + 2u₀t/τ) for s = 0. */
export function balancedStrength(t: number, { singularValue: s, start, timeConstant }: BalancedMode): number {
  if (start === 0) return 0;
  if (s === 0) return start / (1 + (2 * start * t) / timeConstant);
  return s / (1 + (s / start - 1) * Math.exp((-2 * s * t) / timeConstant));
}

/**
 * Time from u₀ to u: (τ/2s) ln[u(s − u₀) / (u₀(s − u))]. Infinite where u is not reached (u₀ = 0, u = s), NaN where it
 * lies on the other side of s.
 */
export function balancedTime(strength: number, { singularValue: s, start, timeConstant }: BalancedMode): number {
  if (strength === start) return 0;
  if (s === 0) return (timeConstant / 2) * (1 / strength - 1 / start);
  const ratio = (strength / start) * ((s - start) / (s - strength));
  return (timeConstant / (2 * s)) * Math.log(ratio);
}

/** Time to u = s/2: (τ/2s) ln(s/u₀ − 1); negative where the mode starts above s/2. */
export function balancedHalfTime({ singularValue: s, start, timeConstant }: BalancedMode): number {
  return (timeConstant / (2 * s)) * Math.log(s / start - 1);
}
