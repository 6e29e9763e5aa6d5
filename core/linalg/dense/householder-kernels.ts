import { hostArena } from '../spaces/host-arena.ts';
import { householderKernelsWasm } from './householder-kernels.wasm.ts';

/** The exports of householder-kernels.wat: addresses and strides in bytes, lengths multiples of 4, counts even. */
export interface HouseholderKernels {
  /** w = A v, reading the lower triangle of A. */
  symmetricProduct(a: number, stride: number, n: number, v: number, w: number): void;
  /** out[r] = ⟨row r, v⟩. */
  rowDots(rows: number, stride: number, count: number, v: number, n: number, out: number): void;
  /** w += Σᵣ k[r] (row r). */
  addRows(rows: number, stride: number, count: number, k: number, w: number, n: number): void;
}

let shared: HouseholderKernels | undefined;

/** The kernels over the arena of this realm. */
export function householderKernels(): HouseholderKernels {
  if (shared) return shared;
  const bytes = Uint8Array.from(atob(householderKernelsWasm), (letter) => letter.charCodeAt(0));
  const { memory } = hostArena();
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { arena: { memory } });
  shared = instance.exports as unknown as HouseholderKernels;
  return shared;
}
