import type { VectorSpace } from './vector-space.ts';

/** Distance from 1 to the next number of the space's precision: 2⁻⁵² or 2⁻²³. */
export function machineEpsilon(precision: VectorSpace<unknown>['precision']): number {
  return precision === 'float64' ? 2 ** -52 : 2 ** -23;
}
