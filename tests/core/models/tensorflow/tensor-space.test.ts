import { memory } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BackendName, useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { tensorSpace } from '../../../../core/models/tensorflow/tensor-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const vector = (n: number) => fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: n, maxLength: n });

const distance = (a: ArrayLike<number>, b: readonly number[]) =>
  Math.max(...b.map((x, i) => Math.abs((a[i] ?? Number.NaN) - x)));

describe.each<BackendName>(['cpu', 'wasm'])('vectors as tensors on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('sums, multiples, combinations and dots are those of plain loops', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 600 }).chain((n) => fc.tuple(vector(n), vector(n), vector(n))),
        fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
        async ([x, y, z], [a, b]) => {
          const space = tensorSpace(x.length);
          const [X, Y, Z] = [x, y, z].map((values) => space.fromHost(Float64Array.from(values)));
          if (!X || !Y || !Z) throw new Error('three vectors');
          const combined = space.combine([X, Y], Float64Array.of(a, b), space.copy(Z));
          const plain = z.map((value, i) => value + a * (x[i] ?? 0) + b * (y[i] ?? 0));
          const found = await space.toHost(combined);
          expect(distance(found, plain)).toBeLessThan(2e-5);
          const sum = await space.toHost(space.scale(space.addScaled(space.copy(X), a, Y), b));
          expect(
            distance(
              sum,
              x.map((value, i) => b * (value + a * (y[i] ?? 0))),
            ),
          ).toBeLessThan(1e-4);
          const dots = await space.dots([X, Y], Z);
          const exact = [x, y].map((row) => row.reduce((total, value, i) => total + value * (z[i] ?? 0), 0));
          expect(distance(dots, exact)).toBeLessThan(1e-4);
          expect(await space.toHost(Z)).toEqual(Float64Array.from(z));
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a dot product of 300,000 terms errs by less than 2e-7', async () => {
    const n = 300_000;
    const space = tensorSpace(n);
    const x = randomFromSeed(5).fill(new Float64Array(n), 'normal').map(Math.fround);
    const X = space.fromHost(x);
    const [square] = await space.dots([X], X);
    expect(Math.abs((square ?? 0) / x.reduce((sum, value) => sum + value * value, 0) - 1)).toBeLessThan(2e-7);
    space.release(X);
  });

  test('what consumes a vector frees it; copies are independent; release frees', async () => {
    const space = tensorSpace(5);
    const before = memory().numTensors;
    const x = space.fromHost(Float64Array.of(1, 2, 3, 4, 5));
    const y = space.copy(x);
    const z = space.combine([x], Float64Array.of(2), space.scale(space.addScaled(y, 1, x), 0.5));
    expect(y.isDisposed).toBe(true);
    expect(memory().numTensors).toBe(before + 2);
    expect(Array.from(await space.toHost(z))).toEqual([3, 6, 9, 12, 15]);
    space.release(x, z, space.zeros(), space.combine([], new Float64Array(0)));
    expect(memory().numTensors).toBe(before);
    expect(() => space.fromHost(new Float64Array(4))).toThrow(RangeError);
  });

  test('random vectors are those of the stream, and unit length on the sphere', async () => {
    const space = tensorSpace(1000);
    const drawn = await space.toHost(space.random(randomFromSeed(6), 'sphere'));
    const stream = randomFromSeed(6).fill(new Float64Array(1000), 'sphere');
    expect(drawn).toEqual(stream.map(Math.fround));
    expect(Math.hypot(...drawn)).toBeCloseTo(1, 6);
  });
});
