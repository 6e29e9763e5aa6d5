import { expect, test } from 'vitest';
import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import type { SearchText } from '../../../../core/experiment/search-figures.ts';
import { criticalPointTable, searchName } from '../../../../electron/compute/report/critical-points.ts';

const point = (number: number, loss: number, verdict: SearchedPoint['verdict'], certified = false) =>
  ({ number, loss, verdict, certified, sameAs: null }) as SearchedPoint;
const search = (points: readonly SearchedPoint[]) =>
  ({
    points,
    starts: points.length,
    tolerance: 1e-16,
    finder: 'newton-mr',
    from: 'random',
    command: 'c',
  }) as unknown as SearchText;

test('proved points stand first, then those without a gradient, each by loss', () => {
  const table = criticalPointTable(
    search([
      point(0, 0.1, 'gradientFlat'),
      point(1, 3, 'critical'),
      point(2, 5, 'critical', true),
      point(3, 0.5, 'notConverged'),
      point(4, 4, 'critical', true),
    ]),
  );
  expect(table.rows.map(({ number, kind }) => [number, kind])).toEqual([
    [4, 'certified'],
    [2, 'certified'],
    [1, 'critical'],
    [0, 'gradient-flat'],
    [3, 'not converged'],
  ]);
  expect(table.omitted).toBe(0);
  expect(table.sentence).toContain('2 of 5 points are certified');
});

test('a long list is cut, and that is told', () => {
  const table = criticalPointTable(search(Array.from({ length: 75 }, (_, i) => point(i, i, 'gradientFlat'))));
  expect([table.rows.length, table.omitted]).toEqual([60, 15]);
  expect(table.sentence).toContain('None of 75 points is certified');
});

test('a search is named by its method and its starts', () => {
  expect(searchName({ finder: 'newton-mr', from: 'random', starts: 1 })).toBe('Newton-MR, 1 start from random points');
});
