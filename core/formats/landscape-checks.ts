import { FormatError, shown } from './format-error.ts';
import type { LandscapeFile } from './landscape-file.ts';
import type { NumericArray } from './numeric-array.ts';

/** The numbers of an array in double precision, whatever type the file has them in. */
export const float64Of = ({ data }: NumericArray): Float64Array => Float64Array.from(data);

/** The coordinates of an axis: a list of finite numbers that go one way. Throws FormatError. */
export function axisOf(name: string, array: NumericArray): Float64Array {
  const bad = (what: string) => new FormatError('landscape-axis', `The axis ${shown(name)} ${what}.`);
  if (array.shape.length !== 1) throw bad(`has the shape (${array.shape.join(', ')})`);
  const coordinates = float64Of(array);
  if (coordinates.length === 0) throw bad('has no points');
  const odd = coordinates.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) throw bad(`has the coordinate ${coordinates[odd]} at place ${odd}`);
  const up = coordinates[coordinates.length - 1]! > coordinates[0]!;
  const turn = coordinates.findIndex(
    (value, i) => i > 0 && (up ? !(value > coordinates[i - 1]!) : !(value < coordinates[i - 1]!)),
  );
  if (turn > 0) throw bad(`goes from ${coordinates[turn - 1]} to ${coordinates[turn]} at place ${turn}`);
  return coordinates;
}

/** Refuses an array that has another shape than the grid. */
export function hasShape(name: string, array: NumericArray, shape: readonly number[]): void {
  if (array.shape.length === shape.length && array.shape.every((length, axis) => length === shape[axis])) return;
  const told = (lengths: readonly number[]) => `(${lengths.slice(0, 6).join(', ')}${lengths.length > 6 ? ', …' : ''})`;
  throw new FormatError(
    'landscape-shape',
    `The array ${shown(name)} has the shape ${told(array.shape)} where the grid has ${told(shape)}.`,
  );
}

/** Every value of it is in the file. */
export const allComputed = (count: number): Uint8Array => new Uint8Array(count).fill(1);

export const isComplete = (computed: Uint8Array): boolean => !computed.includes(0);

export const shapeName = ({ axes }: Pick<LandscapeFile, 'axes'>): string =>
  ['point', 'line', 'plane', 'volume'][axes.length] ?? 'grid';

/** `51 × 31` */
export const extentText = ({ axes }: Pick<LandscapeFile, 'axes'>): string =>
  axes.map(({ coordinates }) => coordinates.length).join(' × ');
