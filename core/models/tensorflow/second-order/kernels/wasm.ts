import { filterGradient, inputGradient, installConvolution } from './conv2d.ts';
import { installInputGradientByConvolution } from './conv2d-input-gradient.ts';
import { conv3dFilterGradient, conv3dInputGradient } from './conv3d.ts';
import { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise.ts';
import { installEinsum } from './einsum-kernel.ts';
import { installHostKernels } from './kernel.ts';
import { installLeadingSum } from './leading-sum.ts';
import { gatherFromPositions, maxPool3d, maxPositions, scatterToPositions } from './max-positions.ts';
import { bilinearGradient, nearestNeighborGradient } from './resize.ts';
import { unsortedSegmentSum } from './segment-sum.ts';
import { installSharing } from './sharing.ts';
import {
  softmaxCrossEntropy,
  softmaxCrossEntropyCurvature,
  softmaxCrossEntropyGradient,
} from './softmax-cross-entropy.ts';
import { installTile } from './tile.ts';
import { installWasmAddRow } from './wasm-add-row.ts';
import { installWasmFilterGradient } from './wasm-filter-gradient.ts';
import { installWasmProducts } from './wasm-products.ts';
import { installWasmTanh } from './wasm-tanh.ts';

let installed = false;

/** Kernels of the wasm backend that are missing, wrong or slow in the library. */
export function installWasmKernels(): void {
  if (installed) return;
  installed = true;
  installSharing('wasm');
  installWasmProducts();
  installConvolution('Conv2DBackpropFilter', filterGradient, 'wasm');
  installWasmFilterGradient();
  installConvolution('Conv2DBackpropInput', inputGradient, 'wasm');
  installInputGradientByConvolution('wasm');
  installEinsum('wasm');
  installLeadingSum('wasm');
  installWasmAddRow();
  installWasmTanh();
  installTile('wasm');
  installHostKernels(
    [
      maxPositions,
      scatterToPositions,
      gatherFromPositions,
      softmaxCrossEntropy,
      softmaxCrossEntropyGradient,
      softmaxCrossEntropyCurvature,
      maxPool3d,
      conv3dFilterGradient,
      conv3dInputGradient,
      depthwiseFilterGradient,
      depthwiseInputGradient,
      unsortedSegmentSum,
      nearestNeighborGradient,
      bilinearGradient,
    ],
    'wasm',
  );
}
