import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { symmetricEigenvalues } from '../../../../../core/linalg/dense/dense-symmetric.ts';
import {
  countCriticalSets,
  criticalTheta,
  exactCriticalPoints,
} from '../../../../../core/models/closed-form/deep-linear/critical-points.ts';
import { deepLinearObjective } from '../../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import {
  type DeepLinearModel,
  deepLinearModel,
} from '../../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { denseColumns } from '../../../../support/dense-columns.ts';
import { largestDifference, norm } from '../../../../support/vectors.ts';

/** Loss, ‖∇L‖ and the eigenvalues of the dense Hessian, by the objective alone. */
async function measuredAt(model: DeepLinearModel, theta: Float64Array) {
  const objective = deepLinearObjective(model);
  const at = await objective.linearize(theta);
  const dim = objective.space.dim;
  const data = await denseColumns({
    space: objective.space,
    symmetric: true,
    positiveSemidefinite: false,
    apply: (v) => at.hessianProduct(v),
  });
  return {
    loss: at.loss,
    gradient: norm(at.gradient),
    eigenvalues: symmetricEigenvalues({ rows: dim, columns: dim, data }).slice().sort(),
  };
}

describe('critical points of two-layer linear networks', () => {
  test.each([
    [[], 12],
    [[1], 6],
    [[3], 8],
    [[2, 4], 5],
    [[1, 2, 3], 0],
    [[2, 3, 4], 3],
  ])('n = 4, h = 3, s = 4, 3, 2, 1: all 24 eigenvalues at Γ = {%s}, index %i', async (modes, index) => {
    const set = exactCriticalPoints([4, 3, 2, 1], 3).find((one) => one.modes.join() === modes.join())!;
    expect(set.negative).toBe(index);
    for (const rotations of [null, randomFromSeed(5)]) {
      const model = deepLinearModel({ singularValues: [4, 3, 2, 1], hidden: 3 }, rotations);
      const { loss, gradient, eigenvalues } = await measuredAt(model, criticalTheta(model, modes));
      expect(eigenvalues).toHaveLength(24);
      expect(gradient).toBeLessThan(1e-13);
      expect(Math.abs(loss - set.loss)).toBeLessThan(1e-13);
      expect(largestDifference(eigenvalues, set.eigenvalues)).toBeLessThan(1e-10);
    }
  });

  test('every set of any network has the loss, the spectrum and the counts of its dense Hessian', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 0.5, 1, 1, 2, 3.25), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.tuple(fc.nat(2), fc.nat(2)),
        fc.nat(1000),
        async (singularValues, hidden, [p, q], seed) => {
          const sizes = { inputs: singularValues.length + p, outputs: singularValues.length + q };
          const model = deepLinearModel({ singularValues, hidden, ...sizes }, randomFromSeed(seed));
          const sets = exactCriticalPoints(singularValues, hidden, sizes);
          expect(sets).toHaveLength(countCriticalSets(singularValues, hidden));
          const set = sets[seed % sets.length]!;
          const { loss, gradient, eigenvalues } = await measuredAt(model, criticalTheta(model, set.modes));
          expect(gradient).toBeLessThan(1e-12);
          expect(Math.abs(loss - set.loss)).toBeLessThan(1e-12);
          expect(largestDifference(eigenvalues, set.eigenvalues)).toBeLessThan(1e-10);
          expect(set.negative).toBe(eigenvalues.filter((x) => x < -1e-9).length);
          expect(set.null).toBe(eigenvalues.filter((x) => Math.abs(x) <= 1e-9).length);
          expect(set.positive).toBe(eigenvalues.filter((x) => x > 1e-9).length);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('loss and counts are the same where the hidden layer is changed by any invertible matrix', async () => {
    const model = deepLinearModel({ singularValues: [4, 3, 2, 1], hidden: 3 }, null);
    const g = randomFromSeed(8).fill(new Float64Array(9), 'normal');
    for (const set of exactCriticalPoints([4, 3, 2, 1], 3)) {
      const theta = throughHidden(criticalTheta(model, set.modes), g);
      const { loss, gradient, eigenvalues } = await measuredAt(model, theta);
      const size = Math.max(...eigenvalues.map(Math.abs));
      expect(gradient).toBeLessThan(1e-12 * size);
      expect(Math.abs(loss - set.loss)).toBeLessThan(1e-12 * size);
      expect(eigenvalues.filter((x) => x < -1e-10 * size)).toHaveLength(set.negative);
      expect(eigenvalues.filter((x) => x > 1e-10 * size)).toHaveLength(set.positive);
    }
  });

  test('the sets are listed once each, the origin first, and the index is (h − r)(n − r) + #{s_j > s_i}', () => {
    const s = [4, 3, 2, 1];
    const sets = exactCriticalPoints(s, 2);
    expect(sets.map(({ modes }) => modes.join(''))).toEqual([
      ...['', '1', '2', '3', '4', '12', '13', '14', '23', '24', '34'],
    ]);
    for (const { modes, negative, null: zero, positive } of sets) {
      const left = [1, 2, 3, 4].filter((j) => !modes.includes(j));
      const larger = modes.flatMap((i) => left.filter((j) => s[j - 1]! > s[i - 1]!)).length;
      expect(negative).toBe((2 - modes.length) * (4 - modes.length) + larger);
      expect(negative + zero + positive).toBe(16);
    }
    expect(() =>
      exactCriticalPoints(
        Array.from({ length: 30 }, (_, i) => i + 1),
        15,
      ),
    ).toThrow('that are listed');
  });

  test('deeper networks and more modes than units have no such point', () => {
    const deep = deepLinearModel({ singularValues: [2, 1], hidden: [2, 2] }, null);
    expect(() => criticalTheta(deep, [1])).toThrow('3 matrices');
    expect(() => criticalTheta(deepLinearModel({ singularValues: [2, 1], hidden: 1 }, null), [1, 2])).toThrow(
      '1 units',
    );
  });
});

/** W₁ → G W₁ and W₂ → W₂ G⁻¹ for 4–3–4: kernels K₁ → K₁ Gᵀ and K₂ → G⁻ᵀ K₂. */
function throughHidden(theta: Float64Array, g: Float64Array): Float64Array {
  const inverse = inverse3(g);
  const out = new Float64Array(24);
  for (let i = 0; i < 4; i++)
    for (let k = 0; k < 3; k++)
      for (let l = 0; l < 3; l++) {
        out[i * 3 + k]! += theta[i * 3 + l]! * g[k * 3 + l]!;
        out[12 + k * 4 + i]! += inverse[l * 3 + k]! * theta[12 + l * 4 + i]!;
      }
  return out;
}

/** By cofactors. */
function inverse3(m: Float64Array): Float64Array {
  const at = (i: number, j: number) => m[(i % 3) * 3 + (j % 3)]!;
  const cofactor = (i: number, j: number) => at(i + 1, j + 1) * at(i + 2, j + 2) - at(i + 1, j + 2) * at(i + 2, j + 1);
  const determinant = [0, 1, 2].reduce((sum, j) => sum + at(0, j) * cofactor(0, j), 0);
  return Float64Array.from({ length: 9 }, (_, k) => cofactor(k % 3, Math.floor(k / 3)) / determinant);
}
