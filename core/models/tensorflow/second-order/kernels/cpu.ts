import { convolve, filterGradient, inputGradient, installConvolution } from './conv2d.ts';
import { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise.ts';
import { installEinsum } from './einsum-kernel.ts';
import { installFusedInParts } from './fused.ts';
import { installHostKernels } from './kernel.ts';
import { installLeadingSum } from './leading-sum.ts';
import { matrixProduct } from './matrix-product.ts';
import { gatherFromPositions, maxPositions, scatterToPositions } from './max-positions.ts';
import { bilinearGradient, nearestNeighborGradient } from './resize.ts';
import {
  softmaxCrossEntropy,
  softmaxCrossEntropyCurvature,
  softmaxCrossEntropyGradient,
} from './softmax-cross-entropy.ts';
import { installTile } from './tile.ts';

let installed = false;

/** Kernels of the cpu backend that second derivatives need besides its own, or that replace wrong or slow ones. */
export function installCpuKernels(): void {
  if (installed) return;
  installed = true;
  installConvolution('Conv2D', convolve, 'cpu');
  installConvolution('Conv2DBackpropFilter', filterGradient, 'cpu');
  installConvolution('Conv2DBackpropInput', inputGradient, 'cpu');
  installFusedInParts('cpu');
  installEinsum('cpu');
  installLeadingSum('cpu');
  installTile('cpu');
  installHostKernels(
    [
      matrixProduct,
      maxPositions,
      scatterToPositions,
      gatherFromPositions,
      softmaxCrossEntropy,
      softmaxCrossEntropyGradient,
      softmaxCrossEntropyCurvature,
      depthwiseFilterGradient,
      depthwiseInputGradient,
      nearestNeighborGradient,
      bilinearGradient,
    ],
    'cpu',
  );
}
