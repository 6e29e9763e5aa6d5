import type { VectorSpace } from '../vector-space.ts';
import { type ArenaFormat, arenaSpace } from './host-arena-space.ts';
import { simdKernels } from './simd-kernels.ts';

const format: ArenaFormat<Float64Array> = {
  precision: 'float64',
  bytesPerElement: 8,
  view: (buffer, address, length) => new Float64Array(buffer, address, length),
  dots4: (kernels) => kernels.dots4F64,
  add4: (kernels) => kernels.add4F64,
  scale: (kernels) => kernels.scaleF64,
};

/**
 * ℝ^dim in float64 on the host, by SIMD kernels. `dots` sums blocks of 8192 products in pairs and two partial sums each. Works
 * as well where `Float32Array` was replaced by `Float64Array` to make a tensor library compute in float64.
 */
export function hostFloat64Space(dim: number): VectorSpace<Float64Array> {
  return arenaSpace(dim, format, simdKernels());
}
