import { FormatError } from './format-error.ts';
import { limits } from './limits.ts';

export type ElementType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool';

export type NumericData =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

/**
 * An array out of or for a file, row-major (last axis fastest). `dtype` is the type in the file; `data` holds every
 * value exactly: float16 and bfloat16 as float32, 64-bit integers as float64 (only up to 2⁵³ − 1, else the file is
 * refused), booleans as bytes 0 and 1.
 *
 * In a realm whose global Float32Array was replaced by Float64Array (the float64 oracle), float32 data come as
 * Float64Array with the same values: every value passes through a DataView, never through a reinterpreted buffer.
 */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  readonly data: NumericData;
}

/** Bytes of one element in a file. */
export const storedBytes: Readonly<Record<ElementType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
};

/** Zeros in the array type that holds `dtype`. */
export function allocate(dtype: ElementType, count: number): NumericData {
  switch (dtype) {
    case 'float64':
    case 'int64':
    case 'uint64':
      return new Float64Array(count);
    case 'float32':
    case 'float16':
    case 'bfloat16':
      return new Float32Array(count);
    case 'int8':
      return new Int8Array(count);
    case 'int16':
      return new Int16Array(count);
    case 'int32':
      return new Int32Array(count);
    case 'uint16':
      return new Uint16Array(count);
    case 'uint32':
      return new Uint32Array(count);
    case 'uint8':
    case 'bool':
      return new Uint8Array(count);
  }
}

/** Bytes of one element in memory (in the usual realm). */
const heldBytes = (dtype: ElementType): number =>
  dtype === 'float16' || dtype === 'bfloat16' ? 4 : storedBytes[dtype];

/** Π shape, exact for the small shapes of our own making. */
export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);

/**
 * Π shape of a shape that a file claims, in exact integers, refused above the limit on one array before anything is
 * allocated. `place` names the array in the message.
 */
export function claimedElements(shape: readonly number[], dtype: ElementType, place: string): number {
  const count = shape.reduce((product, extent) => product * BigInt(extent), 1n);
  if (count * BigInt(heldBytes(dtype)) > BigInt(limits.arrayBytes)) {
    const extents = `${shape.slice(0, 6).join(' × ')}${shape.length > 6 ? ' × …' : ''}`;
    const amount = count < 10n ** 15n ? count : Number(count).toExponential(1);
    throw new FormatError('array-too-large', `${place} claims ${amount} elements of ${dtype} (shape ${extents}).`);
  }
  return Number(count);
}
