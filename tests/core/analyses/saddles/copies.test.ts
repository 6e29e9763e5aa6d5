import { describe, expect, it } from 'vitest';
import { withCopies } from '../../../../core/analyses/saddles/copies.ts';
import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';

const point = (number: number, loss: number, negative: number | null, more: object = {}) =>
  ({
    ...{ number, loss, verdict: 'critical', sameAs: null, gradientNormSquared: 0, norm: 1, precision: 'float64' },
    index: negative === null ? null : { negative, null: 1, positive: 5, method: 'dense' },
    ...more,
  }) as unknown as SearchedPoint;

const copies = (points: readonly SearchedPoint[]) => withCopies(points).map(({ sameAs }) => sameAs);

describe('copies', () => {
  it('are points with one loss and one index, of the first of them', () => {
    expect(copies([point(4, 1, 2), point(5, 1 + 1e-10, 2), point(7, 2, 2), point(8, 1, 3), point(9, 1, 2)])).toEqual([
      null,
      4,
      null,
      null,
      4,
    ]);
  });

  it('are never told of points that are not critical, or whose index is an estimate', () => {
    const index = { negative: 1, null: 1, positive: 5, method: 'quadrature' };
    expect(
      copies([
        point(0, 1, 1),
        point(1, 1, 1, { verdict: 'gradientFlat' }),
        point(2, 1, null),
        point(3, 1, 1),
        point(4, 1, 1, { index }),
      ]),
    ).toEqual([null, null, null, 0, null]);
  });

  it('losses that are not finite are no scale', () => {
    expect(copies([point(0, Number.NaN, null, { verdict: 'notConverged' }), point(1, 1, 0), point(2, 1, 0)])).toEqual([
      null,
      null,
      1,
    ]);
  });

  it('of losses that are rounding are one, whatever there is beside them', () => {
    // Beside x³ − 3xy²: L = ρ³ cos 3φ and ‖∇L‖ = 3ρ².
    const near = (number: number, rho: number, phi: number) =>
      point(number, rho ** 3 * Math.cos(3 * phi), 0, { gradientNormSquared: 9 * rho ** 4, norm: rho });
    expect(copies([near(0, 8e-9, 0), near(1, 5e-9, 1), near(2, 9e-9, 2)])).toEqual([null, 0, 0]);
    // Not those that the gradient tells apart.
    expect(copies([near(0, 8e-9, 0), point(1, 1e-12, 0)])).toEqual([null, null]);
  });
});
