import { FormatError, shown } from '../format-error.ts';
import { type ElementType, elementCount, type NumericArray } from '../numeric-array.ts';

/** What of an HDF5 file is looked at: groups, arrays and attributes, as plain data. Maps, because names are the file's. */
export interface Hdf5Group {
  readonly kind: 'group';
  readonly attributes: ReadonlyMap<string, Hdf5Value>;
  readonly members: ReadonlyMap<string, Hdf5Node>;
}

export interface Hdf5Dataset {
  readonly kind: 'dataset';
  readonly attributes: ReadonlyMap<string, Hdf5Value>;
  readonly value: Hdf5Value;
}

export type Hdf5Node = Hdf5Group | Hdf5Dataset;

export interface Hdf5Texts {
  readonly shape: readonly number[];
  readonly dtype: 'text';
  readonly data: readonly string[];
}

/** An array of a type that no landscape has (compound, reference, opaque …): its values are never read. */
export interface Hdf5Unread {
  readonly shape: readonly number[];
  readonly dtype: 'unread';
  readonly data: null;
}

/** Row-major, as the file has it: the last axis fastest. */
export type Hdf5Value = NumericArray | Hdf5Texts | Hdf5Unread;

export const isNumeric = (value: Hdf5Value): value is NumericArray =>
  value.dtype !== 'text' && value.dtype !== 'unread';

/** `xcoordinates` or `path/steps` below a group; undefined where there is none. */
export function nodeAt(root: Hdf5Group, path: string): Hdf5Node | undefined {
  let node: Hdf5Node | undefined = root;
  for (const name of path.split('/')) node = node?.kind === 'group' ? node.members.get(name) : undefined;
  return node;
}

/** The numbers of a dataset as float64; null where there is no such dataset. Throws FormatError where it is no numbers. */
export function numbersAt(root: Hdf5Group, path: string): { shape: readonly number[]; data: Float64Array } | null {
  const node = nodeAt(root, path);
  if (node === undefined) return null;
  if (node.kind !== 'dataset' || !isNumeric(node.value))
    throw new FormatError('landscape-values', `The file's ${shown(path)} is no array of numbers.`);
  return { shape: node.value.shape, data: Float64Array.from(node.value.data) };
}

/** The text of a dataset or attribute; null where there is none. */
export function textOf(value: Hdf5Value | undefined): string | null {
  return value?.dtype === 'text' && value.data.length === 1 ? value.data[0]! : null;
}

export function textAt(root: Hdf5Group, path: string): string | null {
  const node = nodeAt(root, path);
  return node?.kind === 'dataset' ? textOf(node.value) : null;
}

/** Names of a group as numbers 0, 1, … in their numeric order; HDF5 lists "10" before "2". */
export function numberedMembers(group: Hdf5Group, place: string): Hdf5Node[] {
  return Array.from({ length: group.members.size }, (_, i) => {
    const node = group.members.get(String(i));
    if (node === undefined)
      throw new FormatError(
        'landscape-numbering',
        `The group ${place} has ${group.members.size} members but no "${i}".`,
      );
    return node;
  });
}

type Plain = Float64Array | string | readonly string[] | NumericArray | Hdf5Dataset | Hdf5Group;

const isTexts = (value: Plain): value is readonly string[] => Array.isArray(value);

function plainValue(value: Float64Array | string | readonly string[] | NumericArray): Hdf5Value {
  if (typeof value === 'string') return { shape: [], dtype: 'text', data: [value] };
  if (isTexts(value)) return { shape: [value.length], dtype: 'text', data: value };
  if (value instanceof Float64Array) return { shape: [value.length], dtype: 'float64', data: value };
  return value;
}

const attributesOf = (given: Readonly<Record<string, number | string>>): Map<string, Hdf5Value> =>
  new Map(
    Object.entries(given).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? plainValue(value)
        : { shape: [], dtype: 'float64' as const, data: Float64Array.of(value) },
    ]),
  );

/** A dataset to be written. */
export const dataset = (
  value: Float64Array | string | readonly string[] | NumericArray,
  attributes: Readonly<Record<string, number | string>> = {},
): Hdf5Dataset => ({ kind: 'dataset', value: plainValue(value), attributes: attributesOf(attributes) });

/** A group to be written; members that are null are left out. */
export function group(
  members: Readonly<Record<string, Plain | null>> | Iterable<readonly [string, Plain | null]>,
  attributes: Readonly<Record<string, number | string>> = {},
): Hdf5Group {
  const entries = Symbol.iterator in members ? [...members] : Object.entries(members);
  const kept = entries.flatMap(([name, value]) => {
    if (value === null) return [];
    const isNode = typeof value === 'object' && 'kind' in value;
    return [[name, isNode ? value : dataset(value)] as const];
  });
  return { kind: 'group', members: new Map(kept), attributes: attributesOf(attributes) };
}

/** Numbers with a shape, checked. */
export function array(
  data: NumericArray['data'],
  shape: readonly number[],
  dtype: ElementType = 'float64',
): NumericArray {
  if (elementCount(shape) !== data.length)
    throw new RangeError(`shape ${shape.join(' × ')} does not hold ${data.length} elements`);
  return { shape, dtype, data };
}

/** A name that HDF5 can hold: slashes, control characters and a lone dot are escaped as in addresses. */
export const hdf5Name = (text: string): string =>
  text === '' || /^\.+$/.test(text)
    ? `%${[...text].map(() => '2E').join('%')}`
    : text.replace(/\p{Cs}/gu, '\uFFFD').replace(/[%/\p{Cc}]/gu, (character) => `%${hexOf(character)}`);

const hexOf = (character: string): string => character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0');

/** The text behind `hdf5Name`. */
export const fromHdf5Name = (name: string): string =>
  name === '%'
    ? ''
    : name.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
