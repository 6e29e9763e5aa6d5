/**
 * The roots λⱼ = d[origin[j]] + offset[j] of the secular equation. Kept as two numbers, because λⱼ − dᵢ must be right to
 * the last bits even where λⱼ and dᵢ agree in all of theirs.
 */
export interface SecularRoots {
  readonly origin: Int32Array;
  readonly offset: Float64Array;
}

/** Half a unit in the last place of 1. */
const rounding = Number.EPSILON / 2;
const stepLimit = 100;
/** Rational steps settle in three or four; what takes longer than this gets a bisection every other step. */
const patience = 12;

/**
 * All eigenvalues of diag(d) + ρ z zᵀ, ascending: the roots of
 *
 *   f(λ) = 1/ρ + Σᵢ zᵢ² / (dᵢ − λ) = 0,   d₀ < λ₀ < d₁ < λ₁ < … < λₖ₋₁ ≤ dₖ₋₁ + ρ ‖z‖²,
 *
 * for ρ > 0, strictly ascending d and no zᵢ = 0 (`deflate` sees to that). Each root is found as its distance from the
 * nearer pole, by rational interpolation at the two poles around it with fixed weight or the middle way by turns (Li 1993;
 * LAPACK `dlaed4`) inside a bracket. Ends when f vanishes to rounding (Gu and Eisenstat 1995). Cost: about 4 evaluations
 * a root (measured 2 to 4, at most 26), 8 k operations each.
 */
export function secularRoots(d: Float64Array, z: Float64Array, rho: number): SecularRoots {
  const k = d.length;
  const origin = new Int32Array(k);
  const offset = new Float64Array(k);
  const squares = z.map((x) => x * x);
  const delta = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const start = j < k - 1 ? betweenPoles(d, squares, rho, j) : beyondPoles(d, squares, rho);
    origin[j] = start.origin;
    const base = d[start.origin]!;
    for (let i = 0; i < k; i++) delta[i] = d[i]! - base;
    offset[j] = k === 1 ? start.mu : settle(delta, squares, 1 / rho, j, start);
  }
  return { origin, offset };
}

interface Start {
  readonly origin: number;
  readonly mu: number;
  readonly low: number;
  readonly high: number;
}

/** Root j lies in (dⱼ, dⱼ₊₁): the sign of f half-way tells the nearer pole, a quadratic with these two poles the start. */
function betweenPoles(d: Float64Array, squares: Float64Array, rho: number, j: number): Start {
  const gap = d[j + 1]! - d[j]!;
  const half = gap / 2;
  let rest = 1 / rho;
  for (let i = 0; i < d.length; i++) if (i !== j && i !== j + 1) rest += squares[i]! / (d[i]! - d[j]! - half);
  const left = squares[j]!;
  const right = squares[j + 1]!;
  if (rest + (right - left) / half >= 0) {
    const mu = smallRoot(rest, rest * gap + left + right, left * gap);
    return { origin: j, mu, low: 0, high: half };
  }
  const mu = smallRoot(rest, -rest * gap + left + right, -right * gap);
  return { origin: j + 1, mu, low: -half, high: 0 };
}

/** The last root lies in (dₖ₋₁, dₖ₋₁ + ρ‖z‖²]. */
function beyondPoles(d: Float64Array, squares: Float64Array, rho: number): Start {
  const last = d.length - 1;
  let high = 0;
  for (const square of squares) high += rho * square;
  if (last === 0) return { origin: 0, mu: high, low: 0, high };
  let rest = 1 / rho;
  for (let i = 0; i < last - 1; i++) rest += squares[i]! / (d[i]! - d[last]! - high / 2);
  const gap = d[last]! - d[last - 1]!;
  // c μ² + (c gap − a − b) μ − b gap = 0 with a, b the weights of the poles at −gap and 0.
  const [a, b] = [squares[last - 1]!, squares[last]!];
  const linear = rest * gap - a - b;
  const root = Math.sqrt(linear * linear + 4 * rest * b * gap);
  const mu = linear > 0 ? (2 * b * gap) / (linear + root) : (root - linear) / (2 * rest);
  return { origin: last, mu, low: 0, high };
}

/** The root of c μ² − a μ + b = 0 that tends to b/a as c → 0. */
function smallRoot(c: number, a: number, b: number): number {
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
  return a > 0 ? (2 * b) / (a + root) : (a - root) / (2 * c);
}

/** f, its parts and their derivatives at an offset μ from the origin of `delta`. */
interface Evaluation {
  value: number;
  /** Derivative of the terms of the poles up to `split`, and of those after it. */
  slopeLeft: number;
  slopeRight: number;
  /** Bound of the rounding errors of `value`. */
  error: number;
}

const at: Evaluation = { value: 0, slopeLeft: 0, slopeRight: 0, error: 0 };

