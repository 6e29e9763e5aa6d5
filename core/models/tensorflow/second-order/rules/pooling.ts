import {
  avgPool,
  avgPool3d,
  div,
  type GradConfig,
  mul,
  type Tensor,
  type Tensor4D,
  type Tensor5D,
} from '@tensorflow/tfjs-core';
import { runKernel } from '../../engine-access.ts';
import { type PoolAttributes, shareInside } from '../pool-window.ts';
import { rule } from './rule.ts';

/**
 * Pools. A maximum is recorded as gathering from the positions of the maxima; its derivative scatters to them, and the
 * two are each other's transposes, so that a Hessian product searches no window again.
 */
export const poolingRules: readonly GradConfig[] = [
  rule<['positions'], { shape: number[] }>('ScatterToPositions', ['positions'], (u, { positions }) => ({
    dy: () => runKernel('GatherFromPositions', { x: u, positions }),
  })),

  rule('GatherFromPositions', ['x', 'positions'], (u, { x, positions }) => ({
    x: () => runKernel('ScatterToPositions', { dy: u, positions }, { shape: x.shape }),
  })),

  rule<['x'], PoolAttributes>('AvgPool', ['x'], (dy, { x }, attributes) => ({
    x: () => runKernel('AvgPoolGrad', { dy: spread(dy, x.shape, attributes), input: x }, { ...attributes }),
  })),
  rule<['x'], PoolAttributes>('AvgPool3D', ['x'], (dy, { x }, attributes) => ({
    x: () => runKernel('AvgPool3DGrad', { dy: spread(dy, x.shape, attributes), input: x }, { ...attributes }),
  })),

  rule<['input'], PoolAttributes>('AvgPoolGrad', ['input'], (u, { input }, attributes) => ({
    dy: () => {
      const { filterSize, strides, pad, dimRoundingMode } = attributes as PoolAttributes & {
        filterSize: [number, number];
        strides: [number, number];
      };
      return gathered(avgPool(u as Tensor4D, filterSize, strides, pad, dimRoundingMode), input.shape, attributes);
    },
  })),
  rule<['input'], PoolAttributes>('AvgPool3DGrad', ['input'], (u, { input }, attributes) => ({
    dy: () => {
      const { filterSize, strides, pad, dimRoundingMode } = attributes as PoolAttributes & {
        filterSize: [number, number, number];
        strides: [number, number, number];
      };
      return gathered(avgPool3d(u as Tensor5D, filterSize, strides, pad, dimRoundingMode), input.shape, attributes);
    },
  })),
];

/**
 * The kernels of averages divide by the cells inside the input on the way forward, but by the whole window on the way
 * back, which is wrong at padded borders: the cotangent is scaled first.
 */
function spread(dy: Tensor, shape: readonly number[], attributes: PoolAttributes): Tensor {
  const share = shareInside(shape, attributes);
  return share === undefined ? dy : div(dy, share);
}

/** The transpose of the backward kernel, from the forward one: it divides by fewer cells at the border. */
function gathered(average: Tensor, shape: readonly number[], attributes: PoolAttributes): Tensor {
  const share = shareInside(shape, attributes);
  return share === undefined ? average : mul(average, share);
}
