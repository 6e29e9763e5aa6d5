import { BadInput } from '../bad-input.ts';
import { type CifarKind, cifarClasses, cifarRecordBytes, readCifar } from '../formats/cifar.ts';
import { type CsvOptions, readCsv } from '../formats/csv.ts';
import { FormatError, shown } from '../formats/format-error.ts';
import { gunzip, isGzip } from '../formats/gzip.ts';
import { isIdx, readIdx } from '../formats/idx.ts';
import { limits } from '../formats/limits.ts';
import { readNpy } from '../formats/npy.ts';
import { readNpz } from '../formats/npz.ts';
import { type ElementType, elementCount, type NumericArray } from '../formats/numeric-array.ts';
import type { HostVector } from '../linalg/vector-space.ts';
import type { Dataset, Targets } from './dataset.ts';
import { intensitiesOf } from './pixels.ts';

export interface FileDatasetOptions {
  /** IDX and .npy hold one array a file: the labels' file. */
  readonly labels?: { readonly name: string; readonly bytes: Uint8Array };
  /** CSV: the column of the targets; `label`, `y` or `target` where not given. */
  readonly labelColumn?: string;
  readonly delimiter?: NonNullable<CsvOptions['delimiter']>;
  readonly cifar?: CifarKind;
  /** What the targets mean; else whole non-negative numbers are classes if they are integers in the file or text. */
  readonly targets?: 'classes' | 'values';
  /** Number of classes; else the largest label + 1 (CIFAR: 10 or 100). */
  readonly classes?: number;
}

/** Inputs (examples first) and targets as the file holds them. */
interface Found {
  readonly x: NumericArray;
  readonly y: NumericArray;
  readonly xPlace: string;
  readonly yPlace: string;
  readonly format: string;
  /** Targets whose type does not say what they mean (CSV): whole numbers count as classes. */
  readonly untyped?: boolean;
  readonly classes?: number;
}

type FoundTargets = Pick<Found, 'y' | 'yPlace' | 'untyped' | 'classes'>;

