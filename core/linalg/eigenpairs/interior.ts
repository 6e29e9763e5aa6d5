import { BadInput } from '../../bad-input.ts';
import { denseEigenvectorLimit } from '../dense/dense-symmetric.ts';

/**
 * Refuses eigenvalues around an inner point of the spectrum where the dense matrix is out of reach. Krylov spaces of A
 * converge to its ends; inside, Ritz values wander between eigenvalues and a small residual is no sign that none nearest
 * was missed. Shift and invert would need A − σ solved to high accuracy, which for an indefinite and nearly singular
 * Hessian costs more products than there are parameters.
 */
export function requireInteriorFeasible(dim: number, point = 0): void {
  if (dim <= denseEigenvectorLimit) return;
  throw new BadInput(
    `Single eigenvalues around ${point} of an operator of order ${dim} cannot be told honestly from products.`,
    `Ask for the exact dense spectrum (up to ${denseEigenvectorLimit} parameters, or of one layer), or for the density's mass near ${point}.`,
  );
}
