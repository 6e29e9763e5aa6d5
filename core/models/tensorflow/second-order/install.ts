import { type GradConfig, getGradient, registerGradient, unregisterGradient } from '@tensorflow/tfjs-core';
import { engineInternals } from '../engine-access.ts';
import { installLowering } from './lowering.ts';
import { activationRules } from './rules/activations.ts';
import { convolutionRules } from './rules/convolution.ts';
import { crossEntropyRules } from './rules/cross-entropy.ts';
import { depthwiseRules } from './rules/depthwise.ts';
import { elementwiseRules } from './rules/elementwise.ts';
import { indexingRules } from './rules/indexing.ts';
import { normalisationRules } from './rules/normalisation.ts';
import { poolingRules } from './rules/pooling.ts';
import { productRules } from './rules/products.ts';
import { reductionRules } from './rules/reductions.ts';
import { resizingRules } from './rules/resizing.ts';

const rules: readonly GradConfig[] = [
  ...elementwiseRules,
  ...activationRules,
  ...reductionRules,
  ...productRules,
  ...convolutionRules,
  ...depthwiseRules,
  ...poolingRules,
  ...normalisationRules,
  ...indexingRules,
  ...resizingRules,
  ...crossEntropyRules,
];

/** Marks an engine as prepared; two copies of the library in one realm share one engine. */
const prepared = Symbol.for('saddlescope.secondOrder');

/**
 * Gives this realm's TensorFlow.js derivative rules that are right to second order. Idempotent.
 * Throws an `Error` where the library's version or its private members are not the ones this was written for.
 */
export function installSecondOrder(): void {
  const engine = engineInternals() as ReturnType<typeof engineInternals> & { [prepared]?: boolean };
  if (engine[prepared] === true) return;
  for (const rule of rules) {
    // Registering over an existing rule would print a warning.
    if (getGradient(rule.kernelName) != null) unregisterGradient(rule.kernelName);
    registerGradient(rule);
  }
  installLowering(engine);
  engine[prepared] = true;
}
