import { matMul, reshape, sum, type Tensor, transpose } from '@tensorflow/tfjs-core';

/**
 * Einstein summation of one or two tensors as sums, transpositions and one batched matrix product, all of which have
 * derivative rules; the library has none for it. Letters are grouped as in tensor contraction: those in both operands
 * and the result are batches, those in both but not in the result are summed by the product.
 */
export function einsumByProducts(operands: readonly Tensor[], equation: string): Tensor {
  const [left = '', result = ''] = equation.replace(/\s/g, '').split('->');
  const [first, second] = left.split(',').map((letters, i) => ({ letters: [...letters], tensor: operands[i]! }));
  const wanted = [...result];
  if (second === undefined)
    return arranged(
      summedOut(first!, (letter) => wanted.includes(letter)),
      wanted,
    );

  const a = summedOut(first!, (letter) => wanted.includes(letter) || second.letters.includes(letter));
  const b = summedOut(second, (letter) => wanted.includes(letter) || first!.letters.includes(letter));
  const length = new Map<string, number>();
  for (const { letters, tensor } of [a, b]) {
    for (const [i, letter] of letters.entries()) length.set(letter, tensor.shape[i]!);
  }
  const volume = (letters: readonly string[]) => letters.reduce((n, letter) => n * length.get(letter)!, 1);

  const shared = a.letters.filter((letter) => b.letters.includes(letter));
  const batch = shared.filter((letter) => wanted.includes(letter));
  const inner = shared.filter((letter) => !wanted.includes(letter));
  const rows = a.letters.filter((letter) => !shared.includes(letter));
  const columns = b.letters.filter((letter) => !shared.includes(letter));

  const leftMatrix = reshape(arranged(a, [...batch, ...rows, ...inner]), [volume(batch), volume(rows), volume(inner)]);
  const rightMatrix = reshape(arranged(b, [...batch, ...inner, ...columns]), [
    volume(batch),
    volume(inner),
    volume(columns),
  ]);
  const letters = [...batch, ...rows, ...columns];
  const tensor = reshape(
    matMul(leftMatrix, rightMatrix),
    letters.map((letter) => length.get(letter)!),
  );
  return arranged({ letters, tensor }, wanted);
}

interface Lettered {
  readonly letters: readonly string[];
  readonly tensor: Tensor;
}

/** Sums over the axes whose letter is not kept. */
function summedOut({ letters, tensor }: Lettered, kept: (letter: string) => boolean): Lettered {
  const axes = letters.flatMap((letter, i) => (kept(letter) ? [] : [i]));
  return { letters: letters.filter(kept), tensor: axes.length > 0 ? sum(tensor, axes) : tensor };
}

function arranged({ letters, tensor }: Lettered, order: readonly string[]): Tensor {
  return transpose(
    tensor,
    order.map((letter) => letters.indexOf(letter)),
  );
}
