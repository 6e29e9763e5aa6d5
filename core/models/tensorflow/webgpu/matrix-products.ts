import { broadcastTo, env, type KernelConfig, matMul, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { ownKernel } from './shader.ts';

/** The library's number of its program with small tiles. */
const smallTiles = 2;
/** From this length of the inner products on, it divides them among threads that add in no fixed order. */
const longProduct = 2000;

/**
 * Matrix products. Departures from the library's own kernels:
 * 1. Batches that broadcast both ways ([2, 1] with [1, 3]) are multiplied after spreading both; its own cannot.
 * 2. Long products of single matrices are never added up in an order that changes from run to run.
 */
export function installMatrixProducts(): void {
  const plain = inFixedOrder(ownKernel('BatchMatMul'));
  installKernel({
    ...plain,
    kernelFunc(call) {
      const { a, b } = call.inputs as unknown as { a: Tensor; b: Tensor };
      const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
      if (sizeOf(outerA) === 1 || sizeOf(outerB) === 1 || outerA.join() === outerB.join())
        return plain.kernelFunc(call);
      const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
      const outer = spread(outerA, outerB);
      const whole = (x: Tensor) => broadcastTo(x, [...outer, ...x.shape.slice(-2)]);
      return tidy(() => matMul(whole(a), whole(b), transposeA, transposeB));
    },
  });
  installKernel(inFixedOrder(ownKernel('_FusedMatMul')));
}

function inFixedOrder(own: KernelConfig): KernelConfig {
  return {
    ...own,
    kernelFunc(call) {
      const { a } = call.inputs as unknown as { a: Tensor };
      const inner = a.shape.at((call.attrs as { transposeA: boolean }).transposeA ? -2 : -1) ?? 1;
      if (inner < longProduct) return own.kernelFunc(call);
      const before = env().get('WEBGPU_MATMUL_PROGRAM_TYPE') as number;
      env().set('WEBGPU_MATMUL_PROGRAM_TYPE', smallTiles);
      try {
        return own.kernelFunc(call);
      } finally {
        env().set('WEBGPU_MATMUL_PROGRAM_TYPE', before);
      }
    },
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function spread(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => Math.max(a.at(i - rank) ?? 1, b.at(i - rank) ?? 1));
}
