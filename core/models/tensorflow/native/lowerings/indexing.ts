import { nativeType } from '../binding.ts';
import type { Lowering } from '../lowering.ts';
import { bool, int, type } from './attributes.ts';
import { axesOf } from './reductions.ts';
import { asFloat, scalar, typeOf } from './values.ts';

/** Reading from and writing to places that a tensor names. */
export const indexingLowerings: Readonly<Record<string, Lowering>> = {
  GatherV2: (native, { x, indices }, { axis, batchDims }) =>
    native.run('GatherV2', [x!, indices!, native.int(axesOf(x!, axis)[0] ?? 0)], {
      batch_dims: int((batchDims as number | undefined) ?? 0),
    }),
  GatherNd: (native, { params, indices }) => native.run('GatherNd', [params!, indices!]),
  ScatterNd: (native, { indices, updates }, { shape }) =>
    native.run('ScatterNd', [indices!, updates!, native.ints(shape as number[])]),
  TensorScatterUpdate: (native, { tensor, indices, updates }) =>
    native.run('TensorScatterUpdate', [tensor!, indices!, updates!]),
  UnsortedSegmentSum: (native, { x, segmentIds }, { numSegments }) =>
    native.run('UnsortedSegmentSum', [x!, segmentIds!, native.int(numSegments as number)]),
  OneHot: (native, { indices }, { depth, onValue, offValue, dtype }) => {
    const of = typeOf(native, dtype ?? 'int32');
    const [on, off] = [scalar(native, onValue as number, of), scalar(native, offValue as number, of)];
    return native.run('OneHot', [indices!, native.int(depth as number), on, off], { axis: int(-1) });
  },
  SearchSorted: (native, { sortedSequence, values }, { side }) =>
    native.run(side === 'right' ? 'UpperBound' : 'LowerBound', [sortedSequence!, values!]),
  // Other numbers than the other backends draw from the same seed.
  Multinomial: (native, { logits }, { numSamples, seed, normalized }) => {
    const scores = asFloat(native, logits!);
    return native.run(
      'Multinomial',
      [normalized === true ? native.run('Log', [scores]) : scores, native.int(numSamples as number)],
      { seed: int(Math.floor(Number(seed ?? 0)) | 0), seed2: int(1), output_dtype: type(nativeType.int32) },
    );
  },
  SparseToDense: (native, { sparseIndices, sparseValues, defaultValue }, { outputShape }) =>
    native.run('SparseToDense', [sparseIndices!, native.ints(outputShape as number[]), sparseValues!, defaultValue!], {
      validate_indices: bool(true),
    }),
};
