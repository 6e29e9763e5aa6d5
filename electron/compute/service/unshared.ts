/**
 * The same value without shared memory: vectors of the host spaces live in one shared WebAssembly memory, and a view of it
 * that reaches another process ends the app. Plain data and typed arrays only; copies what it must.
 */
export function unshared<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value)) {
    const array = value as Float64Array;
    return array.buffer instanceof SharedArrayBuffer ? array.slice() : array;
  }
  if (Array.isArray(value)) return value.map(copied);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, copied(entry)]));
}
