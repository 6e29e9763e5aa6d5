import { BadInput } from '../../../core/bad-input.ts';
import { pick } from '../../../core/data/subset.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { loadData } from '../load-data.ts';
import type { OpenedExperiment } from '../open-experiment.ts';

/** The function whose critical points are sought, lent: `close` ends what was made for it. */
export interface SearchObjective {
  readonly objective: Objective<HostVector>;
  close(): void;
}

/** L on all training examples, or on a fixed random subset of them: the same one in every process and precision. */
export async function searchObjective(opened: OpenedExperiment, examples: number | null): Promise<SearchObjective> {
  const { objective, experiment, baseFolder, rng } = opened;
  if (examples === null) return { objective, close() {} };
  if (objective.withData === undefined || opened.closedForm !== null)
    throw new BadInput('This function has no examples to choose from.', 'Leave --examples out.');
  if (examples >= objective.examples) return { objective, close() {} };
  const order = rng.split('saddle examples').permutation(objective.examples);
  const { train } = await loadData(experiment, baseFolder, rng.split('data'));
  const subset = objective.withData(pick(train, order.slice(0, examples).sort(), `${examples} for critical points`));
  return { objective: subset, close: () => subset.dispose() };
}
