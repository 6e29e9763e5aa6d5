import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { type MinresQlpOptions, minresQlp } from '../../../../core/linalg/least-squares/minres-qlp.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { matrixOperator, matrixVector } from '../../../../core/linalg/matrix-operator.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withFaultAt, withLiveVectors } from '../../../support/live-vectors.ts';
import { testMatrices, withSpectrum } from '../../../support/test-matrices.ts';
import { norm, relativeError, shifted } from '../../../support/vectors.ts';

const vector = (n: number, seed: number) => randomFromSeed(seed).fill(new Float64Array(n), 'normal');

/** A⁺b by the definition, with eigenvalues within `cut` of the largest as zero. */
function pseudoSolution(matrix: Matrix, b: Float64Array, cut = 1e-11): Float64Array {
  const n = matrix.rows;
  const { eigenvalues, eigenvectors } = symmetricEigen(matrix);
  const largest = Math.max(...Array.from(eigenvalues, Math.abs));
  const x = new Float64Array(n);
  eigenvalues.forEach((value, k) => {
    if (Math.abs(value) <= cut * largest) return;
    const column = Float64Array.from({ length: n }, (_, j) => eigenvectors.data[j * n + k]!);
    const share = column.reduce((sum, entry, j) => sum + entry * b[j]!, 0) / value;
    column.forEach((entry, j) => {
      x[j] = x[j]! + share * entry;
    });
  });
  return x;
}

const solve = (matrix: Matrix, b: Float64Array, options?: MinresQlpOptions) =>
  minresQlp(matrixOperator(hostFloat64Space(matrix.rows), matrix), b, options);

async function solveInFloat32(matrix: Matrix, b: Float64Array, options?: MinresQlpOptions): Promise<Float64Array> {
  const space = hostFloat32Space(matrix.rows);
  const { value, status } = await minresQlp(matrixOperator(space, matrix), space.fromHost(b), options);
  expect(status).toBe('converged');
  return space.toHost(value.x);
}

const graded = (n: number, decades: number) =>
  Array.from({ length: n }, (_, i) => (i % 2 ? -1 : 1) * 10 ** ((-decades * i) / n));

/** Spectra, and how far the relative error of x may be from that of the pseudo-inverse in either precision. */
const systems: readonly { name: string; spectrum: readonly number[]; error: number; error32: number | null }[] = [
  { name: 'positive definite', spectrum: Array.from({ length: 30 }, (_, i) => 1 + i), error: 1e-12, error32: 1e-5 },
  { name: 'indefinite', spectrum: Array.from({ length: 30 }, (_, i) => i - 14.5), error: 1e-12, error32: 1e-5 },
  {
    name: 'singular, indefinite',
    spectrum: Array.from({ length: 30 }, (_, i) => (i < 6 ? 0 : i - 17.5)),
    error: 1e-10,
    error32: 1e-3,
  },
  {
    name: 'singular, condition 10³',
    spectrum: graded(30, 3).map((value, i) => (i % 3 ? value : 0)),
    error: 1e-9,
    error32: 2e-2,
  },
  { name: 'multiple values', spectrum: Array.from({ length: 40 }, (_, i) => (i % 4) - 1), error: 1e-12, error32: 1e-5 },
  { name: 'rank one', spectrum: [0, 0, 0, 0, -3], error: 1e-12, error32: 1e-5 },
  { name: 'condition 10⁶', spectrum: graded(30, 6), error: 1e-8, error32: null },
];

describe.each(systems)('$name', ({ spectrum, error, error32 }) => {
  const n = spectrum.length;
  const matrix = withSpectrum(spectrum, 5);
  const any = vector(n, 6);
  const inRange = matrixVector(matrix, vector(n, 7));

  it.each([
    ['any right side', any],
    ['one in the range', inRange],
  ])('%s: the shortest least-squares solution', async (_, b) => {
    const truth = pseudoSolution(matrix, b);
    const { value, status, stats } = await solve(matrix, b, { rtol: 1e-13 });
    expect(status).toBe('converged');
    expect(relativeError(value.x, truth)).toBeLessThan(error);
    expect(value.norm / norm(truth)).toBeCloseTo(1, 8);
    const residual = shifted(b, -1, matrixVector(matrix, value.x));
    expect(Math.abs(value.residual - norm(residual))).toBeLessThan(1e-9 * norm(b));
    expect(norm(matrixVector(matrix, residual))).toBeLessThan(2e-8 * value.operatorNorm * norm(b));
    expect(stats.products).toBeLessThanOrEqual(n + 1);
  });

  if (error32 !== null) {
    it('in float32 to its rounding', async () => {
      for (const b of [any, inRange]) {
        expect(relativeError(await solveInFloat32(matrix, b), pseudoSolution(matrix, b))).toBeLessThan(error32);
      }
    });
  }
});

