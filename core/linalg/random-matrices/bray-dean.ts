import { semicircleAngleOfShare, semicircleShareOfAngle } from './semicircle-law.ts';

/**
 * Critical points of a Gaussian random field on N dimensions with ⟨φ(x)φ(y)⟩ = N f(|x − y|²/2N), for large N (Bray and Dean
 * 2007). The Hessian is a semicircle of radius R = 2√f″(0) about λ̄, and φ/N given λ̄ concentrates at λ̄ f′(0)/f″(0). So at
 * the index fraction α = (ϑ − sin ϑ cos ϑ)/π, with λ̄ = R cos ϑ, the mean energy is
 *
 *   ε(α) = 2 f′(0)/√f″(0) cos ϑ,
 *
 * from ε_min = 2 f′(0)/√f″(0) at the minima to −ε_min at the maxima, 0 at α = ½.
 */
export interface GaussianField {
  /** f′(0) < 0 */
  readonly slope: number;
  /** f″(0) > 0 */
  readonly curvature: number;
}

/** R = 2√f″(0), the radius of the semicircle. */
export const brayDeanRadius = ({ curvature }: GaussianField): number => 2 * Math.sqrt(curvature);

/** ε_min = 2 f′(0)/√f″(0), the mean energy of the minima. */
export const brayDeanLowestEnergy = ({ slope, curvature }: GaussianField): number => (2 * slope) / Math.sqrt(curvature);

/** λ̄(α) = R cos ϑ, the centre of the spectrum at an index fraction. Throws RangeError for α outside [0, 1]. */
export const brayDeanShift = (indexFraction: number, field: GaussianField): number =>
  brayDeanRadius(field) * Math.cos(semicircleAngleOfShare(indexFraction));

/** ε(α), the mean energy of critical points of an index fraction. Throws RangeError for α outside [0, 1]. */
export const brayDeanEnergy = (indexFraction: number, field: GaussianField): number =>
  brayDeanLowestEnergy(field) * Math.cos(semicircleAngleOfShare(indexFraction));

/**
 * The inverse of ε(α): 0 below ε_min, 1 above −ε_min, and α ≈ (4√2/3π) ((ε − ε_min)/|ε_min|)^{3/2} just above ε_min. It tells
 * at which index fraction critical points have this mean energy; which index is the commonest at a given energy is another
 * question, which f(0) decides as well.
 */
export function brayDeanIndexFraction(energy: number, field: GaussianField): number {
  const lowest = brayDeanLowestEnergy(field);
  const excess = Math.min(1, Math.max(0, (lowest - energy) / (2 * lowest)));
  // ϑ = 2 arcsin √((1 − cos ϑ)/2) keeps its digits at the lower edge, where arccos loses them.
  return semicircleShareOfAngle(2 * Math.asin(Math.sqrt(excess)));
}

/** The curve on a loss that has its own zero and unit: from `lowest` at α = 0 through `middle` at α = ½. */
export interface BrayDeanScale {
  readonly lowest: number;
  readonly middle: number;
}

/** L(α) = L_½ − (L_½ − L₀) cos ϑ(α). Throws RangeError for α outside [0, 1]. */
export const brayDeanLoss = (indexFraction: number, { lowest, middle }: BrayDeanScale): number =>
  middle - (middle - lowest) * Math.cos(semicircleAngleOfShare(indexFraction));

/**
 * Least squares of the losses of points on 1 − cos ϑ(α) of their index fractions: both numbers of the scale are fitted, so
 * that agreement tells of the shape alone. Null for fewer than three points, or where all have one index fraction.
 */
export function fittedBrayDean(
  points: readonly { readonly indexFraction: number; readonly loss: number }[],
): (BrayDeanScale & { readonly rootMeanSquare: number }) | null {
  const n = points.length;
  if (n < 3) return null;
  const at = points.map(({ indexFraction }) => 1 - Math.cos(semicircleAngleOfShare(indexFraction)));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const [meanAt, meanLoss] = [mean(at), mean(points.map(({ loss }) => loss))];
  const spread = mean(at.map((x) => (x - meanAt) ** 2));
  if (!(spread > 1e-24)) return null;
  const slope = mean(at.map((x, i) => (x - meanAt) * (points[i]!.loss - meanLoss))) / spread;
  const lowest = meanLoss - slope * meanAt;
  const residual = mean(at.map((x, i) => (points[i]!.loss - lowest - slope * x) ** 2));
  return { lowest, middle: lowest + slope, rootMeanSquare: Math.sqrt(residual) };
}
