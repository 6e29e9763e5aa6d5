import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import type { HostVector, VectorSpace } from '../../../../core/linalg/vector-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

interface Case<V extends HostVector> {
  readonly name: string;
  readonly space: (dim: number) => VectorSpace<V>;
  readonly ordinary: (x: HostVector) => V;
  /** Unit round-off. */
  readonly unit: number;
}

const cases: readonly [Case<Float64Array>, Case<Float32Array>] = [
  { name: 'float64', space: hostFloat64Space, ordinary: (x) => Float64Array.from(x), unit: 2 ** -53 },
  { name: 'float32', space: hostFloat32Space, ordinary: (x) => Float32Array.from(x), unit: 2 ** -24 },
];

/** Odd lengths around the turns of the kernels (4, 8), their float32 blocks (1024) and the blocks of a pass (8192, 16384). */
const dims = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 1023, 1024, 1025, 8191, 8193, 16387];
const smallDim = fc.oneof(fc.constantFrom(...dims.slice(0, 13)), fc.nat(70));

function plainDot(x: HostVector, y: HostVector): { sum: number; absolute: number } {
  let sum = 0;
  let absolute = 0;
  for (let i = 0; i < x.length; i++) {
    sum += x[i]! * y[i]!;
    absolute += Math.abs(x[i]! * y[i]!);
  }
  return { sum, absolute };
}

/** onto + Σ c basis in float64, and the sum of absolute terms that bounds its rounding. */
function plainCombination(basis: readonly HostVector[], c: ArrayLike<number>, onto: HostVector) {
  const sum = Float64Array.from(onto);
  const absolute = sum.map(Math.abs);
  basis.forEach((x, k) => {
    for (let i = 0; i < sum.length; i++) {
      sum[i]! += c[k]! * x[i]!;
      absolute[i]! += Math.abs(c[k]! * x[i]!);
    }
  });
  return { sum, absolute };
}

function expectCombination(
  got: HostVector,
  expected: { sum: Float64Array; absolute: Float64Array },
  terms: number,
  unit: number,
) {
  expect(got.length).toBe(expected.sum.length);
  for (let i = 0; i < got.length; i++) {
    const allowed = (terms + 3) * unit * expected.absolute[i]!;
    if (!(Math.abs(got[i]! - expected.sum[i]!) <= allowed)) {
      expect.fail(`entry ${i}: ${got[i]} instead of ${expected.sum[i]}, allowed ${allowed}`);
    }
  }
}

