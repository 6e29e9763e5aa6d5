import type { NumericArray, NumericData } from '../formats/numeric-array.ts';
import type { ParameterBlock } from '../objective/parameter-layout.ts';

/**
 * Where PyTorch keeps the entries of a block. Kernels have all axes reversed in pairs: dense (in, out) is (out, in) there,
 * convolutions (…spatial, in, out) are (out, in, …spatial), transposed ones (…spatial, out, in) are (in, out, …spatial):
 * in each case the last two axes swapped and put first. Depthwise kernels (h, w, C, M) are (C·M, 1, h, w), channel
 * c·M + m. Gains, shifts and biases are as here. A first axis behind a flatten counts (…spatial, C) here and
 * (C, …spatial) there.
 */

const isDepthwise = (leaf: string): boolean => leaf.includes('depthwise');

/** The shape of a block's tensor in PyTorch. `leaf` is the last part of the block's name. */
export function outsideShape({ role, shape }: ParameterBlock, leaf: string): number[] {
  if (role !== 'kernel' || shape.length < 2) return [...shape];
  const spatial = shape.slice(0, -2);
  const [a, b] = [shape.at(-2)!, shape.at(-1)!];
  return isDepthwise(leaf) ? [a * b, 1, ...spatial] : [b, a, ...spatial];
}

/** Place in a (C, …spatial) flatten of the number at place `at` of a (…spatial, C) flatten. */
function channelsFirst(at: number, from: readonly number[]): number {
  const channels = from.at(-1)!;
  const places = from.slice(0, -1).reduce((product, extent) => product * extent, 1);
  return (at % channels) * places + Math.floor(at / channels);
}

/** The entries of a PyTorch tensor in the order of the block. */
export function fromPytorch({ data }: NumericArray, block: ParameterBlock, leaf: string): Float64Array {
  const { role, shape, size, flattenedFrom } = block;
  const inputPlace = (at: number) => (flattenedFrom === undefined ? at : channelsFirst(at, flattenedFrom));
  if (role !== 'kernel' || shape.length < 2) return Float64Array.from({ length: size }, (_, i) => data[inputPlace(i)]!);
  const [a, b] = [shape.at(-2)!, shape.at(-1)!];
  const places = size / (a * b);
  if (shape.length === 2) return denseKernel(data, a, b, inputPlace);
  const out = new Float64Array(size);
  for (let place = 0; place < places; place++) {
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < b; j++) {
        const from = isDepthwise(leaf) ? i * b + j : j * a + i;
        out[(place * a + i) * b + j] = data[from * places + place]!;
      }
    }
  }
  return out;
}

function denseKernel(
  data: NumericData,
  inputs: number,
  outputs: number,
  inputPlace: (at: number) => number,
): Float64Array {
  const out = new Float64Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    const from = inputPlace(i);
    for (let j = 0; j < outputs; j++) out[i * outputs + j] = data[j * inputs + from]!;
  }
  return out;
}

/** The numbers of a block as the tensor of its place in PyTorch: what `fromPytorch` reads. */
export function toPytorch(values: ArrayLike<number>, block: ParameterBlock, leaf: string): NumericArray {
  const places = fromPytorch(
    { shape: [block.size], dtype: 'float64', data: Float64Array.from({ length: block.size }, (_, i) => i) },
    block,
    leaf,
  );
  const data = new Float64Array(block.size);
  places.forEach((from, i) => {
    data[from] = values[i]!;
  });
  return { shape: outsideShape(block, leaf), dtype: 'float64', data };
}
