import { type Axes, coordinatesOf, type Field, pointCount } from '../../fields/grid.ts';
import type { Objective } from '../../objective/objective.ts';

/** The slow twin: every point by itself, θ put together in full and evaluated. Cost: one loss a point. */
export async function exactLosses<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly V[],
  axes: Axes,
): Promise<Field> {
  const { space } = objective;
  const values = new Float64Array(pointCount(axes));
  for (let point = 0; point < values.length; point++) {
    const theta = space.combine(directions, Float64Array.from(coordinatesOf(axes, point)), space.copy(origin));
    values[point] = (await objective.evaluate(theta)).loss;
    space.release(theta);
  }
  return { values, computed: new Uint8Array(values.length).fill(1) };
}
