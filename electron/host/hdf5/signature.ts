import { FormatError } from '../../../core/formats/format-error.ts';
import { limits } from '../../../core/formats/limits.ts';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes begin as an HDF5 file does. A user block before the signature is never read. */
export const isHdf5 = (bytes: Uint8Array): boolean =>
  bytes.length > signature.length && signature.every((byte, i) => bytes[i] === byte);

/** Throws FormatError for files that are too large or none of HDF5. */
export function refuseOthers(bytes: Uint8Array): void {
  if (bytes.length > limits.fileBytes) throw new FormatError('file-too-large', `The file has ${bytes.length} bytes.`);
  if (!isHdf5(bytes)) throw new FormatError('hdf5-signature', 'The file does not begin as HDF5 does.');
}
