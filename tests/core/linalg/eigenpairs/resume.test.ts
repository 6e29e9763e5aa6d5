import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { readKrylovState, writeKrylovState } from '../../../../core/formats/krylov-state.ts';
import { type LanczosOptions, lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import type { LanczosState } from '../../../../core/linalg/eigenpairs/lanczos-state.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withLiveVectors } from '../../../support/live-vectors.ts';
import { hessianLikeSpectrum, withSpectrum } from '../../../support/test-matrices.ts';

const matrix = withSpectrum(hessianLikeSpectrum(150), 11);
const multiple = withSpectrum([...Array.from({ length: 84 }, (_, i) => Math.sin(i)), 5, 5, 5, -4, -4, -4], 5);
const rng = () => randomFromSeed(4);

type Search = Omit<LanczosOptions<never>, 'start' | 'rng'>;

function search(of: typeof matrix, precision: 'float64' | 'float32', options: Search) {
  const all = { ...options, eigenvectors: true, rng: rng() };
  return precision === 'float64'
    ? lanczos<HostVector>(matrixOperator(hostFloat64Space(of.rows), of) as never, all)
    : lanczos<HostVector>(matrixOperator(hostFloat32Space(of.rows), of) as never, all);
}

/** Everything but the seconds, numbers to the bit. */
function bits({ value, status, stats }: Awaited<ReturnType<typeof search>>): string {
  return JSON.stringify({ value, status, products: stats.products }, (_, entry) =>
    ArrayBuffer.isView(entry) ? Array.from(entry as Float64Array) : Object.is(entry, -0) ? '-0' : entry,
  );
}

const searches: readonly (readonly [string, typeof matrix, 'float64' | 'float32', Search])[] = [
  ['one run', matrix, 'float64', { top: 4, bottom: 2, residualTol: 1e-8 }],
  ['one run in float32', matrix, 'float32', { top: 4, residualTol: 1e-4 }],
  ['restarts', matrix, 'float64', { top: 5, bottom: 3, residualTol: 1e-8, maxBasis: 24, maxProducts: 3000 }],
  ['restarts, magnitude', matrix, 'float64', { magnitude: 6, residualTol: 1e-8, maxBasis: 24, maxProducts: 3000 }],
  ['several runs', multiple, 'float64', { top: 4, bottom: 4, residualTol: 1e-6, verifyMultiplicity: true }],
  [
    'one product for the residuals',
    multiple,
    'float64',
    { top: 4, verifyMultiplicity: true, trueResiduals: 'combination' },
  ],
];

describe('a search that was interrupted and goes on gives bit for bit what the uninterrupted one gives', () => {
  it.each(searches)('%s: from every 13th product, through the bytes of a file', async (_, of, precision, options) => {
    const states: LanczosState[] = [];
    const whole = await search(of, precision, options);
    expect(whole.status).toBe('converged');
    await search(of, precision, { ...options, stateEvery: 13, onState: (state) => void states.push(state) });
    expect(states.length).toBeGreaterThanOrEqual(1);
    for (const state of states) {
      const from = readKrylovState(writeKrylovState(state, 'problem'), 'problem');
      expect(from).toEqual(state);
      expect(bits(await search(of, precision, { ...options, from }))).toBe(bits(whole));
    }
  });

  it('after the budget of products ended, at any of them', async () => {
    const options = { top: 4, bottom: 4, residualTol: 1e-6, verifyMultiplicity: true };
    const whole = await search(multiple, 'float64', options);
    for (let maxProducts = 18; maxProducts < whole.stats.products; maxProducts += 17) {
      const states: LanczosState[] = [];
      const onState = (state: LanczosState) => void states.push(state);
      const cut = await search(multiple, 'float64', { ...options, maxProducts, onState });
      if (cut.status === 'converged') continue;
      expect(cut.status).toBe('budgetSpent');
      expect(states).toHaveLength(1 + Math.floor((maxProducts - 8 - 1) / 50));
      expect(bits(await search(multiple, 'float64', { ...options, from: states.at(-1)! }))).toBe(bits(whole));
    }
  });

  it('after it was cancelled', async () => {
    const options = { top: 3, residualTol: 1e-9 };
    const signal = { aborted: false };
    let last: LanczosState | null = null;
    const cut = await search(matrix, 'float64', {
      ...options,
      signal,
      onProgress: ({ products }) => {
        signal.aborted = products >= 12;
      },
      onState: (state) => {
        last = state;
      },
    });
    expect(cut.status).toBe('cancelled');
    const whole = await search(matrix, 'float64', options);
    expect(bits(await search(matrix, 'float64', { ...options, from: last! }))).toBe(bits(whole));
  });

  it('leaves nothing alive but what it returns', async () => {
    const states: LanczosState[] = [];
    const { space, live } = withLiveVectors(hostFloat64Space(matrix.rows));
    const options = { top: 4, residualTol: 1e-8, maxBasis: 20, maxProducts: 2000, verifyMultiplicity: true };
    const operator = matrixOperator(space, matrix);
    await lanczos(operator, { ...options, rng: rng(), stateEvery: 20, onState: (state) => void states.push(state) });
    expect(live.size).toBe(0);
    for (const from of states) {
      await lanczos(operator, { ...options, rng: rng(), from });
      expect(live.size).toBe(0);
    }
  });
});

describe('a state of another search is refused', () => {
  it.each<[string, Search, number]>([
    ['another number of eigenvalues', { top: 4 }, 4],
    ['another end', { top: 0, bottom: 3 }, 4],
    ['verification', { top: 3, verifyMultiplicity: true }, 4],
    ['a smaller basis', { top: 3, maxBasis: 9 }, 4],
    ['another seed', { top: 3 }, 5],
  ])('%s', async (_, options, seed) => {
    let from: LanczosState | undefined;
    const onState = (state: LanczosState) => {
      from ??= state;
    };
    await search(matrix, 'float64', { top: 3, residualTol: 1e-9, stateEvery: 12, onState });
    const operator = matrixOperator(hostFloat64Space(matrix.rows), matrix);
    await expect(lanczos(operator, { ...options, from, rng: randomFromSeed(seed) })).rejects.toThrow(BadInput);
    const smaller = matrixOperator(hostFloat64Space(multiple.rows), multiple);
    await expect(lanczos(smaller, { top: 3, from, rng: rng() })).rejects.toThrow(BadInput);
  });
});
