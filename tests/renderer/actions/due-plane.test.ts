import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { affordableGrid, duePlane, type PlaneSituation } from '../../../renderer/actions/due-plane.ts';

const situation = (given: Partial<PlaneSituation>): PlaneSituation => ({
  wanted: 'pca',
  checkpoints: 10,
  ended: false,
  countAt: {},
  ...given,
});

describe('the plane that is computed by itself', () => {
  test.each<[string, Partial<PlaneSituation>, ReturnType<typeof duePlane>]>([
    ['none before there is a point', { checkpoints: 0 }, null],
    ['a random one at the first point', { checkpoints: 1 }, 'random'],
    ['not a second random one', { checkpoints: 2, countAt: { random: 1 } }, null],
    ['that of the path from three points on', { checkpoints: 3, countAt: { random: 1 } }, 'pca'],
    ['eigenvectors at once', { wanted: 'eigen', checkpoints: 1 }, 'eigen'],
    ['not again before half as many more', { checkpoints: 14, countAt: { pca: 10 } }, null],
    ['again after half as many more', { checkpoints: 15, countAt: { pca: 10 } }, 'pca'],
    ['at the end', { checkpoints: 11, ended: true, countAt: { pca: 10 } }, 'pca'],
    ['once at the end', { checkpoints: 11, ended: true, countAt: { pca: 11 } }, null],
    ['never over one that the user chose', { ended: true, countAt: { pca: Number.POSITIVE_INFINITY } }, null],
  ])('%s', (_, given, plane) => expect(duePlane(situation(given))).toBe(plane));

  test('property: a run of n checkpoints costs at most 4 + log₁.₅ n planes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.constantFrom('pca', 'random', 'eigen'), (most, wanted) => {
        const countAt: Record<string, number> = {};
        let planes = 0;
        for (let checkpoints = 1; checkpoints <= most; checkpoints++) {
          const plane = duePlane({ wanted, checkpoints, ended: checkpoints === most, countAt });
          if (plane === null) continue;
          countAt[plane] = checkpoints;
          planes++;
        }
        expect(planes).toBeLessThanOrEqual(4 + Math.log(most) / Math.log(1.5));
        if (most >= 3) expect(countAt[wanted]).toBe(most);
      }),
      { numRuns: 100 },
    );
  });
});

test('property: a grid is the wanted one, or odd, within the time, and not coarser than can be read', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 13, max: 401 }),
      fc.double({ min: 1e-6, max: 10, noNaN: true }),
      (wanted, seconds) => {
        const grid = affordableGrid(wanted, seconds);
        expect(grid).toBeLessThanOrEqual(wanted);
        expect(grid).toBeGreaterThanOrEqual(13);
        if (grid < wanted) expect(grid % 2).toBe(1);
        if (grid > 13) expect(grid * grid * seconds).toBeLessThanOrEqual(20 * 1.0001);
      },
    ),
  );
  expect(affordableGrid(49, null)).toBe(49);
});
