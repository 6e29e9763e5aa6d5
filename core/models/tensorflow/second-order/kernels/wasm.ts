import { installHostKernels } from './kernel.ts';
import { gatherFromPositions, maxPool3d, maxPositions, scatterToPositions } from './max-positions.ts';
import { unsortedSegmentSum } from './segment-sum.ts';

/** Kernels of the wasm backend that are missing, wrong or slow in the library. */
export function installWasmKernels(): void {
  installHostKernels([maxPositions, scatterToPositions, gatherFromPositions, maxPool3d, unsortedSegmentSum], 'wasm');
}
