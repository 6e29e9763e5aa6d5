import { einsum, type GradConfig, matMul, mul, ones, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { sumToShape } from './broadcasting.ts';
import { rule } from './rule.ts';

/**
 * Matrix products whose batch dimensions broadcast. The library's own rule gives cotangents of the broadcast
 * shape which is then refused.
 */
export const productRules: readonly GradConfig[] = [
  rule<['a', 'b'], { transposeA: boolean; transposeB: boolean }>(
    'BatchMatMul',
    ['a', 'b'],
    (dy, { a, b }, { transposeA, transposeB }) => ({
      a: () => sumToShape(transposeA ? matMul(b, dy, transposeB, true) : matMul(dy, b, false, !transposeB), a.shape),
      b: () => sumToShape(transposeB ? matMul(dy, a, true, transposeA) : matMul(a, dy, !transposeA, false), b.shape),
    }),
  ),

  {
    kernelName: 'Einsum',
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) => einsumCotangents(dy as Tensor, saved, String(attributes['equation'])),
  },
];

/** Each operand's cotangent is the einsum of the output's cotangent with the other operands. */
function einsumCotangents(dy: Tensor, operands: readonly Tensor[], equation: string): Record<string, () => Tensor> {
  const [left = '', out = ''] = equation.replace(/\s/g, '').split('->');
  const subscripts = left.split(',');
  const cotangents: Record<string, () => Tensor> = {};
  subscripts.forEach((subscript, i) => {
    const others = operands.filter((_, j) => j !== i);
    const otherSubscripts = subscripts.filter((_, j) => j !== i);
    const available = new Set([...out, ...otherSubscripts.join('')]);
    const operand = operands[i]!;
    cotangents[i] = () => {
      const present = [...subscript].filter((c) => available.has(c)).join('');
      const product = einsum(`${[out, ...otherSubscripts].join(',')}->${present}`, dy, ...others);
      if (present.length === subscript.length) return product;
      // A letter that occurs nowhere else was summed over: its cotangent is constant along that axis.
      const shape = [...subscript].map((c, k) => (available.has(c) ? operand.shape[k]! : 1));
      return mul(reshape(product, shape), ones(operand.shape));
    };
  });
  return cotangents;
}
