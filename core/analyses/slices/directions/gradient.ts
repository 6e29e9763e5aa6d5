import { BadInput } from '../../../bad-input.ts';
import type { Linearization, Objective } from '../../../objective/objective.ts';
import { type FoundDirection, foundDirection } from './found-direction.ts';
import { unitVector } from './unit-vector.ts';

/** g / ‖g‖, where the loss changes fastest; vector null where it is not finite. BadInput where g = 0. */
export function gradientDirection(gradient: Float64Array): FoundDirection {
  return foundDirection(unitOrRefuse(gradient, 'The gradient'), 'gradient');
}

/** H g / ‖H g‖: how the gradient turns along itself. Cost: one product. */
export async function hessianGradientDirection<V>(
  { space }: Objective<V>,
  linearization: Linearization<V>,
): Promise<FoundDirection> {
  const image = await linearization.hessianProduct(linearization.gradient);
  const host = await space.toHost(image);
  space.release(image);
  return foundDirection(unitOrRefuse(host, 'The Hessian image of the gradient'), 'Hessian image of the gradient');
}

function unitOrRefuse(vector: Float64Array, what: string): Float64Array | null {
  const unit = unitVector(vector);
  if (unit === null && vector.every((x) => x === 0))
    throw new BadInput(`${what} is zero here.`, 'Use another direction: this is a critical point.');
  return unit;
}
