import { BadInput } from '../../bad-input.ts';

/** Largest order at which the whole spectrum, and with it its interior, is computed from the dense matrix. */
export const interiorLimit = 3000;

/**
 * Refuses eigenvalues around an inner point of the spectrum where the dense matrix is out of reach. Krylov spaces of A
 * converge to its ends; inside, Ritz values wander between eigenvalues and a small residual is no sign that none nearest
 * was missed. Shift and invert would need A − σ solved to high accuracy, which for an indefinite and nearly singular
 * Hessian costs more products than there are parameters.
 */
export function requireInteriorFeasible(dim: number, point = 0): void {
  if (dim <= interiorLimit) return;
  throw new BadInput(
    `Single eigenvalues around ${point} of an operator of order ${dim} cannot be told honestly from products.`,
    `Ask for the exact dense spectrum (up to ${interiorLimit} parameters, or of one layer), or for the density's mass near ${point}.`,
  );
}
