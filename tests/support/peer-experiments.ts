import path from 'node:path';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { readSetting } from '../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../core/experiment/read-experiment.ts';
import type { NumericArray } from '../../core/formats/numeric-array.ts';
import { peersFolder } from './peers.ts';

/** Networks trained elsewhere, as experiments on their files, with the shapes of their tensors in PyTorch's order. */
export interface PeerExperiment {
  readonly name: string;
  readonly truth: string;
  readonly yaml: string;
  readonly tensors: readonly (readonly [string, readonly number[]])[];
}

const yaml = (data: string, weights: string, layers: string): string => `
name: ${weights}
data: { train: ./${data} }
model:
  layers: ${layers}
  weights: ./${weights}
  layout: pytorch
loss: softmaxCrossEntropy
optimizer: { sgd: { learningRate: 0.1 } }
steps: 0
`;

const dense = (units: number, activation = 'linear') => `{ dense: { units: ${units}, activation: ${activation} } }`;
const conv = (filters: number) => `{ conv2d: { filters: ${filters}, kernelSize: 3, activation: relu } }`;
const pool = '{ maxPooling2d: { poolSize: 2 } }';

export const peerExperiments: readonly PeerExperiment[] = [
  {
    name: 'mlp-64-16-10',
    truth: 'mlp-64-16-10 on digits-8x8-1000',
    yaml: yaml('digits-8x8-1000.npz', 'mlp-64-16-10.safetensors', `[ ${dense(16, 'tanh')}, ${dense(10)} ]`),
    tensors: [
      ['fc1.weight', [16, 64]],
      ['fc1.bias', [16]],
      ['fc2.weight', [10, 16]],
      ['fc2.bias', [10]],
    ],
  },
  {
    name: 'mlp-784-64-10',
    truth: 'mlp-784-64-10 on digits-1000',
    yaml: yaml(
      'digits-1000.npz',
      'mlp-784-64-10.safetensors',
      `[ { flatten: {} }, ${dense(64, 'tanh')}, ${dense(10)} ]`,
    ),
    tensors: [
      ['fc1.weight', [64, 784]],
      ['fc1.bias', [64]],
      ['fc2.weight', [10, 64]],
      ['fc2.bias', [10]],
    ],
  },
  {
    name: 'cnn',
    truth: 'cnn on digits-1000',
    yaml: yaml(
      'digits-1000.npz',
      'cnn.safetensors',
      `[ ${conv(8)}, ${pool}, ${conv(16)}, ${pool}, { flatten: {} }, ${dense(10)} ]`,
    ),
    tensors: [
      ['conv1.weight', [8, 1, 3, 3]],
      ['conv1.bias', [8]],
      ['conv2.weight', [16, 8, 3, 3]],
      ['conv2.bias', [16]],
      ['fc.weight', [10, 400]],
      ['fc.bias', [10]],
    ],
  },
];

export const peerExperiment = (name: string): PeerExperiment => {
  const found = peerExperiments.find((peer) => peer.name === name);
  if (!found) throw new RangeError(name);
  return found;
};

export const experimentOf = (peer: PeerExperiment, settings: readonly string[] = []): Experiment =>
  readExperiment(peer.yaml, path.join(peersFolder, 'peer.yaml'), settings.map(readSetting));

/** A flat vector in PyTorch's order as the tensors of a file. */
export function tensorsOf(peer: PeerExperiment, flat: ArrayLike<number>): Map<string, NumericArray> {
  let offset = 0;
  return new Map(
    peer.tensors.map(([name, shape]) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const data = Float64Array.from({ length: size }, (_, i) => flat[offset + i] ?? Number.NaN);
      offset += size;
      return [name, { shape, dtype: 'float64', data }];
    }),
  );
}
