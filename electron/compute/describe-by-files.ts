import { closedFormText, formulaOfExperiment } from '../../core/experiment/closed-form.ts';
import type { BlockDescription, ExperimentDescription } from '../../core/protocol/methods.ts';
import { checkpointSteps, readCheckpoint, readProvenance, readStoredExperiment } from '../host/run-folder.ts';
import { describeOptimizer } from './describe-experiment.ts';

/** The tensors of a checkpoint, in the order of their names; by these kernel and bias are told apart, and nothing else. */
async function blocksOf(run: string): Promise<BlockDescription[]> {
  const [step] = await checkpointSteps(run);
  if (step === undefined) return [];
  const { tensors } = await readCheckpoint(run, step);
  return [...tensors]
    .filter(([name]) => !name.startsWith('state/'))
    .map(([name, { shape }]) => {
      const role = /\/(kernel|bias)$/.exec(name)?.[1] ?? 'other';
      return { name, shape, role };
    });
}

/** What the files of a run tell of its experiment, where its data are no longer there. */
export async function describeByFiles(run: string): Promise<ExperimentDescription> {
  const { experiment, hash } = await readStoredExperiment(run);
  const { closedForm, layers } = experiment.model;
  const { parameters, train, test, engine, precision } = await readProvenance(run);
  return {
    experiment,
    hash,
    architecture: closedForm ? closedFormText(closedForm) : layers.map(({ type }) => type).join(', '),
    parameters,
    blocks: await blocksOf(run),
    examples: train.examples,
    testExamples: test?.examples ?? null,
    formula: formulaOfExperiment(experiment),
    engine,
    precision,
    ...describeOptimizer(experiment),
  };
}
