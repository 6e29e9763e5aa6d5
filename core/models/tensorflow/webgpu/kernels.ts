import '@tensorflow/tfjs-backend-webgpu';
import { installEinsum } from '../second-order/kernels/einsum-kernel.ts';
import { installAxisByAxis } from './axis-by-axis.ts';
import { installCast } from './cast.ts';
import { installDepthwiseGradients } from './depthwise.ts';
import { installElementaryFunctions } from './elementary.ts';
import { installMatrixProducts } from './matrix-products.ts';
import { installMaxPositions } from './max-positions.ts';
import { installResizeGradients } from './resize.ts';
import { installBatchNorm, installSoftmax } from './rows.ts';
import { installSoftmaxCrossEntropy } from './softmax-cross-entropy.ts';
import { installSums } from './sums.ts';

let installed = false;

/** Kernels of the webgpu backend that second derivatives need besides its own, or that replace wrong or inexact ones. */
export function installWebgpuKernels(): void {
  if (installed) return;
  installed = true;
  installCast();
  installMatrixProducts();
  installAxisByAxis();
  installEinsum('webgpu');
  installElementaryFunctions();
  installSums();
  installSoftmax();
  installBatchNorm();
  installMaxPositions();
  installSoftmaxCrossEntropy();
  installDepthwiseGradients();
  installResizeGradients();
}
