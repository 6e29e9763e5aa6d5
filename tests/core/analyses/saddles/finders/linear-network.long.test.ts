import { describe, expect, it } from 'vitest';
import type { FinderId } from '../../../../../core/analyses/saddles/finders/finder.ts';
import { defaultIterations } from '../../../../../core/analyses/saddles/finders/finders.ts';
import { type LinearNetworkSearch, linearNetworkSearches } from '../../../../support/linear-network-searches.ts';

/** Least share of 60 starts that converges. */
const shares: readonly (readonly [FinderId, number])[] = [
  ['gradient-norm', 0.6],
  ['levenberg-marquardt', 1],
  ['newton-tr', 0.9],
  ['newton-mr', 0.5],
  ['newton-pinv', 0.95],
  ['saddle-free', 1],
];

function summary(id: FinderId, searches: readonly LinearNetworkSearch[]): string {
  const converged = searches.filter((search) => search.converged);
  const sorted = converged.map(({ stats }) => stats).sort((a, b) => a.products - b.products);
  const { products, gradients } = sorted[sorted.length >> 1]!;
  const kinds = new Set(converged.map(({ found, negative }) => `${found.loss.toFixed(3)}/${negative}`)).size;
  const most = sorted.at(-1)!.products;
  return `${id}: ${converged.length} of ${searches.length}, median ${products} products (at most ${most}) and ${gradients} gradients, ${kinds} kinds`;
}

describe.each(shares)('%s on a two-layer linear network, 60 starts of three seeds', (id, share) => {
  it('every converged point is exact', async () => {
    const all: LinearNetworkSearch[] = [];
    for (const seed of [1, 2, 3]) {
      const options = { starts: 60, maxIterations: defaultIterations[id], denseLimit: 100 };
      const searches = await linearNetworkSearches(id, seed, options);
      const converged = searches.filter((search) => search.converged);
      const others = searches.filter((search) => !search.converged);
      expect(converged.every(({ matches }) => matches)).toBe(true);
      expect(converged.length).toBeGreaterThanOrEqual(share * 60);
      if (id === 'gradient-norm') {
        const flat = others.filter(({ residual }) => residual > 0.9);
        expect(flat.length).toBeGreaterThanOrEqual(0.8 * others.length);
      }
      all.push(...searches);
    }
    console.log(summary(id, all));
  });
});
