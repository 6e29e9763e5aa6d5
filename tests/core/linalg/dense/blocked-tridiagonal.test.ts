import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Matrix } from 'ml-matrix';
import { describe, expect, it, test } from 'vitest';
import { type ArenaRows, arenaRows, freeRows, wholeSteps } from '../../../../core/linalg/dense/arena-rows.ts';
import { reduceToTridiagonal } from '../../../../core/linalg/dense/blocked-tridiagonal.ts';
import { applyReflections } from '../../../../core/linalg/dense/householder-blocks.ts';
import { householderKernels } from '../../../../core/linalg/dense/householder-kernels.ts';
import { householderTridiagonal } from '../../../../core/linalg/dense/householder-tridiagonal.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { distance, largestOf, symmetricMatrix, tridiagonalMatrix } from './decomposition-error.ts';

function ended<T>(work: Generator<void, T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

const dense = (block: ArenaRows, n: number): Matrix =>
  new Matrix(
    Array.from({ length: n }, (_, i) => Array.from(block.data.subarray(i * block.stride, i * block.stride + n))),
  );

function normals(n: number, seed: number) {
  const random = randomFromSeed(seed).fill(new Float64Array(n * n), 'normal');
  return symmetricMatrix(n, (i, j) => random[i * n + j]!);
}

describe.each([1, 2, 3, 4, 5, 31, 32, 33, 34, 64, 65, 100, 131])('blocked reduction, order %i', (n) => {
  const matrix = normals(n, n);
  const a = arenaRows(wholeSteps(n), n);
  for (let i = 0; i < n; i++) {
    // The upper triangle is not read.
    for (let j = 0; j < n; j++) a.data[i * a.stride + j] = j <= i ? matrix.data[i * n + j]! : 1e300;
  }
  const { alpha, beta, tau } = ended(reduceToTridiagonal(a, n));
  const q = arenaRows(n, n);
  for (let i = 0; i < n; i++) q.data[i * q.stride + i] = 1;
  ended(applyReflections(a, tau, q, n));
  // Row i is Q eᵢ.
  const transposedQ = dense(q, n);
  freeRows(a, q);

  it('gives Q orthogonal with Q T Qᵀ = A', () => {
    const t = new Matrix(tridiagonal(alpha, beta));
    const rebuilt = transposedQ.transpose().mmul(t).mmul(transposedQ);
    expect(distance(rebuilt.to1DArray(), matrix.data)).toBeLessThan(1e-14 * largestOf(matrix.data) * (n + 5));
    const gram = transposedQ.mmul(transposedQ.transpose());
    expect(Matrix.sub(gram, Matrix.eye(n)).norm('frobenius')).toBeLessThan(1e-13);
  });

  it('gives the T of the plain reduction', () => {
    // The same reflections in the same order: T agrees but for rounding, which grows where the reduction is sensitive.
    const plain = householderTridiagonal(matrix);
    expect(distance(alpha, plain.alpha)).toBeLessThan(1e-9);
    expect(distance(beta, plain.beta)).toBeLessThan(1e-9);
  });
});

function tridiagonal(alpha: Float64Array, beta: Float64Array): number[][] {
  const { rows: n, data } = tridiagonalMatrix(alpha, beta);
  return Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * n, (i + 1) * n)));
}

describe('kernels', () => {
  test.each([4, 8, 36])('the product with the lower triangle equals the plain loop, order %i', (n) => {
    const matrix = normals(n, 7);
    const a = arenaRows(n, n);
    const vectors = arenaRows(2, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) a.data[i * a.stride + j] = j <= i ? matrix.data[i * n + j]! : Number.NaN;
    const v = vectors.data.subarray(0, n);
    const w = vectors.data.subarray(vectors.stride, vectors.stride + n);
    randomFromSeed(8).fill(v, 'normal');
    w.fill(99);
    householderKernels().symmetricProduct(a.at, a.stride * 8, n, v.byteOffset, w.byteOffset);
    const wanted = Array.from({ length: n }, (_, i) => v.reduce((sum, x, j) => sum + matrix.data[i * n + j]! * x, 0));
    expect(distance(w, wanted)).toBeLessThan(1e-13);
    freeRows(a, vectors);
  });

  it('a reduction that is not run to its end gives its memory back', () => {
    const before = hostArena().bytesInUse;
    const a = arenaRows(100, 100);
    const work = reduceToTridiagonal(a, 100);
    work.next();
    work.return(undefined as never);
    freeRows(a);
    expect(hostArena().bytesInUse).toBe(before);
  });

  test('the bytes are those of the text', () => {
    const root = fileURLToPath(new URL('../../../..', import.meta.url));
    const check = ['electron/build/compile-wat.mjs', '--check', 'core/linalg/dense/householder-kernels.wat'];
    const { status, stderr } = spawnSync(process.execPath, check, { cwd: root, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});