const isMagic = (bytes: Uint8Array, ...magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
const isZip = (bytes: Uint8Array) => isMagic(bytes, 0x50, 0x4b);
const isNpy = (bytes: Uint8Array) => isMagic(bytes, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

function unpacked(name: string, bytes: Uint8Array): { name: string; bytes: Uint8Array } {
  if (!isGzip(bytes)) return { name, bytes };
  return { name: name.replace(/\.gz$/i, ''), bytes: gunzip(bytes, name) };
}

function fromNpz(name: string, bytes: Uint8Array): Found {
  const arrays = readNpz(bytes);
  const [x, y] = [arrays.get('x'), arrays.get('y')];
  if (x === undefined || y === undefined) {
    const found = [...arrays.keys()].map(shown).join(', ') || 'none';
    throw new BadInput(
      `${name} holds the arrays ${found}.`,
      'Save the inputs as x and the targets as y: numpy.savez(file, x=…, y=…).',
    );
  }
  return { x, y, xPlace: `x of ${name}`, yPlace: `y of ${name}`, format: 'npz' };
}

function singleArray(name: string, bytes: Uint8Array): { array: NumericArray; format: string } {
  const raw = unpacked(name, bytes);
  if (isNpy(raw.bytes)) return { array: readNpy(raw.bytes, name), format: 'npy' };
  return { array: readIdx(raw.bytes, name), format: 'IDX' };
}

function fromPair(name: string, bytes: Uint8Array, { labels }: FileDatasetOptions): Found {
  const { array, format } = singleArray(name, bytes);
  if (labels === undefined) {
    throw new BadInput(`${name} holds one array and no labels.`, 'Give the file of the labels too.');
  }
  const y = singleArray(labels.name, labels.bytes).array;
  // IDX images come without a channel axis; layers for images want one.
  const images = format === 'IDX' && array.shape.length === 3;
  const x = images ? { ...array, shape: [...array.shape, 1] } : array;
  return { x, y, xPlace: name, yPlace: labels.name, format };
}

function cifarKind(name: string, bytes: Uint8Array, { cifar }: FileDatasetOptions): CifarKind {
  if (cifar !== undefined) return cifar;
  const kinds = (['cifar-10', 'cifar-100'] as const).filter((kind) => bytes.length % cifarRecordBytes(kind) === 0);
  if (kinds.length === 1) return kinds[0]!;
  if (kinds.length === 0) {
    throw new FormatError(
      'cifar-size',
      `${name} has ${bytes.length} bytes, no multiple of a CIFAR-10 or CIFAR-100 record.`,
    );
  }
  throw new BadInput(`${name} fits CIFAR-10 and CIFAR-100 by its size.`, 'State which it is.');
}

function fromCifar(name: string, bytes: Uint8Array, options: FileDatasetOptions): Found {
  const kind = cifarKind(name, bytes, options);
  const { images, labels } = readCifar(bytes, kind, name);
  return { x: images, y: labels, xPlace: name, yPlace: `labels of ${name}`, format: kind, classes: cifarClasses[kind] };
}

function fromCsv(name: string, bytes: Uint8Array, { labelColumn, delimiter }: FileDatasetOptions): Found {
  const { columns, rows, data } = readCsv(bytes, { delimiter: delimiter ?? (/\.tsv$/i.test(name) ? '\t' : ',') });
  const wanted = labelColumn === undefined ? ['label', 'y', 'target'] : [labelColumn];
  const at = columns.findIndex((column) => wanted.includes(column));
  if (at < 0 || columns.length < 2) {
    const list = columns.slice(0, 12).map(shown).join(', ');
    throw new BadInput(
      `${name} has the columns ${list}${columns.length > 12 ? ', …' : ''} and none beside others called ${wanted.join(' or ')}.`,
      'Name the column of the labels.',
    );
  }
  const width = columns.length - 1;
  const x = new Float64Array(rows * width);
  const y = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const record = data.subarray(row * columns.length, (row + 1) * columns.length);
    y[row] = record[at]!;
    x.set(record.subarray(0, at), row * width);
    x.set(record.subarray(at + 1), row * width + at);
  }
  return {
    x: { shape: [rows, width], dtype: 'float64', data: x },
    y: { shape: [rows], dtype: 'float64', data: y },
    xPlace: name,
    yPlace: `column ${shown(columns[at]!)} of ${name}`,
    format: 'CSV',
    untyped: true,
  };
}

function find(name: string, given: Uint8Array, options: FileDatasetOptions): Found {
  const { name: inner, bytes } = unpacked(name, given);
  if (bytes.length === 0) throw new FormatError('file-empty', `${name} is empty.`);
  if (isZip(bytes)) return fromNpz(name, bytes);
  if (isNpy(bytes)) return fromPair(name, bytes, options);
  if (options.cifar !== undefined || /\.bin$/i.test(inner)) return fromCifar(name, bytes, options);
  if (/\.(csv|tsv|txt)$/i.test(inner)) return fromCsv(inner, bytes, options);
  if (isIdx(bytes)) return fromPair(name, bytes, options);
  throw new FormatError('unknown-format', `${name} is no file of examples that is known.`);
}

/** "x[3, 0, 27]" of a flat place. */
function elementPlace(place: string, shape: readonly number[], flat: number): string {
  const index: number[] = [];
  let rest = flat;
  for (const extent of [...shape].reverse()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return `element [${index.join(', ')}] of ${place}`;
}

function checkFinite(values: ArrayLike<number>, shape: readonly number[], place: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new BadInput(
      `The ${elementPlace(place, shape, i)} is ${values[i]}.`,
      'Remove or replace examples with such numbers.',
    );
  }
}

const narrow = new Set<ElementType>(['float32', 'float16', 'bfloat16', 'int8', 'int16', 'uint16', 'bool']);

/** Bytes become intensities byte/255; what float32 holds exactly becomes float32; the rest float64. */
function hostInputs({ x, xPlace }: Found): HostVector {
  const bytes = 4 * x.data.length;
  if (x.dtype === 'uint8' && bytes > limits.arrayBytes) {
    throw new FormatError('array-too-large', `${xPlace} takes ${bytes} bytes in float32.`);
  }
  if (x.dtype === 'uint8') return intensitiesOf(x.data as Uint8Array);
  return narrow.has(x.dtype) ? Float32Array.from(x.data) : Float64Array.from(x.data);
}

/** Labels as integers; a number that is none, or out of range, is named with its place. */
function classTargets({ y, yPlace, classes: known }: FoundTargets, { classes: stated }: FileDatasetOptions): Targets {
  const labels = Int32Array.from(y.data);
  const classes = stated ?? known ?? Math.max(2, labels.reduce((most, label) => Math.max(most, label), 0) + 1);
  for (let i = 0; i < labels.length; i++) {
    const value = y.data[i]!;
    if (!Number.isInteger(value) || value < 0 || value >= classes || value !== labels[i]) {
      throw new BadInput(
        `The ${elementPlace(yPlace, [labels.length], i)} is ${value}, no class from 0 to ${classes - 1}.`,
        'Number the classes from 0, or state how many there are.',
      );
    }
  }
  return { kind: 'classes', classes, labels };
}

const isInteger = (dtype: ElementType) => !/float/.test(dtype);

function targetsOf(found: FoundTargets, options: FileDatasetOptions): Targets {
  const { y, yPlace, untyped } = found;
  const column = y.shape.length === 1 || (y.shape.length === 2 && y.shape[1] === 1);
  const whole = () => y.data.every((value: number) => Number.isInteger(value) && value >= 0 && value < 1e6);
  const kind =
    options.targets ?? (column && (isInteger(y.dtype) || (untyped === true && whole())) ? 'classes' : 'values');
  if (kind === 'values') {
    if (y.shape.length > 2) {
      throw new BadInput(
        `${yPlace} has the shape ${y.shape.join(' × ')}.`,
        'Give one row of target values an example.',
      );
    }
    checkFinite(y.data, y.shape, yPlace);
    const values = narrow.has(y.dtype) ? Float32Array.from(y.data) : Float64Array.from(y.data);
    return { kind, width: y.shape[1] ?? 1, values };
  }
  if (!column) {
    throw new BadInput(`${yPlace} has the shape ${y.shape.join(' × ')}.`, 'Give one class number an example.');
  }
  return classTargets(found, options);
}

function checkShapes({ x, y, xPlace, yPlace }: Found): void {
  if (x.shape.length === 0 || y.shape.length === 0) {
    throw new BadInput(`${x.shape.length === 0 ? xPlace : yPlace} is a single number.`, 'Give one row an example.');
  }
  if (x.shape[0] !== y.shape[0]) {
    throw new BadInput(
      `${xPlace} has ${x.shape[0]} examples but ${yPlace} has ${y.shape[0]}.`,
      'Give as many targets as inputs, examples along the first axis.',
    );
  }
  if (elementCount(x.shape) === 0 || elementCount(y.shape) === 0) {
    throw new BadInput(`${xPlace} holds no examples (shape ${x.shape.join(' × ')}).`, 'Give at least one example.');
  }
}

/**
 * Examples out of a file's bytes: npz (x, y), a pair of IDX or .npy files, CIFAR-10/100 binaries, CSV or TSV with a
 * label column, each also gzipped. Unsigned bytes are read as intensities byte/255. Throws BadInput (broken rules of a
 * format as FormatError) for NaN or infinite inputs, unequal counts, and labels out of range, naming the place.
 */
export function datasetFromFile(name: string, bytes: Uint8Array, options: FileDatasetOptions = {}): Dataset {
  const { classes } = options;
  if (classes !== undefined && (!Number.isInteger(classes) || classes < 2)) {
    throw new BadInput(`The number of classes is ${classes}.`, 'Give a whole number of at least 2.');
  }
  const found = find(name, bytes, options);
  checkShapes(found);
  const inputs = hostInputs(found);
  checkFinite(inputs, found.x.shape, found.xPlace);
  const scaled = found.x.dtype === 'uint8' ? ', bytes divided by 255' : '';
  return {
    name,
    examples: found.x.shape[0]!,
    inputShape: found.x.shape.length === 1 ? [1] : found.x.shape.slice(1),
    inputs,
    targets: targetsOf(found, options),
    source: `${name} (${found.format}${scaled})`,
  };
}

/**
 * The targets of `examples` inputs that are read elsewhere, out of the bytes of their own IDX or .npy file. Throws
 * BadInput.
 */
export function targetsFromFile(
  name: string,
  bytes: Uint8Array,
  examples: number,
  options: Pick<FileDatasetOptions, 'targets' | 'classes'> = {},
): Targets {
  const { array: y } = singleArray(name, bytes);
  if (y.shape[0] !== examples) {
    throw new BadInput(
      `${name} has ${y.shape[0] ?? 'no'} examples but the inputs have ${examples}.`,
      'Give as many targets as inputs, examples along the first axis.',
    );
  }
  return targetsOf({ y, yPlace: name }, options);
}
