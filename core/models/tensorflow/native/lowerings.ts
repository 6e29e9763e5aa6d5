import type { Lowering } from './lowering.ts';
import { activationLowerings } from './lowerings/activations.ts';
import { comparisonLowerings } from './lowerings/comparisons.ts';
import { convolutionLowerings } from './lowerings/convolution.ts';
import { convolution3dLowerings } from './lowerings/convolution3d.ts';
import { crossEntropyLowerings } from './lowerings/cross-entropy.ts';
import { depthwiseLowerings } from './lowerings/depthwise.ts';
import { dilationLowerings } from './lowerings/dilation.ts';
import { elementwiseLowerings } from './lowerings/elementwise.ts';
import { indexingLowerings } from './lowerings/indexing.ts';
import { makingLowerings } from './lowerings/making.ts';
import { normalisationLowerings } from './lowerings/normalisation.ts';
import { poolingLowerings } from './lowerings/pooling.ts';
import { positionLowerings } from './lowerings/positions.ts';
import { productLowerings } from './lowerings/products.ts';
import { reductionLowerings } from './lowerings/reductions.ts';
import { resizingLowerings } from './lowerings/resizing.ts';
import { shapeLowerings } from './lowerings/shapes.ts';

/**
 * Kernels of TensorFlow.js, and those of our own derivative rules, as operations of TensorFlow: one table for operations
 * run at once and for whole programs. Each means what the kernel means on the other backends.
 */
export const lowerings: Readonly<Record<string, Lowering>> = {
  ...makingLowerings,
  ...elementwiseLowerings,
  ...activationLowerings,
  ...comparisonLowerings,
  ...reductionLowerings,
  ...productLowerings,
  ...convolutionLowerings,
  ...convolution3dLowerings,
  ...depthwiseLowerings,
  ...dilationLowerings,
  ...poolingLowerings,
  ...positionLowerings,
  ...normalisationLowerings,
  ...shapeLowerings,
  ...indexingLowerings,
  ...resizingLowerings,
  ...crossEntropyLowerings,
};
