import { type HostArena, hostArena } from './host-arena.ts';
import { simdKernelsWasm } from './simd-kernels.wasm.ts';

/** w·a, w·b, w·c, w·d over n elements, added to the four float64 numbers at `out`. Addresses in bytes. */
export type Dots4 = (a: number, b: number, c: number, d: number, w: number, n: number, out: number) => void;

/** w += ka a + kb b + kc c + kd d over n elements. */
export type Add4 = (
  a: number,
  b: number,
  c: number,
  d: number,
  w: number,
  n: number,
  ka: number,
  kb: number,
  kc: number,
  kd: number,
) => void;

export type Scale = (w: number, n: number, k: number) => void;

/** The exports of simd-kernels.wat. Lengths are positive multiples of 8 (float32) or 4 (float64) elements. */
interface Exports {
  readonly dots4F32: Dots4;
  readonly dots4F64: Dots4;
  readonly add4F32: Add4;
  readonly add4F64: Add4;
  readonly scaleF32: Scale;
  readonly scaleF64: Scale;
  readonly copy: (to: number, from: number, sizeBytes: number) => void;
  readonly zero: (at: number, sizeBytes: number) => void;
}

export const scratchBytes = 458752;

export interface SimdKernels extends Exports {
  readonly arena: HostArena;
  /** Address of `scratchBytes` zeros to work in; calls are synchronous, so one area serves all spaces. */
  readonly scratch: number;
}

/** The kernels over the memory of an arena. */
export function instantiateSimdKernels(arena: HostArena): SimdKernels {
  const bytes = Uint8Array.from(atob(simdKernelsWasm), (letter) => letter.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { arena: { memory: arena.memory } });
  const kernels = instance.exports as unknown as Exports;
  const scratch = arena.allocate(scratchBytes);
  kernels.zero(scratch, scratchBytes);
  return { ...kernels, arena, scratch };
}

let shared: SimdKernels | undefined;

/** The kernels over the arena of this realm. */
export function simdKernels(): SimdKernels {
  shared ??= instantiateSimdKernels(hostArena());
  return shared;
}
