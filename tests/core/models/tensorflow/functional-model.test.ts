import { memory, randomNormal, slice, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model, regularizers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { type FunctionalModel, functionalModel } from '../../../../core/models/tensorflow/functional-model.ts';

beforeAll(() => useBackend('cpu'));

function chain(shape: number[], ...all: layers.Layer[]): LayersModel {
  const x = input({ shape });
  return model({ inputs: x, outputs: all.reduce((t, layer) => layer.apply(t) as SymbolicTensor, x) });
}

const zeros = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros' } as const;
const weightsOf = (f: FunctionalModel) =>
  f.variables.map(({ shape }, i) => randomNormal(shape as [number], 0, 0.5, 'float32', i + 1));
const values = (t: Tensor) => Array.from(t.dataSync());

const withMasks: [string, () => LayersModel][] = [
  ['dropout', () => chain([6], layers.dense({ units: 5 }), layers.dropout({ rate: 0.5 }))],
  ['gaussianNoise', () => chain([6], layers.dense({ units: 5 }), layers.gaussianNoise({ stddev: 1 }))],
  ['gaussianDropout', () => chain([6], layers.dense({ units: 5 }), layers.gaussianDropout({ rate: 0.5 }))],
  ['alphaDropout', () => chain([6], layers.dense({ units: 5 }), layers.alphaDropout({ rate: 0.5 }))],
  ['a recurrent layer', () => chain([3, 2], layers.gru({ units: 4, dropout: 0.5, recurrentDropout: 0.5, ...zeros }))],
  [
    'cells on each other',
    () =>
      chain(
        [3, 2],
        layers.rnn({
          cell: [
            layers.lstmCell({ units: 4, dropout: 0.5, ...zeros }),
            layers.gruCell({ units: 4, dropout: 0.5, ...zeros }),
          ],
        }),
      ),
  ],
  [
    'both directions',
    () =>
      chain(
        [3, 2],
        layers.bidirectional({
          layer: layers.lstm({ units: 4, recurrentDropout: 0.5, ...zeros }) as layers.RNN,
          mergeMode: 'concat',
        }),
      ),
  ],
  [
    'every step',
    () =>
      chain(
        [3, 2],
        layers.timeDistributed({ layer: layers.dense({ units: 4 }) }),
        layers.timeDistributed({ layer: layers.dropout({ rate: 0.5 }) }),
      ),
  ],
];

describe.each(withMasks)('masks of %s', (_, build) => {
  test('follow from the seed alone, are off in inference, and nothing of them is kept', () => {
    const network = build();
    const f = functionalModel(network);
    expect(f.drawsMasks).toBe(true);
    expect(f.batchDependent).not.toBeNull();
    const weights = weightsOf(f);
    const size = f.inputShape.reduce((a, b) => a * b, 1);
    const x = tensor(
      Array.from({ length: 8 * size }, (_, i) => Math.sin(i + 1)),
      [8, ...f.inputShape],
    );
    const before = memory().numTensors;
    const outputs = (seed: number, mode: 'training' | 'inference') =>
      tidy(() => values(f.outputs(weights, x, mode, seed)));
    const once = outputs(1, 'training');
    expect(outputs(1, 'training')).toEqual(once);
    expect(outputs(2, 'training')).not.toEqual(once);
    const certain = outputs(1, 'inference');
    expect(outputs(2, 'inference')).toEqual(certain);
    expect(certain).not.toEqual(once);
    expect(memory().numTensors).toBe(before);
    // Another batch size right after: masks kept from before would not fit.
    expect(tidy(() => values(f.outputs(weights, slice(x, 0, 3), 'training', 1))).length).toBe((3 * once.length) / 8);
  });
});

test('noise has the moments it is asked for', () => {
  const f = functionalModel(
    chain([1], layers.dense({ units: 500, kernelInitializer: 'zeros' }), layers.gaussianNoise({ stddev: 0.7 })),
  );
  const weights = [tensor(new Array(500).fill(0), [1, 500]), tensor(new Array(500).fill(2), [500])];
  const drawn = values(tidy(() => f.outputs(weights, tensor(new Array(40).fill(1), [40, 1]), 'training', 3)));
  const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
  const deviation = Math.sqrt(drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length);
  // 20 000 numbers: five standard errors.
  expect(Math.abs(mean - 2)).toBeLessThan((5 * 0.7) / Math.sqrt(20_000));
  expect(Math.abs(deviation - 0.7)).toBeLessThan((5 * 0.7) / Math.sqrt(40_000));
});

test('a step of timeDistributed has a mask of its own', () => {
  const f = functionalModel(
    chain(
      [4, 20],
      layers.timeDistributed({ layer: layers.dense({ units: 20, kernelInitializer: 'identity' }) }),
      layers.timeDistributed({ layer: layers.dropout({ rate: 0.5 }) }),
    ),
  );
  const weights = f.variables.map(({ variable }) => variable.read().clone());
  const drawn = values(tidy(() => f.outputs(weights, tensor(new Array(80).fill(1), [1, 4, 20]), 'training', 3)));
  const steps = [0, 1, 2, 3].map((t) => drawn.slice(20 * t, 20 * t + 20).join());
  expect(new Set(steps).size).toBe(4);
});

test('penalties on the weights of cells and of wrapped layers are counted, each once', () => {
  const l2 = () => regularizers.l2({ l2: 0.5 });
  const gru = (more = {}) => layers.gru({ units: 2, recurrentRegularizer: l2(), ...zeros, ...more });
  const networks: [LayersModel, number][] = [
    [chain([3, 2], gru()), 1],
    [chain([3, 2], layers.bidirectional({ layer: gru() as layers.RNN, mergeMode: 'sum' })), 2],
    [
      chain(
        [3, 2],
        layers.timeDistributed({ layer: layers.dense({ units: 6, useBias: false, kernelRegularizer: l2() }) }),
      ),
      1,
    ],
  ];
  for (const [network, count] of networks) {
    const f = functionalModel(network);
    // All kernels in question have 12 entries.
    const ones = f.variables.map(({ shape }) =>
      tensor(new Array(shape.reduce((a, b) => a * b, 1)).fill(1), [...shape]),
    );
    expect(values(f.penalty(ones)!)[0]).toBeCloseTo(0.5 * 12 * count, 5);
  }
});

test('layers that are no functions are refused', () => {
  const stateful = input({ batchShape: [4, 3, 2] });
  const cases: [() => LayersModel, RegExp][] = [
    [
      () =>
        model({
          inputs: stateful,
          outputs: layers
            .gru({ units: 2, stateful: true, name: 'remembers', ...zeros })
            .apply(stateful) as SymbolicTensor,
        }),
      /The layer remembers is stateful/,
    ],
    [
      () =>
        chain(
          [4, 4, 2],
          layers.conv2d({ filters: 2, kernelSize: 1 }),
          layers.randomWidth({ factor: [0.1, 0.2], name: 'stretches' } as never),
        ),
      /The layer stretches draws a new width/,
    ],
  ];
  for (const [build, message] of cases) {
    const network = build();
    expect(() => functionalModel(network)).toThrow(BadInput);
    expect(() => functionalModel(network)).toThrow(message);
  }
});
