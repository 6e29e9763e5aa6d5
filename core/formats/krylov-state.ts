import { BadInput } from '../bad-input.ts';
import type { FoundPairState, LanczosProcessState, LanczosState } from '../linalg/eigenpairs/lanczos-state.ts';
import type { HostVector } from '../linalg/vector-space.ts';
import { crc32 } from './crc32.ts';
import { limits } from './limits.ts';
import { type NumericArray, storedBytes } from './numeric-array.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const format = 'lanczos-state-1';
const advice = 'Begin the search anew without this file.';
const counterNames = [
  'products',
  'scale',
  'asymmetry',
  'restarts',
  'furtherStarts',
  'firstRunProducts',
  'runStart',
  'nextCheck',
] as const;
const realCounters: readonly string[] = ['scale', 'asymmetry'];
const emptySum = '00000000';

/**
 * The state of a Lanczos search as a safetensors file: every vector a tensor in the precision of the space, numbers in
 * float64, so that every bit comes back. The metadata name the problem by a text of the caller's (experiment, step,
 * operator, parameters) and hold the CRC-32 of the whole file with that sum written as zeros.
 *
 * Throws BadInput where the file would be larger than `readKrylovState` takes.
 */
export function writeKrylovState(state: LanczosState, problem: string): Uint8Array<ArrayBuffer> {
  const { process, found, wanted, dim, precision } = state;
  const tensors = new Map<string, NumericArray>();
  const numbers = (name: string, values: readonly number[]) =>
    tensors.set(name, { shape: [values.length], dtype: 'float64', data: Float64Array.from(values) });
  const vectors = (name: string, rows: readonly HostVector[]) => {
    numbers(`${name}.count`, [rows.length]);
    for (const [i, data] of rows.entries()) tensors.set(`${name}.${i}`, { shape: [dim], dtype: precision, data });
  };
  numbers('dim', [dim]);
  numbers('wanted', [wanted.top, wanted.bottom, wanted.magnitude, Number(state.verifyMultiplicity)]);
  numbers('randomKey', state.randomKey);
  numbers(
    'counters',
    counterNames.map((name) => state[name]),
  );
  numbers('locked', state.locked);
  // A pair without a deviation has NaN there; either all pairs have vectors or none has.
  numbers(
    'found',
    found.flatMap(({ value, estimate, deviation, gap, run }) => [value, estimate, deviation ?? Number.NaN, gap, run]),
  );
  vectors(
    'foundVectors',
    found.flatMap(({ vector }) => vector ?? []),
  );
  vectors('closedBases', state.closedBases);
  if (process !== null) {
    numbers('alpha', process.alpha);
    numbers('beta', process.beta);
    numbers('processCounters', [process.products, process.scale, process.asymmetry]);
    vectors('basis', process.basis);
    vectors('next', process.next === null ? [] : [process.next]);
  }
  requireFileSize(tensors);
  const bytes = writeSafetensors(
    tensors,
    new Map([
      ['format', format],
      ['precision', precision],
      ['problem', problem],
      ['sum', emptySum],
    ]),
  );
  bytes.set(new TextEncoder().encode(hexadecimal(crc32(bytes))), placeOfSum(bytes));
  return bytes;
}

/**
 * The state that `writeKrylovState` wrote for this problem. Throws BadInput where the file is damaged, of another kind or
 * of another problem; never gives a part.
 */
