import type { NativeValue } from '../binding.ts';
import type { NativeOperations } from '../lowering.ts';
import { pad, slice } from './values.ts';

/** One spatial axis of a sliding window: window i covers input cells [i·stride − before, i·stride − before + size). */
export interface WindowAxis {
  readonly input: number;
  readonly output: number;
  /** From the first tap to the last, both included. */
  readonly size: number;
  readonly stride: number;
  readonly before: number;
}

/** How many cells the windows cover from the first to the last. */
export const covered = ({ output, size, stride }: WindowAxis): number => (output - 1) * stride + size;

/** Whether all cells of all windows lie inside the input. */
export const liesInside = (axis: WindowAxis): boolean => axis.before <= 0 && covered(axis) - axis.before <= axis.input;

/**
 * The input with its spatial axes (those after the first) padded or cut so that the windows tile it exactly: then every
 * padding and rounding of sizes is TensorFlow's `VALID`.
 */
export function fitted(native: NativeOperations, x: NativeValue, axes: readonly WindowAxis[], value = 0): NativeValue {
  const paddings = axes.map((axis) => {
    const before = Math.max(0, axis.before);
    return [before, Math.max(0, covered(axis) - axis.before - axis.input)];
  });
  const padded = pad(native, x, [[0, 0], ...paddings, [0, 0]], value);
  // The library lets windows start inside the input where they are further apart than they are long.
  const begin = [0, ...axes.map(({ before }) => Math.max(0, -before)), 0];
  return slice(native, padded, begin, [x.shape[0]!, ...axes.map(covered), x.shape.at(-1)!]);
}

/** The transpose of `fitted` with zeros: what lies in the input, the cells cut off being zero. */
export function unfitted(native: NativeOperations, dx: NativeValue, axes: readonly WindowAxis[]): NativeValue {
  const [batch = 0, channels = 0] = [dx.shape[0], dx.shape.at(-1)];
  const first = axes.map(({ before }) => Math.max(0, -before));
  const last = axes.map((axis) => Math.min(axis.input, covered(axis) - axis.before));
  const begin = [0, ...axes.map(({ before }) => Math.max(0, before)), 0];
  const inside = slice(native, dx, begin, [batch, ...axes.map((_, i) => last[i]! - first[i]!), channels]);
  return pad(native, inside, [[0, 0], ...axes.map(({ input }, i) => [first[i]!, input - last[i]!]), [0, 0]]);
}

/** Zeros between the entries along an axis, `step` − 1 each. */
export function spread(native: NativeOperations, x: NativeValue, axis: number, step: number): NativeValue {
  if (step === 1) return x;
  const n = x.shape[axis]!;
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const column = native.run('Reshape', [x, native.ints([...before, n, 1, ...after])]);
  const paddings = [...before.map(() => [0, 0]), [0, 0], [0, step - 1], ...after.map(() => [0, 0])];
  const padded = pad(native, column, paddings);
  const flat = native.run('Reshape', [padded, native.ints([...before, n * step, ...after])]);
  return slice(
    native,
    flat,
    x.shape.map(() => 0),
    [...before, (n - 1) * step + 1, ...after],
  );
}

/** The transpose of `spread`: every `step`-th entry along an axis. */
export function everyNth(native: NativeOperations, x: NativeValue, axis: number, step: number): NativeValue {
  if (step === 1) return x;
  const strides = x.shape.map((_, i) => (i === axis ? step : 1));
  const begin = x.shape.map(() => 0);
  return native.run('StridedSlice', [x, native.ints(begin), native.ints(x.shape), native.ints(strides)]);
}
