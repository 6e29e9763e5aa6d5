import { describe, expect, it } from 'vitest';
import { type ComparedSlice, comparisonWarnings } from '../../../core/experiment/slice-comparison.ts';

const direction = (norm: number, kind = 'filter-normalised random') => ({
  kind,
  norm,
  eigenvalue: null,
  residual: null,
  explained: null,
});
const slice: ComparedSlice = {
  run: 'a',
  step: 100,
  seed: 3,
  plane: 'random',
  axes: [],
  directions: [direction(2), direction(3)],
  cosines: [0.01],
  center: { loss: 1, standardError: 0.1, examples: 1000 },
  on: 'train',
  statistics: 'experiment',
  convention: { formula: 'L = 1/n Σ ℓ' } as ComparedSlice['convention'],
  precision: 'float32',
  data: { name: 'digits', source: '', examples: 1000, sha256: 'x' },
};
const warnings = (change: Partial<ComparedSlice>, of: Partial<ComparedSlice> = {}) =>
  comparisonWarnings({ ...slice, ...of }, { ...slice, ...change }, ['A', 'B']);

describe('what may mislead in a difference of two slices', () => {
  it('is nothing where both are the same plane under the same loss', () => {
    expect(warnings({})).toEqual([]);
    // Another engine rounds otherwise.
    expect(warnings({ directions: [direction(2 * (1 + 1e-8)), direction(3)] })).toEqual([]);
  });

  it.each([
    ['another checkpoint', { step: 200 }, /centres are different points: step 100 .* step 200/],
    ['another run', { run: 'b' }, /centres are different points/],
    ['another span', { plane: 'eigen' }, /directions are different/],
    ['another seed of the directions', { seed: 4 }, /directions are different ones: .*seed 3.*seed 4/],
    ['another scaling', { directions: [direction(2), direction(6)] }, /unit of β is ‖d‖ = 3 in A and 6 in B/],
    ['another angle', { cosines: [0.5] }, /not the same eigenvalues, shares or angle/],
    ['other examples', { on: 'test' }, /gap of generalisation/],
    ['fewer examples', { center: { ...slice.center, examples: 500 } }, /over 1000 examples, B over 500/],
    ['other data', { data: { ...slice.data, sha256: 'y' } }, /different examples/],
    ['other statistics', { statistics: 'batch' }, /as the experiment says in A, batch in B/],
    ['another loss', { convention: { formula: 'L = Σ ℓ' } }, /losses are different ones/],
    ['another precision', { precision: 'float64' }, /float32, B in float64/],
  ] as [string, Partial<ComparedSlice>, RegExp][])('%s', (_, change, sentence) => {
    const found = warnings(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });

  it('another seed is no other direction where nothing is drawn', () => {
    const gradient = { plane: 'gradient', directions: [direction(2, 'gradient'), direction(3, 'gradient')] };
    expect(warnings({ ...gradient, seed: 4 }, gradient)).toEqual([]);
  });
});
