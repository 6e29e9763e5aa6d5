import { describe, expect, test } from 'vitest';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import { blockOfOperator } from '../../../../core/linalg/operators/block-of-operator.ts';
import { diagonallyScaledOperator } from '../../../../core/linalg/operators/diagonally-scaled.ts';
import { differenceOperator } from '../../../../core/linalg/operators/difference.ts';
import { projectedOperator } from '../../../../core/linalg/operators/projected.ts';
import { shiftedOperator } from '../../../../core/linalg/operators/shifted.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import type { VectorSpace } from '../../../../core/linalg/vector-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { addOuter, denseColumns, subMatrix, timesMatrix } from '../../../support/dense-columns.ts';
import { withLiveVectors } from '../../../support/live-vectors.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';
import { dot, largestDifference } from '../../../support/vectors.ts';

const n = 12;
const rng = randomFromSeed(5);
const values = Float64Array.from({ length: n }, (_, i) => i - 4);
const a = withSpectrum(values, 3);
const b = withSpectrum(values.map(Math.abs), 4);
const identity = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));

/** The columns of the made operator, after which nothing may be left of what it allocated. */
async function columnsOf(
  make: (
    a: LinearOperator<Float64Array>,
    b: LinearOperator<Float64Array>,
    space: VectorSpace<Float64Array>,
  ) => LinearOperator<Float64Array>,
): Promise<Float64Array> {
  const { space, live } = withLiveVectors(hostFloat64Space(n));
  const [ofA, ofB] = [matrixOperator(space, a), matrixOperator(space, b, { positiveSemidefinite: true })];
  const made = make(ofA, ofB, space);
  const before = live.size;
  const columns = await denseColumns(made);
  expect(live.size).toBe(before);
  return columns;
}

/** Orthonormal by Gram–Schmidt, by hand. */
function directions(count: number): Float64Array[] {
  const found: Float64Array[] = [];
  while (found.length < count) {
    const x = rng.fill(new Float64Array(n), 'normal');
    for (const q of [...found, ...found]) subtract(x, q);
    const length = Math.sqrt(dot(x, x));
    found.push(x.map((value) => value / length));
  }
  return found;
}

function subtract(x: Float64Array, q: Float64Array): void {
  const c = dot(q, x);
  for (let i = 0; i < x.length; i++) x[i]! -= c * q[i]!;
}

describe('operators made of operators, against dense matrices', () => {
  test('A − σI, and what is known of its sign', async () => {
    const columns = await columnsOf((one) => shiftedOperator(one, 0.75));
    expect(
      largestDifference(
        columns,
        a.data.map((entry, at) => entry - 0.75 * identity[at]!),
      ),
    ).toBeLessThan(1e-14);
    const space = hostFloat64Space(n);
    const semidefinite = matrixOperator(space, b, { positiveSemidefinite: true });
    expect(shiftedOperator(semidefinite, -1).positiveSemidefinite).toBe(true);
    expect(shiftedOperator(semidefinite, 1).positiveSemidefinite).toBe(false);
    expect(shiftedOperator(matrixOperator(space, a), -9).positiveSemidefinite).toBe(false);
  });

  test('A − B', async () => {
    const columns = await columnsOf(differenceOperator);
    expect(
      largestDifference(
        columns,
        a.data.map((entry, at) => entry - b.data[at]!),
      ),
    ).toBeLessThan(1e-14);
    const smaller = matrixOperator(hostFloat64Space(3), withSpectrum([1, 2, 3], 1));
    const larger = matrixOperator(hostFloat64Space(n), a);
    expect(() => differenceOperator(larger, smaller)).toThrow(RangeError);
  });

  test.each([0, 1, 5])('(I − QQᵀ) A (I − QQᵀ) for %i directions', async (count) => {
    const q = directions(count);
    const projector = identity.slice();
    for (const one of q) addOuter(projector, one, -1);
    const expected = timesMatrix(timesMatrix(projector, a.data, n), projector, n);
    expect(largestDifference(await columnsOf((one) => projectedOperator(one, q)), expected)).toBeLessThan(2e-14);
  });

  test('D A D, on the host in both precisions and with vectors that live elsewhere', async () => {
    const d = rng.fill(new Float64Array(n), 'uniform').map((entry) => 2 + entry);
    const expected = a.data.map((entry, at) => d[Math.floor(at / n)]! * entry * d[at % n]!);
    expect(largestDifference(await columnsOf((one) => diagonallyScaledOperator(one, d)), expected)).toBeLessThan(1e-13);
    const single = diagonallyScaledOperator(matrixOperator(hostFloat32Space(n), a), d);
    expect(largestDifference(await denseColumns(single), expected)).toBeLessThan(1e-5);
    const { space, live } = withLiveVectors(boxedSpace(n));
    const inside = matrixOperator(hostFloat64Space(n), a);
    const boxed: LinearOperator<Boxed> = {
      ...inside,
      space,
      apply: async ({ entries }) => space.fromHost(await inside.apply(entries)),
    };
    expect(largestDifference(await denseColumns(diagonallyScaledOperator(boxed, d)), expected)).toBeLessThan(1e-13);
    expect(live.size).toBe(0);
  });

  test('EᵀAE is the sub-matrix, its eigenvalues between those of A; wrong ranges are refused', async () => {
    const ranges = [
      { offset: 2, size: 3 },
      { offset: 9, size: 2 },
    ];
    const { space, live } = withLiveVectors(hostFloat64Space(n));
    const small = withLiveVectors(hostFloat64Space(5));
    const block = blockOfOperator(matrixOperator(space, a), ranges, small.space);
    expect(largestDifference(await denseColumns(block), subMatrix(a.data, n, [2, 3, 4, 9, 10]))).toBe(0);
    expect(live.size + small.live.size).toBe(0);
    expect(() => blockOfOperator(matrixOperator(space, a), ranges, hostFloat64Space(4))).toThrow(RangeError);
    const outside = [{ offset: 9, size: 5 }];
    expect(() => blockOfOperator(matrixOperator(space, a), outside, hostFloat64Space(5))).toThrow(RangeError);
  });
});

interface Boxed {
  readonly entries: Float64Array;
}

/** Vectors that are no arrays, as those of a device: what is consumed is replaced. */
function boxedSpace(dim: number): VectorSpace<Boxed> {
  const box = (entries: ArrayLike<number>): Boxed => ({ entries: Float64Array.from(entries) });
  return {
    dim,
    precision: 'float64',
    zeros: () => box(new Float64Array(dim)),
    copy: (x) => box(x.entries),
    release: () => {},
    fromHost: box,
    toHost: async (x) => x.entries.slice(),
    random: (stream, distribution) => box(stream.fill(new Float64Array(dim), distribution)),
    addScaled: (y, c, x) => box(y.entries.map((entry, i) => entry + c * x.entries[i]!)),
    scale: (x, c) => box(x.entries.map((entry) => c * entry)),
    dots: async (basis, x) => Float64Array.from(basis, (one) => dot(one.entries, x.entries)),
    combine: (basis, c, onto = box(new Float64Array(dim))) =>
      box(onto.entries.map((entry, i) => basis.reduce((sum, one, k) => sum + c[k]! * one.entries[i]!, entry))),
  };
}
