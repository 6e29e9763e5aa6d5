import { expect, it } from 'vitest';
import { rankCorrelation, tanhNetworkSearches } from '../../../../support/tanh-network-searches.ts';

/**
 * An index that rises with the energy is no evidence of critical points: here almost none is one, and the points that are
 * not show the trend all the same (Frye et al. 2021).
 */
it('a tanh network, 15 starts: few certify, all others are gradient-flat and show the index–energy trend', async () => {
  const searches = await tanhNetworkSearches(1, 15, 500);
  const others = searches.filter(({ certified }) => !certified);
  expect(others.length).toBeGreaterThan(7);
  expect(others.every(({ residual }) => residual > 0.9)).toBe(true);
  const trend = rankCorrelation(
    others.map(({ energy }) => energy),
    others.map(({ negative }) => negative),
  );
  expect(trend).toBeGreaterThan(0.8);
  const lowest = Math.min(...searches.map(({ energy }) => energy));
  const least = Math.min(...others.map(({ residual }) => residual));
  console.log(
    `${searches.length - others.length} of 15 certify; the others have r ≥ ${least.toFixed(4)} and rank correlation ${trend.toFixed(3)}; lowest energy ${lowest.toFixed(3)}`,
  );
});
