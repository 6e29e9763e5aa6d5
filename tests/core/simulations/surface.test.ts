import { expect, test } from 'vitest';
import { surfaces } from '../../../core/models/closed-form/surfaces.ts';
import { simulateSurface } from '../../../core/simulations/surface.ts';

const still = { signal: { aborted: false }, breathe: async () => {} };

test('the grid spans the domain with x running fastest', async () => {
  const { value, stats } = (await simulateSurface({ surface: 'saddle', points: 5 }, still))!;
  expect(Array.from(value.x)).toEqual([-1.5, -0.75, 0, 0.75, 1.5]);
  expect(value.y).toEqual(value.x);
  expect(value.values[3 + 5 * 1]).toBe(5 * 0.75 ** 2 - 0.75 ** 2);
  expect(value.values[1 + 5 * 4]).toBe(5 * 0.75 ** 2 - 1.5 ** 2);
  expect(value.formula).toBe('5x² − y²');
  expect(stats.losses).toBe(25);
});

test.each(Object.keys(surfaces))(
  'eigenvalues at the critical points of %s have their index and nullity',
  async (surface) => {
    const { value } = (await simulateSurface({ surface, points: 2 }, still))!;
    expect(value.criticalPoints.length).toBeGreaterThan(0);
    for (const { x, y, index, nullity, eigenvalues } of value.criticalPoints) {
      const [xx, xy, yy] = surfaces[surface]!.hessian(x, y);
      expect(eigenvalues[0] + eigenvalues[1]).toBeCloseTo(xx + yy, 8);
      expect((eigenvalues[0] * eigenvalues[1]) / (1 + Math.abs(xx * yy))).toBeCloseTo(
        (xx * yy - xy * xy) / (1 + Math.abs(xx * yy)),
        10,
      );
      expect(eigenvalues.filter((lambda) => lambda < -1e-9)).toHaveLength(index);
      expect(eigenvalues.filter((lambda) => Math.abs(lambda) <= 1e-9)).toHaveLength(nullity);
    }
  },
);

test.each([1, 2.5, 514, '9', undefined])('%s points are refused', async (points) => {
  await expect(simulateSurface({ surface: 'saddle', points: points as number }, still)).rejects.toThrow(
    /surface\.points.*(at least 2|not given)/s,
  );
});
