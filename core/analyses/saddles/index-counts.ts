import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { DenseHessian } from './dense-hessian.ts';
import type { CertifiedExtreme, IndexCounts } from './saddle.ts';

/** τ: an eigenvalue up to τ |λ|_max is no different from zero. */
export const indexTolerance = (precision: VectorSpace<unknown>['precision']): number =>
  precision === 'float64' ? 1e-7 : 1e-4;

/**
 * Eigenvalues below −t, within it and above, t = τ |λ|_max, or their error bound where that is larger, or `drift`: what they
 * may change between θ and the critical point that is meant. An eigenvalue is given a sign only where neither rounding nor
 * the rest of the way can have given it: beside a monkey saddle all of H vanishes with the distance, and no share of |λ|_max
 * shows that.
 */
export function indexCounts(
  { eigenvalues, scale, errorBound }: Pick<DenseHessian, 'eigenvalues' | 'scale' | 'errorBound'>,
  precision: VectorSpace<unknown>['precision'],
  drift = 0,
): IndexCounts {
  const tolerance = Math.max(indexTolerance(precision) * scale, errorBound, drift);
  const negative = eigenvalues.filter((value) => value < -tolerance).length;
  const positive = eigenvalues.filter((value) => value > tolerance).length;
  const nothing = eigenvalues.length - negative - positive;
  return { negative, null: nothing, positive, tolerance, method: 'dense', standardError: null };
}

export interface Extremes {
  /** min |λ| */
  readonly smallest: CertifiedExtreme;
  readonly lowest: CertifiedExtreme;
  readonly highest: CertifiedExtreme;
}

/** The ends of a whole spectrum, and what is nearest to zero. */
export function extremesOf({ eigenvalues, errorBound }: Pick<DenseHessian, 'eigenvalues' | 'errorBound'>): Extremes {
  const certified = (value: number): CertifiedExtreme => ({ value, errorBound });
  return {
    smallest: certified(
      eigenvalues.reduce((least, value) => Math.min(least, Math.abs(value)), Number.POSITIVE_INFINITY),
    ),
    lowest: certified(eigenvalues[0]!),
    highest: certified(eigenvalues[eigenvalues.length - 1]!),
  };
}
