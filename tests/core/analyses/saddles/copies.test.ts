import { describe, expect, it } from 'vitest';
import { withCopies } from '../../../../core/analyses/saddles/copies.ts';
import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';

const point = (number: number, loss: number, eigenvalues: readonly number[] | null, verdict = 'critical') =>
  ({ number, loss, eigenvalues, verdict, sameAs: null }) as unknown as SearchedPoint;

const copies = (points: readonly SearchedPoint[]) => withCopies(points).map(({ sameAs }) => sameAs);

describe('copies', () => {
  it('are points with one loss and one spectrum, of the first of them', () => {
    const saddle = [-1, 0, 2];
    expect(
      copies([
        point(4, 1, saddle),
        point(5, 1 + 1e-10, [-1 + 1e-8, 0, 2]),
        point(7, 2, saddle),
        point(8, 1, [-1, 0.01, 2]),
        point(9, 1, saddle),
      ]),
    ).toEqual([null, 4, null, null, 4]);
  });

  it('are never told of points that are not critical, or of which too little is known', () => {
    expect(copies([point(0, 1, [1]), point(1, 1, [1], 'gradientFlat'), point(2, 1, null), point(3, 1, [1])])).toEqual([
      null,
      null,
      null,
      0,
    ]);
  });

  it('losses that are not finite are no scale', () => {
    expect(copies([point(0, Number.NaN, null, 'notConverged'), point(1, 1, [1]), point(2, 1, [1])])).toEqual([
      null,
      null,
      1,
    ]);
  });
});
