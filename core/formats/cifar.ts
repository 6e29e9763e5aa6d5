import { FormatError } from './format-error.ts';
import { limits } from './limits.ts';
import type { NumericArray } from './numeric-array.ts';

/**
 * The binary versions of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of one label byte (CIFAR-100: coarse, then
 * fine) and 3,072 bytes of a 32 × 32 image, first all red, then all green, then all blue, each row-major.
 */
export type CifarKind = 'cifar-10' | 'cifar-100';

export interface Cifar {
  /** uint8, (examples, 32, 32, 3): channels last. */
  readonly images: NumericArray;
  /** uint8, (examples,): the class, for CIFAR-100 the fine one. */
  readonly labels: NumericArray;
  /** CIFAR-100 only: the superclass. */
  readonly coarseLabels: NumericArray | null;
}

const pixels = 32 * 32;
const channels = 3;
const labelBytes = { 'cifar-10': 1, 'cifar-100': 2 } as const;
export const cifarClasses = { 'cifar-10': 10, 'cifar-100': 100 } as const;
const coarseClasses = 20;

export const cifarRecordBytes = (kind: CifarKind): number => labelBytes[kind] + pixels * channels;

/** Images and labels of a batch file. Throws FormatError for a broken size or a label out of range, with its record. */
export function readCifar(bytes: Uint8Array, kind: CifarKind, place = 'the CIFAR file'): Cifar {
  if (bytes.length === 0) throw new FormatError('file-empty', `${place} is empty.`);
  if (bytes.length > limits.arrayBytes) throw new FormatError('array-too-large', `${place} has ${bytes.length} bytes.`);
  const record = cifarRecordBytes(kind);
  if (bytes.length % record !== 0) {
    throw new FormatError(
      'cifar-size',
      `${place} has ${bytes.length} bytes, no multiple of the ${record} of a ${kind} record.`,
    );
  }
  const examples = bytes.length / record;
  const images = new Uint8Array(examples * pixels * channels);
  const labels = new Uint8Array(examples);
  const coarse = new Uint8Array(kind === 'cifar-100' ? examples : 0);
  for (let example = 0; example < examples; example++) {
    let from = example * record;
    if (kind === 'cifar-100') coarse[example] = labelAt(bytes, from++, coarseClasses, example, place);
    labels[example] = labelAt(bytes, from++, cifarClasses[kind], example, place);
    let to = example * pixels * channels;
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++) images[to++] = bytes[from + channel * pixels + pixel]!;
    }
  }
  return {
    images: { shape: [examples, 32, 32, channels], dtype: 'uint8', data: images },
    labels: { shape: [examples], dtype: 'uint8', data: labels },
    coarseLabels: kind === 'cifar-100' ? { shape: [examples], dtype: 'uint8', data: coarse } : null,
  };
}

function labelAt(bytes: Uint8Array, at: number, classes: number, example: number, place: string): number {
  const label = bytes[at]!;
  if (label >= classes) {
    throw new FormatError('cifar-label', `Record ${example} of ${place} has the label ${label} of ${classes} classes.`);
  }
  return label;
}
