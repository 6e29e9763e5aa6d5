import { readFileSync } from 'node:fs';
import { readNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { readSafetensors } from '../../../core/formats/safetensors.ts';
import {
  type ParameterBlock,
  type ParameterLayout,
  parameterLayout,
} from '../../../core/objective/parameter-layout.ts';

/** Networks as plain loops over θ, images channels last: the slow twin that shares no code with any engine. */

export const tensorsAt = (url: URL): Map<string, NumericArray> =>
  readSafetensors(new Uint8Array(readFileSync(url))).tensors;

export function examplesAt(url: URL): { x: NumericArray; y: NumericArray } {
  const arrays = readNpz(new Uint8Array(readFileSync(url)));
  return { x: arrays.get('x')!, y: arrays.get('y')! };
}

const dense = (layer: string, inputs: number, outputs: number, flattenedFrom?: readonly number[]) =>
  [
    {
      name: `${layer}/kernel`,
      layer,
      role: 'kernel',
      shape: [inputs, outputs],
      filterAxis: 1,
      ...(flattenedFrom ? { flattenedFrom } : {}),
    },
    { name: `${layer}/bias`, layer, role: 'bias', shape: [outputs], filterAxis: null },
  ] as const;

const conv = (layer: string, inputs: number, outputs: number) =>
  [
    { name: `${layer}/kernel`, layer, role: 'kernel', shape: [3, 3, inputs, outputs], filterAxis: 3 },
    { name: `${layer}/bias`, layer, role: 'bias', shape: [outputs], filterAxis: null },
  ] as const;

export const mlpLayout = (inputs: number, hidden: number): ParameterLayout =>
  parameterLayout([...dense('dense_1', inputs, hidden), ...dense('dense_2', hidden, 10)]);

/** conv 3×3×8 valid, ReLU, max-pool 2, conv 3×3×16 valid, ReLU, max-pool 2, flatten, dense 10, on 28 × 28 × 1. */
export const cnnLayout = (): ParameterLayout =>
  parameterLayout([...conv('conv2d_1', 1, 8), ...conv('conv2d_2', 8, 16), ...dense('dense_1', 400, 10, [5, 5, 16])]);

const piece = (theta: Float64Array, layout: ParameterLayout, name: string): Float64Array => {
  const block = layout.blocks.find((candidate: ParameterBlock) => candidate.name === name)!;
  return theta.subarray(block.offset, block.offset + block.size);
};

function denseForward(x: ArrayLike<number>, kernel: Float64Array, bias: Float64Array): Float64Array {
  const out = Float64Array.from(bias);
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < out.length; j++) out[j]! += x[i]! * kernel[i * out.length + j]!;
  return out;
}

/** −log softmax(z)[label] */
function crossEntropy(z: Float64Array, label: number): number {
  const top = Math.max(...z);
  return top + Math.log(z.reduce((sum, value) => sum + Math.exp(value - top), 0)) - z[label]!;
}

function meanLoss(x: NumericArray, y: NumericArray, logits: (example: Float64Array) => Float64Array): number {
  const width = x.data.length / y.data.length;
  let sum = 0;
  for (let i = 0; i < y.data.length; i++) {
    sum += crossEntropy(logits(Float64Array.from(x.data.subarray(i * width, (i + 1) * width))), y.data[i]!);
  }
  return sum / y.data.length;
}

/** Mean softmax cross-entropy of tanh(x W₁ + b₁) W₂ + b₂. */
export function mlpLoss(theta: Float64Array, layout: ParameterLayout, x: NumericArray, y: NumericArray): number {
  const at = (name: string) => piece(theta, layout, name);
  return meanLoss(x, y, (example) => {
    const hidden = denseForward(example, at('dense_1/kernel'), at('dense_1/bias')).map(Math.tanh);
    return denseForward(hidden, at('dense_2/kernel'), at('dense_2/bias'));
  });
}

interface Image {
  readonly side: number;
  readonly channels: number;
  readonly data: Float64Array;
}

function convRelu({ side, channels, data }: Image, kernel: Float64Array, bias: Float64Array): Image {
  const [size, outputs] = [side - 2, bias.length];
  const out = new Float64Array(size * size * outputs);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (let o = 0; o < outputs; o++) {
        let sum = bias[o]!;
        for (let dr = 0; dr < 3; dr++) {
          for (let dc = 0; dc < 3; dc++) {
            for (let c = 0; c < channels; c++) {
              sum +=
                data[((row + dr) * side + column + dc) * channels + c]! *
                kernel[((dr * 3 + dc) * channels + c) * outputs + o]!;
            }
          }
        }
        out[(row * size + column) * outputs + o] = Math.max(0, sum);
      }
    }
  }
  return { side: size, channels: outputs, data: out };
}

function maxPool2({ side, channels, data }: Image): Image {
  const size = Math.floor(side / 2);
  const at = (row: number, column: number, c: number) => data[(row * side + column) * channels + c]!;
  const out = new Float64Array(size * size * channels);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (let c = 0; c < channels; c++) {
        const [r, k] = [2 * row, 2 * column];
        out[(row * size + column) * channels + c] = Math.max(
          at(r, k, c),
          at(r, k + 1, c),
          at(r + 1, k, c),
          at(r + 1, k + 1, c),
        );
      }
    }
  }
  return { side: size, channels, data: out };
}

/** Mean softmax cross-entropy of the network of `cnnLayout`. */
export function cnnLoss(theta: Float64Array, layout: ParameterLayout, x: NumericArray, y: NumericArray): number {
  const at = (name: string) => piece(theta, layout, name);
  return meanLoss(x, y, (example) => {
    const first = maxPool2(
      convRelu({ side: 28, channels: 1, data: example }, at('conv2d_1/kernel'), at('conv2d_1/bias')),
    );
    const second = maxPool2(convRelu(first, at('conv2d_2/kernel'), at('conv2d_2/bias')));
    return denseForward(second.data, at('dense_1/kernel'), at('dense_1/bias'));
  });
}
