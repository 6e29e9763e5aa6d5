import { afterAll, describe, expect, it } from 'vitest';

/** As in the thread that makes a float32 tensor library compute in float64, before anything else is imported. */
const float32Array = globalThis.Float32Array;
globalThis.Float32Array = Float64Array as unknown as typeof Float32Array;
afterAll(() => {
  globalThis.Float32Array = float32Array;
});

describe('where Float32Array is Float64Array', () => {
  it('the float64 space computes as ever', async () => {
    const { hostFloat64Space } = await import('../../../../core/linalg/spaces/float64-space.ts');
    const { randomFromSeed } = await import('../../../../core/random/philox.ts');
    expect(globalThis.Float32Array).toBe(Float64Array);
    const s = hostFloat64Space(1025);
    const rng = randomFromSeed(1);
    const basis = [1, 2, 3, 4, 5].map(() => s.random(rng, 'normal'));
    const x = s.fromHost(new Float32Array(1025).fill(1 / 3));
    expect(x[0]).toBe(1 / 3);
    const dots = await s.dots(basis, x);
    basis.forEach((b, k) => {
      expect(Math.abs(dots[k]! - b.reduce((sum, value) => sum + value / 3, 0))).toBeLessThan(1e-13);
    });
    const y = s.combine(basis, dots, s.copy(x));
    y.forEach((value, i) => {
      const expected = basis.reduce((sum, b, k) => sum + dots[k]! * b[i]!, x[i]!);
      expect(Math.abs(value - expected)).toBeLessThan(1e-12);
    });
    s.release(x, y, ...basis);
  });

  it('the float32 space refuses to be made', async () => {
    const { hostFloat32Space } = await import('../../../../core/linalg/spaces/float32-space.ts');
    expect(() => hostFloat32Space(3)).toThrow(/no float32 arrays/);
  });
});