function evaluate(delta: Float64Array, squares: Float64Array, inverseRho: number, split: number, mu: number): void {
  const k = delta.length;
  let left = 0;
  let slopeLeft = 0;
  let partial = 0;
  for (let i = 0; i <= split; i++) {
    const inverse = 1 / (delta[i]! - mu);
    const term = squares[i]! * inverse;
    left += term;
    slopeLeft += term * inverse;
    partial -= left;
  }
  let right = 0;
  let slopeRight = 0;
  for (let i = k - 1; i > split; i--) {
    const inverse = 1 / (delta[i]! - mu);
    const term = squares[i]! * inverse;
    right += term;
    slopeRight += term * inverse;
    partial += Math.abs(right);
  }
  at.value = inverseRho + left + right;
  at.slopeLeft = slopeLeft;
  at.slopeRight = slopeRight;
  const terms = 8 * (Math.abs(right) - left) + inverseRho;
  at.error = rounding * (terms + partial + Math.abs(mu) * (slopeLeft + slopeRight));
}

function settle(delta: Float64Array, squares: Float64Array, inverseRho: number, j: number, start: Start): number {
  const split = Math.min(j, delta.length - 2);
  let { low, high } = start;
  // The origin may be the pole on the right: then all offsets are negative and the bracket ends at 0.
  let mu = inside(start.mu, low, high) ? start.mu : bisect(low, high);
  let fixedWeight = true;
  let before = Number.POSITIVE_INFINITY;
  for (let step = 0; step < stepLimit; step++) {
    evaluate(delta, squares, inverseRho, split, mu);
    const size = Math.abs(at.value);
    if (!(size > at.error)) return mu;
    if (at.value < 0) low = mu;
    else high = mu;
    if (size > before / 10) fixedWeight = !fixedWeight;
    before = size;
    const next = mu + interpolationStep(delta, squares, split, start.origin, mu, fixedWeight && j < delta.length - 1);
    const slow = step >= patience && step % 2 === 1;
    const taken = !slow && inside(next, low, high) ? next : bisect(low, high);
    if (taken === mu || !inside(taken, low, high)) return mu;
    mu = taken;
  }
  return mu;
}

const inside = (mu: number, low: number, high: number): boolean => mu > low && mu < high;

/** Half-way; in exponent where the ends are of one sign and far apart. */
function bisect(low: number, high: number): number {
  if (low > 0 && high > 4 * low) return Math.sqrt(low) * Math.sqrt(high);
  if (high < 0 && low < 4 * high) return -Math.sqrt(-low) * Math.sqrt(-high);
  return low + (high - low) / 2;
}

/**
 * The step to the root of c + s/(δₚ − x) + S/(δ_q − x) that agrees with f and f′ at μ: with the weight of the nearer pole
 * fixed to its own, or with each pole standing for the terms of its side (the middle way).
 */
function interpolationStep(
  delta: Float64Array,
  squares: Float64Array,
  split: number,
  origin: number,
  mu: number,
  fixedWeight: boolean,
): number {
  const left = delta[split]! - mu;
  const right = delta[split + 1]! - mu;
  const slope = at.slopeLeft + at.slopeRight;
  const spread = delta[split]! - delta[split + 1]!;
  let c: number;
  if (!fixedWeight) c = at.value - left * at.slopeLeft - right * at.slopeRight;
  else if (origin === split) c = at.value - right * slope - (spread * squares[split]!) / left / left;
  else c = at.value - left * slope + (spread * squares[split + 1]!) / right / right;
  const a = (left + right) * at.value - left * right * slope;
  const b = left * right * at.value;
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
  // Beyond the last pole both distances are negative, and the root sought is the other one of the quadratic.
  const beyond = right < 0;
  let step: number;
  if (beyond) step = a >= 0 ? (a + root) / (2 * Math.abs(c)) : (2 * b) / (a - root);
  else step = a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
  return at.value * step < 0 ? step : -at.value / slope;
}

/**
 * ẑ with which the computed roots are the exact eigenvalues of diag(d) + ρ ẑ ẑᵀ, up to a common factor (Löwner's formula):
 * eigenvectors made from it are orthogonal to rounding, however close the roots are (Gu and Eisenstat 1995). Cost: 5 k².
 */
export function recomputedWeights(d: Float64Array, z: Float64Array, { origin, offset }: SecularRoots): Float64Array {
  const k = d.length;
  const weights = new Float64Array(k).fill(1);
  for (let j = 0; j < k; j++) {
    const pole = d[j]!;
    const base = d[origin[j]!]!;
    const mu = offset[j]!;
    for (let i = 0; i < j; i++) weights[i] = weights[i]! * ((d[i]! - base - mu) / (d[i]! - pole));
    weights[j] = weights[j]! * (pole - base - mu);
    for (let i = j + 1; i < k; i++) weights[i] = weights[i]! * ((d[i]! - base - mu) / (d[i]! - pole));
  }
  return weights.map((square, i) => Math.sign(z[i]!) * Math.sqrt(Math.abs(square)));
}

/** Eigenvector j of diag(d) + ρ ẑ ẑᵀ, unit length: ẑᵢ / (dᵢ − λⱼ). */
export function secularVector(
  d: Float64Array,
  weights: Float64Array,
  { origin, offset }: SecularRoots,
  j: number,
  into: Float64Array,
): void {
  const base = d[origin[j]!]!;
  const mu = offset[j]!;
  let square = 0;
  for (let i = 0; i < d.length; i++) {
    const entry = weights[i]! / (d[i]! - base - mu);
    into[i] = entry;
    square += entry * entry;
  }
  const length = Math.sqrt(square);
  for (let i = 0; i < d.length; i++) into[i] = into[i]! / length;
}
