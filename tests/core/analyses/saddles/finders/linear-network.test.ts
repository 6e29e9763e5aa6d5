import { expect, it } from 'vitest';
import type { FinderId } from '../../../../../core/analyses/saddles/finders/finder.ts';
import { linearNetworkSearches } from '../../../../support/linear-network-searches.ts';

it('L-BFGS on the gradient norm: every converged point is exact, the others are gradient-flat', async () => {
  const searches = await linearNetworkSearches('gradient-norm', 1, { starts: 18, maxIterations: 800, denseLimit: 100 });
  const converged = searches.filter((search) => search.converged);
  const others = searches.filter((search) => !search.converged);
  expect(converged.length).toBeGreaterThanOrEqual(9);
  expect(converged.every(({ matches }) => matches)).toBe(true);
  expect(others.filter(({ residual }) => residual > 0.9).length).toBeGreaterThanOrEqual(0.8 * others.length);
  // Saddles of many kinds, not the one that attracts most.
  expect(new Set(converged.map(({ negative }) => negative)).size).toBeGreaterThanOrEqual(4);
});

/** Of 12 starts how many converge at least within so many iterations. */
const shares: readonly (readonly [FinderId, number, number])[] = [
  ['levenberg-marquardt', 12, 60],
  ['newton-tr', 8, 60],
  ['newton-mr', 5, 40],
  ['newton-pinv', 11, 100],
  ['saddle-free', 12, 60],
];

it.each(shares)('%s: every converged point is exact, and at least %i of 12 converge', async (id, least, limit) => {
  for (const denseLimit of [100, 0]) {
    const searches = await linearNetworkSearches(id, 1, { starts: 12, maxIterations: limit, denseLimit });
    const converged = searches.filter((search) => search.converged);
    expect(converged.every(({ matches }) => matches)).toBe(true);
    expect(converged.length).toBeGreaterThanOrEqual(least);
    if (id === 'saddle-free') expect(converged.every(({ negative }) => negative === 0)).toBe(true);
  }
});
