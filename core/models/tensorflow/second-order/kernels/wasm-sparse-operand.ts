import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { HostBackend } from './host-view.ts';
import type { WasmSimd } from './wasm-simd.ts';

/**
 * Constant matrices that are mostly zeros (images on a black ground, one-hot rows) as compressed rows, so that products
 * with them skip the zeros. A Hessian product multiplies the same data twice, thousands of times over.
 */
export interface CompressedRows {
  readonly rows: number;
  /** Where each row's pairs begin and the last one's end, in pairs. */
  readonly starts: TensorInfo;
  /** (column index × width, value): an int32 and the bits of a float32. */
  readonly pairs: TensorInfo;
  /** Bytes of a row of the other factor, by which the indices are multiplied already. */
  width: number;
}

interface Operand {
  readonly rows: number;
  readonly columns: number;
  uses: number;
  isDense: boolean;
  readonly compressed: Map<boolean, CompressedRows>;
}

/** Used so often, a tensor is taken for a constant: one gradient alone uses its data twice. */
const usesOfConstant = 3;
/** Smaller ones are not worth the search. */
const leastEntries = 1 << 15;
/** With more entries than this, whole blocks of SIMD multiplications are faster than skipping. */
const greatestDensity = 0.4;
/** All compressed rows together; what comes later stays as it is. */
const memoryBound = 256 << 20;

interface Releasing {
  disposeData(dataId: object, force?: boolean): boolean;
}

export interface SparseOperands {
  /** `x` (or its transpose) in compressed rows where it is a constant that is worth it. Counts as a use of it. */
  find(x: TensorInfo, transposed: boolean): CompressedRows | null;
}

const known = new WeakMap<object, SparseOperands>();

/** The sparse operands of a backend. They are freed with the tensor that they were made of. */
export function sparseOperands(backend: object, host: HostBackend): SparseOperands {
  const before = known.get(backend);
  if (before !== undefined) return before;
  const operands = new WeakMap<object, Operand>();
  let bytesHeld = 0;

  const releasing = backend as Releasing;
  const disposeData = releasing.disposeData.bind(backend);
  const bytesOf = ({ starts, pairs }: CompressedRows) =>
    4 * (util.sizeFromShape(starts.shape) + util.sizeFromShape(pairs.shape));
  releasing.disposeData = (dataId, force) => {
    const isGone = disposeData(dataId, force);
    const operand = isGone ? operands.get(dataId) : undefined;
    if (operand !== undefined) {
      operands.delete(dataId);
      for (const rows of operand.compressed.values()) {
        bytesHeld -= bytesOf(rows);
        disposeData(rows.starts.dataId);
        disposeData(rows.pairs.dataId);
      }
    }
    return isGone;
  };

  const made: SparseOperands = {
    find(x, transposed) {
      if (x.dtype !== 'float32' || util.sizeFromShape(x.shape) < leastEntries) return null;
      const [rows, columns] = x.shape.slice(-2) as [number, number];
      let operand = operands.get(x.dataId);
      if (operand === undefined) {
        operand = { rows, columns, uses: 0, isDense: false, compressed: new Map() };
        operands.set(x.dataId, operand);
      }
      operand.uses++;
      if (operand.isDense || operand.uses < usesOfConstant || operand.columns !== columns) return null;
      const found = operand.compressed.get(transposed);
      if (found !== undefined) return found;
      const entries = entriesOf(host.floats(x));
      operand.isDense = entries > greatestDensity * rows * columns || bytesHeld + 8 * entries > memoryBound;
      if (operand.isDense) return null;
      const rowsOfIt = compress(x, rows, columns, transposed, host);
      operand.compressed.set(transposed, rowsOfIt);
      bytesHeld += bytesOf(rowsOfIt);
      return rowsOfIt;
    },
  };
  known.set(backend, made);
  return made;
}

function entriesOf(values: Float32Array): number {
  let entries = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) entries++;
  return entries;
}

function compress(
  x: TensorInfo,
  rows: number,
  columns: number,
  transposed: boolean,
  host: HostBackend,
): CompressedRows {
  const [count, across, along] = transposed ? [columns, 1, columns] : [rows, columns, 1];
  const length = transposed ? rows : columns;
  const values = host.floats(x);
  const ends = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    let entries = 0;
    for (let j = 0, at = i * across; j < length; j++, at += along) if (values[at] !== 0) entries++;
    // A row of zeros holds one of them: the kernels want at least one pair a row.
    ends[i + 1] = ends[i]! + Math.max(1, entries);
  }
  const starts = host.allocate([count + 1], 'int32');
  const pairs = host.allocate([2 * ends[count]!], 'int32');
  host.ints(starts).set(ends);
  const from = host.floats(x);
  const places = host.ints(pairs).fill(0);
  const numbers = new Float32Array(places.buffer, places.byteOffset, places.length);
  for (let i = 0; i < count; i++) {
    let pair = 2 * ends[i]!;
    for (let j = 0, at = i * across; j < length; j++, at += along) {
      if (from[at] === 0) continue;
      places[pair] = j;
      numbers[pair + 1] = from[at]!;
      pair += 2;
    }
  }
  return { rows: count, starts, pairs, width: 1 };
}

/**
 * S B for S in compressed rows and a dense B of n columns, into `out` (rows × n). Zeros of S multiply nothing, so that what
 * is infinite in B does not spread through them.
 */
export function multiplySparse(
  s: CompressedRows,
  b: TensorInfo,
  n: number,
  out: TensorInfo,
  host: HostBackend,
  simd: WasmSimd,
): void {
  const width = 4 * n;
  if (s.width !== width) {
    const places = host.ints(s.pairs);
    for (let i = 0; i < places.length; i += 2) places[i] = (places[i]! / s.width) * width;
    s.width = width;
  }
  const [starts, pairs] = [host.ints(s.starts).byteOffset, host.ints(s.pairs).byteOffset];
  const [from, to] = [host.floats(b).byteOffset, host.floats(out).byteOffset];
  for (let column = 0; column < n; ) {
    const left = n - column;
    const [some, columns] =
      left >= 32
        ? ([simd.sparse32, 32] as const)
        : left >= 4
          ? ([simd.sparse4, 4] as const)
          : ([simd.sparse1, 1] as const);
    some(starts, pairs, from + 4 * column, to + 4 * column, s.rows, width);
    column += columns;
  }
}
