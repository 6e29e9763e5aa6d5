import { FormatError } from './format-error.ts';
import { allocate, type ElementType, type NumericArray, type NumericData, storedBytes } from './numeric-array.ts';
import { bfloat16, encodeSmallFloat, float16, type SmallFloat, smallFloatValues } from './small-floats.ts';

type Getter = (view: DataView, at: number, little: boolean) => number;
type Setter = (view: DataView, at: number, value: number, little: boolean) => void;

const unsafe = 2 ** 53;

const getSmall = (kind: SmallFloat): Getter => {
  let values: Float64Array | undefined;
  return (view, at, little) => {
    values ??= smallFloatValues(kind);
    return values[view.getUint16(at, little)]!;
  };
};

/** High word × 2³² + low word; exact below 2⁵³ and never below it for larger magnitudes. */
const getWide =
  (signed: boolean): Getter =>
  (view, at, little) => {
    const low = view.getUint32(little ? at : at + 4, little);
    const highAt = little ? at + 4 : at;
    return (signed ? view.getInt32(highAt, little) : view.getUint32(highAt, little)) * 2 ** 32 + low;
  };

const setWide: Setter = (view, at, value, little) => {
  const high = Math.floor(value / 2 ** 32);
  view.setUint32(little ? at : at + 4, value - high * 2 ** 32, little);
  view.setInt32(little ? at + 4 : at, high, little);
};

const getters: Readonly<Record<ElementType, Getter>> = {
  float64: (view, at, little) => view.getFloat64(at, little),
  float32: (view, at, little) => view.getFloat32(at, little),
  float16: getSmall(float16),
  bfloat16: getSmall(bfloat16),
  int8: (view, at) => view.getInt8(at),
  int16: (view, at, little) => view.getInt16(at, little),
  int32: (view, at, little) => view.getInt32(at, little),
  int64: getWide(true),
  uint8: (view, at) => view.getUint8(at),
  uint16: (view, at, little) => view.getUint16(at, little),
  uint32: (view, at, little) => view.getUint32(at, little),
  uint64: getWide(false),
  bool: (view, at) => view.getUint8(at),
};

const setters: Readonly<Record<ElementType, Setter>> = {
  float64: (view, at, value, little) => view.setFloat64(at, value, little),
  float32: (view, at, value, little) => view.setFloat32(at, value, little),
  float16: (view, at, value, little) => view.setUint16(at, encodeSmallFloat(value, float16), little),
  bfloat16: (view, at, value, little) => view.setUint16(at, encodeSmallFloat(value, bfloat16), little),
  int8: (view, at, value) => view.setInt8(at, value),
  int16: (view, at, value, little) => view.setInt16(at, value, little),
  int32: (view, at, value, little) => view.setInt32(at, value, little),
  int64: setWide,
  uint8: (view, at, value) => view.setUint8(at, value),
  uint16: (view, at, value, little) => view.setUint16(at, value, little),
  uint32: (view, at, value, little) => view.setUint32(at, value, little),
  uint64: setWide,
  bool: (view, at, value) => view.setUint8(at, value),
};

const integerRanges: Partial<Record<ElementType, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(unsafe - 1), unsafe - 1],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, unsafe - 1],
  bool: [0, 1],
};

function refuseOddValues(data: NumericData, dtype: ElementType, place: string): void {
  if (dtype === 'bool') {
    const at = data.findIndex((byte: number) => byte > 1);
    if (at >= 0)
      throw new FormatError('boolean-byte', `Element ${at} of ${place} is the byte ${data[at]} in a boolean array.`);
  }
  if (dtype === 'int64' || dtype === 'uint64') {
    const at = data.findIndex((value: number) => Math.abs(value) >= unsafe);
    if (at >= 0) throw new FormatError('integer-unsafe', `Element ${at} of ${place} is an integer beyond 2^53 − 1.`);
  }
}

/**
 * `count` elements from byte `offset` on; the caller has checked that the bytes are there. Throws FormatError for
 * booleans other than 0 and 1 and for integers beyond 2⁵³ − 1, naming the element within `place`.
 */
export function decodeElements(
  bytes: Uint8Array,
  offset: number,
  count: number,
  dtype: ElementType,
  little: boolean,
  place: string,
): NumericData {
  const data = allocate(dtype, count);
  const width = storedBytes[dtype];
  if (width === 1) {
    const raw = bytes.subarray(offset, offset + count);
    data.set(dtype === 'int8' ? new Int8Array(raw.buffer, raw.byteOffset, count) : raw);
  } else {
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * width);
    const get = getters[dtype];
    for (let i = 0; i < count; i++) data[i] = get(view, i * width, little);
  }
  refuseOddValues(data, dtype, place);
  return data;
}

/** Writes the elements little-endian; `out` has exactly their size. Throws RangeError for values outside the type. */
export function encodeElements({ shape, dtype, data }: NumericArray, out: Uint8Array): void {
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (count !== data.length) throw new RangeError(`shape ${shape.join(' × ')} does not hold ${data.length} elements`);
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const width = storedBytes[dtype];
  const set = setters[dtype];
  const range = integerRanges[dtype];
  for (let i = 0; i < count; i++) {
    const value = data[i]!;
    if (range !== undefined && !(Number.isInteger(value) && value >= range[0] && value <= range[1])) {
      throw new RangeError(`element ${i} = ${value} does not fit ${dtype}`);
    }
    set(view, i * width, value, true);
  }
}
