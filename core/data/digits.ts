import { BadInput } from '../bad-input.ts';
import { readNpz } from '../formats/npz.ts';
import type { Dataset } from './dataset.ts';
import { intensitiesOf } from './pixels.ts';

const trainingDigits = 8000;
const side = 28;
const padding = 2;
const cell = 4;

interface AllDigits {
  readonly bytes: Uint8Array;
  readonly labels: Uint8Array;
}

/** Inflating takes longer than all else; both splits, and every further data set of a process, share one file. */
const inflated = new WeakMap<Uint8Array, AllDigits>();

function allDigits(file: Uint8Array): AllDigits {
  const known = inflated.get(file);
  if (known) return known;
  const arrays = readNpz(file);
  const [x, y] = [arrays.get('x'), arrays.get('y')];
  const whole = x?.data instanceof Uint8Array && y?.data instanceof Uint8Array && x.shape.join() === '10000,28,28,1';
  if (!whole || y.data.length !== 10_000) {
    throw new BadInput('The bundled digits are not the expected 10,000 images.', 'Restore assets/data/digits.npz.');
  }
  const all = { bytes: x.data as Uint8Array, labels: y.data as Uint8Array };
  inflated.set(file, all);
  return all;
}

/** The digits of assets/data/digits.npz: the first 8,000 train, the last 2,000 test. */
function rawDigits(file: Uint8Array, split: 'train' | 'test'): { bytes: Uint8Array; labels: Int32Array } {
  const all = allDigits(file);
  const [from, to] = split === 'train' ? [0, trainingDigits] : [trainingDigits, all.labels.length];
  return {
    bytes: all.bytes.subarray(from * side * side, to * side * side),
    labels: Int32Array.from(all.labels.subarray(from, to)),
  };
}

/** Real MNIST digits, (28, 28, 1), intensity byte/255 in float32. `file` holds the bytes of assets/data/digits.npz. */
export function digits(file: Uint8Array, split: 'train' | 'test'): Dataset {
  const { bytes, labels } = rawDigits(file, split);
  return {
    name: 'digits',
    examples: labels.length,
    inputShape: [side, side, 1],
    inputs: intensitiesOf(bytes),
    targets: { kind: 'classes', classes: 10, labels },
    source: `MNIST digits, bundled, ${split} split`,
  };
}

/** Mean intensity of the 4 × 4 cells of one 28 × 28 image in the middle of 32 × 32 zeros, row-major. */
function cellMeans(image: Uint8Array, out: Float32Array): void {
  const cells = (side + 2 * padding) / cell;
  const sums = new Float64Array(cells * cells);
  for (let row = 0; row < side; row++) {
    const cellRow = Math.floor((row + padding) / cell) * cells;
    for (let column = 0; column < side; column++) {
      sums[cellRow + Math.floor((column + padding) / cell)]! += image[row * side + column]!;
    }
  }
  // The sum of bytes is exact and so is its sixteenth: one rounding to float64, one to float32.
  for (let i = 0; i < sums.length; i++) out[i] = Math.fround(sums[i]! / (cell * cell) / 255);
}

/** The same digits as 64 numbers: zero-padded to 32 × 32, then the mean over 4 × 4 cells. */
export function digits8x8(file: Uint8Array, split: 'train' | 'test'): Dataset {
  const { bytes, labels } = rawDigits(file, split);
  const inputs = new Float32Array(labels.length * 64);
  for (let i = 0; i < labels.length; i++) {
    cellMeans(bytes.subarray(i * side * side, (i + 1) * side * side), inputs.subarray(i * 64, (i + 1) * 64));
  }
  return {
    name: 'digits-8x8',
    examples: labels.length,
    inputShape: [64],
    inputs,
    targets: { kind: 'classes', classes: 10, labels },
    source: `MNIST digits, bundled, ${split} split, padded to 32 × 32 and averaged over 4 × 4`,
  };
}
