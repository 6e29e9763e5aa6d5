import type { Dataset } from '../../../../core/data/dataset.ts';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

/** Random inputs; classes of unequal size, the first the largest. */
export function randomClasses(examples: number, width: number, classes: number, seed = 3): Dataset {
  const rng = randomFromSeed(seed);
  const labels = Int32Array.from({ length: examples }, (_, i) => Math.floor((classes * i * i) / (examples * examples)));
  return {
    name: 'random',
    examples,
    inputShape: [width],
    inputs: rng.split('inputs').fill(new Float64Array(examples * width), 'normal'),
    targets: { kind: 'classes', classes, labels },
    source: 'drawn here',
  };
}

export function smallNetwork(
  widths: readonly number[],
  options: {
    readonly examples?: number;
    readonly activation?: 'tanh' | 'relu';
    readonly loss?: LossName;
    readonly overExamples?: 'mean' | 'sum';
    readonly bias?: boolean;
    readonly data?: Dataset;
  } = {},
) {
  const { examples = 12, activation = 'tanh', loss = 'softmaxCrossEntropy', overExamples = 'mean' } = options;
  const model = mlpFromWidths(widths, activation, options.bias ?? true);
  const data = options.data ?? randomClasses(examples, widths[0]!, widths.at(-1)!);
  const objective = mlpObjective(model, { data, loss, overExamples });
  const theta = initialTheta(model, randomFromSeed(5), 'fanInUniform').map((entry, i) => entry + 0.1 * Math.sin(i));
  return { model, data, objective, theta };
}
