import type { HostVector } from '../../../linalg/vector-space.ts';
import type { ParameterBlock, ParameterLayout } from '../../../objective/parameter-layout.ts';
import { type BlockPart, eachPlace, partAlong, wholeBlock } from '../../../objective/symmetry/block-part.ts';

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

/** What happens to a block. */
export function treatmentOf({ role }: ParameterBlock, { normalization, biases, gains }: BlockTreatment): Treatment {
  if (role === 'bias') return biases;
  if (role === 'gain' || role === 'shift') return gains;
  return normalization === 'none' ? 'keep' : 'scale';
}

/** What is scaled together, as lists of parts. */
function partsOf(blocks: readonly ParameterBlock[], normalization: Normalization): BlockPart[][] {
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

/** One index of the filter axis at a time; a block without that axis is one filter. */
function filtersOf(block: ParameterBlock): BlockPart[] {
  const { shape, filterAxis } = block;
  if (filterAxis === null) return [wholeBlock(block)];
  return Array.from({ length: shape[filterAxis] ?? 1 }, (_, filter) => partAlong(block, filterAxis, filter));
}

/** Scales parts of `out`, together, to the norm of the same entries of θ; to zero where either is zero. */
function scaleParts(out: Float64Array, theta: HostVector, parts: readonly BlockPart[]): void {
  let own = 0;
  let wanted = 0;
  for (const part of parts)
    eachPlace(part, (i) => {
      own += out[i]! * out[i]!;
      wanted += theta[i]! * theta[i]!;
    });
  const factor = own > 0 ? Math.sqrt(wanted / own) : 0;
  for (const part of parts)
    eachPlace(part, (i) => {
      out[i]! *= factor;
    });
}
