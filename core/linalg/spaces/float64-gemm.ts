import { float64GemmWasm } from './float64-gemm.wasm.ts';
import { hostArena } from './host-arena.ts';

/**
 * A dense float64 matrix in the arena of the kernels, row-major without gaps. `data` is its memory itself, so operands
 * that serve many products (the data, the activations at a point) never move.
 */
export interface ResidentMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  /** True for a matrix seen as its transpose: `rows` and `columns` are those of the transpose, `data` is as it lies. */
  readonly transposed: boolean;
}

interface Kernels {
  /** Packs rows × depth entries into panels of four rows. Strides in bytes. */
  pack(source: number, rowStride: number, depthStride: number, rows: number, depth: number, panel: number): void;
  /** C (rows × columns, row stride in bytes) += packed A times packed B. */
  block(
    a: number,
    b: number,
    c: number,
    stride: number,
    rows: number,
    columns: number,
    depth: number,
    scratch: number,
  ): void;
}

interface Workspace {
  readonly kernels: Kernels;
  readonly packedA: number;
  readonly packedB: number;
  readonly scratch: number;
}

/** A block of A (rows × depth, 128 KiB) stays in the second cache, a panel of B (depth × 4, 8 KiB) in the first. */
const blockRows = 64;
const blockDepth = 256;
const blockColumns = 128;

let shared: Workspace | undefined;

function workspace(): Workspace {
  if (shared) return shared;
  const arena = hostArena();
  const bytes = Uint8Array.from(atob(float64GemmWasm), (letter) => letter.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { arena: { memory: arena.memory } });
  shared = {
    kernels: instance.exports as unknown as Kernels,
    packedA: arena.allocate(blockRows * blockDepth * 8),
    packedB: arena.allocate(blockColumns * blockDepth * 8),
    scratch: arena.allocate(128),
  };
  return shared;
}

/** A new matrix in the arena, its entries undefined. Ends with `releaseMatrices`. Throws BadInput when it does not fit. */
export function residentMatrix(rows: number, columns: number): ResidentMatrix {
  const arena = hostArena();
  const address = arena.allocate(rows * columns * 8);
  const data = new Float64Array(arena.memory.buffer, address, rows * columns);
  return { rows, columns, data, transposed: false };
}

export function releaseMatrices(...matrices: readonly ResidentMatrix[]): void {
  for (const { data } of matrices) hostArena().free(data.byteOffset);
}

/** A part of a vector that lives in the arena, as a matrix (nothing is copied); null for a vector from elsewhere. */
export function residentPart(
  vector: Float64Array,
  offset: number,
  rows: number,
  columns: number,
): ResidentMatrix | null {
  if (hostArena().addressOf(vector) < 0) return null;
  return { rows, columns, data: vector.subarray(offset, offset + rows * columns), transposed: false };
}

/** The transpose as an operand; nothing moves. */
export function transposed(matrix: ResidentMatrix): ResidentMatrix {
  return { rows: matrix.columns, columns: matrix.rows, data: matrix.data, transposed: !matrix.transposed };
}

/** C = A B. Cost: 2 · rows · columns · depth operations, at 10–20 GFLOP/s on one core (plain loops: about 1.5). */
export function multiply(c: ResidentMatrix, a: ResidentMatrix, b: ResidentMatrix): void {
  c.data.fill(0);
  addProduct(c, a, b);
}

/** C += A B. C must not be a transpose, nor overlap A or B. */
export function addProduct(c: ResidentMatrix, a: ResidentMatrix, b: ResidentMatrix): void {
  if (a.columns !== b.rows || c.rows !== a.rows || c.columns !== b.columns || c.transposed) {
    throw new RangeError(
      `A product of ${a.rows}×${a.columns} and ${b.rows}×${b.columns} does not go into ${c.rows}×${c.columns}.`,
    );
  }
  addPartProduct(wholeOf(c), wholeOf(a), wholeOf(b));
}

/** A rectangle of entries in the arena by its address and strides, all in bytes. */
export interface MatrixPart {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

function wholeOf(matrix: ResidentMatrix): MatrixPart {
  const at = hostArena().addressOf(matrix.data);
  if (at < 0) throw new RangeError('A matrix outside the arena cannot be multiplied.');
  const [rowStride, columnStride] = matrix.transposed ? [8, matrix.rows * 8] : [matrix.columns * 8, 8];
  return { at, rows: matrix.rows, columns: matrix.columns, rowStride, columnStride };
}

/** C += A B for rectangles of larger matrices; the rows of C lie along memory, and C overlaps neither A nor B. */
export function addPartProduct(c: MatrixPart, a: MatrixPart, b: MatrixPart): void {
  const { kernels, packedA, packedB, scratch } = workspace();
  for (let j = 0; j < c.columns; j += blockColumns) {
    const columns = Math.min(blockColumns, c.columns - j);
    for (let k = 0; k < a.columns; k += blockDepth) {
      const depth = Math.min(blockDepth, a.columns - k);
      const bAt = b.at + j * b.columnStride + k * b.rowStride;
      kernels.pack(bAt, b.columnStride, b.rowStride, columns, depth, packedB);
      for (let i = 0; i < c.rows; i += blockRows) {
        const rows = Math.min(blockRows, c.rows - i);
        kernels.pack(a.at + i * a.rowStride + k * a.columnStride, a.rowStride, a.columnStride, rows, depth, packedA);
        kernels.block(packedA, packedB, c.at + i * c.rowStride + j * 8, c.rowStride, rows, columns, depth, scratch);
      }
    }
  }
}
