import { describe, expect, it } from 'vitest';
import { exactSpectralNumbers } from '../../../../core/analyses/structure/exact.ts';
import { runStructure } from '../../../../core/analyses/structure/run.ts';
import type { StructureEigenvalue } from '../../../../core/analyses/structure/structure.ts';
import { sineBound, subspaceOverlap, topSubspace } from '../../../../core/analyses/structure/top-subspace.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';
import { unitVector } from '../../../support/vectors.ts';
import { smallNetwork } from './small-networks.ts';

const context = (seed = 1) => ({ rng: randomFromSeed(seed) });

describe('share of the gradient in the top subspace', () => {
  it('on a diagonal quadratic is Σ_{i≤k} (aᵢθᵢ)² / Σ (aᵢθᵢ)²', async () => {
    const a = Float64Array.of(9, 7, 4, 1, 0.5, -2);
    const theta = Float64Array.of(0.3, -1, 2, 5, 1, 3);
    const squares = a.map((one, i) => (one * theta[i]!) ** 2);
    const total = squares.reduce((x, y) => x + y);
    for (const k of [1, 2, 3]) {
      const given = { part: 'gradient', subspace: k, residualTol: 1e-10 };
      const { value, status } = await runStructure(quadraticObjective(a), theta, given, context());
      expect(status).toBe('converged');
      const [share] = value.gradientShares!;
      const exact = squares.slice(0, k).reduce((x, y) => x + y) / total;
      expect(share!.k).toBe(k);
      expect(share!.byChance).toBeCloseTo(k / 6, 15);
      expect(Math.abs(share!.share.value - exact)).toBeLessThanOrEqual(share!.share.error);
      expect(share!.share.error).toBeLessThan(1e-9);
    }
  });

  it('of a network is that of the dense Hessian within its error; halves have their own', async () => {
    const { objective, theta } = smallNetwork([4, 6, 3], { examples: 40 });
    const exact = await exactSpectralNumbers(objective, theta);
    const { value } = await runStructure(objective, theta, { part: 'gradient', subspace: 5 }, context());
    expect(value.gradientShares!.map(({ k }) => k)).toEqual([3, 5]);
    for (const { k, share, halves } of value.gradientShares!) {
      expect(Math.abs(share.value - exact.gradientShares[k - 1]!)).toBeLessThanOrEqual(share.error);
      expect(share.error).toBeLessThan(1e-3);
      for (const { value: own } of [...halves!.own, ...halves!.crossed]) expect(own).toBeLessThanOrEqual(1 + 1e-12);
      expect(halves!.standardError).toBe(Math.abs(halves!.own[0].value - halves!.own[1].value) / 2);
      // The other half's subspace knows nothing of these examples.
      expect(halves!.crossed[0].value).not.toBe(halves!.own[0].value);
    }
  });

  it('a half is what the same examples are by themselves', async () => {
    const { objective, theta } = smallNetwork([4, 6, 3], { examples: 24 });
    // With every example twice, in halves that hold one copy each, both halves would be the whole.
    const key = Int32Array.from({ length: 24 }, (_, i) => i % 12);
    const doubled = { ...objective, linearize: (at: Float64Array) => objective.linearize(at, key) };
    const { value } = await runStructure(doubled, theta, { part: 'gradient' }, context());
    const [share] = value.gradientShares!;
    for (const { value: own, error } of [...share!.halves!.own, ...share!.halves!.crossed])
      expect(Math.abs(own - share!.share.value)).toBeLessThanOrEqual(error + share!.share.error);
  });

  it('without outputs and without a dimension nothing is measured, and the notice says what to do', async () => {
    const objective = quadraticObjective(Float64Array.of(3, 2, 1));
    const { value } = await runStructure(objective, Float64Array.of(1, 1, 1), { part: 'gradient' }, context());
    expect(value.gradientShares).toBeNull();
    expect(value.notices.join()).toContain('parameter subspace');
  });
});

describe('the error of a subspace', () => {
  const pair = (value: number, residual: number): StructureEigenvalue => {
    return { value, residual, errorBound: residual, errorEstimate: residual };
  };

  it('is ‖R‖_F over the gap, 1 without one, 0 for the whole space', () => {
    expect(sineBound([pair(5, 0.03), pair(4, 0.04), pair(2, 0)], 2, 10)).toBeCloseTo(0.05 / 2, 15);
    expect(sineBound([pair(5, 0.03), pair(4, 0.04), pair(3.98, 0.1)], 2, 10)).toBe(1);
    expect(sineBound([pair(5, 0), pair(4, 0)], 2, 10)).toBe(1);
    expect(sineBound([pair(5, 0), pair(4, 0)], 2, 2)).toBe(0);
  });

  it.each([1e-1, 1e-2, 1e-4, 1e-8])('bounds the true angle at a residual of %s', async (residualTol) => {
    const spectrum = [9, 7, 6.5, 6, 5.8, ...Array.from({ length: 45 }, (_, i) => 5 * Math.sin(i))];
    const matrix = withSpectrum(spectrum, 3);
    const space = hostFloat64Space(spectrum.length);
    const exact = await topSubspace(matrixOperator(space, matrix), {
      ...{ count: 4, rng: randomFromSeed(99), residualTol: 1e-13, maxProducts: 1000 },
    });
    const rough = await topSubspace(matrixOperator(space, matrix), {
      ...{ count: 4, rng: randomFromSeed(7), residualTol, maxProducts: 1000 },
    });
    const overlap = await subspaceOverlap(space, exact.vectors.slice(0, 3), rough.vectors.slice(0, 3), 0);
    // k − ‖UᵀV‖² = Σ sin² θ.
    const sine = Math.sqrt(Math.max(0, 3 * (1 - overlap.value)));
    expect(sine).toBeLessThanOrEqual(sineBound(rough.values, 3, spectrum.length) + 1e-7);
  });

  it('overlap of planes that share one of two directions is a half', async () => {
    const space = hostFloat64Space(4);
    const e = (i: number) => unitVector(4, i);
    expect((await subspaceOverlap(space, [e(0), e(1)], [e(1), e(2)], 0)).value).toBe(0.5);
  });
});
