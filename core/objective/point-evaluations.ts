import type { Matrix } from '../linalg/matrix.ts';
import type { BatchKey, Objective, PointEvaluations, PointsAsk } from './objective.ts';

/**
 * Losses, and what else is asked for, at origin + Σ_j C[i,j] directions_j for every row i: in one pass where the
 * objective has one, else by `losses` alone, or point by point with `evaluate`. Cost: one loss a row. Losses by class
 * need an objective of its own (`evaluations`); they are null elsewhere.
 */
export async function pointEvaluations<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly V[],
  coefficients: Matrix,
  ask: PointsAsk,
  batch?: BatchKey,
): Promise<PointEvaluations> {
  const wantsMore = ask.errors || ask.classLosses || ask.standardErrors;
  if (!wantsMore) {
    const losses = await objective.losses(origin, directions, coefficients, batch);
    return { losses, standardErrors: null, errors: null, classLosses: null };
  }
  if (objective.evaluations) return objective.evaluations(origin, directions, coefficients, ask, batch);
  const { space } = objective;
  const { rows, columns, data } = coefficients;
  const [losses, standardErrors, errors] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)];
  let hasErrors = true;
  for (let row = 0; row < rows; row++) {
    const point = space.combine(directions, data.slice(row * columns, (row + 1) * columns), space.copy(origin));
    try {
      const evaluation = await objective.evaluate(point, batch ? { batch } : {});
      losses[row] = evaluation.loss;
      standardErrors[row] = evaluation.standardError;
      if (evaluation.error === null) hasErrors = false;
      else errors[row] = evaluation.error;
    } finally {
      space.release(point);
    }
  }
  return {
    losses,
    standardErrors: ask.standardErrors ? standardErrors : null,
    errors: ask.errors && hasErrors ? errors : null,
    classLosses: null,
  };
}
