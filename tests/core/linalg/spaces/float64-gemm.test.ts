import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addProduct,
  multiply,
  type ResidentMatrix,
  releaseMatrices,
  residentMatrix,
  residentPart,
  transposed,
} from '../../../../core/linalg/spaces/float64-gemm.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

/** C + A B by the definition: the slow twin. */
function plainProduct(c: Float64Array, a: ResidentMatrix, b: ResidentMatrix): Float64Array {
  const entry = (m: ResidentMatrix, i: number, j: number) =>
    m.transposed ? m.data[j * m.rows + i]! : m.data[i * m.columns + j]!;
  return c.map((start, at) => {
    const [i, j] = [Math.floor(at / b.columns), at % b.columns];
    let sum = start;
    for (let k = 0; k < a.columns; k++) sum += entry(a, i, k) * entry(b, k, j);
    return sum;
  });
}

function filled(rows: number, columns: number, seed: number): ResidentMatrix {
  const matrix = residentMatrix(rows, columns);
  randomFromSeed(seed).fill(matrix.data, 'uniform');
  return matrix;
}

/** The largest error of C += A B, each of |entries| ≤ 1, over the depth. */
function errorOfProduct(m: number, n: number, k: number, transposeA: boolean, transposeB: boolean): number {
  const a = transposeA ? transposed(filled(k, m, 1)) : filled(m, k, 1);
  const b = transposeB ? transposed(filled(n, k, 2)) : filled(k, n, 2);
  const c = filled(m, n, 3);
  const wanted = plainProduct(c.data, a, b);
  addProduct(c, a, b);
  const error = c.data.reduce((worst, x, i) => Math.max(worst, Math.abs(x - wanted[i]!)), 0);
  releaseMatrices(a, b, c);
  return error / k;
}

describe('float64 products in WebAssembly', () => {
  const orders = [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const;

  test.each(orders)('equal the plain loop for any small sizes (transposed: A %s, B %s)', (ta, tb) => {
    const size = fc.integer({ min: 1, max: 23 });
    fc.assert(fc.property(size, size, size, (m, n, k) => errorOfProduct(m, n, k, ta, tb) < 1e-15));
  });

  test.each(orders)('equal the plain loop across the edges of every block (transposed: A %s, B %s)', (ta, tb) => {
    for (const [m, n, k] of [
      [64, 128, 256],
      [65, 129, 257],
      [130, 3, 515],
      [2, 262, 511],
    ] as const) {
      expect(errorOfProduct(m, n, k, ta, tb)).toBeLessThan(1e-15);
    }
  });

  test('multiply forgets what C held, NaN included', () => {
    const [a, b, c] = [filled(5, 7, 1), filled(7, 6, 2), filled(5, 6, 3)];
    c.data.fill(Number.NaN);
    multiply(c, a, b);
    expect(plainProduct(new Float64Array(30), a, b).every((x, i) => Math.abs(x - c.data[i]!) < 1e-14)).toBe(true);
    releaseMatrices(a, b, c);
  });

  test('a NaN and an infinity come through', () => {
    const [a, b, c] = [filled(5, 3, 1), filled(3, 5, 2), residentMatrix(5, 5)];
    a.data[0] = Number.NaN;
    a.data[3] = Number.POSITIVE_INFINITY;
    multiply(c, a, b);
    expect([...c.data.subarray(0, 5)].every(Number.isNaN)).toBe(true);
    expect([...c.data.subarray(5, 10)].every((x) => Math.abs(x) === Number.POSITIVE_INFINITY)).toBe(true);
    expect([...c.data.subarray(10)].every(Number.isFinite)).toBe(true);
    releaseMatrices(a, b, c);
  });

  test('a part of a vector is multiplied where it lies', () => {
    const space = hostFloat64Space(50);
    const vector = space.random(randomFromSeed(4), 'normal');
    const [part, b, c] = [residentPart(vector, 7, 4, 6)!, filled(6, 3, 5), residentMatrix(4, 3)];
    multiply(c, part, b);
    expect(plainProduct(new Float64Array(12), part, b).every((x, i) => Math.abs(x - c.data[i]!) < 1e-14)).toBe(true);
    expect(residentPart(new Float64Array(50), 7, 4, 6)).toBeNull();
    space.release(vector);
    releaseMatrices(b, c);
  });

  test('what does not fit or lies outside the arena is refused', () => {
    const [a, b, c] = [filled(2, 3, 1), filled(4, 5, 2), residentMatrix(2, 5)];
    expect(() => multiply(c, a, b)).toThrow('A product of 2×3 and 4×5 does not go into 2×5.');
    const outside = { rows: 3, columns: 5, data: new Float64Array(15), transposed: false };
    expect(() => multiply(c, a, outside)).toThrow('outside the arena');
    releaseMatrices(a, b, c);
  });

  test('released matrices leave nothing behind', () => {
    const before = hostArena().bytesInUse;
    for (let round = 0; round < 20; round++) errorOfProduct(9, 10, 11, false, true);
    expect(hostArena().bytesInUse).toBe(before);
  });

  test('the embedded bytes are the compiled text', () => {
    const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
    const check = [at('electron/build/compile-wat.mjs'), '--check', at('core/linalg/spaces/float64-gemm.wat')];
    const { status, stderr } = spawnSync(process.execPath, check, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
