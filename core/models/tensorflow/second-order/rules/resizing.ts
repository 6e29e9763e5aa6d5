import { type GradConfig, image, type Tensor4D } from '@tensorflow/tfjs-core';
import { runKernel } from '../../engine-access.ts';
import { rule } from './rule.ts';

interface ResizeAttributes {
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

/** Resizing is linear, so the transpose of its backward kernel is the resizing itself, applied to the cotangent. */
export const resizingRules: readonly GradConfig[] = [
  rule<['images'], ResizeAttributes>('ResizeNearestNeighbor', ['images'], (dy, { images }, attributes) => ({
    images: () => runKernel('ResizeNearestNeighborGrad', { dy, images }, { ...attributes }),
  })),
  rule<['images'], ResizeAttributes>('ResizeBilinear', ['images'], (dy, { images }, attributes) => ({
    images: () => runKernel('ResizeBilinearGrad', { dy, images }, { ...attributes }),
  })),
  rule<['dy'], ResizeAttributes>(
    'ResizeNearestNeighborGrad',
    ['dy'],
    (u, { dy }, { alignCorners, halfPixelCenters }) => ({
      dy: () => image.resizeNearestNeighbor(u as Tensor4D, size(dy.shape), alignCorners, halfPixelCenters),
    }),
  ),
  rule<['dy'], ResizeAttributes>('ResizeBilinearGrad', ['dy'], (u, { dy }, { alignCorners, halfPixelCenters }) => ({
    dy: () => image.resizeBilinear(u as Tensor4D, size(dy.shape), alignCorners, halfPixelCenters),
  })),
];

const size = (shape: readonly number[]): [number, number] => [shape[1] ?? 0, shape[2] ?? 0];
