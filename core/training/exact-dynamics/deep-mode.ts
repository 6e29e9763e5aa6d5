import { gaussLegendre16 } from './gauss-legendre.ts';

/**
 * A decoupled, balanced mode of a chain of L = N_l − 1 weight matrices (N_l layers with input and output): each carries
 * u^{1/L}, and τ du/dt = L u^{2−2/L}(s − u) (Saxe, McClelland, Ganguli 2013). With x = ln(u/(s − u)) the time is the
 * integral of a smooth function, t = (τ/(L s)) ∫ u(x)^{2/L−1} dx; for L = 2 it is the closed form of `balanced-mode.ts`.
 */
export interface DeepMode {
  /** s ≥ 0. */
  readonly singularValue: number;
  /** u₀ > 0. */
  readonly start: number;
  /** L ≥ 1. */
  readonly matrices: number;
  /** τ. */
  readonly timeConstant: number;
}

/**
 * Time from u₀ to u by composite Gauss–Legendre quadrature (16 points on pieces of at most 1 in x; relative error about
 * 1e-14). Both on one side of s > 0; infinite for u = s or u₀ = 0, NaN across s.
 */
export function deepTime(strength: number, { singularValue: s, start, matrices: L, timeConstant }: DeepMode): number {
  if (strength === start) return 0;
  if (strength === s || start === 0) return Number.POSITIVE_INFINITY;
  if (strength > s !== start > s) return Number.NaN;
  return (timeConstant / (L * s)) * slowness(logit(start, s), logit(strength, s), { s, above: start > s, L });
}

/** Time to u = s/2; negative where the mode starts between it and s. */
export const deepHalfTime = (mode: DeepMode): number => deepTime(mode.singularValue / 2, mode);

/**
 * u at ascending times ≥ 0: t(x) is inverted by Newton's method from the place before, where it converges monotonically
 * (t is concave in x below s). Cost: a few quadratures a time.
 */
export function deepStrengths(times: ArrayLike<number>, mode: DeepMode): Float64Array {
  const { singularValue: s, start, matrices: L, timeConstant } = mode;
  if (s === 0) return Float64Array.from(times, (t) => decay(t / timeConstant, start, L));
  if (start === s || start === 0) return new Float64Array(times.length).fill(start);
  const side = { s, above: start > s, L };
  let x = logit(start, s);
  let reached = 0;
  return Float64Array.from(times, (t) => {
    const wanted = (t * L * s) / timeConstant - reached;
    const from = x;
    for (let i = 0; i < 200; i++) {
      const step = (wanted - slowness(from, x, side)) * strengthAt(x, side) ** (1 - 2 / L);
      x += step;
      if (!(Math.abs(step) > 1e-13 * Math.max(1, Math.abs(x)))) break;
    }
    reached += slowness(from, x, side);
    return strengthAt(x, side);
  });
}

/**
 * The limit L → ∞ with L t held (a rate of 1/L): L t/τ = [ln(u/(s − u))/s² − 1/(s u)] between u₀ and u. Finite for
 * u₀ = O(1): with decoupled weights the time of learning does not grow with depth.
 */
export function infinitelyDeepTime(
  strength: number,
  { singularValue: s, start, timeConstant }: Omit<DeepMode, 'matrices'>,
): number {
  const at = (u: number): number => Math.log(u / Math.abs(s - u)) / (s * s) - 1 / (s * u);
  return timeConstant * (at(strength) - at(start));
}

interface Side {
  readonly s: number;
  /** u > s: x = ln(u/(u − s)) falls from ∞ at u = s to 0 at u = ∞. */
  readonly above: boolean;
  readonly L: number;
}

const logit = (u: number, s: number): number => Math.log(u / Math.abs(s - u));

const strengthAt = (x: number, { s, above }: Side): number => (above ? s / -Math.expm1(-x) : s / (1 + Math.exp(-x)));

/** From here on u(x) = s to rounding. */
const arrived = 40;

/** ∫ u(x)^{2/L−1} dx. */
function slowness(from: number, to: number, side: Side): number {
  const exponent = 2 / side.L - 1;
  const [start, end] = [Math.min(from, arrived), Math.min(to, arrived)];
  const straight = (to - end - (from - start)) * side.s ** exponent;
  return straight + gaussLegendre16((x) => strengthAt(x, side) ** exponent, start, end);
}

/** s = 0: u^{−p} grows by p L t/τ, p = 2 − 2/L. */
function decay(elapsed: number, start: number, L: number): number {
  const p = 2 - 2 / L;
  if (L === 1) return start * Math.exp(-elapsed);
  return start === 0 ? 0 : (start ** -p + p * L * elapsed) ** (-1 / p);
}
