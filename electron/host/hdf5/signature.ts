const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes begin as an HDF5 file does. A user block before the signature is never read. */
export const isHdf5 = (bytes: Uint8Array): boolean =>
  bytes.length > signature.length && signature.every((byte, i) => bytes[i] === byte);
