import { expect, test } from 'vitest';
import type { SpectralWeights } from '../../../../core/linalg/dense/absolute-inverse.ts';
import { absoluteInverse, pseudoInverse } from '../../../../core/linalg/dense/absolute-inverse.ts';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { matrixOperator, matrixVector } from '../../../../core/linalg/matrix-operator.ts';
import { denseParts, krylovParts } from '../../../../core/linalg/operators/function-of-operator.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';
import { largestDifference, relativeError } from '../../../support/vectors.ts';

async function denseFunctionTimes<V extends HostVector>(operator: LinearOperator<V>, x: V, weights: SpectralWeights) {
  const { value, ...rest } = await denseParts(operator, x);
  return { ...rest, eigenvalues: value?.eigenvalues, vector: value?.times(weights) };
}

async function krylovFunctionTimes<V extends HostVector>(
  operator: LinearOperator<V>,
  x: V,
  k: number,
  weights: SpectralWeights,
) {
  const { value, ...rest } = await krylovParts(operator, x, k);
  const vector = value?.times(weights);
  value?.dispose();
  return { ...rest, vector };
}

const spread = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1) * (0.5 + i / 10));
const vector = (n: number, seed = 3): Float64Array => randomFromSeed(seed).fill(new Float64Array(n), 'normal');

test.each([2, 24, 60])('|A|⁻¹ twice is A⁻² at order %i, and stands still where A is positive', async (n) => {
  const a = withSpectrum(spread(n), 5);
  const operator = matrixOperator(hostFloat64Space(n), a);
  const x = vector(n);
  const once = await denseFunctionTimes(operator, x, absoluteInverse(0));
  expect(once.stats.products).toBe(n);
  const twice = await denseFunctionTimes(operator, once.vector!, absoluteInverse(0));
  expect(relativeError(matrixVector(a, matrixVector(a, twice.vector!)), x)).toBeLessThan(1e-12);
  const positive = withSpectrum(spread(n).map(Math.abs), 5);
  const inverse = await denseFunctionTimes(matrixOperator(hostFloat64Space(n), positive), x, absoluteInverse(0.25));
  const y = inverse.vector!;
  const back = matrixVector(positive, y).map((value, i) => value + 0.25 * y[i]!);
  expect(relativeError(back, x)).toBeLessThan(1e-12);
});

test('(|A| + μI)⁻¹ and (A + μI)⁻¹ differ where eigenvalues are negative', async () => {
  const operator = matrixOperator(hostFloat64Space(2), { rows: 2, columns: 2, data: Float64Array.of(10, 0, 0, -2) });
  const x = Float64Array.of(10, -2);
  const absolute = await denseFunctionTimes(operator, x, absoluteInverse(0));
  expect(Array.from(absolute.vector!)).toEqual([1, -1]);
  const plain = await denseFunctionTimes(operator, x, pseudoInverse(0));
  expect(Array.from(plain.vector!)).toEqual([1, 1]);
  const damped = await denseFunctionTimes(operator, x, pseudoInverse(0, 1));
  expect(largestDifference(damped.vector!, [10 / 11, 2])).toBeLessThan(1e-15);
});

test('the pseudo-inverse leaves the null space out: A A⁺ A x = A x, and A⁺ of a null vector is 0', async () => {
  const n = 40;
  const a = withSpectrum([...spread(n - 8), ...Array(8).fill(0)], 2);
  const operator = matrixOperator(hostFloat64Space(n), a);
  const image = matrixVector(a, vector(n));
  const found = await denseFunctionTimes(operator, image, pseudoInverse(1e-9));
  expect(relativeError(matrixVector(a, found.vector!), image)).toBeLessThan(1e-12);
  expect(found.eigenvalues!.filter((lambda) => Math.abs(lambda) < 1e-12)).toHaveLength(8);
});

test('the Krylov form is exact for polynomials of lower degree, and at k = dim for |λ|', async () => {
  const n = 30;
  const a = withSpectrum(spread(n), 7);
  const operator = matrixOperator(hostFloat64Space(n), a);
  const x = vector(n);
  const cubic = (values: Float64Array) => values.map((value) => value ** 3 - 2 * value);
  const four = await krylovFunctionTimes(operator, x, 4, cubic);
  expect(four.stats.products).toBe(4);
  expect(four.status).toBe('budgetSpent');
  const image = matrixVector(a, x);
  const third = matrixVector(a, matrixVector(a, image));
  const expected = third.map((value, i) => value - 2 * image[i]!);
  expect(relativeError(four.vector!, expected)).toBeLessThan(1e-12);
  const whole = await krylovFunctionTimes(operator, x, n, absoluteInverse(0));
  expect(whole.status).toBe('invariantSubspace');
  const again = await krylovFunctionTimes(operator, whole.vector!, n, absoluteInverse(0));
  expect(relativeError(matrixVector(a, matrixVector(a, again.vector!)), x)).toBeLessThan(1e-11);
});

test('a Krylov space that closes early ends there and is exact', async () => {
  const n = 20;
  const a = withSpectrum([...Array(10).fill(3), ...Array(10).fill(-1)], 4);
  const x = vector(n);
  const found = await krylovFunctionTimes(matrixOperator(hostFloat64Space(n), a), x, 15, pseudoInverse(1e-9));
  expect(found.status).toBe('invariantSubspace');
  expect(found.stats.products).toBe(2);
  expect(relativeError(matrixVector(a, found.vector!), x)).toBeLessThan(1e-12);
});

test('float32: to its rounding', async () => {
  const n = 25;
  const a = withSpectrum(spread(n), 9);
  const x = Float32Array.from(vector(n));
  const found = await krylovFunctionTimes(matrixOperator(hostFloat32Space(n), a), x, n, pseudoInverse(1e-6));
  expect(found.vector).toBeInstanceOf(Float32Array);
  const back = matrixVector(a, found.vector!);
  expect(relativeError(back, Float64Array.from(x))).toBeLessThan(1e-4);
});

test('what is not finite is said; nothing of 0; a cancelled one has no vector', async () => {
  const data = Float64Array.of(1, Number.NaN, Number.NaN, 1);
  const operator = matrixOperator(hostFloat64Space(2), { rows: 2, columns: 2, data });
  const one = Float64Array.of(1, 1);
  const dense = await denseFunctionTimes(operator, one, absoluteInverse(1));
  const krylov = await krylovFunctionTimes(operator, one, 2, absoluteInverse(1));
  for (const { status, vector: none } of [dense, krylov]) {
    expect(status).toBe('notFinite');
    expect(none).toBeUndefined();
  }
  const none = await krylovFunctionTimes(operator, Float64Array.of(0, 0), 2, absoluteInverse(1));
  expect(Array.from(none.vector!)).toEqual([0, 0]);
  expect(none.stats.products).toBe(0);
  const cancelled = await krylovParts(operator, one, 2, { aborted: true });
  expect(cancelled).toMatchObject({ status: 'cancelled', value: null });
});
