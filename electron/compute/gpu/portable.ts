/**
 * The same plain data with arrays in memory of their own. Vectors of the host spaces lie in one shared memory, which must
 * not reach another process, and of a view the whole memory behind it would travel.
 */
export function portable<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value)) {
    const array = value as Float64Array;
    const isOwn = array.buffer instanceof ArrayBuffer && array.byteLength === array.buffer.byteLength;
    return isOwn ? array : array.slice();
  }
  if (Array.isArray(value)) return value.map(copied);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, copied(entry)]));
}
