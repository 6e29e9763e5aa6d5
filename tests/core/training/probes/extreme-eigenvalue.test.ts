import { expect, test } from 'vitest';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { extremeEigenvalue, type WarmStart } from '../../../../core/training/probes/extreme-eigenvalue.ts';

const dim = 400;
const bulk = randomFromSeed(2).fill(new Float64Array(dim), 'uniform');

/** Diagonal with λ₁ = 10 and another eigenvalue that meets it at k = 10 and goes on; turned upside down for the bottom. */
function crossing(k: number, sign: 1 | -1): LinearOperator<Float64Array> & { products: number } {
  const values = bulk.map((x, i) => sign * (i === 7 ? 10 : i === 8 ? 8 + k / 5 : x));
  const space = hostFloat64Space(dim);
  const operator = {
    space,
    symmetric: true,
    positiveSemidefinite: false,
    products: 0,
    async apply(v: Float64Array) {
      operator.products++;
      const product = space.copy(v);
      for (let i = 0; i < dim; i++) product[i]! *= values[i]!;
      return product;
    },
  };
  return operator;
}

const measure = (k: number, seed: number, start: WarmStart<Float64Array> | null, end: 'top' | 'bottom' = 'top') => {
  const operator = crossing(k, end === 'top' ? 1 : -1);
  const rng = randomFromSeed(seed).split(`step ${k}`);
  return extremeEigenvalue(operator, { end, rng, start, residualTol: 1e-3, maxProducts: 100 }).then((found) => ({
    ...found,
    products: operator.products,
  }));
};

test.each(['top', 'bottom'] as const)(
  'follows the %s through a crossing of two eigenvalues from 20 starts',
  async (end) => {
    for (let seed = 0; seed < 20; seed++) {
      let start: WarmStart<Float64Array> | null = null;
      for (let k = 5; k <= 16; k++) {
        const { value, residual, products, next } = await measure(k, seed, start, end);
        const exact = Math.max(10, 8 + k / 5);
        expect(Math.abs(Math.abs(value) - exact)).toBeLessThan(1e-3 * exact);
        expect(residual).toBeLessThan(1e-3 * exact);
        if (k === 11) expect(products).toBeLessThanOrEqual(12);
        // The pair stays orthonormal, or its sum could cancel.
        const [first, second] = next!.vectors;
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
        expect(Math.abs(dot(first!, second!))).toBeLessThan(1e-6);
        expect(Math.abs(dot(second!, second!) - 1)).toBeLessThan(1e-6);
        start = next;
      }
    }
  },
);

test('goes on from a stored start bit for bit', async () => {
  let start: WarmStart<Float64Array> | null = null;
  for (let k = 6; k <= 13; k++) {
    const stored: WarmStart<Float64Array> | null = structuredClone(start);
    const found = await measure(k, 3, start);
    expect(await measure(k, 3, stored)).toEqual(found);
    start = found.next;
  }
});
