import { type GradConfig, matMul } from '@tensorflow/tfjs-core';
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
];
