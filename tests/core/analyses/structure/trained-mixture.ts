import type { Dataset } from '../../../../core/data/dataset.ts';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const [examples, width] = [600, 20];

/** C classes with means from N(0, I) in 20 dimensions and noise 0.3 around them, as many examples each. */
function mixture(classes: number, seed: number): Dataset {
  const rng = randomFromSeed(seed);
  const means = rng.split('means').fill(new Float64Array(classes * width), 'normal');
  const noise = rng.split('noise').fill(new Float64Array(examples * width), 'normal');
  const labels = Int32Array.from({ length: examples }, (_, i) => i % classes);
  return {
    name: 'mixture',
    examples,
    inputShape: [width],
    inputs: noise.map((z, at) => means[labels[Math.floor(at / width)]! * width + (at % width)]! + 0.3 * z),
    targets: { kind: 'classes', classes, labels },
    source: 'drawn here',
  };
}

/** A ReLU network 20-32-C on the mixture after gradient descent at η = 0.1 to a cross-entropy of 0.02. */
export async function trainedMixture(
  classes: number,
  seed = 20,
): Promise<{ objective: Objective<Float64Array>; theta: Float64Array }> {
  const model = mlpFromWidths([width, 32, classes], 'relu');
  const objective = mlpObjective(model, { data: mixture(classes, seed + classes), loss: 'softmaxCrossEntropy' });
  const theta = initialTheta(model, randomFromSeed(seed), 'fanInUniform');
  for (let step = 0; step < 20_000; step++) {
    const { loss, gradient } = await objective.gradient(theta);
    if (loss < 0.02) return { objective, theta };
    for (let i = 0; i < theta.length; i++) theta[i]! -= 0.1 * gradient[i]!;
    objective.space.release(gradient);
  }
  throw new Error('The network did not reach a loss of 0.02.');
}
