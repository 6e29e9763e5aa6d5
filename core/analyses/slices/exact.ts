import type { Objective } from '../../objective/objective.ts';
import type { LossGrid } from './loss-grid.ts';

/** The slow twin: every cell by itself, θ put together in full and evaluated. Cost: one loss a cell. */
export async function exactLossGrid<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly [V, V],
  alpha: Float64Array,
  beta: Float64Array,
): Promise<LossGrid> {
  const { space } = objective;
  const data = new Float64Array(alpha.length * beta.length);
  for (let row = 0; row < beta.length; row++)
    for (let column = 0; column < alpha.length; column++) {
      const theta = space.combine(directions, Float64Array.of(alpha[column]!, beta[row]!), space.copy(origin));
      data[row * alpha.length + column] = (await objective.evaluate(theta)).loss;
      space.release(theta);
    }
  return {
    alpha,
    beta,
    loss: { rows: beta.length, columns: alpha.length, data },
    computed: new Uint8Array(data.length).fill(1),
  };
}
