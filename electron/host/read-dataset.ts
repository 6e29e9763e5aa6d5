import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import type { Dataset } from '../../core/data/dataset.ts';
import { datasetFromFile, type FileDatasetOptions } from '../../core/data/dataset-from-file.ts';
import { FormatError } from '../../core/formats/format-error.ts';
import { limits } from '../../core/formats/limits.ts';

export interface ReadDatasetOptions extends Omit<FileDatasetOptions, 'labels'> {
  /** Path of the labels of an IDX or .npy file; else found beside it by the names of the MNIST files. */
  readonly labels?: string;
}

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['does not exist', 'Check the path.'],
  ENOTDIR: ['does not exist', 'Check the path.'],
  EACCES: ['may not be read', 'Check the permissions of the file.'],
  EPERM: ['may not be read', 'Check the permissions of the file.'],
  EISDIR: ['is a folder', 'Give the path of a file.'],
};

export function unreadable(file: string, problem: unknown): unknown {
  const code = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return reason === undefined ? problem : new BadInput(`The file ${file} ${reason[0]}.`, reason[1]);
}

/**
 * A file's bytes, its size held against the limit before memory is taken. Throws BadInput where it is missing, a folder,
 * no regular file, forbidden or too large.
 */
export async function readBoundedFile(file: string, maxBytes: number = limits.fileBytes): Promise<Uint8Array> {
  try {
    // A pipe would block open() for ever, so the kind is asked first.
    const before = await stat(file);
    if (before.isDirectory()) throw new BadInput(`The file ${file} is a folder.`, 'Give the path of a file.');
    if (!before.isFile()) throw new BadInput(`${file} is no regular file.`, 'Copy its content into a file.');
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) throw new FormatError('file-too-large', `The file ${file} has ${size} bytes.`);
      const bytes = new Uint8Array(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
        if (bytesRead === 0) throw new BadInput(`The file ${file} became shorter while it was read.`, 'Try again.');
        filled += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (problem) {
    throw unreadable(file, problem);
  }
}

/** What is wrong inside a file is told with the file's name. */
export function namingFile(file: string, problem: unknown): unknown {
  if (!(problem instanceof BadInput) || problem.found.includes(path.basename(file))) return problem;
  return new BadInput(`${file}: ${problem.found}`, problem.advice);
}

/** train-images-idx3-ubyte[.gz] → train-labels-idx1-ubyte[.gz], likewise .npy; null for files that hold both. */
export function labelsBeside(file: string): string | null {
  const base = path.basename(file);
  if (!/(ubyte|\.idx|\.npy)(\.gz)?$/i.test(base)) return null;
  const labels = base.replace('images', 'labels').replace('idx3', 'idx1');
  return labels === base ? null : path.join(path.dirname(file), labels);
}

/**
 * The examples in a file: see `datasetFromFile` for the formats. Throws BadInput; the data set is named by the file's
 * base name.
 */
export async function readDataset(file: string, options: ReadDatasetOptions = {}): Promise<Dataset> {
  try {
    return await datasetOf(file, options);
  } catch (problem) {
    throw namingFile(file, problem);
  }
}

async function datasetOf(file: string, { labels: given, ...rest }: ReadDatasetOptions): Promise<Dataset> {
  const bytes = await readBoundedFile(file);
  const labelsFile = given ?? labelsBeside(file);
  if (labelsFile === null) return datasetFromFile(path.basename(file), bytes, rest);
  const labels = { name: path.basename(labelsFile), bytes: await readBoundedFile(labelsFile) };
  return datasetFromFile(path.basename(file), bytes, { ...rest, labels });
}
