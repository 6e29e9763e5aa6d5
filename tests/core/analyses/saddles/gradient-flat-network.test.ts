import { expect, it } from 'vitest';
import { judgedTanhSearches, rankCorrelation } from '../../../support/tanh-network-searches.ts';

it('a tanh network as the program judges it: what is not critical is gradient-flat, and its index goes with the energy', async () => {
  const points = await judgedTanhSearches(1, 15, 80, [0, 3, 6, 8]);
  const others = points.filter(({ verdict }) => verdict !== 'critical');
  expect(others.length).toBeGreaterThanOrEqual(3);
  expect(others.map(({ verdict }) => verdict)).toEqual(others.map(() => 'gradientFlat'));
  expect(others.every(({ residual }) => residual !== null && residual > 0.9)).toBe(true);
  const trend = rankCorrelation(
    others.map(({ energy }) => energy),
    others.map(({ index }) => index!.negative),
  );
  expect(trend).toBeGreaterThan(0.8);
});
