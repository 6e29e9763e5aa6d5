import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { PartLinearizations } from './part-linearizations.ts';
import type { TrainableVariable } from './trainable-variables.ts';

/** A block of θ, and where it begins among the chosen ones. */
interface ChosenBlock {
  readonly index: number;
  readonly shape: readonly number[];
  readonly size: number;
  readonly offset: number;
}

/** The blocks of these names in the order of θ; RangeError where a name is unknown or `length` is not theirs. */
export function chosenBlocks(
  variables: readonly TrainableVariable[],
  names: readonly string[],
  length: number,
): ChosenBlock[] {
  let offset = 0;
  const chosen = variables.flatMap(({ blockName, shape, size }, index) => {
    if (!names.includes(blockName)) return [];
    offset += size;
    return [{ index, shape, size, offset: offset - size }];
  });
  if (chosen.length !== names.length || offset !== length)
    throw new RangeError(`${length} numbers are no vector of the blocks ${names.join(', ')}.`);
  return chosen;
}

/** The sum over parts of the product of some blocks, one after another in one vector. */
export async function blockSum(
  parts: PartLinearizations,
  chosen: readonly ChosenBlock[],
  v: HostVector,
): Promise<HostVector> {
  const total = v.slice().fill(0);
  const add = (from: ArrayLike<number>, offset: number) => {
    for (let i = 0; i < from.length; i++) total[offset + i] = (total[offset + i] as number) + (from[i] as number);
  };
  await parts.each(async (part) => {
    if (part.productOnHost) {
      const product = v.slice();
      part.productOnHost('hessian', v, product);
      add(product, 0);
      return;
    }
    const vs = chosen.map(({ shape, size, offset }) =>
      tensor(Float32Array.from(v.subarray(offset, offset + size)), [...shape]),
    );
    const products = part.product('hessian', vs);
    for (const [i, { offset }] of chosen.entries()) add(await (products[i] as Tensor).data(), offset);
    for (const block of [...vs, ...products]) block.dispose();
  });
  return total;
}
