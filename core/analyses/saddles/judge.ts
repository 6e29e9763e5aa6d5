import { denseEigenvectorLimit } from '../../linalg/dense/dense-symmetric.ts';
import type { Result } from '../../linalg/result.ts';
import { breathingObjective } from '../../objective/breathing.ts';
import { counted } from '../../objective/counted.ts';
import type { Objective } from '../../objective/objective.ts';
import { judgedByMatrix } from './judged-by-matrix.ts';
import { judgedByProducts } from './judged-by-products.ts';
import type { Judgement, JudgeOptions } from './judgement.ts';

export type { Judgement, JudgeOptions } from './judgement.ts';

/**
 * What is to be said of a point, in the precision of the objective; `theta` stays as it was. Up to `denseLimit` parameters
 * by the dense Hessian: p products a matrix, two matrices for a point that is polished to the floor, one without. Above,
 * by products: at most 1,840, without polishing 1,040. Status: `converged`, `notFinite`, `cancelled` (then what was known
 * by then, and the verdict `notConverged`).
 */
export async function judgePoint<V>(
  objective: Objective<V>,
  theta: V,
  options: JudgeOptions,
): Promise<Result<Judgement>> {
  const began = performance.now();
  const { breathe, denseLimit } = options;
  const work = counted(breathe ? breathingObjective(objective, breathe) : objective);
  const dense = objective.space.dim <= Math.min(denseLimit, denseEigenvectorLimit);
  const { status, judged, theta: at } = await (dense ? judgedByMatrix : judgedByProducts)(work, theta, options);
  const seconds = (performance.now() - began) / 1000;
  return { value: { judged, theta: at }, status, stats: { ...work.counts, seconds } };
}
