import type { HostVector } from '../../linalg/vector-space.ts';
import type { ParameterBlock, ParameterLayout } from '../../objective/parameter-layout.ts';

export type Normalization = 'filter' | 'layer' | 'none';
/** What happens to blocks of one axis (biases, gains, shifts): set to zero, or normalised as a whole like a filter. */
export type OneDimensional = 'zero' | 'keep';

/**
 * Filter normalisation (Li, Xu, Taylor, Studer, Goldstein 2018): every filter dⱼ of a direction becomes dⱼ ‖θⱼ‖ / ‖dⱼ‖, so
 * that a step of 1 is as long as the weights of each filter and slices of differently scaled nets compare. A filter is
 * what feeds one output unit or channel: one index of the block's filter axis. `layer` does the same with whole blocks.
 *
 * Departures from the reference tool: the filter axis is known from the layout instead of being the first axis, and blocks
 * of one axis are zeroed or normalised, never overwritten by the weights themselves.
 */
export function normalizedDirection(
  direction: Float64Array,
  theta: HostVector,
  layout: ParameterLayout,
  normalization: Normalization,
  oneDimensional: OneDimensional,
): Float64Array {
  const out = direction.slice();
  for (const block of layout.blocks) {
    const isOneDimensional = block.shape.length <= 1;
    if (isOneDimensional && oneDimensional === 'zero') out.fill(0, block.offset, block.offset + block.size);
    else if (normalization === 'filter' && !isOneDimensional && block.filterAxis !== null)
      scaleFilters(out, theta, block, block.filterAxis);
    else if (normalization !== 'none') scaleRange(out, theta, block.offset, block.size, 1, 1);
  }
  return out;
}

/** Entries of filter j of a block: `inner` consecutive ones in each of `outer` groups. */
function scaleFilters(out: Float64Array, theta: HostVector, { shape, offset }: ParameterBlock, axis: number): void {
  const count = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const outer = shape.slice(0, axis).reduce((product, extent) => product * extent, 1);
  for (let filter = 0; filter < count; filter++)
    scaleRange(out, theta, offset + filter * inner, inner, outer, count * inner);
}

/** Scales `length` entries in each of `groups` groups (`stride` apart) of `out` to the norm of the same entries of θ. */
function scaleRange(
  out: Float64Array,
  theta: HostVector,
  start: number,
  length: number,
  groups: number,
  stride: number,
): void {
  let own = 0;
  let wanted = 0;
  for (let group = 0; group < groups; group++) {
    const from = start + group * stride;
    for (let i = from; i < from + length; i++) {
      own += out[i]! * out[i]!;
      wanted += theta[i]! * theta[i]!;
    }
  }
  const factor = own > 0 ? Math.sqrt(wanted / own) : 0;
  for (let group = 0; group < groups; group++) {
    const from = start + group * stride;
    for (let i = from; i < from + length; i++) out[i]! *= factor;
  }
}
