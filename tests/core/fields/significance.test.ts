import { expect, it } from 'vitest';
import { significant } from '../../../core/fields/significance.ts';

const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];

it('a difference counts from two standard errors on, on both sides; what is unknown does not', () => {
  const values = [2, 1.9, -2, -1.9, infinity, nan, 5, 5, 0];
  const errors = [1, 1, 1, 1, 1, 1, nan, 1, 0];
  const computed = [1, 1, 1, 1, 1, 1, 1, 0, 1];
  expect([...significant(values, computed, errors)]).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 1]);
  expect([...significant(values, computed, null)]).toEqual([1, 1, 1, 1, 1, 0, 1, 0, 1]);
});
