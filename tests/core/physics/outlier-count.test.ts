import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../core/data/dataset.ts';
import { symmetricEigenvalues } from '../../../core/linalg/dense/dense-symmetric.ts';
import { lanczos } from '../../../core/linalg/eigenpairs/lanczos.ts';
import { initialTheta } from '../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../core/models/closed-form/mlp-description.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { dot } from '../../support/vectors.ts';

const [examples, width] = [600, 20];

/** C classes with means from N(0, I) in 20 dimensions and noise 0.3 around them, as many examples each. */
function gaussianMixture(classes: number, seed: number): Dataset {
  const rng = randomFromSeed(seed);
  const means = rng.split('means').fill(new Float64Array(classes * width), 'normal');
  const noise = rng.split('noise').fill(new Float64Array(examples * width), 'normal');
  const labels = Int32Array.from({ length: examples }, (_, i) => i % classes);
  return {
    name: 'Gaussian mixture',
    examples,
    inputShape: [width],
    inputs: noise.map((z, at) => means[labels[Math.floor(at / width)]! * width + (at % width)]! + 0.3 * z),
    targets: { kind: 'classes', classes, labels },
    source: 'drawn here',
  };
}

/** Gradient descent at η = 0.1 to a cross-entropy of 0.02. */
async function trained(objective: Objective<Float64Array>, start: Float64Array): Promise<Float64Array> {
  let theta = start;
  for (let step = 0; step < 20_000; step++) {
    const { loss, gradient } = await objective.gradient(theta);
    if (loss < 0.02) return theta;
    theta = theta.map((entry, i) => entry - 0.1 * gradient[i]!);
    objective.space.release(gradient);
  }
  throw new Error('The network did not reach a loss of 0.02.');
}

describe.each([3, 4, 5])('I3: a ReLU network 20-32-C on a Gaussian mixture, C = %i', (classes) => {
  const setting = (async () => {
    const data = gaussianMixture(classes, 10 + classes);
    const model = mlpFromWidths([width, 32, classes], 'relu');
    const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
    const theta = await trained(objective, initialTheta(model, randomFromSeed(classes), 'fanInUniform'));
    const at = await objective.linearize(theta);
    const hessian = {
      space: objective.space,
      symmetric: true,
      positiveSemidefinite: false,
      apply: (v: Float64Array) => at.hessianProduct(v),
    };
    const { value, status } = await lanczos(hessian, {
      top: 2 * classes + 1,
      residualTol: 1e-6,
      rng: randomFromSeed(1),
    });
    expect(status).toBe('converged');
    const curved = await lanczos(
      { ...hessian, positiveSemidefinite: true, apply: (v: Float64Array) => at.gaussNewtonProduct!(v) },
      { top: classes, residualTol: 1e-6, rng: randomFromSeed(1) },
    );
    const { data: f } = (await objective.evaluate(theta, { outputs: true })).outputs!;
    return {
      data,
      at,
      outputs: f,
      top: value.top.map((pair) => pair.value),
      ofG: curved.value.top.map((pair) => pair.value),
    };
  })();

  test('I3: the largest ratio of neighbouring eigenvalues is at k = C', async () => {
    const { top } = await setting;
    const ratios = top.slice(1).map((value, i) => top[i]! / value);
    expect(ratios.indexOf(Math.max(...ratios)) + 1).toBe(classes);
    expect(ratios[classes - 1]).toBeGreaterThan(1.5);
  });

  test('I3: the eigenvalues of G₁, the class means of the gradients, are 55 to 95 % of the outliers of G', async () => {
    const { data, at, outputs, ofG } = await setting;
    const { labels } = data.targets as { labels: Int32Array };
    /** δ_{c,c′}: mean over the examples of class c of √p_{c′} Jᵀ(e_{c′} − p). */
    const meanGradient = async (c: number, other: number) => {
      const u = new Float64Array(examples * classes);
      for (let i = 0; i < examples; i++) {
        if (labels[i] !== c) continue;
        const row = Array.from(outputs.subarray(i * classes, (i + 1) * classes), Math.exp);
        const sum = row.reduce((a, b) => a + b);
        const p = row.map((entry) => entry / sum);
        p.forEach((share, k) => {
          const size = Math.sqrt(p[other]!) / (examples / classes);
          u[i * classes + k] = size * ((k === other ? 1 : 0) - share);
        });
      }
      return at.jacobianTransposeProduct!({ rows: examples, columns: classes, data: u });
    };
    const means: Float64Array[] = [];
    for (let c = 0; c < classes; c++) {
      let sum = new Float64Array(at.gradient.length);
      for (let other = 0; other < classes; other++) {
        if (other === c) continue;
        const delta = await meanGradient(c, other);
        sum = sum.map((entry, i) => entry + delta[i]! / (classes - 1));
      }
      means.push(sum);
    }
    const gram = means.flatMap((a) => means.map((b) => ((classes - 1) / classes) * dot(a, b)));
    const ofG1 = symmetricEigenvalues({ rows: classes, columns: classes, data: Float64Array.from(gram) }).reverse();
    ofG1.forEach((value, k) => {
      expect(value / ofG[k]!).toBeGreaterThan(0.55);
      expect(value / ofG[k]!).toBeLessThan(0.95);
    });
  });
});
