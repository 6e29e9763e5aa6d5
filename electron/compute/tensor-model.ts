import { version_core } from '@tensorflow/tfjs-core';
import { type AnyDataset, inMemory } from '../../core/data/dataset.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import type { ModelSpecification } from '../../core/models/model-specification.ts';
import type { Mode } from '../../core/models/tensorflow/functional-model.ts';
import { modelFromSpecification } from '../../core/models/tensorflow/model-from-specification.ts';
import { recalibrateStatistics } from '../../core/models/tensorflow/recalibrate-statistics.ts';
import { tensorflowObjective } from '../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../core/models/tensorflow/theta.ts';
import type { Gate } from '../../core/objective/gate.ts';
import type { LossName } from '../../core/objective/loss-convention.ts';
import type { Objective } from '../../core/objective/objective.ts';
import type { Random } from '../../core/random/random.ts';

/** The model of an experiment with its loss on the training set. */
export interface OpenedModel {
  readonly objective: Objective<HostVector>;
  readonly initialTheta: Float64Array;
  readonly tfjs: string | null;
  /** The model on a test set, always in inference mode with the statistics of the training set at the same θ. */
  onTestSet(data: AnyDataset): Objective<HostVector> | null;
  settle(theta: HostVector): Promise<void>;
  dispose(): void;
}

/** What of an experiment its model and loss depend on, besides the data. */
export interface ModelOfExperiment {
  /** With an initialiser for every kernel. */
  readonly specification: ModelSpecification;
  readonly mode: Mode;
  readonly loss: LossName;
  readonly reduction: 'mean' | 'sum';
}

/** Makes the model on the current tensor engine. Needs nothing of Node; load it when the realm is what it will be. */
export function tensorModel(
  { specification, mode, loss, reduction: overExamples }: ModelOfExperiment,
  data: AnyDataset,
  rng: Random,
  gate: Gate,
): OpenedModel {
  const model = modelFromSpecification(specification, data.inputShape, rng);
  const common = { model, loss, overExamples, space: 'host', gate } as const;
  const objective = tensorflowObjective({ ...common, data, mode });
  const normalizes = specification.layers.some(({ type }) => type === 'batchNormalization');
  const settled = async (of: typeof model, theta: HostVector) => {
    if (normalizes) await recalibrateStatistics(of, theta, inMemory(data));
  };
  return {
    objective,
    initialTheta: initialTheta(model),
    tfjs: version_core,
    settle: (theta) => settled(model, theta),
    onTestSet(test) {
      // A model of its own: its running statistics are set afresh at every evaluation, and those in training stay.
      const judged = modelFromSpecification(specification, data.inputShape, rng);
      const inference = tensorflowObjective({ ...common, model: judged, data: test, mode: 'inference' });
      return {
        ...inference,
        async evaluate(theta, ask) {
          await settled(judged, theta);
          return inference.evaluate(theta, ask);
        },
        dispose() {
          inference.dispose();
          judged.dispose();
        },
      };
    },
    dispose() {
      objective.dispose();
      model.dispose();
    },
  };
}
