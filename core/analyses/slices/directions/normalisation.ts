import type { HostVector } from '../../../linalg/vector-space.ts';
import type { ParameterBlock, ParameterLayout } from '../../../objective/parameter-layout.ts';

/**
 * What is scaled to the length of the same part of θ: every filter, all weights of a layer together, every tensor, or the
 * direction as a whole.
 */
export type Normalization = 'filter' | 'layer' | 'tensor' | 'global' | 'none';

/** `zero`; `keep`: as drawn, whatever happens to the kernels; `scale`: to the length of the same block of θ. */
export type Treatment = 'zero' | 'keep' | 'scale';

export interface BlockTreatment {
  readonly normalization: Normalization;
  readonly biases: Treatment;
  /** Of batch and layer normalisation: gains and shifts. */
  readonly gains: Treatment;
}

/** A strided part of θ: `length` consecutive entries in each of `groups` groups that begin `stride` apart. */
interface Part {
  readonly start: number;
  readonly length: number;
  readonly groups: number;
  readonly stride: number;
}

/**
 * Filter normalisation and its relatives (Li, Xu, Taylor, Studer, Goldstein 2018): every part p of a direction becomes
 * d_p ‖θ_p‖ / ‖d_p‖, so that a step of 1 is as long as the weights of each part and slices of differently scaled nets
 * compare. A filter is what feeds one output unit or channel: one index of the block's filter axis; a block without that
 * axis counts as one. Parts where θ is zero become zero. Biases and gains that are scaled are blocks of their own under
 * `filter`, `tensor` and `none`, and belong to their layer or to the whole under `layer` and `global`.
 *
 * Only with a whole layer scaled a function-preserving change of θ (a ReLU layer times a, the next by 1/a) leaves the slice
 * as it was, and only with biases zero or scaled: kept ones are not scaled with their layer.
 *
 * Departures from the reference tool: the filter axis is known from the layout instead of being the first axis, and biases
 * and gains are zeroed, kept or scaled, never overwritten by the weights themselves.
 */
export function normalisedDirection(
  direction: Float64Array,
  theta: HostVector,
  layout: ParameterLayout,
  treatment: BlockTreatment,
): Float64Array {
  const out = direction.slice();
  const scaled = layout.blocks.filter((block) => {
    const what = treatmentOf(block, treatment);
    if (what === 'zero') out.fill(0, block.offset, block.offset + block.size);
    return what === 'scale';
  });
  for (const parts of partsOf(scaled, treatment.normalization)) scaleParts(out, theta, parts);
  return out;
}

function treatmentOf({ role }: ParameterBlock, { normalization, biases, gains }: BlockTreatment): Treatment {
  if (role === 'bias') return biases;
  if (role === 'gain' || role === 'shift') return gains;
  return normalization === 'none' ? 'keep' : 'scale';
}

/** What is scaled together, as lists of parts. */
function partsOf(blocks: readonly ParameterBlock[], normalization: Normalization): Part[][] {
  switch (normalization) {
    case 'filter':
      return blocks.flatMap((block) => filtersOf(block).map((part) => [part]));
    case 'layer':
      return [...new Set(blocks.map(({ layer }) => layer))].map((layer) =>
        blocks.filter((block) => block.layer === layer).map(wholeBlock),
      );
    case 'global':
      return [blocks.map(wholeBlock)];
    case 'tensor':
    case 'none':
      return blocks.map((block) => [wholeBlock(block)]);
  }
}

const wholeBlock = ({ offset, size }: ParameterBlock): Part => ({ start: offset, length: size, groups: 1, stride: 0 });

/** Entries of filter j of a block: `inner` consecutive ones in each of `outer` groups. */
function filtersOf(block: ParameterBlock): Part[] {
  const { shape, offset, filterAxis, role } = block;
  if (filterAxis === null || role === 'bias') return [wholeBlock(block)];
  const count = shape[filterAxis] ?? 1;
  const inner = shape.slice(filterAxis + 1).reduce((product, extent) => product * extent, 1);
  const outer = shape.slice(0, filterAxis).reduce((product, extent) => product * extent, 1);
  return Array.from({ length: count }, (_, filter) => ({
    start: offset + filter * inner,
    length: inner,
    groups: outer,
    stride: count * inner,
  }));
}

/** Scales parts of `out`, together, to the norm of the same entries of θ; to zero where either is zero. */
function scaleParts(out: Float64Array, theta: HostVector, parts: readonly Part[]): void {
  let own = 0;
  let wanted = 0;
  for (const { start, length, groups, stride } of parts)
    for (let group = 0; group < groups; group++) {
      const from = start + group * stride;
      for (let i = from; i < from + length; i++) {
        own += out[i]! * out[i]!;
        wanted += theta[i]! * theta[i]!;
      }
    }
  const factor = own > 0 ? Math.sqrt(wanted / own) : 0;
  for (const { start, length, groups, stride } of parts)
    for (let group = 0; group < groups; group++) {
      const from = start + group * stride;
      for (let i = from; i < from + length; i++) out[i]! *= factor;
    }
}
