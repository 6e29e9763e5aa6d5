import type { Failure } from './messages.ts';
import {
  bytesPerElement,
  checkTypedArray,
  isPlainObject,
  isTypedArrayName,
  type TypedArray,
  type TypedArrayName,
  typedArrayName,
  typedArrayOn,
  Unsendable,
} from './plain-values.ts';

/** Larger arrays leave their message and travel in pieces before it: one long message stalls both sides. */
export const largestInline = 1 << 20;
export const pieceBytes = 2 << 20;
/** Of one array, and of all pieces that wait for one message. */
export const mostArrayBytes = 1 << 30;
const deepest = 100;

/**
 * In the place of an array that travels in pieces: `{ $array: 0, type: 'Float64Array', length: 300000 }`. An object that
 * has a key `$array` of its own travels as `{ $array: null, value: … }`.
 */
const mark = '$array';

/** A value without its large arrays. */
export interface SplitValue {
  readonly value: unknown;
  readonly arrays: readonly TypedArray[];
  /** About what the value without them takes. */
  readonly bytes: number;
}

export interface Piece {
  /** Index into the arrays of the message that follows. */
  readonly array: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Takes the large arrays out of a value. Throws Unsendable for what is not plain data or typed arrays, for shared memory,
 * for detached buffers and beyond 1 GiB. Small views of larger buffers are copied, for posting a view posts all of its
 * buffer.
 */
export function splitArrays(value: unknown): SplitValue {
  const arrays: TypedArray[] = [];
  let bytes = 0;

  function typedArray(array: TypedArray, name: TypedArrayName, place: string): unknown {
    checkTypedArray(array, place);
    if (array.byteLength > mostArrayBytes) throw new Unsendable(place, 'is larger than 1 GiB.');
    if (array.byteLength > largestInline) {
      arrays.push(array);
      return { [mark]: arrays.length - 1, type: name, length: array.length };
    }
    bytes += array.byteLength;
    return array.byteLength < array.buffer.byteLength ? array.slice() : array;
  }

  function object(given: Readonly<Record<string, unknown>>, place: string, depth: number): unknown {
    const copy: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(given)) {
      bytes += 2 * key.length;
      define(copy, key, walk(entry, `${place}.${key}`, depth + 1));
    }
    return Object.hasOwn(given, mark) ? { [mark]: null, value: copy } : copy;
  }

  function walk(given: unknown, place: string, depth: number): unknown {
    if (depth > deepest) throw new Unsendable(place.slice(0, 200), 'is nested too deeply, or in itself.');
    bytes += 8;
    switch (typeof given) {
      case 'string':
        bytes += 2 * given.length;
        return given;
      case 'number':
      case 'boolean':
      case 'undefined':
        return given;
      case 'object': {
        if (given === null) return null;
        if (Array.isArray(given)) return given.map((entry, i) => walk(entry, `${place}[${i}]`, depth + 1));
        const name = typedArrayName(given);
        if (name !== null) return typedArray(given as TypedArray, name, place);
        if (isPlainObject(given)) return object(given, place, depth);
      }
    }
    throw new Unsendable(place, `is a ${typeof given} that is neither plain data nor a typed array.`);
  }

  return { value: walk(value, '', 0), arrays, bytes };
}

/** An assignment to `__proto__` would set the prototype. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** The pieces of arrays, in order; the arrays must not change before the last one is taken. */
export function* piecesOf(arrays: readonly TypedArray[]): Generator<Piece> {
  for (const [index, array] of arrays.entries()) {
    for (let offset = 0; offset < array.byteLength; offset += pieceBytes) {
      const size = Math.min(pieceBytes, array.byteLength - offset);
      yield { array: index, offset, bytes: new Uint8Array(array.buffer, array.byteOffset + offset, size).slice() };
    }
  }
}

export type Joined = { readonly value: unknown } | { readonly failure: Failure };

const malformed = (found: string): Failure => ({
  kind: 'malformed',
  found,
  advice: 'The other side is of another version or damaged: start the app again.',
});

class Unjoinable extends Error {}

/** Pieces on their way to one message. */
export interface Assembly {
  /** Null, or why the piece is refused. */
  add(piece: Piece): Failure | null;
  /** The value with its arrays again; nothing is left afterwards. Memory is claimed only for bytes that have come. */
  join(value: unknown): Joined;
}

export function createAssembly(): Assembly {
  let arrays = new Map<number, Piece[]>();
  let waiting = 0;

  function take(index: number, type: TypedArrayName, length: number): TypedArray {
    const pieces = (arrays.get(index) ?? []).sort((a, b) => a.offset - b.offset);
    arrays.delete(index);
    const came = pieces.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    if (came === 0 || came !== length * bytesPerElement(type))
      throw new Unjoinable(`An array of ${length} numbers was announced, and ${came} bytes of it have come.`);
    const whole = new Uint8Array(came);
    let end = 0;
    for (const { offset, bytes } of pieces) {
      if (offset !== end) throw new Unjoinable('The pieces of an array leave a gap or overlap.');
      whole.set(bytes, offset);
      end += bytes.byteLength;
    }
    return typedArrayOn(type, whole.buffer);
  }

  function object(given: Readonly<Record<string, unknown>>, depth: number): unknown {
    if (Object.hasOwn(given, mark)) {
      const { [mark]: index, type, length, value } = given;
      if (index === null && isPlainObject(value)) return entries(value, depth);
      if (isIndex(index) && isIndex(length) && isTypedArrayName(type)) return take(index, type, length);
      throw new Unjoinable('The mark of an array is unreadable.');
    }
    return entries(given, depth);
  }

  function entries(given: Readonly<Record<string, unknown>>, depth: number): unknown {
    const copy: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(given)) define(copy, key, walk(entry, depth + 1));
    return copy;
  }

  function walk(given: unknown, depth: number): unknown {
    if (depth > deepest + 2) throw new Unjoinable('A value is nested too deeply.');
    if (given === null || typeof given !== 'object' || ArrayBuffer.isView(given)) return given;
    if (Array.isArray(given)) return given.map((entry) => walk(entry, depth + 1));
    if (isPlainObject(given)) return object(given, depth);
    throw new Unjoinable('A value is neither plain data nor a typed array.');
  }

  return {
    add(piece) {
      waiting += piece.bytes.byteLength;
      if (waiting > mostArrayBytes) {
        arrays = new Map();
        return malformed('More than 1 GiB of pieces wait for one message.');
      }
      const pieces = arrays.get(piece.array);
      if (pieces) pieces.push(piece);
      else arrays.set(piece.array, [piece]);
      return null;
    },
    join(value) {
      try {
        const joined = walk(value, 0);
        if (arrays.size > 0) throw new Unjoinable('Pieces of an array have come that no message announces.');
        return { value: joined };
      } catch (problem) {
        if (problem instanceof Unjoinable) return { failure: malformed(problem.message) };
        throw problem;
      } finally {
        arrays = new Map();
        waiting = 0;
      }
    },
  };
}

const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostArrayBytes;
