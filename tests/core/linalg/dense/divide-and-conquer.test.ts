import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arenaRows, freeRows } from '../../../../core/linalg/dense/arena-rows.ts';
import type { SymmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { divideAndConquer } from '../../../../core/linalg/dense/divide-and-conquer.ts';
import { tridiagonalEigen } from '../../../../core/linalg/dense/tridiagonal-eigen.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { decompositionError, distance, largestOf, tridiagonalMatrix } from './decomposition-error.ts';

function eigenOf(alpha: Float64Array, beta: Float64Array): SymmetricEigen {
  const n = alpha.length;
  const rows = arenaRows(n, n);
  const spare = arenaRows(n, n);
  const work = divideAndConquer(alpha, beta, rows, spare);
  let step = work.next();
  while (!step.done) step = work.next();
  const { values, order } = step.value;
  const data = new Float64Array(n * n);
  order.forEach((row, j) => {
    for (let i = 0; i < n; i++) data[i * n + j] = rows.data[row * rows.stride + i]!;
  });
  freeRows(rows, spare);
  const eigenvalues = Float64Array.from(order, (row) => values[row]!);
  return { eigenvalues, eigenvectors: { rows: n, columns: n, data }, residual: Number.NaN };
}

const filled = (n: number, entry: (i: number) => number) =>
  Float64Array.from({ length: Math.max(0, n) }, (_, i) => entry(i));
const random = (n: number, seed: number) => randomFromSeed(seed).fill(new Float64Array(n), 'normal');
/** Wilkinson's W⁺ of odd order: its largest eigenvalues come in pairs that agree to more than all digits. */
const wilkinson = (n: number) => filled(n, (i) => Math.abs(i - (n - 1) / 2));

const table: readonly (readonly [string, Float64Array, Float64Array])[] = [
  ['second difference, n = 300', filled(300, () => 2), filled(299, () => -1)],
  ['Wilkinson, n = 21', wilkinson(21), filled(20, () => 1)],
  ['Wilkinson, n = 201', wilkinson(201), filled(200, () => 1)],
  [
    'ten Wilkinson matrices glued by 1e-8',
    filled(210, (i) => Math.abs((i % 21) - 10)),
    filled(209, (i) => (i % 21 === 20 ? 1e-8 : 1)),
  ],
  [
    'ten Wilkinson matrices glued by 1e-14',
    filled(210, (i) => Math.abs((i % 21) - 10)),
    filled(209, (i) => (i % 21 === 20 ? 1e-14 : 1)),
  ],
  ['Clement, zero diagonal', filled(200, () => 0), filled(199, (i) => Math.sqrt((i + 1) * (199 - i)))],
  ['random', random(257, 1), random(256, 2)],
  ['random, odd signs of couplings', random(130, 3), filled(129, (i) => (i % 2 ? -1 : 1) * (i + 1))],
  ['zero', new Float64Array(100), new Float64Array(99)],
  ['diagonal, unsorted', random(100, 4), new Float64Array(99)],
  ['equal diagonal, tiny couplings', filled(100, () => 1), filled(99, () => 1e-17)],
  ['graded downwards', filled(150, (i) => 10 ** (-i / 5)), filled(149, (i) => 0.3 * 10 ** (-i / 5))],
  ['graded upwards', filled(150, (i) => 10 ** (-(149 - i) / 5)), filled(149, (i) => 0.3 * 10 ** (-(149 - i) / 5))],
  ['two scales', filled(120, (i) => (i < 60 ? 1 : 1e-20)), filled(119, (i) => (i < 59 ? 1 : i === 59 ? 0 : 1e-20))],
  ['Laguerre, clustered towards zero', filled(200, (i) => (2 * i + 1) / 400), filled(199, (i) => (i + 1) / 400)],
];

describe.each(table)('divide and conquer of: %s', (_, alpha, beta) => {
  const found = eigenOf(alpha, beta);
  const size = largestOf(found.eigenvalues);

  it('agrees with implicit QL', () => {
    expect(distance(found.eigenvalues, tridiagonalEigen(alpha, beta).values)).toBeLessThanOrEqual(1e-14 * size);
  });

  it('has small residuals and orthogonal vectors', () => {
    const { residual, orthogonality } = decompositionError(tridiagonalMatrix(alpha, beta), found);
    expect(residual).toBeLessThanOrEqual(1e-14 * size);
    expect(orthogonality).toBeLessThan(1e-12);
  });
});

describe('divide and conquer', () => {
  it('has the closed forms of the second difference and of Clement', () => {
    const n = 300;
    const second = eigenOf(
      filled(n, () => 2),
      filled(n - 1, () => -1),
    );
    expect(
      distance(
        second.eigenvalues,
        filled(n, (j) => 2 - 2 * Math.cos(((j + 1) * Math.PI) / (n + 1))),
      ),
    ).toBeLessThan(1e-14);
    const clement = eigenOf(
      filled(200, () => 0),
      filled(199, (i) => Math.sqrt((i + 1) * (199 - i))),
    );
    expect(
      distance(
        clement.eigenvalues,
        filled(200, (j) => 2 * j - 199),
      ),
    ).toBeLessThan(1e-14 * 200);
  });

  it('is right for any small integers, where ties and zeros abound', () => {
    const small = fc.integer({ min: -2, max: 2 });
    const problem = fc
      .integer({ min: 33, max: 90 })
      .chain((n) =>
        fc.tuple(fc.array(small, { minLength: n, maxLength: n }), fc.array(small, { minLength: n, maxLength: n })),
      );
    fc.assert(
      fc.property(problem, ([diagonal, couplings]) => {
        const alpha = Float64Array.from(diagonal);
        const beta = Float64Array.from(couplings.slice(1));
        const found = eigenOf(alpha, beta);
        const { residual, orthogonality } = decompositionError(tridiagonalMatrix(alpha, beta), found);
        expect(residual).toBeLessThan(1e-13);
        expect(orthogonality).toBeLessThan(1e-12);
        expect(distance(found.eigenvalues, tridiagonalEigen(alpha, beta).values)).toBeLessThan(1e-13);
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('gives its memory back', () => {
    const before = hostArena().bytesInUse;
    eigenOf(random(200, 5), random(199, 6));
    expect(hostArena().bytesInUse).toBe(before);
  });
});
