import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { dot, largestDifference, shifted } from '../../../support/vectors.ts';

const draw = (dim: number, seed: number) => randomFromSeed(seed).fill(new Float64Array(dim), 'normal');

describe('quadratic objectives', () => {
  test('the worked example: A = [[2, 1], [1, 3]], b = (−1, 0), c = 5 at (1, 2)', async () => {
    const matrix = { rows: 2, columns: 2, data: Float64Array.of(2, 1, 1, 3) };
    const objective = quadraticObjective(matrix, Float64Array.of(-1, 0), 5);
    const at = await objective.linearize(Float64Array.of(1, 2));
    expect(at.loss).toBe(9 - 1 + 5);
    expect([...at.gradient]).toEqual([3, 7]);
    expect([...(await at.hessianProduct(Float64Array.of(1, -1)))]).toEqual([1, -2]);
    expect(await objective.evaluate(Float64Array.of(1, 2))).toEqual({ loss: 13, standardError: 0, error: null });
    expect([...(await objective.gradient(Float64Array.of(1, 2))).gradient]).toEqual([3, 7]);
  });

  test('a diagonal is the same function as its dense matrix', async () => {
    const diagonal = draw(6, 1);
    const data = new Float64Array(36);
    for (let i = 0; i < 6; i++) data[7 * i] = diagonal[i]!;
    const [b, theta, v] = [draw(6, 2), draw(6, 3), draw(6, 4)];
    const [one, two] = [quadraticObjective(diagonal, b), quadraticObjective({ rows: 6, columns: 6, data }, b)];
    const [p, q] = [await one.linearize(theta), await two.linearize(theta)];
    expect(Math.abs(p.loss - q.loss)).toBeLessThan(1e-14);
    expect(largestDifference(p.gradient, q.gradient)).toBeLessThan(1e-15);
    expect(largestDifference(await p.hessianProduct(v), await q.hessianProduct(v))).toBeLessThan(1e-15);
  });

  test('Taylor’s formula to second order is exact for any matrix, symmetric or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat(1000), async (dim, seed) => {
        const matrix = { rows: dim, columns: dim, data: draw(dim * dim, seed) };
        const objective = quadraticObjective(matrix, draw(dim, seed + 1), 0.5);
        const [theta, v] = [draw(dim, seed + 2), draw(dim, seed + 3)];
        const { loss, gradient, hessianProduct } = await objective.linearize(theta);
        const there = (await objective.evaluate(shifted(theta, 1, v))).loss;
        expect(loss + dot(gradient, v) + 0.5 * dot(v, await hessianProduct(v))).toBeCloseTo(there, 10);
      }),
    );
  });

  test('losses over directions are the losses at the points', async () => {
    const objective = quadraticObjective(draw(4, 1), draw(4, 2));
    const [origin, d, e] = [draw(4, 3), draw(4, 4), draw(4, 5)];
    const coefficients = { rows: 3, columns: 2, data: Float64Array.of(0, 0, 1, -2, 0.5, 3) };
    const losses = await objective.losses(origin, [d, e], coefficients);
    for (const [row, [a, b]] of [[0, 0] as const, [1, -2] as const, [0.5, 3] as const].entries()) {
      const point = shifted(shifted(origin, a, d), b, e);
      expect(losses[row]).toBeCloseTo((await objective.evaluate(point)).loss, 12);
    }
  });

  test('gradient descent diverges beyond η = 2/λ_max and converges below', async () => {
    const objective = quadraticObjective(Float64Array.of(20, 3));
    const distanceAfter = async (learningRate: number) => {
      let theta: Float64Array = Float64Array.of(1, 1);
      for (let step = 0; step < 4000; step++) {
        theta = shifted(theta, -learningRate, (await objective.gradient(theta)).gradient);
      }
      return Math.hypot(...theta);
    };
    expect(await distanceAfter(0.1 * 0.999)).toBeLessThan(1e-3);
    expect(await distanceAfter(0.1 * 1.001)).toBeGreaterThan(1e3);
  });

  test('sizes that do not fit are refused', () => {
    expect(() => quadraticObjective({ rows: 2, columns: 3, data: new Float64Array(6) })).toThrow(
      'Give a square matrix.',
    );
    expect(() => quadraticObjective(new Float64Array(3), new Float64Array(2))).toThrow('Give vectors of one length.');
  });
});
