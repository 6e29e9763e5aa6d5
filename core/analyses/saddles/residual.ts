import { machineEpsilon } from '../../linalg/precision.ts';
import { norm } from '../../linalg/spaces/host-products.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import { type DenseHessian, inEigenbasis } from './dense-hessian.ts';

/** Eigenvalues up to this share of |λ|_max are no range of H (Frye et al. 2021). */
export const rangeCut = 1e-4;

/** In machine epsilons: how far rounding moves θ. */
export const roundingOfTheta = 8;

/**
 * Below it ‖∇L‖ is rounding: 8 ε |λ|_max ‖θ‖. A gradient that is computed in a precision ε is, to a small factor, the exact
 * one of a θ whose numbers have been rounded a few times, and that moves it by up to ‖H‖ times as much. In float32
 * ‖∇L‖² ≤ 9e-13 ‖θ‖² λ², which is what is measured of networks there (about 1e-12); in float64 by the same argument
 * 3.2e-30 ‖θ‖² λ². At θ = 0, where nothing is rounded, it is 0.
 */
export function gradientFloor(precision: VectorSpace<unknown>['precision'], scale: number, thetaNorm: number): number {
  return roundingOfTheta * machineEpsilon(precision) * scale * thetaNorm;
}

/**
 * r = ‖(1 − Π_range H) g‖ / ‖g‖, the range being that of the eigenvalues above 1e-4 |λ|_max (Frye et al. 2021): 1 where no
 * Newton step lowers ‖g‖ to first order. Null where ‖g‖ is at most `floor`.
 */
export function denseResidual(hessian: DenseHessian, floor: number): number | null {
  const { eigenvalues, scale, gradient } = hessian;
  const length = norm(gradient);
  if (!(length > floor)) return null;
  const outside = inEigenbasis(hessian, gradient).filter((_, i) => Math.abs(eigenvalues[i]!) <= rangeCut * scale);
  return Math.min(1, norm(outside) / length);
}
