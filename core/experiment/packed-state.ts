import type { NumericArray } from '../formats/numeric-array.ts';
import type { HostVector } from '../linalg/vector-space.ts';

/** Plain data with its long vectors taken out: the vectors for a binary file, the rest as text. */
export interface PackedState {
  readonly vectors: ReadonlyMap<string, NumericArray>;
  readonly text: string;
}

const isVector = (value: unknown): value is HostVector =>
  value instanceof Float64Array || value instanceof Float32Array;

const special = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/**
 * Splits plain data (numbers, texts, lists, objects, float vectors) so that `unpackState` gives it back bit for bit.
 * A vector becomes `{ $vector: name }` where name is its path; numbers that JSON cannot write become `{ $number: … }`.
 */
export function packState(state: object): PackedState {
  const vectors = new Map<string, NumericArray>();
  const walk = (value: unknown, path: string): unknown => {
    if (isVector(value)) {
      vectors.set(path, {
        shape: [value.length],
        dtype: value.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32',
        data: value,
      });
      return { $vector: path };
    }
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
    if (Object.is(value, -0)) return { $number: '-0' };
    if (Array.isArray(value)) return value.map((entry, index) => walk(entry, `${path}.${index}`));
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(
        Object.entries(value).map(([key, entry]) => [key, walk(entry, path ? `${path}.${key}` : key)]),
      );
    return value;
  };
  return { text: JSON.stringify(walk(state, '')), vectors };
}

export function unpackState(packed: PackedState): unknown {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    const { $vector, $number } = value as { $vector?: string; $number?: string };
    if ($vector !== undefined) {
      const vector = packed.vectors.get($vector)?.data;
      if (!vector) throw new RangeError(`the vector ${$vector} is missing`);
      return vector;
    }
    if ($number !== undefined) return $number === '-0' ? -0 : special.get($number);
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, walk(entry)]));
  };
  return walk(JSON.parse(packed.text));
}
