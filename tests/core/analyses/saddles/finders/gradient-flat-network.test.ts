import { expect, it } from 'vitest';
import { tanhNetworkSearches } from '../../../../support/tanh-network-searches.ts';

it('a tanh network: whatever does not certify is gradient-flat, at a higher energy with a higher index', async () => {
  const searches = await tanhNetworkSearches(1, 3, 80);
  const others = searches.filter(({ certified }) => !certified);
  expect(others.length).toBeGreaterThanOrEqual(2);
  expect(others.every(({ residual }) => residual > 0.9)).toBe(true);
  const byEnergy = [...others].sort((a, b) => a.energy - b.energy).map(({ negative }) => negative);
  expect(byEnergy).toEqual([...byEnergy].sort((a, b) => a - b));
});
