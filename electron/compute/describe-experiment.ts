import { closedFormText } from '../../core/experiment/closed-form.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import type { LayerGraph } from '../../core/objective/layer-graph.ts';
import type { ParameterLayout } from '../../core/objective/parameter-layout.ts';
import type { ExperimentDescription } from '../../core/protocol/methods.ts';
import { optimizers, stabilityThreshold } from '../../core/training/optimizers.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import { experimentHash } from '../host/run-folder.ts';
import type { OpenedExperiment } from './open-experiment.ts';

/** `64–32–10 tanh` for chains of dense layers, else the layers one by one: `Conv2D 8 relu, Flatten, Dense 10`. */
function architecture(layout: ParameterLayout, graph: LayerGraph | undefined): string {
  const nodes = (graph?.nodes ?? []).filter(({ kind }) => kind !== 'InputLayer');
  const kernelOf = (layer: string) => layout.blocks.find((block) => block.layer === layer && block.role === 'kernel');
  const dense = nodes.filter(({ kind }) => kind === 'Dense');
  const isChain = dense.length > 0 && nodes.every(({ kind }) => ['Dense', 'Flatten', 'Activation'].includes(kind));
  const activations = nodes.flatMap(({ activation }) => (activation && activation !== 'linear' ? [activation] : []));
  if (isChain) {
    const shapes = dense.flatMap(({ name }) => kernelOf(name)?.shape ?? []);
    const widths = shapes.filter((_, i) => i % 2 === 1);
    return [[shapes[0], ...widths].join('–'), ...new Set(activations)].join(' ');
  }
  return nodes
    .map(({ name, kind, activation }) => {
      const width = kernelOf(name)?.shape.at(-1);
      return [kind, width, activation === 'linear' ? null : activation].filter(Boolean).join(' ');
    })
    .join(', ');
}

/** What the optimiser of an experiment says of itself. */
export function describeOptimizer({
  optimizer: { kind, settings: given },
}: Experiment): Pick<ExperimentDescription, 'optimizerFormula' | 'thresholdName' | 'threshold'> {
  const settings = trainingSettings(kind, given);
  const { value, label } = stabilityThreshold(settings, settings.learningRate);
  return {
    optimizerFormula: optimizers[settings.optimizer].formula,
    thresholdName: value === null ? null : label,
    threshold: value,
  };
}

export function describeExperiment({
  experiment,
  objective,
  test,
  precision,
}: OpenedExperiment): ExperimentDescription {
  const { layout, graph, examples, convention, engine } = objective;
  const { closedForm } = experiment.model;
  return {
    experiment,
    hash: experimentHash(experiment),
    architecture: closedForm ? closedFormText(closedForm) : architecture(layout, graph),
    parameters: layout.dim,
    blocks: layout.blocks.map(({ name, shape, role }) => ({ name, shape, role })),
    examples,
    testExamples: test?.examples ?? null,
    formula: convention.formula,
    engine,
    precision,
    ...describeOptimizer(experiment),
  };
}
