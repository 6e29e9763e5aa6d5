import { expect, it } from 'vitest';
import type { ProbeOutcome } from '../../../../core/linalg/quadrature/spectral-quadrature.ts';
import {
  type SharedOutcomes,
  stochasticLanczosDensity,
} from '../../../../core/linalg/quadrature/stochastic-lanczos-density.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const space = hostFloat64Space(40);
const ramp = {
  ...{ space, symmetric: true, positiveSemidefinite: true },
  apply: async (v: Float64Array) => space.fromHost(v.map((entry, i) => i * entry)),
};
const options = () => ({ probes: 4, steps: 8, rng: randomFromSeed(2) });
const watch = { signal: { aborted: false }, onProduct: () => {} };

it('probes computed last first and all at once give the density of one after another', async () => {
  const expected = await stochasticLanczosDensity(ramp, options());
  const shared = await stochasticLanczosDensity(ramp, {
    ...options(),
    async shareOut({ count, here }) {
      const last = Array.from({ length: count }, (_, k) => here(count - 1 - k, watch));
      const outcomes = (await Promise.all(last)).reverse();
      return { outcomes, products: 32 };
    },
  });
  expect(shared.value).toStrictEqual(expected.value);
  expect([shared.status, shared.stats.products]).toEqual(['converged', expected.stats.products]);
});

it.each([
  [
    'cancelled',
    2,
    (outcomes: readonly ProbeOutcome[]): SharedOutcomes => ({ outcomes: outcomes.slice(0, 2), products: 30 }),
  ],
  [
    'notFinite',
    1,
    ([first, , third]: readonly ProbeOutcome[]): SharedOutcomes => ({
      outcomes: [first!, { status: 'notFinite', products: 3, quadrature: null }, third!],
      products: 30,
    }),
  ],
] as const)('%s: the probes before are kept', async (status, kept, ended) => {
  const { value, ...result } = await stochasticLanczosDensity(ramp, {
    ...options(),
    shareOut: async ({ count, here }) =>
      ended(await Promise.all(Array.from({ length: count }, (_, probe) => here(probe, watch)))),
  });
  const expected = await stochasticLanczosDensity(ramp, { ...options(), probes: kept });
  expect([result.status, value.probes, result.stats.products]).toEqual([status, kept, 30]);
  expect(value.y).toStrictEqual(expected.value.y);
});
