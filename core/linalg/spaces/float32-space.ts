import { BadInput } from '../../bad-input.ts';
import type { VectorSpace } from '../vector-space.ts';
import { type ArenaFormat, arenaSpace } from './host-arena-space.ts';
import { simdKernels } from './simd-kernels.ts';

const format: ArenaFormat<Float32Array> = {
  precision: 'float32',
  bytesPerElement: 4,
  view: (buffer, address, length) => new Float32Array(buffer, address, length),
  dots4: (kernels) => kernels.dots4F32,
  add4: (kernels) => kernels.add4F32,
  scale: (kernels) => kernels.scaleF32,
};

/**
 * ℝ^dim in float32 on the host, by SIMD kernels. `dots` sums blocks of 1024 products in float32, four partial sums
 * each, and adds the blocks in float64; `combine` rounds to float32 after each addition. Coefficients are rounded to
 * float32.
 */
export function hostFloat32Space(dim: number): VectorSpace<Float32Array> {
  if (Float32Array.BYTES_PER_ELEMENT !== 4) {
    throw new BadInput(
      'This thread computes in float64 throughout and has no float32 arrays.',
      'Use the float64 space here.',
    );
  }
  return arenaSpace(dim, format, simdKernels());
}
