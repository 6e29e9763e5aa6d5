/** Growing columns of numbers of equal length; the first is ascending. NaN stands for no number. */
export interface Columns<Name extends string> {
  length: number;
  readonly names: readonly Name[];
  data: Readonly<Record<Name, Float64Array>>;
}

/** Beyond this many rows every other one is dropped: a screen is a few thousand pixels wide, memory stays flat. */
export const mostRows = 1 << 16;

export function columns<Name extends string>(...names: Name[]): Columns<Name> {
  return { length: 0, names, data: sized(names, 256, null) };
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

export function appendRow<Name extends string>(columns: Columns<Name>, row: readonly number[]): void {
  if (columns.length === mostRows) thin(columns);
  const [first] = columns.names;
  if (first !== undefined && columns.length === columns.data[first].length)
    columns.data = sized(columns.names, 2 * columns.length, columns.data);
  columns.names.forEach((name, i) => {
    columns.data[name][columns.length] = row[i] ?? Number.NaN;
  });
  columns.length++;
}

/** Keeps every other row. */
function thin<Name extends string>(columns: Columns<Name>): void {
  const kept = columns.length >> 1;
  for (const name of columns.names) {
    const column = columns.data[name];
    for (let i = 0; i < kept; i++) column[i] = column[2 * i] ?? Number.NaN;
  }
  columns.length = kept;
}

/** Drops the rows whose first column is beyond `last`. */
export function dropAfter<Name extends string>(columns: Columns<Name>, last: number): void {
  const [first] = columns.names;
  if (first === undefined) return;
  const column = columns.data[first];
  while (columns.length > 0 && (column[columns.length - 1] ?? 0) > last) columns.length--;
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
