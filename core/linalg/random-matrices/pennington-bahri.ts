import { marchenkoPasturDensity, marchenkoPasturEdges } from './marchenko-pastur-law.ts';

/**
 * The random model of a Hessian by Pennington and Bahri (2017): H = H₀ + H₁ with H₀ = J Jᵀ/m a Wishart matrix of aspect φ
 * (parameters over residuals) and H₁ a Wigner matrix of variance 2ε, free of each other, ε the loss (half mean squared
 * residual). R-transforms add: R(G) = 2εG + 1/(1 − φG), so that z(G) = R(G) + 1/G inverts the Stieltjes transform
 * G(z) = ∫ρ(λ)/(z − λ) dλ and
 *
 *   2εφ G³ − (2ε + zφ) G² + (z + φ − 1) G − 1 = 0.
 */
export interface PenningtonBahri {
  /** ε ≥ 0 */
  readonly energy: number;
  /** φ > 0 */
  readonly aspect: number;
}

/** Density |Im G(z)|/π on the complex root of the cubic, 0 where all three are real. */
export function penningtonBahriDensity(z: number, { energy, aspect }: PenningtonBahri): number {
  if (energy === 0) return marchenkoPasturDensity(z, aspect);
  const cubic = 2 * energy * aspect;
  return imaginaryPart(-(2 * energy + z * aspect) / cubic, (z + aspect - 1) / cubic, -1 / cubic) / Math.PI;
}

/**
 * |Im| of the complex roots of x³ + b x² + c x + d, 0 where all are real: a real root r by Cardano and Newton, then the quadratic
 * that is left, deflated from the side that does not cancel. (The discriminant of the cubic itself is all cancellation where the
 * energy is small and one root far away.)
 */
function imaginaryPart(b: number, c: number, d: number): number {
  const p = c / 3 - (b * b) / 9;
  const q = (b * c) / 6 - d / 2 - (b * b * b) / 27;
  const discriminant = q * q + p * p * p;
  let r: number;
  if (discriminant > 0) {
    const larger = Math.cbrt(q > 0 ? q + Math.sqrt(discriminant) : q - Math.sqrt(discriminant));
    r = larger - p / larger - b / 3;
  } else {
    // Of three real roots the one farthest from their mean is simple.
    const third = Math.acos(Math.min(1, Math.max(-1, Math.abs(q) / (-p) ** 1.5))) / 3;
    r = (q < 0 ? -2 : 2) * Math.sqrt(-p) * Math.cos(third) - b / 3;
  }
  for (let i = 0; i < 3; i++) {
    const slope = (3 * r + 2 * b) * r + c;
    if (slope !== 0) r -= (((r + b) * r + c) * r + d) / slope;
  }
  const far = Math.abs(r) ** 3 > Math.abs(d);
  const product = far ? -d / r : c + r * (b + r);
  const halfSum = (far ? (c - product) / r : b + r) / 2;
  return Math.sqrt(Math.max(0, product - halfSum * halfSum));
}

/**
 * The outermost ends of the support: where z′(G) = 0 on the real branches outside it, 2ε G² + φ G²/(1 − φG)² = 1, one root
 * on each side of 0. Between them there can be a gap (φ > 1 and small ε).
 */
export function penningtonBahriEdges({ energy, aspect }: PenningtonBahri): {
  readonly lower: number;
  readonly upper: number;
} {
  // Without the Wigner part and with φ > 1 the lower end is that of the zeros.
  if (energy === 0)
    return aspect > 1 ? { lower: 0, upper: marchenkoPasturEdges(aspect).upper } : marchenkoPasturEdges(aspect);
  const inverse = (g: number) => 2 * energy * g + 1 / (1 - aspect * g) + 1 / g;
  const excess = (g: number) => g * g * (2 * energy + aspect / (1 - aspect * g) ** 2) - 1;
  // Each term grows with |G|; 2εG² alone exceeds 1 beyond 1/√(2ε), and the other one at the pole.
  const reach = 1 / Math.sqrt(2 * energy);
  return {
    lower: inverse(-bisected((size) => excess(-size), 0, reach)),
    upper: inverse(bisected(excess, 0, Math.min(reach, 1 / aspect))),
  };
}

/** The zero of an increasing function in (low, high). */
function bisected(increasing: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 200; i++) {
    const middle = 0.5 * (low + high);
    if (middle === low || middle === high) break;
    if (increasing(middle) > 0) high = middle;
    else low = middle;
  }
  return 0.5 * (low + high);
}

/**
 * Index fraction α(ε, φ) = ∫ρ over (−∞, 0): the share of negative eigenvalues, by Simpson's rule in s with z = z₋(1 − s²), in
 * which the square-root edge z₋ is smooth. 0 where the support does not reach below 0.
 */
export function penningtonBahriIndexFraction(model: PenningtonBahri, intervals = 1000): number {
  const { lower } = penningtonBahriEdges(model);
  if (!(lower < 0)) return 0;
  const even = 2 * Math.ceil(intervals / 2);
  let sum = 0;
  for (let i = 1; i <= even; i++) {
    const s = i / even;
    const weight = i === even ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * s * penningtonBahriDensity(lower * (1 - s * s), model);
  }
  return (-2 * lower * sum) / (3 * even);
}

/**
 * Critical energy ε_c = (1 − 20φ − 8φ² + (1 + 8φ)^{3/2})/16, for φ < 1: below it no eigenvalue is negative, above it
 * α ∝ ((ε − ε_c)/ε_c)^{3/2}.
 */
export function penningtonBahriCriticalEnergy(aspect: number): number {
  return (1 - 20 * aspect - 8 * aspect * aspect + (1 + 8 * aspect) ** 1.5) / 16;
}
