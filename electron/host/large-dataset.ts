import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import type { AnyDataset, ChunkedDataset, InputRows } from '../../core/data/dataset.ts';
import { targetsFromFile } from '../../core/data/dataset-from-file.ts';
import { intensitiesOf } from '../../core/data/pixels.ts';
import { decodeElements } from '../../core/formats/elements.ts';
import { FormatError } from '../../core/formats/format-error.ts';
import { isIdx, readIdxHeader } from '../../core/formats/idx.ts';
import { limits } from '../../core/formats/limits.ts';
import { type ArrayHeader, readNpyHeader } from '../../core/formats/npy.ts';
import { elementCount, storedBytes } from '../../core/formats/numeric-array.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import {
  labelsBeside,
  namingFile,
  type ReadDatasetOptions,
  readBoundedFile,
  readDataset,
  unreadable,
} from './read-dataset.ts';

/** Inputs above this size in float32 are read when they are needed instead of being held in memory. */
const mostHeldBytes = limits.arrayBytes;

async function readRange(file: string, from: number, length: number, whole: boolean): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (whole && filled < length)
      throw new BadInput(`The file ${file} became shorter while it was read.`, 'Try again.');
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

/** The header of the one array in a .npy or IDX file; null for other formats. */
async function headerOf(file: string): Promise<(ArrayHeader & { readonly idx: boolean }) | null> {
  const start = await readRange(file, 0, limits.npyHeaderBytes + 12, false);
  const place = path.basename(file);
  if (start[0] === 0x93 && start[1] === 0x4e) {
    const { fortran, ...header } = readNpyHeader(start, place);
    if (fortran && header.shape.length > 1)
      throw new BadInput(
        `${place} has its examples along the last axis in memory (Fortran order) and is too large to be turned round.`,
        'Save it with numpy.ascontiguousarray.',
      );
    return { ...header, idx: false };
  }
  return isIdx(start) ? { ...readIdxHeader(start, place), idx: true } : null;
}

const isFloat = (dtype: string) => /float/.test(dtype);

/** Rows by ranges of the file's bytes. Unsigned bytes are intensities byte/255, as in data sets that are in memory. */
function rowsOfFile(file: string, { shape, dtype, little, dataOffset }: ArrayHeader, identity: string): InputRows {
  const width = elementCount(shape.slice(1));
  const rowBytes = width * storedBytes[dtype];
  const place = path.basename(file);
  return {
    identity,
    async read(from, to) {
      const bytes = await readRange(file, dataOffset + from * rowBytes, (to - from) * rowBytes, true);
      const values = decodeElements(bytes, 0, (to - from) * width, dtype, little, place);
      if (dtype === 'uint8') return intensitiesOf(values as Uint8Array);
      if (isFloat(dtype)) checkFinite(values as HostVector, from, width, place);
      return values instanceof Float64Array || values instanceof Float32Array ? values : Float64Array.from(values);
    },
  };
}

function checkFinite(values: HostVector, from: number, width: number, place: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new BadInput(
      `Number ${i % width} of example ${from + Math.floor(i / width)} of ${place} is ${values[i]}.`,
      'Remove or replace examples with such numbers.',
    );
  }
}

/**
 * The examples of a .npy or IDX file and of the file of its labels, the inputs read from the file when they are needed:
 * so there may be more than memory holds. Throws BadInput for what cannot be used; numbers that are not finite are found
 * when their rows are read.
 */
export async function openChunkedDataset(file: string, options: ReadDatasetOptions = {}): Promise<ChunkedDataset> {
  try {
    const { size, mtimeMs } = await stat(file);
    const header = await headerOf(file);
    const place = path.basename(file);
    if (!header)
      throw new BadInput(`${place} cannot be read in pieces.`, 'Save the inputs as .npy or IDX, the labels likewise.');
    const { shape, dtype, dataOffset } = header;
    const [examples = 0] = shape;
    if (shape.length === 0 || elementCount(shape) === 0)
      throw new BadInput(`${place} holds no examples (shape ${shape.join(' × ')}).`, 'Give at least one example.');
    const wanted = dataOffset + elementCount(shape) * storedBytes[dtype];
    if (size !== wanted)
      throw new FormatError(
        size < wanted ? 'npy-truncated' : 'npy-trailing-bytes',
        `${place} has ${size} bytes where its shape ${shape.join(' × ')} wants ${wanted}.`,
      );
    const labels = options.labels ?? labelsBeside(file);
    if (labels === null)
      throw new BadInput(`${place} holds one array and no labels.`, 'Give the file of the labels too.');
    const targets = targetsFromFile(path.basename(labels), await readBoundedFile(labels), examples, options);
    // IDX images come without a channel axis; layers for images want one.
    const inner = header.idx && shape.length === 3 ? [...shape.slice(1), 1] : shape.slice(1);
    return {
      name: place,
      examples,
      inputShape: inner.length === 0 ? [1] : inner,
      rows: rowsOfFile(file, header, `${size} bytes of ${new Date(mtimeMs).toISOString()}`),
      targets,
      source: `${place} (read in pieces${dtype === 'uint8' ? ', bytes divided by 255' : ''})`,
    };
  } catch (problem) {
    throw namingFile(file, unreadable(file, problem));
  }
}

/** The examples in a file, in memory where they fit, else read in pieces where the format allows it. */
export async function readAnyDataset(file: string, options: ReadDatasetOptions = {}): Promise<AnyDataset> {
  const header = await headerOf(file).catch(() => null);
  const large = header !== null && 4 * elementCount(header.shape) > mostHeldBytes;
  return large ? openChunkedDataset(file, options) : readDataset(file, options);
}
