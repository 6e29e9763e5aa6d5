/** What may travel between the processes: null, undefined, booleans, numbers, texts, lists, plain objects and these. */
const typedArrayConstructors = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

export type TypedArrayName = keyof typeof typedArrayConstructors;
export type TypedArray = InstanceType<(typeof typedArrayConstructors)[TypedArrayName]>;

/** A value that cannot be sent; the fault of the program that tries to. */
export class Unsendable extends Error {
  constructor(place: string, found: string) {
    super(`${place || 'The value'} ${found}`);
    this.name = 'Unsendable';
  }
}

const kindOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

/** By its tag, because arrays of another realm are instances of other constructors. */
export function typedArrayName(value: object): TypedArrayName | null {
  if (!ArrayBuffer.isView(value)) return null;
  const kind = kindOf(value);
  return Object.hasOwn(typedArrayConstructors, kind) ? (kind as TypedArrayName) : null;
}

export const isTypedArrayName = (name: unknown): name is TypedArrayName =>
  typeof name === 'string' && Object.hasOwn(typedArrayConstructors, name);

export const bytesPerElement = (name: TypedArrayName): number => typedArrayConstructors[name].BYTES_PER_ELEMENT;

export const typedArrayOn = (name: TypedArrayName, buffer: ArrayBuffer): TypedArray =>
  new typedArrayConstructors[name](buffer);

/** Refuses what must not, or cannot, be posted to another process. */
export function checkTypedArray(array: TypedArray, place: string): void {
  // A shared buffer in a message between processes ends Electron's main process.
  if (kindOf(array.buffer) === 'SharedArrayBuffer') throw new Unsendable(place, 'lies in shared memory: send a copy.');
  try {
    new Uint8Array(array.buffer);
  } catch {
    throw new Unsendable(place, 'lies in a buffer that was transferred away.');
  }
}

/** Null-prototype objects and those of any realm's Object. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || kindOf(value) !== 'Object') return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
