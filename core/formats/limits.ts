/** Upper bounds on what a file may claim or hold. Every one is checked before the memory that it bounds is allocated. */
export const limits = {
  /** One file, as stored or unpacked. */
  fileBytes: 2 ** 31,
  /** One array, as stored and as held in memory. */
  arrayBytes: 2 ** 30,
  /** Axes of one array (NumPy's own bound is 64 since 2.0, 32 before). */
  axes: 32,
  /** Text of a .npy header; NumPy's bound, which NumPy checks after reading the text. */
  npyHeaderBytes: 10_000,
  zipEntries: 1024,
  /** Unpacked : packed bytes, once `inflationFreeBytes` are out. */
  inflationRatio: 200,
  inflationFreeBytes: 2 ** 20,
  safetensorsHeaderBytes: 8 * 2 ** 20,
  safetensorsTensors: 100_000,
  jsonDepth: 32,
  /** A table of text becomes one string, and strings of JavaScript engines end near 2²⁹ characters. */
  csvBytes: 2 ** 28,
  csvColumns: 100_000,
} as const;

/** Bounds of HDF5 files, beside those of every file and array. */
export const hdf5Limits = {
  /** What arrays hold : bytes of the file, once `freeBytes` are held. */
  ratio: 1000,
  freeBytes: 2 ** 20,
  depth: 16,
  /** Groups, arrays and attributes together; a name that is met twice counts twice. */
  objects: 20_000,
  /** Texts in arrays and attributes. */
  texts: 10_000,
  heapMegabytes: 512,
  milliseconds: 30_000,
} as const;