export function readKrylovState(bytes: Uint8Array, problem: string): LanczosState {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.get('format') !== format) throw new BadInput('The file is no stored Lanczos search.', advice);
  requireSum(bytes, metadata.get('sum'));
  if (metadata.get('problem') !== problem) {
    throw new BadInput('The stored Lanczos search belongs to another problem or other settings.', advice);
  }
  const numbers = (name: string, count?: number): number[] => {
    const array = tensors.get(name);
    if (array?.dtype !== 'float64' || array.shape.length !== 1) damaged(`it has no numbers ${name}`);
    if (count !== undefined && array.data.length !== count) damaged(`it has ${array.data.length} numbers ${name}`);
    return Array.from(array.data);
  };
  const wholes = (name: string, count?: number): number[] => {
    const values = numbers(name, count);
    return values.every((value) => Number.isSafeInteger(value)) ? values : damaged(`its ${name} are not whole`);
  };
  const [dim] = wholes('dim', 1) as [number];
  const precision = metadata.get('precision');
  if (dim < 1 || (precision !== 'float64' && precision !== 'float32')) damaged('it has no space of vectors');
  const vectors = (name: string): HostVector[] => {
    const [count] = wholes(`${name}.count`, 1) as [number];
    if (count < 0 || count > tensors.size) damaged(`it has ${count} vectors ${name}`);
    return Array.from({ length: count }, (_, i) => {
      const array = tensors.get(`${name}.${i}`);
      if (array?.dtype !== precision || array.shape.length !== 1 || array.shape[0] !== dim)
        damaged(`it has no ${name}`);
      return array.data as HostVector;
    });
  };
  const settings = wholes('wanted', 4) as [number, number, number, number];
  const randomKey = wholes('randomKey', 2) as [number, number];
  if (![...settings, ...randomKey].every((value) => value >= 0)) damaged('its settings are negative');
  const [top, bottom, magnitude, verify] = settings;
  const counters = countersOf(numbers('counters', counterNames.length));
  const found = foundPairs(numbers('found'), vectors('foundVectors'));
  const closedBases = vectors('closedBases');
  const locked = wholes('locked');
  const exists = (place: number) => (place >= 0 ? found[place]?.vector : closedBases[-1 - place]);
  if (!locked.every(exists)) damaged('it locks vectors that it does not have');
  return {
    dim,
    precision,
    wanted: { top, bottom, magnitude },
    verifyMultiplicity: verify === 1,
    randomKey,
    ...counters,
    process: tensors.has('basis.count') ? processOf(numbers, vectors) : null,
    found,
    closedBases,
    locked,
  };
}

function countersOf(values: readonly number[]): Record<(typeof counterNames)[number], number> {
  const entries = counterNames.map((name, i) => [name, values[i]!] as const);
  for (const [name, value] of entries) {
    if (!(value >= 0) || !Number.isFinite(value) || (!realCounters.includes(name) && !Number.isInteger(value))) {
      damaged(`its counter ${name} is ${value}`);
    }
  }
  return Object.fromEntries(entries) as Record<(typeof counterNames)[number], number>;
}

function foundPairs(numbers: readonly number[], vectors: readonly HostVector[]): FoundPairState[] {
  const count = numbers.length / 5;
  if (!Number.isInteger(count) || (vectors.length !== 0 && vectors.length !== count)) damaged('its pairs do not match');
  return Array.from({ length: count }, (_, i) => {
    const row = numbers.slice(5 * i, 5 * i + 5) as [number, number, number, number, number];
    const [value, estimate, deviation, gap, run] = row;
    const vector = vectors[i] ?? null;
    return { value, estimate, deviation: Number.isNaN(deviation) ? null : deviation, gap, run, vector };
  });
}

function processOf(
  numbers: (name: string, count?: number) => number[],
  vectors: (name: string) => HostVector[],
): LanczosProcessState {
  const basis = vectors('basis');
  const [products, scale, asymmetry] = numbers('processCounters', 3) as [number, number, number];
  const next = vectors('next');
  if (next.length > 1) damaged('it has several next vectors');
  return {
    basis,
    next: next[0] ?? null,
    alpha: numbers('alpha', basis.length),
    beta: numbers('beta', basis.length),
    products,
    scale,
    asymmetry,
  };
}

function requireSum(bytes: Uint8Array, sum: string | undefined): void {
  const copy = bytes.slice();
  const place = placeOfSum(copy);
  if (sum?.length !== emptySum.length || place < 0) damaged('it has no check sum');
  copy.set(new TextEncoder().encode(emptySum), place);
  if (hexadecimal(crc32(copy)) !== sum) damaged('its check sum does not match');
}

/** Of the eight digits, or −1. Quotes inside texts are escaped, so the key cannot be part of one. */
function placeOfSum(bytes: Uint8Array): number {
  const header = new TextDecoder('latin1').decode(bytes.subarray(0, 8 + limits.safetensorsHeaderBytes));
  const key = '"sum":"';
  const at = header.indexOf(key);
  return at < 0 ? -1 : at + key.length;
}

function hexadecimal(sum: number): string {
  return sum.toString(16).padStart(emptySum.length, '0');
}

function requireFileSize(tensors: ReadonlyMap<string, NumericArray>): void {
  let bytes = 0;
  for (const { data, dtype } of tensors.values()) bytes += data.length * storedBytes[dtype];
  if (bytes + limits.safetensorsHeaderBytes <= limits.fileBytes) return;
  throw new BadInput(
    `The state of this search has ${bytes} bytes, more than a file may have.`,
    'Allow fewer basis vectors (maxBasis), or search without storing.',
  );
}

function damaged(how: string): never {
  throw new BadInput(`The stored Lanczos search is damaged: ${how}.`, advice);
}
