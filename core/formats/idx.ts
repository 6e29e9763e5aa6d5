import { decodeElements } from './elements.ts';
import { FormatError } from './format-error.ts';
import { limits } from './limits.ts';
import type { ArrayHeader } from './npy.ts';
import { claimedElements, type ElementType, type NumericArray, storedBytes } from './numeric-array.ts';

/**
 * The IDX format of the MNIST database (LeCun, Cortes, Burges 1998): bytes 0, 0, type, number of axes; one big-endian
 * 32-bit extent an axis; the elements, big-endian, row-major.
 */

const types = new Map<number, ElementType>([
  [0x08, 'uint8'],
  [0x09, 'int8'],
  [0x0b, 'int16'],
  [0x0c, 'int32'],
  [0x0d, 'float32'],
  [0x0e, 'float64'],
]);

/** Whether the first four bytes are those of an IDX file. */
export const isIdx = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 &&
  bytes[0] === 0 &&
  bytes[1] === 0 &&
  types.has(bytes[2]!) &&
  bytes[3]! >= 1 &&
  bytes[3]! <= limits.axes;

/** The header of an IDX file out of its first bytes, of any size. Throws FormatError. */
export function readIdxHeader(bytes: Uint8Array, place = 'the IDX file'): ArrayHeader {
  if (bytes.length === 0) throw new FormatError('file-empty', `${place} is empty.`);
  if (bytes[0] !== 0 || (bytes.length > 1 && bytes[1] !== 0)) {
    throw new FormatError('idx-magic', `${place} does not begin with two zero bytes.`);
  }
  if (bytes.length < 4) throw new FormatError('idx-truncated', `${place} ends inside its first four bytes.`);
  const dtype = types.get(bytes[2]!);
  if (dtype === undefined)
    throw new FormatError('idx-type', `${place} has the element type 0x${bytes[2]!.toString(16)}.`);
  const axes = bytes[3]!;
  if (axes < 1 || axes > limits.axes) throw new FormatError('idx-shape', `${place} has ${axes} axes.`);
  const dataOffset = 4 + 4 * axes;
  if (bytes.length < dataOffset) throw new FormatError('idx-truncated', `${place} ends inside its shape.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis, false));
  return { shape, dtype, little: false, dataOffset };
}

/** The array in an IDX file. Throws FormatError. */
export function readIdx(bytes: Uint8Array, place = 'the IDX file'): NumericArray {
  const { shape, dtype, dataOffset } = readIdxHeader(bytes, place);
  const count = claimedElements(shape, dtype, place);
  const wanted = count * storedBytes[dtype];
  const stored = bytes.length - dataOffset;
  if (stored < wanted) {
    throw new FormatError(
      'idx-truncated',
      `${place} holds ${stored} bytes of elements where its shape ${shape.join(' × ')} wants ${wanted}.`,
    );
  }
  if (stored > wanted)
    throw new FormatError('idx-trailing-bytes', `${place} has ${stored - wanted} bytes behind its elements.`);
  return { shape, dtype, data: decodeElements(bytes, dataOffset, count, dtype, false, place) };
}
