import { env } from '@tensorflow/tfjs-core';
import { hostKernel, installHostKernels } from './second-order/kernels/kernel.ts';

/**
 * Finishes a double-precision realm after TensorFlow.js is loaded: lets the library accept the realm's arrays, and
 * replaces the two kernels of the cpu backend that are accurate to single precision only, whatever the storage
 * (erf 8e-8, softplus 8e-7).
 */
export function completeFloat64Realm(): void {
  env().platform.isTypedArray = (a): a is Float32Array | Int32Array | Uint8Array | Uint8ClampedArray =>
    ArrayBuffer.isView(a) && !(a instanceof DataView);
  installHostKernels([elementwise('Erf', erf), elementwise('Softplus', softplus)], 'cpu');
}

const elementwise = (kernelName: string, f: (x: number) => number) =>
  hostKernel(kernelName, ({ x }, _, host) => {
    const out = host.allocate(x!.shape, 'float32');
    const [to, from] = [host.floats(out), host.floats(x!)];
    for (let i = 0; i < to.length; i++) to[i] = f(from[i]!);
    return out;
  });

/** ln(1 + eˣ) without overflow or cancellation. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * The error function to double precision: its all-positive series 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!! below 3, and
 * Laplace's continued fraction of erfc above. Abramowitz and Stegun (1964), 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return Number.NaN;
  if (a < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  if (a > 6) return Math.sign(x);
  let fraction = a;
  for (let n = 60; n >= 1; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction);
}
