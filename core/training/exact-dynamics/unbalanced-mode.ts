/**
 * A decoupled mode u = ab of two weight matrices with a ≠ b: τ da/dt = b(s − ab), τ db/dt = a(s − ab) conserve
 * c = a² − b², and a² + b² = √(c² + 4u²), so τ du/dt = √(c² + 4u²)(s − u). With u = (c/2) sinh θ this is
 * τ dθ/dt = 2s − c sinh θ (Saxe, McClelland, Ganguli 2013), which w = tanh(θ/2) = 2u/(c + √(c² + 4u²)) makes a rational
 * equation with the solution
 *
 *   (w − w₋)/(w₊ − w) = E(t) = E(0) e^{qt/τ},  q = √(c² + 4s²),  w₊ = 2s/(c + q),  w₋ = −1/w₊.
 *
 * Here E carries a factor c, and differences are written without cancellation, so c = 0 is the balanced mode to rounding.
 */
export interface UnbalancedMode {
  /** s ≥ 0. */
  readonly singularValue: number;
  /** u₀ = a₀b₀, of either sign. */
  readonly start: number;
  /** c = a² − b²; only |c| matters. */
  readonly imbalance: number;
  /** τ. */
  readonly timeConstant: number;
}

/** u(t). */
export function unbalancedStrength(t: number, mode: UnbalancedMode): number {
  const { singularValue: s, start, timeConstant } = mode;
  const c = Math.abs(mode.imbalance);
  const elapsed = t / timeConstant;
  if (elapsed === 0 || start === s) return start;
  if (s === 0) return towardsZero(elapsed, start, c);
  if (c === 0 && start <= 0) return awayFromTarget(elapsed, start, s);
  const q = Math.hypot(c, 2 * s);
  const e = scaledRatio(start, s, c);
  const x = Math.exp(-q * elapsed);
  const upper = (2 * s) / (c + q);
  const lower = -1 / upper;
  // (1 − w₊)/c and −(1 + w₋)/c.
  const aboveUpper = (1 + c / (q + 2 * s)) / (c + q);
  const belowLower = (1 + c / (q + 2 * s)) / (2 * s);
  const w = (upper * e + c * lower * x) * (e + c * x);
  const oneMinusW = aboveUpper * e + (1 - lower) * x;
  const onePlusW = (1 + upper) * e - c * c * belowLower * x;
  return w / (oneMinusW * onePlusW);
}

/**
 * Time from u₀ to u, (τ/q) ln(E(u)/E(u₀)). Infinite where u is not reached (u = s, or u₀ = 0 = c), NaN where it lies
 * on the other side of s. s > 0.
 */
export function unbalancedTime(strength: number, mode: UnbalancedMode): number {
  const { singularValue: s, start, timeConstant } = mode;
  if (strength === start) return 0;
  const c = Math.abs(mode.imbalance);
  const ratio = scaledRatio(strength, s, c) / scaledRatio(start, s, c);
  return (timeConstant / Math.hypot(c, 2 * s)) * Math.log(ratio);
}

/** Time to u = s/2; negative where the mode starts above it. */
export function unbalancedHalfTime(mode: UnbalancedMode): number {
  return unbalancedTime(mode.singularValue / 2, mode);
}

/** c (w − w₋)/(w₊ − w) at strength u. */
function scaledRatio(u: number, s: number, c: number): number {
  const q = Math.hypot(c, 2 * s);
  const r = Math.hypot(c, 2 * u);
  // (w₊ − w)/c = 2[s(c + r) − u(c + q)] / (c (c + q)(c + r)); sr − uq = c²(s² − u²)/(sr + uq) for u > 0.
  const toUpper =
    u > 0
      ? (2 * (s - u) * (1 + (c * (s + u)) / (s * r + u * q))) / ((c + q) * (c + r))
      : (2 * (c * (s - u) + s * r - u * q)) / (c * (c + q) * (c + r));
  return fromLower(u, s, c, q, r) / toUpper;
}

/** w − w₋. */
function fromLower(u: number, s: number, c: number, q: number, r: number): number {
  if (u >= 0) return (c + r === 0 ? 0 : (2 * u) / (c + r)) + (c + q) / (2 * s);
  const difference = (c ** 4 + 4 * c * c * (s * s + u * u)) / (q * r + 4 * s * -u);
  return (c * c + c * (q + r) + difference) / (2 * s * (c + r));
}

/** s = 0: w decays as e^{−ct/τ}. */
function towardsZero(elapsed: number, start: number, c: number): number {
  const r = Math.hypot(c, 2 * start);
  if (r === 0) return 0;
  if (c === 0) return start / (1 + 2 * Math.abs(start) * elapsed);
  const decayed = Math.exp(-c * elapsed);
  const w = ((2 * start) / (c + r)) * decayed;
  return w / ((2 * decayed * decayed) / (c + r) - Math.expm1(-2 * c * elapsed) / c);
}

/** c = 0 and u₀ ≤ 0, a = −b: the mode falls to the saddle at 0 and stays there. */
function awayFromTarget(elapsed: number, start: number, s: number): number {
  if (start === 0) return 0;
  return -s / ((1 - s / start) * Math.exp(2 * s * elapsed) - 1);
}
