import { BadInput } from '../../bad-input.ts';
import type { Objective } from '../../objective/objective.ts';
import { closedFormObjective } from './closed-form-objective.ts';
import { surfaces } from './named-surfaces.ts';
import { surfaceBounds, surfaceMajorants } from './surface-majorants.ts';

export { surfaces };

/** A two-variable surface of the table as an objective: θ = (x, y). Throws BadInput for a name that is not there. */
export function surfaceObjective(name: string): Objective<Float64Array> {
  const surface = Object.hasOwn(surfaces, name) ? surfaces[name] : undefined;
  if (surface === undefined) {
    throw new BadInput(`There is no surface named ${name}.`, `Use one of: ${Object.keys(surfaces).join(', ')}.`);
  }
  return closedFormObjective({
    dim: 2,
    formula: surface.formula,
    value: (theta) => surface.value(theta[0]!, theta[1]!),
    derivativeBounds(theta, radius) {
      const majorants = Object.hasOwn(surfaceMajorants, name) ? surfaceMajorants[name] : undefined;
      return majorants ? surfaceBounds(majorants, theta[0]!, theta[1]!, radius) : null;
    },
    gradient: (theta, out) => out.set(surface.gradient(theta[0]!, theta[1]!)),
    hessianAt(theta) {
      const [xx, xy, yy] = surface.hessian(theta[0]!, theta[1]!);
      return (v, out) => {
        out[0] = xx * v[0]! + xy * v[1]!;
        out[1] = xy * v[0]! + yy * v[1]!;
      };
    },
  });
}
