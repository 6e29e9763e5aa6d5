import type { Axes, Field } from './grid.ts';
import { stridesOf } from './interpolate.ts';
import { neighboursOf } from './neighbours.ts';

/**
 * How far a smooth field may lie from the grid between its points near one of them: Σ_k max h_k²/8 · |∂²f/∂x_k²| over the
 * point and all its neighbours, the error bound of multilinear interpolation, with the second derivative by second
 * differences of the same grid. Infinite where no three known points in a row tell anything along an axis. An estimate:
 * what is narrower than the spacing has no second difference here.
 */
export function samplingErrorAt(axes: Axes, field: Field): (point: number) => number {
  const neighbours = neighboursOf(axes, 'all');
  const list = new Int32Array(neighbours.most + 1);
  const strides = stridesOf(axes);
  return (point) => {
    const count = neighbours.into(list, point);
    list[count] = point;
    let sum = 0;
    for (let k = 0; k < axes.length; k++) {
      if (axes[k]!.length < 2) continue;
      let most = -1;
      for (let n = 0; n <= count; n++) most = Math.max(most, alongAxis(axes[k]!, field, strides[k]!, list[n]!));
      sum += most < 0 ? Number.POSITIVE_INFINITY : most;
    }
    return sum;
  };
}

/** h²/8 · |f″| with the larger of both spacings; −1 where a neighbour is missing. */
function alongAxis(axis: Float64Array, { values, computed }: Field, stride: number, point: number): number {
  const at = Math.floor(point / stride) % axis.length;
  if (at === 0 || at === axis.length - 1) return -1;
  const [back, ahead] = [point - stride, point + stride];
  if (computed[back] !== 1 || computed[point] !== 1 || computed[ahead] !== 1) return -1;
  const [before, after] = [axis[at]! - axis[at - 1]!, axis[at + 1]! - axis[at]!];
  const slope = (values[ahead]! - values[point]!) / after - (values[point]! - values[back]!) / before;
  const error = ((Math.max(before, after) ** 2 / 8) * Math.abs(2 * slope)) / (before + after);
  return Number.isFinite(error) ? error : -1;
}
