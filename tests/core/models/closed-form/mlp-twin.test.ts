import { describe, expect, test } from 'vitest';
import { initialTheta } from '../../../../core/models/closed-form/initial-theta.ts';
import { mlpFromSpecification } from '../../../../core/models/closed-form/mlp-description.ts';
import type { LayerSpecification } from '../../../../core/models/model-specification.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { layerGraphOfModel } from '../../../../core/models/tensorflow/layer-graph-of-model.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { parameterLayoutOfModel } from '../../../../core/models/tensorflow/parameter-layout-of-model.ts';
import { initialTheta as initialThetaOfModel } from '../../../../core/models/tensorflow/theta.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const chains: readonly (readonly [string, readonly LayerSpecification[], readonly number[]])[] = [
  [
    'an image through two dense layers',
    [
      { type: 'flatten', options: {} },
      { type: 'dense', options: { units: 8, activation: 'tanh' } },
      { type: 'dense', options: { units: 3 } },
    ],
    [4, 5, 2],
  ],
  [
    'activation layers, no bias, a name, initialisers',
    [
      { type: 'dense', options: { units: 5, useBias: false, kernelInitializer: 'heNormal' } },
      { type: 'activation', options: { activation: 'swish' } },
      { type: 'dense', options: { units: 4, activation: 'relu', name: 'middle', biasInitializer: 'fanInUniform' } },
      { type: 'dense', options: { units: 2, activation: 'softplus' } },
    ],
    [6],
  ],
  [
    'a flatten and an activation in front',
    [
      { type: 'flatten', options: {} },
      { type: 'activation', options: { activation: 'sigmoid' } },
      { type: 'dense', options: { units: 2 } },
    ],
    [3, 3, 1],
  ],
];

describe('the closed form and the tf.layers model of one specification', () => {
  test.each(chains)('%s: same layout, same graph, same θ₀ to the last bit', async (_, layers, inputShape) => {
    await useBackend('cpu');
    const closed = mlpFromSpecification({ layers }, inputShape)!;
    const model = modelFromSpecification({ layers }, inputShape, randomFromSeed(7));
    expect(closed.layout).toEqual(parameterLayoutOfModel(model));
    expect(closed.graph).toEqual(layerGraphOfModel(model));
    expect([...initialTheta(closed, randomFromSeed(7))]).toEqual([...initialThetaOfModel(model)]);
    model.dispose();
  });
});
