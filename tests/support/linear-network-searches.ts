import type { FinderId, FoundPoint } from '../../core/analyses/saddles/finders/finder.ts';
import { finderTable } from '../../core/analyses/saddles/finders/finders.ts';
import type { Stats } from '../../core/linalg/result.ts';
import { exactCriticalPoints } from '../../core/models/closed-form/deep-linear/critical-points.ts';
import { deepLinearObjective } from '../../core/models/closed-form/deep-linear/deep-linear.ts';
import { deepLinearModel } from '../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import { type DenseJudgement, denseJudgement } from './dense-judgement.ts';

const singularValues = [4, 3, 2, 1];
const scales = [0.3, 1, 2];
export const critical = 1e-16;

export interface LinearNetworkSearch extends DenseJudgement {
  readonly found: FoundPoint<Float64Array>;
  readonly stats: Stats;
  /** ‖∇L‖² < 1e-16. */
  readonly converged: boolean;
  /** Loss and index are those of a critical set that is known in closed form. */
  readonly matches: boolean;
}

/** Searches for critical points of ½‖W₂W₁ − diag(4, 3, 2, 1)‖² with two hidden units, from normal entries of three scales. */
export async function linearNetworkSearches(
  finder: FinderId,
  seed: number,
  options: { readonly starts: number; readonly maxIterations: number; readonly denseLimit: number },
): Promise<LinearNetworkSearch[]> {
  const model = deepLinearModel({ singularValues, hidden: 2 }, null);
  const objective = deepLinearObjective(model);
  const exact = exactCriticalPoints(singularValues, 2);
  const searches: LinearNetworkSearch[] = [];
  for (let i = 0; i < options.starts; i++) {
    const rng = randomFromSeed(seed).split(`start ${i}`);
    const start = rng.fill(new Float64Array(objective.space.dim), 'normal').map((x) => x * scales[i % 3]!);
    const { value: found, stats } = await finderTable[finder](objective, start, {
      ...{ tolerance: critical, maxProducts: Number.POSITIVE_INFINITY, rng: rng.split('finder') },
      ...options,
    });
    const judgement = await denseJudgement(objective, found.theta);
    const near = (loss: number) => Math.abs(loss - found.loss) < 1e-7;
    const matches = exact.some(({ loss, negative }) => near(loss) && negative === judgement.negative);
    searches.push({ ...judgement, found, stats, converged: found.gradientNormSquared < critical, matches });
  }
  return searches;
}