function suite<V extends HostVector>({ name, space, ordinary, unit }: Case<V>) {
  describe(`${name} host space`, () => {
    /** Vectors of the space, or ordinary arrays, by a coin. */
    const draw = (dim: number, count: number, seed: number, outside: 'never' | 'always' | 'mixed') => {
      const rng = randomFromSeed(seed);
      const s = space(dim);
      const vectors = Array.from({ length: count }, () => {
        const x = s.random(rng, 'normal');
        if (outside === 'never' || (outside === 'mixed' && rng.uniform() < 0.5)) return x;
        const copy = ordinary(x);
        s.release(x);
        return copy;
      });
      return { s, vectors, c: rng.fill(new Float64Array(count), 'normal') };
    };
    const where = fc.constantFrom('never' as const, 'always' as const, 'mixed' as const);

    it('dots equals plain float64 loops, wherever the vectors live', async () => {
      await fc.assert(
        fc.asyncProperty(smallDim, fc.nat(11), fc.nat(), where, async (dim, m, seed, outside) => {
          const { s, vectors } = draw(dim, m + 1, seed, outside);
          const x = vectors[0]!;
          const basis = vectors.slice(1);
          const got = await s.dots(basis, x);
          expect(got.length).toBe(m);
          basis.forEach((b, k) => {
            const { sum, absolute } = plainDot(b, x);
            expect(Math.abs(got[k]! - sum)).toBeLessThanOrEqual(140 * unit * absolute);
          });
          s.release(...vectors);
        }),
        { numRuns: 200 },
      );
    });

    it('combine equals plain float64 loops, with and without onto, wherever the vectors live', () => {
      fc.assert(
        fc.property(smallDim, fc.nat(11), fc.nat(), where, fc.boolean(), (dim, m, seed, outside, given) => {
          const { s, vectors, c } = draw(dim, m + 1, seed, outside);
          const basis = vectors.slice(1);
          const before = vectors.map((x) => Float64Array.from(x));
          const expected = plainCombination(basis, c.subarray(1), given ? before[0]! : new Float64Array(dim));
          const got = given ? s.combine(basis, c.subarray(1), vectors[0]!) : s.combine(basis, c.subarray(1));
          expectCombination(got, expected, m, unit);
          if (given) expect(got).toBe(vectors[0]);
          else s.release(got);
          basis.forEach((b, k) => {
            expect(Float64Array.from(b)).toEqual(before[k + 1]);
          });
          s.release(...vectors);
        }),
        { numRuns: 200 },
      );
    });

    it.each(dims)('dots, combine, addScaled and scale are right at dimension %i', async (dim) => {
      const { s, vectors, c } = draw(dim, 7, dim, 'never');
      const basis = vectors.slice(1);
      const x = vectors[0]!;
      const dots = await s.dots(basis, x);
      basis.forEach((b, k) => {
        const { sum, absolute } = plainDot(b, x);
        expect(Math.abs(dots[k]! - sum)).toBeLessThanOrEqual(140 * unit * absolute);
      });
      const before = Float64Array.from(x);
      expectCombination(s.combine(basis, c.subarray(1), x), plainCombination(basis, c.subarray(1), before), 6, unit);
      const combined = Float64Array.from(x);
      expectCombination(s.addScaled(x, 0.7, basis[0]!), plainCombination([basis[0]!], [0.7], combined), 1, unit);
      const added = Float64Array.from(x);
      expectCombination(s.scale(x, -1.3), plainCombination([added], [-1.3], new Float64Array(dim)), 1, unit);
      s.release(...vectors);
    });

    it('combine, addScaled and scale accept the changed vector as one of the basis', () => {
      fc.assert(
        fc.property(smallDim, fc.nat(8), fc.nat(), where, fc.nat(), (dim, m, seed, outside, place) => {
          const { s, vectors, c } = draw(dim, m + 1, seed, outside);
          const x = vectors[0]!;
          const basis = vectors.slice();
          basis.push(basis.splice(0, 1)[0]!, x);
          [basis[0], basis[place % basis.length]] = [basis[place % basis.length]!, basis[0]!];
          const weights = Float64Array.from(basis, (_, k) => c[k % c.length]!);
          const expected = plainCombination(
            basis.map((b) => Float64Array.from(b)),
            weights,
            Float64Array.from(x),
          );
          expectCombination(s.combine(basis, weights, x), expected, m + 2, unit);
          const twice = plainCombination([Float64Array.from(x)], [1], Float64Array.from(x));
          expectCombination(s.addScaled(x, 1, x), twice, 1, unit);
          s.release(...vectors);
        }),
      );
    });

    it('an empty basis has no dots and the zero combination', async () => {
      const s = space(5);
      const x = s.fromHost(Float64Array.of(1, 2, 3, 4, 5));
      expect(await s.dots([], x)).toEqual(new Float64Array(0));
      const zero = s.combine([], new Float64Array(0));
      expect([...zero]).toEqual([0, 0, 0, 0, 0]);
      expect([...s.combine([], new Float64Array(0), x)]).toEqual([1, 2, 3, 4, 5]);
      s.release(x, zero);
    });

    it('zeros are zeros also where a released vector was', () => {
      const s = space(1027);
      for (let turn = 0; turn < 3; turn++) {
        const x = s.random(randomFromSeed(turn), 'normal');
        s.release(x);
        const zero = s.zeros();
        expect(zero.byteOffset).toBe(x.byteOffset);
        expect(zero.every((value) => value === 0)).toBe(true);
        s.release(zero);
      }
    });

    it('fromHost, copy and toHost carry the numbers over, as new vectors', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.float({ noNaN: true })), async (values) => {
          const s = space(values.length);
          const x = s.fromHost(Float64Array.from(values));
          const y = s.copy(x);
          const z = s.copy(ordinary(x));
          const w = s.fromHost(Float32Array.from(values));
          if (values.length > 0) x[0] = 17;
          for (const vector of [y, z, w]) {
            const host = await s.toHost(vector);
            expect([...host]).toEqual(values);
            expect(host.buffer).toBeInstanceOf(ArrayBuffer);
          }
          s.release(x, y, z, w);
        }),
      );
    });

    it('accepts vectors of the other precision', async () => {
      const s = space(1025);
      const other = name === 'float64' ? hostFloat32Space(1025) : hostFloat64Space(1025);
      const foreign = other.random(randomFromSeed(4), 'normal') as HostVector as V;
      const x = s.random(randomFromSeed(5), 'normal');
      const { sum, absolute } = plainDot(foreign, x);
      expect(Math.abs((await s.dots([foreign], x))[0]! - sum)).toBeLessThanOrEqual(140 * unit * absolute);
      const expected = plainCombination([foreign], [2], x);
      expectCombination(s.addScaled(x, 2, foreign), expected, 3, unit);
      s.release(x, foreign);
    });

    it('infinite and undefined entries stay where they are', async () => {
      const s = space(9);
      const x = s.fromHost(Float64Array.of(1, Number.POSITIVE_INFINITY, 3, 4, Number.NaN, 6, 7, 8, 9));
      const y = s.combine([x], Float64Array.of(2));
      expect([...y]).toEqual([2, Number.POSITIVE_INFINITY, 6, 8, Number.NaN, 12, 14, 16, 18]);
      expect((await s.dots([x], x))[0]).toBeNaN();
      s.release(x, y);
    });

    it('refuses vectors of another length and wrong numbers of coefficients', async () => {
      const s = space(4);
      const x = s.zeros();
      expect(() => s.addScaled(x, 1, ordinary(new Float64Array(5)))).toThrow(/length 5/);
      await expect(s.dots([ordinary(new Float64Array(3))], x)).rejects.toThrow(/length 3/);
      expect(() => s.combine([x], new Float64Array(2))).toThrow(/2 coefficients for 1/);
      s.release(x);
    });

    it('random draws the numbers of the stream', () => {
      const s = space(101);
      const x = s.random(randomFromSeed(6), 'normal');
      const expected = ordinary(new Float64Array(101)) as Float32Array;
      expect([...x]).toEqual([...randomFromSeed(6).fill(expected, 'normal')]);
      s.release(x);
    });

    it('10,000 vectors made and released leave memory as it was', () => {
      const s = space(4097);
      const warm = [s.zeros(), s.zeros()];
      s.release(...warm);
      const inUse = hostArena().bytesInUse;
      const size = hostArena().memory.buffer.byteLength;
      const x = s.random(randomFromSeed(1), 'normal');
      for (let i = 0; i < 5000; i++) {
        const y = s.copy(x);
        s.release(s.combine([x, y], Float64Array.of(1, -1)), y);
      }
      s.release(x);
      expect(hostArena().bytesInUse).toBe(inUse);
      expect(hostArena().memory.buffer.byteLength).toBe(size);
    });

    it('a vector released twice is an error, not two owners of one place', () => {
      const s = space(10);
      const x = s.zeros();
      s.release(x);
      expect(() => s.release(x)).toThrow(/released twice/);
    });
  });
}

