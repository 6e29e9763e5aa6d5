import { BadInput } from '../bad-input.ts';

/** Every rule that a file can break, with what to do about it: one name a rule, so that tests and messages are exact. */
const adviceByRule = {
  'file-empty': 'Check that the download or copy finished.',
  'file-too-large': 'Split the file; the limit is 2 GiB a file.',
  'array-too-large': 'Split the array; the limit is 1 GiB an array.',
  'unknown-format': 'Give a .npy, .npz, .safetensors, .csv, MNIST IDX or CIFAR binary file (or its .gz).',
  'integer-unsafe': 'Store the values as 32-bit integers or as float64.',
  'boolean-byte': 'Store booleans as bytes 0 and 1.',

  'npy-magic': 'Save it with numpy.save.',
  'npy-version': 'Save it with numpy.save, which writes version 1.0, 2.0 or 3.0.',
  'npy-truncated': 'Save or copy the file again.',
  'npy-header-too-long': 'Save a plain numeric array with numpy.save.',
  'npy-header-encoding': 'Save a plain numeric array with numpy.save.',
  'npy-header-grammar': 'Save it with numpy.save.',
  'npy-header-keys': 'Save it with numpy.save, which writes descr, fortran_order and shape once each.',
  'npy-object-dtype':
    'Objects can carry code and are never read: convert the array with .astype(float) and save again.',
  'npy-dtype': 'Convert the array to f2, f4, f8, i1 to i8, u1 to u8 or bool and save again.',
  'npy-shape': 'Save it with numpy.save.',
  'npy-trailing-bytes': 'Keep one array a file, or use numpy.savez.',

  'zip-truncated': 'Save or copy the file again.',
  'zip-trailing-bytes': 'Save the archive again without a comment or appended data.',
  'zip-multiple-disks': 'Save the archive as one file.',
  'zip-64': 'Save fewer or smaller arrays; archives beyond 2 GiB or 65,534 entries are not read.',
  'zip-too-many-entries': 'Save at most 1,024 arrays an archive.',
  'zip-directory': 'Save the archive again with numpy.savez.',
  'zip-flags': 'Save the archive without encryption or patches.',
  'zip-method': 'Save the archive stored or deflated (numpy.savez, numpy.savez_compressed).',
  'zip-name': 'Name the arrays with plain text.',
  'zip-duplicate-name': 'Give every array a name of its own.',
  'zip-local-mismatch': 'Save the archive again with numpy.savez.',
  'zip-overlap': 'Save the archive again with numpy.savez.',
  'zip-hole': 'Save the archive again with numpy.savez.',
  'zip-checksum': 'Save or copy the file again.',
  'npz-entry-name': 'Save the archive with numpy.savez, which stores NAME.npy entries only.',
  'npz-nested-archive': 'Unpack the inner archive first.',

  'deflate-corrupt': 'Save or copy the file again.',
  'inflated-size': 'Save or copy the file again.',
  'inflation-ratio': 'Save it uncompressed; unpacked data may be 200 times the packed, beyond the first MiB.',

  'gzip-header': 'Pack it with gzip.',
  'gzip-truncated': 'Save or copy the file again.',
  'gzip-checksum': 'Save or copy the file again; one gzip member a file is read.',

  'json-encoding': 'Write the header in UTF-8.',
  'json-syntax': 'Save it with the safetensors library.',
  'json-depth': 'Save it with the safetensors library.',
  'json-duplicate-key': 'Give every tensor a name of its own.',

  'safetensors-truncated': 'Save or copy the file again.',
  'safetensors-header-too-long': 'Save fewer tensors or shorter names; the header may take 8 MiB.',
  'safetensors-header': 'Save it with the safetensors library.',
  'safetensors-too-many-tensors': 'Save at most 100,000 tensors a file.',
  'safetensors-entry': 'Save it with the safetensors library: each tensor has dtype, shape and data_offsets.',
  'safetensors-metadata': 'Keep __metadata__ a table of text to text.',
  'safetensors-dtype': 'Convert the tensor to F64, F32, F16, BF16, an integer type or BOOL and save again.',
  'safetensors-shape': 'Save it with the safetensors library.',
  'safetensors-offsets': 'Save it with the safetensors library.',
  'safetensors-size': 'Save it with the safetensors library.',
  'safetensors-overlap': 'Save it with the safetensors library.',
  'safetensors-hole': 'Save it with the safetensors library.',
  'safetensors-trailing-bytes': 'Save it with the safetensors library.',

  'csv-encoding': 'Save the table as UTF-8 text.',
  'csv-too-large': 'Save the table as .npz; text is read up to 256 MiB.',
  'csv-quote': 'Quote whole fields and double the quotes inside them (RFC 4180).',
  'csv-line-end': 'End lines with LF or CR LF.',
  'csv-ragged': 'Give every row the same number of fields.',
  'csv-delimiter': 'Separate fields with commas and write decimals with a point, or state the delimiter.',
  'csv-number': 'Write numbers like 1, -2.5 or 3e-4, with a decimal point and no thousands separators.',
  'csv-columns': 'Give every column a name of its own, at most 100,000 of them.',
  'csv-no-rows': 'Add at least one row of numbers below the names.',

  'idx-magic': 'Give an MNIST IDX file: two zero bytes, a type, a number of axes.',
  'idx-type': 'Store unsigned or signed bytes, int16, int32, float32 or float64.',
  'idx-shape': 'Store between 1 and 32 axes.',
  'idx-truncated': 'Save or copy the file again.',
  'idx-trailing-bytes': 'Save or copy the file again.',

  'cifar-size': 'Give data_batch_N.bin, test_batch.bin (CIFAR-10) or train.bin, test.bin (CIFAR-100) unchanged.',
  'cifar-label': 'State the right kind (CIFAR-10 or CIFAR-100), or copy the file again.',

  'landscape-unknown':
    'Give a surface file of loss-landscape (.h5), or an .npz of Saddlescope, Landscaper or dnn-mode-connectivity.',
  'landscape-axis': 'Give every axis at least one point, and finite coordinates that go one way.',
  'landscape-shape': 'Save every quantity with one value for each point of the grid.',
  'landscape-values': 'Save at least one quantity of numbers on the grid.',

  'hdf5-signature': 'Give an HDF5 file (.h5, .hdf5), without a user block before its signature.',
  'hdf5-damaged': 'Save or copy the file again.',
  'hdf5-link': 'Copy what it names into the file itself (h5py: file.copy); links are never followed.',
  'hdf5-virtual': 'Save the numbers themselves in the file; nothing is read from other files.',
  'hdf5-depth': 'Put the arrays at most 16 groups deep, and no group into itself.',
  'hdf5-objects': 'Keep fewer than 20,000 groups, arrays and attributes in a file.',
  'hdf5-claims':
    'Save it again with its numbers; arrays may hold 1,000 times the bytes of the file, 2 GiB, 32 axes and 10,000 texts.',
  'hdf5-memory': 'Keep only the arrays of the landscape in the file.',
  'hdf5-time': 'Keep only the arrays of the landscape in the file, uncompressed.',

  'landscape-numbering': 'Number the tensors of a direction 0, 1, 2 … without a gap.',
  'landscape-direction': 'Give the direction file that belongs to the model.',
  'landscape-version': 'Open it with a newer version of Saddlescope.',
  'landscape-projection': 'Give a projection file of loss-landscape (proj_xcoord, proj_ycoord).',
} as const;

export type FormatRule = keyof typeof adviceByRule;
export const formatRules = Object.keys(adviceByRule) as FormatRule[];

/** A file breaks the named rule; `found` says what was there, the advice belongs to the rule. */
export class FormatError extends BadInput {
  readonly rule: FormatRule;

  constructor(rule: FormatRule, found: string) {
    // Places are written as they stand within a sentence; names of files keep their own first letter.
    super(
      found.replace(/^(the|entry|tensor) /, (word) => word[0]!.toUpperCase() + word.slice(1)),
      adviceByRule[rule],
    );
    this.rule = rule;
  }
}

/** Text out of a file, made safe to show: control and format characters escaped, cut after 80 characters. */
export function shown(text: string): string {
  const escaped = Array.from(text.slice(0, 80), (character) =>
    /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? `\\u{${character.codePointAt(0)!.toString(16)}}` : character,
  ).join('');
  return `"${escaped}${text.length > 80 ? '…' : ''}"`;
}
