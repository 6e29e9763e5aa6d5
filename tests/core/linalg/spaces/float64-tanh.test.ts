import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { releaseMatrices, residentMatrix } from '../../../../core/linalg/spaces/float64-gemm.ts';
import { tanhInPlace } from '../../../../core/linalg/spaces/float64-tanh.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

function inArena(numbers: ArrayLike<number>): Float64Array {
  const matrix = residentMatrix(1, numbers.length);
  matrix.data.set(numbers);
  tanhInPlace(matrix.data);
  const values = Float64Array.from(matrix.data);
  releaseMatrices(matrix);
  return values;
}

describe('tanh by SIMD', () => {
  test('is within 6e-16 of Math.tanh over 45 decades, both signs', () => {
    const rng = randomFromSeed(1);
    const numbers = Float64Array.from({ length: 300_000 }, (_, i) => {
      const size = i % 2 === 0 ? 4 * rng.uniform() : 10 ** (45 * rng.uniform() - 43);
      return size * rng.rademacher();
    });
    const worst = inArena(numbers).reduce((most, value, i) => {
      const exact = Math.tanh(numbers[i]!);
      return Math.max(most, Math.abs(value - exact) / Math.abs(exact));
    }, 0);
    expect(worst).toBeLessThan(6e-16);
    expect(worst).toBeGreaterThan(0);
  });

  test('satisfies tanh 2x = 2 tanh x / (1 + tanh² x)', () => {
    const numbers = Float64Array.from({ length: 2000 }, (_, i) => i / 250);
    const [once, twice] = [inArena(numbers), inArena(numbers.map((x) => 2 * x))];
    once.forEach((t, i) => {
      expect(Math.abs(twice[i]! - (2 * t) / (1 + t * t))).toBeLessThan(8e-16);
    });
  });

  test('keeps zeros with their sign, the smallest numbers, infinities and NaN', () => {
    const special = [0, -0, 5e-324, -1e-310, 30, -30, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    expect([...inArena(special)]).toEqual([0, -0, 5e-324, -1e-310, 1, -1, 1, -1, Number.NaN]);
  });

  test('changes nothing beyond an odd end', () => {
    const matrix = residentMatrix(1, 4);
    matrix.data.set([1, 2, 3, 4]);
    tanhInPlace(matrix.data.subarray(0, 3));
    expect(matrix.data[3]).toBe(4);
    expect(matrix.data[2]).toBeCloseTo(Math.tanh(3), 15);
    releaseMatrices(matrix);
  });

  test('serves numbers outside the arena by Math.tanh', () => {
    const z = Float64Array.of(0.3, -2);
    tanhInPlace(z);
    expect([...z]).toEqual([Math.tanh(0.3), Math.tanh(-2)]);
  });

  test('is embedded as the compiled text', () => {
    const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
    const check = [at('electron/build/compile-wat.mjs'), '--check', at('core/linalg/spaces/float64-tanh.wat')];
    const { status, stderr } = spawnSync(process.execPath, check, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
