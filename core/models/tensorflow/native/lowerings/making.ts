import { nativeType } from '../binding.ts';
import type { Lowering } from '../lowering.ts';
import { sameUnary, scalar, typeOf } from './values.ts';

/** Tensors out of numbers. */
export const makingLowerings: Readonly<Record<string, Lowering>> = {
  Fill: (native, _, { shape, value, dtype }) => {
    const of = typeOf(native, dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32'));
    return native.run('Fill', [native.ints(shape as number[]), scalar(native, Number(value), of)]);
  },
  OnesLike: sameUnary('OnesLike'),
  ZerosLike: sameUnary('ZerosLike'),
  Range: (native, _, { start, stop, step, dtype }) => {
    const values = range(start as number, stop as number, step as number | undefined);
    return typeOf(native, dtype ?? 'float32') === nativeType.int32
      ? native.ints(values)
      : native.floats(values, [values.length]);
  },
  LinSpace: (native, _, { start, stop, num }) => {
    const values = linearSpace(start as number, stop as number, num as number);
    return native.floats(values, [values.length]);
  },
};

/** The library's meaning: downwards, a step of 1 counts as −1. */
function range(start: number, stop: number, given = 1): number[] {
  if (start === stop || (start < stop && given < 0) || (stop < start && given > 1)) return [];
  const length = Math.abs(Math.ceil((stop - start) / given));
  const step = stop < start && given === 1 ? -1 : given;
  return Array.from({ length }, (_, i) => start + i * step);
}

function linearSpace(start: number, stop: number, num: number): number[] {
  const step = (stop - start) / (num - 1);
  return Array.from({ length: num }, (_, i) => (i === 0 ? start : start + i * step));
}