suite(cases[0]);
suite(cases[1]);

describe('precision of long sums', () => {
  const n = 1_000_000;

  it('float32 dots of length 10⁶ are within 1e-6 of float64, also for values of one sign', async () => {
    const s = hostFloat32Space(n);
    const rng = randomFromSeed(21);
    const normal = s.random(rng, 'normal');
    const positive = s.random(rng, 'uniform');
    for (let i = 0; i < n; i++) positive[i] = Math.abs(positive[i]!) + 0.1;
    for (const [x, y] of [
      [normal, normal],
      [positive, positive],
      [positive, normal],
    ] as const) {
      const { sum, absolute } = plainDot(x, y);
      const [got] = await s.dots([x], y);
      expect(Math.abs(got! - sum) / absolute).toBeLessThan(x === y ? 1e-6 : 1e-7);
      if (x === y) expect(Math.abs(got! - sum) / sum).toBeLessThan(1e-7);
    }
    s.release(normal, positive);
  });

  it('float64 dots of length 10⁶ are at least as near to the exact sum as a plain loop', async () => {
    const s = hostFloat64Space(n);
    const x = s.random(randomFromSeed(22), 'uniform');
    // Integers of 20 bits and their squares: the exact sum is an integer below 2⁶³.
    let exact = 0n;
    for (let i = 0; i < n; i++) {
      const value = Math.floor(2 ** 20 * Math.abs(x[i]!)) + 0.5;
      x[i] = value;
      exact += BigInt(4 * value * value);
    }
    const [got] = await s.dots([x], x);
    const error = (sum: number) => Math.abs(Number(BigInt(4 * sum) - exact)) / Number(exact);
    expect(error(got!)).toBeLessThan(1e-14);
    expect(error(got!)).toBeLessThanOrEqual(error(plainDot(x, x).sum) + 1e-16);
    s.release(x);
  });
});

describe('speed', () => {
  const best = (work: () => void, times: number) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < times; i++) {
      const start = performance.now();
      work();
      least = Math.min(least, performance.now() - start);
    }
    return least;
  };

  it('float32 dots and combine are more than three times as fast as plain loops', () => {
    const dim = 200_000;
    const s = hostFloat32Space(dim);
    const rng = randomFromSeed(1);
    const basis = Array.from({ length: 16 }, () => s.random(rng, 'normal'));
    const x = s.random(rng, 'normal');
    const ordinary = basis.map((b) => Float32Array.from(b));
    const y = Float32Array.from(x);
    const c = new Float64Array(16).fill(1e-3);
    const plainDots = () => {
      for (const b of ordinary) {
        let sum = 0;
        for (let i = 0; i < dim; i++) sum += b[i]! * y[i]!;
        if (Number.isNaN(sum)) throw new Error('not a number');
      }
    };
    const plainCombine = () => {
      ordinary.forEach((b, k) => {
        const weight = c[k]!;
        for (let i = 0; i < dim; i++) y[i]! += weight * b[i]!;
      });
    };
    const dots = best(plainDots, 5) / best(() => void s.dots(basis, x), 15);
    const combine = best(plainCombine, 5) / best(() => void s.combine(basis, c, x), 15);
    s.release(...basis, x);
    expect(dots).toBeGreaterThan(3);
    expect(combine).toBeGreaterThan(3);
  });
});
