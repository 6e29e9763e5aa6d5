import { expandDims, type GradConfig, mul, onesLike, sum } from '@tensorflow/tfjs-core';
import { runKernel } from '../../engine-access.ts';
import { rule } from './rule.ts';

/** Softmax cross-entropy of given labels; closed to second order. Labels that depend on parameters have no rule. */
export const crossEntropyRules: readonly GradConfig[] = [
  rule('SoftmaxCrossEntropy', ['labels', 'logits'], (dy, { labels, logits }) => ({
    logits: () => runKernel('SoftmaxCrossEntropyGrad', { labels, logits, dy }),
  })),

  rule('SoftmaxCrossEntropyGrad', ['labels', 'logits', 'dy'], (u, { labels, logits, dy }) => ({
    logits: () => mul(runKernel('SoftmaxCrossEntropyCurvature', { labels, logits, u }), expandDims(dy, -1)),
    dy: () => sum(mul(runKernel('SoftmaxCrossEntropyGrad', { labels, logits, dy: onesLike(dy) }), u), -1),
  })),
];
