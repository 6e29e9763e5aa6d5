import type { SaddleParameters } from '../../../core/analyses/saddles/descriptor.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { NeedsFloat64Realm } from '../float64-realm.ts';
import { hostTheta, type OpenedExperiment, openExperiment } from '../open-experiment.ts';
import type { OpenedPoint } from '../open-point.ts';
import { searchObjective } from './search-objective.ts';

/** Where points are judged: `same`, by the objective that found them; `here`, by its twin in float64; or in threads of their own. */
export type Certifier =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'here';
      /** Of the twin: threads open it as well. */
      readonly experiment: Experiment;
      readonly objective: Objective<HostVector>;
      close(): void;
    }
  | { readonly kind: 'float64 realm' };

/** The same function in double precision on tensors. */
export const float64Of = (experiment: Experiment): Experiment => ({
  ...experiment,
  precision: 'float64',
  engine: experiment.engine === 'tensorflow' ? 'tensorflow' : 'auto',
});

/**
 * Dense chains have a twin in float64 in any process, whose derivatives have bounds, so that it proves points; other
 * models need a realm of exact tensors.
 */
export async function openCertifier(
  { opened, theta }: OpenedPoint,
  certify: SaddleParameters['certify'],
  examples: number | null,
): Promise<Certifier> {
  if (certify === 'same' || opened.precision === 'float64') return { kind: 'same' };
  const experiment: Experiment = { ...opened.experiment, precision: 'float64', engine: 'auto' };
  let twin: OpenedExperiment;
  try {
    twin = await openExperiment(experiment, opened.baseFolder, 'look', { threads: 1 });
  } catch (problem) {
    if (problem instanceof NeedsFloat64Realm) return { kind: 'float64 realm' };
    throw problem;
  }
  try {
    await twin.settle(hostTheta(twin.objective, theta));
    const { objective, close } = await searchObjective(twin, examples);
    const closeAll = () => {
      close();
      twin.dispose();
    };
    return { kind: 'here', experiment, objective, close: closeAll };
  } catch (problem) {
    twin.dispose();
    throw problem;
  }
}
