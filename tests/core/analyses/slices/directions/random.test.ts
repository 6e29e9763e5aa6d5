import { describe, expect, test } from 'vitest';
import { randomDirections } from '../../../../../core/analyses/slices/directions/random.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';

const vectorsOf = (dim: number, count: number, seed: number) =>
  randomDirections(dim, count, randomFromSeed(seed)).map(({ vector }) => vector!);
const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const cosine = (a: Float64Array, b: Float64Array) => inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b));

describe('random directions', () => {
  test('have mean zero, both signs and variance one: not numbers of [0, 1]', () => {
    const dim = 1e5;
    for (const vector of vectorsOf(dim, 3, 1)) {
      const mean = vector.reduce((sum, x) => sum + x, 0) / dim;
      // Five standard errors.
      expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(dim));
      expect(Math.abs(inner(vector, vector) / dim - 1)).toBeLessThan(5 * Math.sqrt(2 / dim));
      const negative = vector.filter((x) => x < 0).length / dim;
      expect(Math.abs(negative - 0.5)).toBeLessThan(2.5 / Math.sqrt(dim));
    }
  });

  test('meet at cosines with the variance 1/n of isotropic ones; uniform ones on [0, 1] meet at 3/4', () => {
    const dim = 400;
    const squares = Array.from({ length: 400 }, (_, seed) => {
      const [a, b] = vectorsOf(dim, 2, seed);
      return dim * cosine(a!, b!) ** 2;
    });
    const mean = squares.reduce((sum, x) => sum + x, 0) / squares.length;
    // χ² with one degree of freedom: mean 1, variance 2; five standard errors.
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(2 / squares.length));
    // Negative control: what another tool draws would fail by far.
    const uniform = () => new Float64Array(dim).map(() => drawn.uniform());
    const drawn = randomFromSeed(3);
    expect(cosine(uniform(), uniform())).toBeGreaterThan(0.7);
  });

  test('come from streams by place: the plane of a volume is the plane of the same seed', () => {
    const [line, plane, volume] = [1, 2, 3].map((count) => vectorsOf(50, count, 9));
    expect(plane![0]).toEqual(line![0]);
    expect(volume!.slice(0, 2)).toEqual(plane);
    expect(vectorsOf(50, 2, 10)[0]).not.toEqual(plane![0]);
  });
});
