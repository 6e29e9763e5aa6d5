import { wasmSimdWasm } from './wasm-simd.wasm.ts';

/** Some columns of a sparse matrix times a dense one: see wasm-simd.wat. */
export type SparseColumns = (
  starts: number,
  pairs: number,
  b: number,
  c: number,
  rows: number,
  widthBytes: number,
) => void;

/** The exports of wasm-simd.wat: addresses and strides in bytes on the heap of the wasm backend. */
export interface WasmSimd {
  sparse32: SparseColumns;
  sparse4: SparseColumns;
  sparse1: SparseColumns;
  /** C (m × n, n ≥ 8) += Σ aᵀb over images, rows and columns (all at least 1), a and b at these strides. */
  addTransposedProduct(
    a: number,
    b: number,
    c: number,
    m: number,
    n: number,
    images: number,
    rows: number,
    columns: number,
    aImage: number,
    aRow: number,
    aColumn: number,
    bImage: number,
    bRow: number,
    bColumn: number,
  ): void;
  /** Sums of all rows as float64; a row has a multiple of four numbers. */
  sumRows(x: number, rows: number, widthBytes: number, sums: number): void;
  /** x + the same row on every row; a row has a multiple of four numbers. */
  addRow(x: number, row: number, rows: number, widthBytes: number, to: number): void;
  /** tanh of n numbers, a positive multiple of four; relative error below 2e-7. */
  tanh(x: number, to: number, n: number): void;
}

const made = new WeakMap<object, WasmSimd | null>();

/**
 * The kernels on the heap of a wasm backend; null where they cannot run (no SIMD, or a heap that the library does not
 * show or shares between threads).
 */
export function wasmSimd(backend: object): WasmSimd | null {
  const before = made.get(backend);
  if (before !== undefined) return before;
  const kernels = instantiate(heapOf(backend));
  made.set(backend, kernels);
  return kernels;
}

function heapOf(backend: object): WebAssembly.Memory | null {
  const { wasm } = backend as { wasm?: { asm?: { memory?: unknown }; HEAPU8?: Uint8Array } };
  const memory = wasm?.asm?.memory;
  return memory instanceof WebAssembly.Memory && memory.buffer === wasm?.HEAPU8?.buffer ? memory : null;
}

function instantiate(memory: WebAssembly.Memory | null): WasmSimd | null {
  const bytes = Uint8Array.from(atob(wasmSimdWasm), (letter) => letter.charCodeAt(0));
  if (memory === null || !(memory.buffer instanceof ArrayBuffer) || !WebAssembly.validate(bytes)) return null;
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { heap: { memory } }).exports as unknown as WasmSimd;
}
