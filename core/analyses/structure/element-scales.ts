import type { HostVector } from '../../linalg/vector-space.ts';
import type { ParameterLayout } from '../../objective/parameter-layout.ts';

/** |θ_j|: the metric of ASAM by elements. */
export const elementScales = (theta: HostVector): Float64Array => Float64Array.from(theta, Math.abs);

/**
 * For every entry of θ the norm of its filter: what feeds one output unit or channel, one index of the block's filter axis.
 * Blocks without one (biases, gains, shifts) count by elements, |θ_j|, as in ASAM (Kwon, Kim, Park, Choi 2021).
 */
export function filterScales(theta: HostVector, { dim, blocks }: ParameterLayout): Float64Array {
  const scales = new Float64Array(dim);
  for (const { shape, offset, size, filterAxis } of blocks) {
    if (filterAxis === null || shape.length <= 1) {
      for (let i = offset; i < offset + size; i++) scales[i] = Math.abs(theta[i]!);
      continue;
    }
    const count = shape[filterAxis] ?? 1;
    const inner = shape.slice(filterAxis + 1).reduce((product, extent) => product * extent, 1);
    const filterOf = (i: number) => Math.floor((i - offset) / inner) % count;
    const squares = new Float64Array(count);
    for (let i = offset; i < offset + size; i++) squares[filterOf(i)]! += theta[i]! ** 2;
    for (let i = offset; i < offset + size; i++) scales[i] = Math.sqrt(squares[filterOf(i)]!);
  }
  return scales;
}
