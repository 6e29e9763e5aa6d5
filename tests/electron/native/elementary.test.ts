import { describe, expect, test } from 'vitest';
import { nativeType } from '../../../core/models/tensorflow/native/binding.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../support/native-engine.ts';

const smallestNormal = 2 ** -126;

/** In double precision, and how far single precision may be: the library's own, where the processor has none of ours. */
const functions = [
  { operation: 'Tanh', f: Math.tanh, tolerance: 4e-7 },
  { operation: 'Exp', f: Math.exp, tolerance: 2e-7 },
  { operation: 'Sigmoid', f: (x: number) => 1 / (1 + Math.exp(-x)), tolerance: 4e-7 },
] as const;

describe.skipIf(nativeEngine === null)(`elementary functions of the engine (${noNativeEngine})`, () => {
  function computed(operation: string, x: Float32Array): Float32Array {
    const native = nativeBinding();
    const given = native.upload(nativeType.float32, [x.length], x);
    const result = native.execute(operation, [given.id], {}, 1)[0]!;
    const y = new Float32Array(x.length);
    native.read(result.id, y);
    // Not the argument, which stays another's.
    const still = new Float32Array(x.length);
    native.read(given.id, still);
    expect(still).toEqual(x);
    for (const { id } of [given, result]) native.free(id);
    return y;
  }

  test.each(functions)('$operation is right to single precision, whatever the size', ({ operation, f, tolerance }) => {
    const rng = randomFromSeed(1);
    const spread = rng.fill(new Float64Array(100_003), 'uniform');
    // Near zero, around one, and into saturation.
    const x = Float32Array.from(spread, (u, i) => (i % 3 === 0 ? u * 1e-3 : i % 3 === 1 ? u * 2 : u * 88));
    for (const size of [1, 2, 7, 16, 33, x.length]) {
      let worst = 0;
      for (const [i, value] of computed(operation, x.slice(0, size)).entries()) {
        const exact = f(x[i]!);
        // Below it, zero may stand for a result.
        if (Math.abs(exact) < smallestNormal) expect(Math.abs(value)).toBeLessThanOrEqual(smallestNormal);
        else worst = Math.max(worst, Math.abs(value - exact) / Math.abs(exact));
      }
      expect(worst).toBeLessThan(tolerance);
    }
  });

  test.each(functions)('$operation of what is not finite, of zero and of what is too large', ({ operation, f }) => {
    const x = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1e30, -1e30, 100, -150];
    const wanted = x.map((value) => Math.fround(f(Math.fround(value))));
    const y = computed(operation, Float32Array.from(x));
    for (const [i, value] of wanted.entries()) {
      if (Number.isFinite(value)) expect(Math.abs(y[i]! - value)).toBeLessThan(2e-38 + 1e-7 * Math.abs(value));
      else expect(y[i]).toBe(value);
    }
  });
});
