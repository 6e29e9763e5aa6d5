import type { HostVector } from '../linalg/vector-space.ts';
import { type ChunkedDataset, inputWidth } from './dataset.ts';

/** Rows that follow one another in `keys` and in the data are read at once, when they are this many or fewer. */
const mostAtOnce = 2 ** 16;

/** The inputs of these examples, in this order, repeats allowed; runs of neighbours are read at once. */
export async function gatheredRows(data: ChunkedDataset, keys: Int32Array): Promise<HostVector> {
  const width = inputWidth(data);
  const first = runFrom(keys, 0);
  if (first === keys.length && keys.length > 0) return data.rows.read(keys[0]!, keys[0]! + first);
  let out: HostVector | undefined;
  for (let at = 0; at < keys.length; ) {
    const end = runFrom(keys, at);
    const rows = await data.rows.read(keys[at]!, keys[at]! + end - at);
    out ??=
      rows instanceof Float64Array ? new Float64Array(keys.length * width) : new Float32Array(keys.length * width);
    out.set(rows, at * width);
    at = end;
  }
  return out ?? new Float32Array(0);
}

/** Where the run of neighbours that begins at `at` ends. */
function runFrom(keys: Int32Array, at: number): number {
  let end = at + 1;
  while (end < keys.length && end - at < mostAtOnce && keys[end] === keys[end - 1]! + 1) end++;
  return Math.min(end, keys.length);
}
