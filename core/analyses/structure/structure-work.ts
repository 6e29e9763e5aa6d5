import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Linearization, Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import type { StructureParameters, StructurePart } from './descriptor.ts';
import { type TopSubspace, type TopSubspaceOptions, topSubspace } from './top-subspace.ts';

/** Difference quotients of gradients are symmetric to this only. */
const symmetryTolOfDifferences = 0.05;

/** One run of the analysis: what it is asked, and what it has said and spent so far. */
export interface StructureWork<V> {
  readonly objective: Objective<V>;
  readonly theta: V;
  readonly linearization: Linearization<V>;
  readonly parameters: StructureParameters;
  readonly context: AnalysisContext;
  readonly notices: string[];
  readonly spent: { products: number; gradients: number; losses: number };
}

/** Whether a part is asked for. */
export const wants = ({ parameters }: Pick<StructureWork<unknown>, 'parameters'>, part: StructurePart): boolean =>
  parameters.part === 'all' || parameters.part === part;

/** The leading eigenpairs of an operator, with the limits of this run; its products are counted. */
export async function search<V>(
  work: StructureWork<V>,
  operator: LinearOperator<V>,
  stage: string,
  count: number,
): Promise<TopSubspace<V>> {
  const top = await topSubspace(operator, searchOptions(work, stage, count));
  work.spent.products += top.products;
  return top;
}

export function searchOptions<V>(work: StructureWork<V>, stage: string, count: number): TopSubspaceOptions {
  const { linearization, parameters, context } = work;
  return {
    count,
    rng: context.rng.split(stage),
    residualTol: residualTolOf(work),
    maxProducts: parameters.maxProducts,
    symmetryTol: linearization.exact ? undefined : symmetryTolOfDifferences,
    signal: context.signal,
    onProgress: (done, total, top) => context.onProgress?.({ stage, done, total, unit: 'products', live: { top } }),
  };
}

/** As asked, or what the precision allows without many products. */
export const residualTolOf = ({
  parameters,
  objective,
}: Pick<StructureWork<unknown>, 'parameters' | 'objective'>): number =>
  parameters.residualTol ?? (objective.space.precision === 'float64' ? 1e-5 : 1e-3);
