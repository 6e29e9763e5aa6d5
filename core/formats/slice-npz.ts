import type { NumericArray } from './numeric-array.ts';

/** What a slice file needs of a slice. */
export interface SliceArrays {
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly loss: { readonly rows: number; readonly columns: number; readonly data: Float64Array };
  readonly computed: Uint8Array;
  readonly vectors: readonly [Float64Array, Float64Array];
  readonly trajectory: {
    readonly steps: readonly number[];
    readonly alpha: Float64Array;
    readonly beta: Float64Array;
    readonly distance: Float64Array;
    readonly trueLoss: Float64Array;
    readonly projectedLoss: Float64Array;
  } | null;
}

/** The keys of a slice's .npz, for the help and the documentation. */
export const sliceKeys: Readonly<Record<string, string>> = {
  alpha: '(columns,) coordinates along d1, in multiples of d1',
  beta: '(rows,) coordinates along d2',
  loss: '(rows, columns) loss[i, j] at origin + alpha[j] d1 + beta[i] d2; NaN where computed is 0',
  computed: '(rows, columns) 1 where the loss was computed; a NaN there is a loss that is no number',
  d1: '(p,) first direction, in the order of θ',
  d2: '(p,) second direction',
  path_step: '(n,) steps of the checkpoints on the path',
  path_alpha: '(n,) least-squares coordinates of the path',
  path_beta: '(n,)',
  path_distance: '(n,) distance of each point from the plane, in parameter length',
  path_loss: '(n,) loss where the path really is',
  path_projected_loss: '(n,) loss where the plane shows it',
};

const vector = (data: Float64Array): NumericArray => ({ shape: [data.length], dtype: 'float64', data });

/** The arrays of a slice under the names of `sliceKeys`. */
export function sliceArrays(slice: SliceArrays): Map<string, NumericArray> {
  const { rows, columns, data } = slice.loss;
  const arrays = new Map<string, NumericArray>([
    ['alpha', vector(slice.alpha)],
    ['beta', vector(slice.beta)],
    ['loss', { shape: [rows, columns], dtype: 'float64', data }],
    ['computed', { shape: [rows, columns], dtype: 'bool', data: slice.computed }],
    ['d1', vector(slice.vectors[0])],
    ['d2', vector(slice.vectors[1])],
  ]);
  const path = slice.trajectory;
  if (path) {
    arrays.set('path_step', vector(Float64Array.from(path.steps)));
    arrays.set('path_alpha', vector(path.alpha));
    arrays.set('path_beta', vector(path.beta));
    arrays.set('path_distance', vector(path.distance));
    arrays.set('path_loss', vector(path.trueLoss));
    arrays.set('path_projected_loss', vector(path.projectedLoss));
  }
  return arrays;
}
