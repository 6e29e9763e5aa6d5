import { describe, expect, test } from 'vitest';
import { pathWarnings } from '../../../../core/analyses/slices/path-losses.ts';
import type { ProjectedTrajectory } from '../../../../core/analyses/slices/projection.ts';

/** A path in the plane itself, so that only losses can mislead. */
function inPlane(n: number): ProjectedTrajectory {
  const zero = new Float64Array(n);
  return { steps: [...zero.keys()], coordinates: [zero, zero], distance: zero, length: new Float64Array(n).fill(1) };
}

const told = (own: number[], drawn: number[], evaluated = own.length) =>
  pathWarnings(inPlane(own.length), {
    trueLoss: Float64Array.from(own),
    projectedLoss: Float64Array.from(drawn),
    evaluated,
  });

describe('a reader is warned', () => {
  test('by the factor between drawn and true loss, whichever is larger', () => {
    expect(told([1, 2], [1, 2.5])).toEqual([]);
    expect(told([1, 2], [1, 6])).toEqual([
      'The loss under the drawn path differs from the true loss by up to a factor of 3.0.',
    ]);
    expect(told([8, 2], [2, 2])[0]).toMatch(/factor of 4\.0/);
  });

  test('by the difference where losses are not positive and have no ratio', () => {
    expect(told([-3, 1, 0], [-3, 1, 0.5])).toEqual([]);
    expect(told([-3, 1, 0], [3, 1, 0])).toEqual([
      'The loss under the drawn path differs from the true loss by up to 6.0.',
    ]);
  });

  test('of losses that are not finite, without hiding the rest behind them', () => {
    expect(told([1, Number.NaN, 2], [1, Number.NaN, 6])).toEqual([
      'The loss is not finite at 1 point of the path.',
      'The loss under the drawn path differs from the true loss by up to a factor of 3.0.',
    ]);
    expect(told([1, Number.POSITIVE_INFINITY, 2], [1, 4, Number.NaN])).toEqual([
      'The loss is not finite at 2 points of the path.',
    ]);
  });

  test('not of points that were never evaluated', () => {
    expect(told([1, Number.NaN], [1, Number.NaN], 1)).toEqual([]);
  });
});
