/** Growing columns of numbers of equal length; the first is strictly ascending. NaN stands for no number. */
export interface Columns<Name extends string> {
  length: number;
  readonly names: readonly Name[];
  data: Readonly<Record<Name, Float64Array>>;
  /** Of the rows that were appended, every how manieth is kept; the newest row is there beside them. */
  stride: number;
  /** Rows appended since the last one that is kept. */
  sinceKept: number;
}

/**
 * Beyond this many rows every other one is dropped, and from then on only every other one is kept: a screen is a few
 * thousand pixels wide, memory stays flat, and old rows lie as close as new ones. The newest row always is the last.
 */
export const mostRows = 1 << 16;

export function columns<Name extends string>(...names: Name[]): Columns<Name> {
  return { length: 0, names, data: sized(names, 256, null), stride: 1, sinceKept: 0 };
}

function sized<Name extends string>(
  names: readonly Name[],
  capacity: number,
  from: Readonly<Record<Name, Float64Array>> | null,
): Record<Name, Float64Array> {
  const made = {} as Record<Name, Float64Array>;
  for (const name of names) {
    made[name] = new Float64Array(capacity);
    if (from) made[name].set(from[name]);
  }
  return made;
}

/** Rows at or beyond the first entry of the new one are of a time that is made again: it takes their place. */
export function appendRow<Name extends string>(columns: Columns<Name>, row: readonly number[]): void {
  const [first] = columns.names;
  if (first === undefined) return;
  dropWhere(columns, (at) => at >= (row[0] ?? Number.NaN));
  // The last row stood there as the newest only.
  if (columns.sinceKept > 0) columns.length--;
  if (columns.length > 0) columns.sinceKept++;
  if (columns.length === mostRows) thin(columns);
  if (columns.sinceKept === columns.stride) columns.sinceKept = 0;
  if (columns.length === columns.data[first].length)
    columns.data = sized(columns.names, 2 * columns.length, columns.data);
  columns.names.forEach((name, i) => {
    columns.data[name][columns.length] = row[i] ?? Number.NaN;
  });
  columns.length++;
}

/** Keeps every other one of the most rows, an even number: the last one goes. */
function thin<Name extends string>(columns: Columns<Name>): void {
  const kept = columns.length >> 1;
  for (const name of columns.names) {
    const column = columns.data[name];
    for (let i = 0; i < kept; i++) column[i] = column[2 * i] ?? Number.NaN;
  }
  columns.length = kept;
  columns.sinceKept += columns.stride;
  columns.stride *= 2;
}

/** Drops the rows whose first column is beyond `last`. */
export function dropAfter<Name extends string>(columns: Columns<Name>, last: number): void {
  dropWhere(columns, (at) => at > last);
}

/** Drops rows from the end. */
function dropWhere<Name extends string>(columns: Columns<Name>, gone: (at: number) => boolean): void {
  const [first] = columns.names;
  if (first === undefined) return;
  const column = columns.data[first];
  const before = columns.length;
  while (columns.length > 0 && gone(column[columns.length - 1] ?? 0)) columns.length--;
  // Only the last row can be one that is not kept.
  if (columns.length < before) columns.sinceKept = 0;
}

/** The row with the largest first entry ≤ `at`; −1 where there is none. */
export function rowAtOrBefore<Name extends string>(columns: Columns<Name>, at: number): number {
  const [first] = columns.names;
  if (first === undefined) return -1;
  const column = columns.data[first];
  let [low, high] = [-1, columns.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((column[middle] ?? Number.POSITIVE_INFINITY) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
