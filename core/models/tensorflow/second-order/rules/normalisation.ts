import { add, type GradConfig, mul, neg, rsqrt, sub } from '@tensorflow/tfjs-core';
import { sumToShape } from './broadcasting.ts';
import { rule } from './rule.ts';

/**
 * Batch normalisation y = (x − μ)·γ·r + β with r = (v + ε)^(−1/2), with plain broadcasting: the library's rule tiles its
 * statistics and, differentiated again, makes one slice per position.
 */
export const normalisationRules: readonly GradConfig[] = [
  rule<['x', 'mean', 'variance', 'scale'], { varianceEpsilon: number }>(
    'FusedBatchNorm',
    ['x', 'mean', 'variance', 'scale'],
    (dy, { x, mean, variance, scale }, { varianceEpsilon }) => {
      const r = rsqrt(add(variance, varianceEpsilon));
      const scaled = mul(dy, mul(scale, r));
      return {
        x: () => scaled,
        mean: () => sumToShape(neg(scaled), mean.shape),
        variance: () => mul(sumToShape(mul(scaled, sub(x, mean)), variance.shape), mul(mul(r, r), -0.5)),
        scale: () => mul(sumToShape(mul(dy, sub(x, mean)), scale.shape), r),
        offset: () => sumToShape(dy, mean.shape),
      };
    },
  ),
];