it.each(testMatrices.filter(({ name }) => !name.startsWith('indefinite, graded')))(
  'the pseudo-inverse solves as well: $name',
  async ({ matrix }) => {
    const b = vector(matrix.rows, 3);
    const { value, status } = await solve(matrix, b, { rtol: 1e-13 });
    expect(status).toBe('converged');
    const truth = pseudoSolution(matrix, b);
    const { eigenvalues } = symmetricEigen(matrix);
    const largest = Math.max(...Array.from(eigenvalues, Math.abs));
    const smallest = Math.min(...Array.from(eigenvalues, Math.abs).filter((size) => size > 1e-11 * largest));
    // ‖A⁺A x − A⁺b‖ ≤ ‖A r‖/σ², and ‖A r‖ falls to 1.5e-8 ‖A‖‖r‖ at least.
    const bound = largest > 0 ? (1.5e-8 * largest * norm(b)) / smallest ** 2 + 1e-11 * norm(truth) : 0;
    expect(norm(shifted(value.x, -1, truth))).toBeLessThanOrEqual(bound);
  },
);

it('any spectrum with gaps: least squares, shortest, and the residual orthogonal to the range', async () => {
  const spectra = fc.array(fc.constantFrom(-8, -3, -1, -0.25, 0, 0, 0.5, 1, 2, 5), { minLength: 1, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(spectra, fc.integer({ min: 0, max: 1e6 }), async (spectrum, seed) => {
      const matrix = withSpectrum(spectrum, seed);
      const b = vector(spectrum.length, seed + 1);
      const truth = pseudoSolution(matrix, b);
      const { value } = await solve(matrix, b);
      expect(norm(shifted(value.x, -1, truth))).toBeLessThan(1e-8 * (1e-3 + norm(truth)));
    }),
    { numRuns: 150, seed: 1 },
  );
});

describe('how it ends', () => {
  const spectrum = graded(40, 8);
  const matrix = withSpectrum(spectrum, 8);
  const b = vector(40, 9);

  it('at the condition limit with a solution on the larger eigenvalues alone, shorter than the whole one', async () => {
    const { value, status } = await solve(matrix, b, { conditionLimit: 1e3 });
    expect([status, value.reason]).toEqual(['converged', 'conditionLimit']);
    expect(value.condition).toBeLessThan(1e3);
    expect(value.norm).toBeLessThan(1e-2 * norm(pseudoSolution(matrix, b)));
    expect(norm(shifted(b, -1, matrixVector(matrix, value.x)))).toBeCloseTo(value.residual, 10);
  });

  it('before ‖x‖ passes its limit', async () => {
    const { value, status } = await solve(matrix, b, { maxNorm: 50 });
    expect([status, value.reason]).toEqual(['budgetSpent', 'normLimit']);
    expect(norm(value.x)).toBeLessThan(50);
    expect(norm(value.x)).toBeCloseTo(value.norm, 9);
  });

  it('after the iterations, with the best of its Krylov space: residuals never grow', async () => {
    const residuals: number[] = [];
    for (const maxIterations of [0, 1, 2, 5, 10, 20]) {
      const { value, stats } = await solve(matrix, b, { maxIterations });
      expect(stats.products).toBe(maxIterations);
      expect(norm(shifted(b, -1, matrixVector(matrix, value.x)))).toBeCloseTo(value.residual, 9);
      residuals.push(value.residual);
    }
    expect(residuals).toEqual([...residuals].sort((x, y) => y - x));
    expect(residuals[0]).toBeCloseTo(norm(b), 12);
  });

  it('at once for b = 0, for an operator of zeros, and for one that is not finite', async () => {
    const zero = await solve(matrix, new Float64Array(40));
    expect([zero.value.reason, norm(zero.value.x), zero.stats.products]).toEqual(['residual', 0, 0]);
    const flat = await solve(withSpectrum([0, 0, 0], 1), vector(3, 1));
    expect([flat.value.reason, norm(flat.value.x), flat.status]).toEqual(['leastSquares', 0, 'converged']);
    const broken = withFaultAt(matrixOperator(hostFloat64Space(40), matrix), 3, (v) => v.fill(Number.NaN));
    const { value, status } = await minresQlp(broken, b);
    expect(status).toBe('notFinite');
    expect(value.iterations).toBe(2);
    expect(value.x.every(Number.isFinite)).toBe(true);
  });

  it('when it is cancelled', async () => {
    const signal = { aborted: false };
    const operator = withFaultAt(matrixOperator(hostFloat64Space(40), matrix), 4, (v) => {
      signal.aborted = true;
      return v;
    });
    const { status, stats } = await minresQlp(operator, b, { signal });
    expect([status, stats.products]).toEqual(['cancelled', 4]);
  });

  it('with every vector given back but x, and b as it was', async () => {
    const { space, live } = withLiveVectors(hostFloat64Space(40));
    const mine = space.fromHost(b);
    for (const options of [
      {},
      { conditionLimit: 1e2 },
      { maxNorm: 10 },
      { maxIterations: 3 },
      { reorthogonalize: false },
    ]) {
      const { value } = await minresQlp(matrixOperator(space, matrix), mine, options);
      space.release(value.x);
      expect([...live]).toEqual([mine]);
    }
    expect(mine).toEqual(b);
  });
});

it('without reorthogonalisation a compatible system is solved all the same', async () => {
  const matrix = withSpectrum(
    Array.from({ length: 60 }, (_, i) => (i < 20 ? 0 : i - 39.5)),
    4,
  );
  const b = matrixVector(matrix, vector(60, 2));
  const { value, status } = await solve(matrix, b, { reorthogonalize: false });
  expect(status).toBe('converged');
  expect(relativeError(value.x, pseudoSolution(matrix, b))).toBeLessThan(1e-8);
});
