import { installHostKernels } from './kernel.ts';
import { gatherFromPositions, maxPositions, scatterToPositions } from './max-positions.ts';

/** Kernels of the cpu backend that second derivatives need besides its own, or that replace wrong or slow ones. */
export function installCpuKernels(): void {
  installHostKernels([maxPositions, scatterToPositions, gatherFromPositions], 'cpu');
}
