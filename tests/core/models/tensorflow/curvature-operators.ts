import { afterAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorSpace } from '../../../../core/models/tensorflow/tensor-space.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../core/models/tensorflow/theta.ts';
import { type CurvatureRequest, curvatureOperator } from '../../../../core/objective/curvature/curvature-operator.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { denseColumns, subMatrix } from '../../../support/dense-columns.ts';
import { largestDifference } from '../../../support/vectors.ts';
import {
  empiricalFisher,
  exactFisher,
  gradientCovariance,
  jacobianRows,
} from '../../objective/curvature/dense-twins.ts';

const [examples, outputs, inputShape] = [7, 3, [6, 6, 1]];

function images(kind: 'classes' | 'values'): Dataset {
  const rng = randomFromSeed(61);
  const inputs = rng.fill(new Float64Array(examples * 36), 'normal');
  const labels = Int32Array.from({ length: examples }, () => rng.integer(outputs));
  const values = rng.fill(new Float64Array(examples * outputs), 'normal');
  const targets = kind === 'classes' ? { kind, classes: outputs, labels } : { kind, width: outputs, values };
  return { name: 'drawn images', examples, inputShape, inputs, targets, source: 'drawn for a test' };
}

/** Convolution, ReLU, pooling and a dense layer: 47 parameters. */
const convolutional = {
  layers: [
    { type: 'conv2d', options: { filters: 2, kernelSize: 3, activation: 'relu' } },
    { type: 'maxPooling2d', options: { poolSize: 2 } },
    { type: 'flatten', options: {} },
    { type: 'dense', options: { units: outputs } },
  ],
};

async function matrixOf<V>(objective: Objective<V>, theta: V, request: CurvatureRequest<V>): Promise<Float64Array> {
  const linearization = await objective.linearize(theta);
  const { operator } = await curvatureOperator({ objective, theta, linearization }, request);
  const dense = await denseColumns(operator);
  linearization.dispose();
  return dense;
}

/** The matrices of a convolutional net on the current engine against sums over single examples; `tolerance` of their size. */
export function describeCurvatureOperators(
  tolerance: number,
  conventions: readonly (readonly [LossName, 'mean' | 'sum'])[],
): void {
  const model = modelFromSpecification(convolutional, inputShape, randomFromSeed(60));
  afterAll(() => model.dispose());
  const near = (found: Float64Array, expected: Float64Array) => {
    expect(found.length).toBe(expected.length);
    const size = Math.max(...expected.map(Math.abs));
    expect(size).toBeGreaterThan(1e-3);
    expect(largestDifference(found, expected)).toBeLessThan(tolerance * size);
  };
  function problem(loss: LossName, overExamples: 'mean' | 'sum', memoryBytes?: number) {
    const data = images(loss === 'softmaxCrossEntropy' ? 'classes' : 'values');
    const memory = memoryBytes === undefined ? {} : { memoryBytes };
    const objective = tensorflowObjective({ model, data, loss, overExamples, space: 'host', ...memory });
    const theta: HostVector = objective.space.fromHost(initialTheta(model));
    return { data, objective, theta, scale: overExamples === 'mean' ? 1 / examples : 1 };
  }

  describe.each(conventions)('a convolutional net, %s, %s', (loss, over) => {
    // In one part, and in several of which the last is smaller.
    const whole = problem(loss, over);
    const inParts = problem(loss, over, 40_000);
    afterAll(() => {
      whole.objective.dispose();
      inParts.objective.dispose();
    });

    test('empirical Fisher, gradient covariance and exact Fisher', async () => {
      for (const of of [whole, inParts]) {
        near(await matrixOf(of.objective, of.theta, { kind: 'fisherEmpirical' }), await empiricalFisher(of));
        near(await matrixOf(of.objective, of.theta, { kind: 'gradientCovariance' }), await gradientCovariance(of));
        near(await matrixOf(of.objective, of.theta, { kind: 'fisher' }), await exactFisher(of));
      }
    });

    test('drawn labels are the same in parts; blocks are sub-matrices, of the Hessian by products of their own', async () => {
      const request = { kind: 'fisherMonteCarlo', rng: randomFromSeed(3), samples: 2 } as const;
      near(
        await matrixOf(inParts.objective, inParts.theta, request),
        await matrixOf(whole.objective, whole.theta, request),
      );
      const { objective, theta } = whole;
      const { dim, blocks } = objective.layout;
      const chosen = [blocks[0]!, blocks[3]!];
      const kept = chosen.flatMap(({ offset, size }) => Array.from({ length: size }, (_, k) => offset + k));
      const names = chosen.map(({ name }) => name);
      for (const kind of ['hessian', 'gaussNewton', 'gradientCovariance'] as const) {
        const all = await matrixOf(objective, theta, { kind });
        near(await matrixOf(objective, theta, { kind, blocks: names }), subMatrix(all, dim, kept));
      }
    });

    if (loss === 'halfSquaredError') {
      test('tangent kernel', async () => {
        const rows = await jacobianRows(whole);
        const kernel = rows.flatMap((a) => rows.map((b) => a.reduce((sum, x, k) => sum + x * b[k]!, 0) / examples));
        near(await matrixOf(whole.objective, whole.theta, { kind: 'ntk' }), Float64Array.from(kernel));
      });
    }
  });

  test('vectors on the device: the same matrices, blocks and kernels in spaces of their own', async () => {
    const host = problem('softmaxCrossEntropy', 'mean');
    const data = images('classes');
    const device = tensorflowObjective({ model, data, loss: 'softmaxCrossEntropy', space: 'tensor' });
    const theta = device.space.fromHost(initialTheta(model));
    const blocks = [0, 2].map((k) => host.objective.layout.blocks[k]!.name);
    for (const request of [{ kind: 'gradientCovariance' }, { kind: 'residual', blocks }, { kind: 'ntk' }] as const) {
      const there = await matrixOf(device, theta, { ...request, makeSpace: tensorSpace });
      near(there, await matrixOf(host.objective, host.theta, request));
    }
    await expect(matrixOf(device, theta, { kind: 'ntk' })).rejects.toThrow(RangeError);
    device.space.release(theta);
    device.dispose();
    host.objective.dispose();
  });
}
