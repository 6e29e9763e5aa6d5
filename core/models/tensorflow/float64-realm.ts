/**
 * Double precision for TensorFlow.js' cpu backend: in a realm (a worker of its own) whose `Float32Array` *is*
 * `Float64Array`, everything that the library calls float32 is stored and computed in double precision, at the same
 * speed. This file imports nothing of TensorFlow.js, because it must run before the library is loaded.
 */

/**
 * Replaces this realm's `Float32Array`. Call it once, before anything imports TensorFlow.js; never in a realm that also
 * draws or runs WebAssembly kernels. Throws an `Error` if the library is loaded already.
 */
export function enterFloat64Realm(): void {
  if (isFloat64Realm()) return;
  if ('_tfengine' in globalThis) {
    throw new Error('TensorFlow.js is loaded already: the double-precision realm must be entered before it.');
  }
  Object.assign(globalThis, { Float32Array: Float64Array });
}

/** Whether tensors of this realm are in double precision. */
export function isFloat64Realm(): boolean {
  return Float32Array.BYTES_PER_ELEMENT === 8;
}
