import { describe, expect, it } from 'vitest';
import { blockLanczos } from '../../../../core/linalg/eigenpairs/block-lanczos.ts';
import { requireInteriorFeasible } from '../../../../core/linalg/eigenpairs/interior.ts';
import type { KrylovOptions } from '../../../../core/linalg/eigenpairs/krylov-eigenpairs.ts';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { residualDeviation } from '../../../../core/linalg/eigenpairs/residual-certificate.ts';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { hessianLikeSpectrum, withSpectrum } from '../../../support/test-matrices.ts';

const n = 200;
const matrix = withSpectrum(hessianLikeSpectrum(n), 16);
const operator = matrixOperator(hostFloat64Space(n), matrix);

/** ‖A y − θ y‖ in float64 by the matrix itself. */
function trueResidual(vector: ArrayLike<number>, value: number): number {
  let square = 0;
  for (let i = 0; i < n; i++) {
    let sum = -value * vector[i]!;
    for (let j = 0; j < n; j++) sum += matrix.data[i * n + j]! * vector[j]!;
    square += sum * sum;
  }
  return Math.sqrt(square);
}

/** The operator with errors of that relative size, new ones in every product. */
function noisy<V extends ArrayLike<number>>(of: LinearOperator<V>, size: number, seed: number): LinearOperator<V> {
  const stream = randomFromSeed(seed);
  return {
    ...of,
    async apply(v) {
      const product = await of.apply(v);
      const noise = of.space.random(stream, 'sphere');
      const length = Math.sqrt((await of.space.dots([product], product))[0]!);
      const sum = of.space.addScaled(product, size * length, noise);
      of.space.release(noise);
      return sum;
    },
  };
}

describe('one product certifies the residuals of all pairs', () => {
  it.each([
    ['Lanczos', (options: KrylovOptions<Float64Array>) => lanczos(operator, options)],
    ['block Lanczos', (options: KrylovOptions<Float64Array>) => blockLanczos(operator, options)],
  ])('%s: products are those of the search and one', async (_, method) => {
    for (let seed = 0; seed < 10; seed++) {
      const options = { top: 10, bottom: 2, eigenvalueTol: 1e-4, rng: randomFromSeed(seed) };
      const bare = await method({ ...options, trueResiduals: false });
      const { value, status, stats } = await method({
        ...options,
        trueResiduals: 'combination',
        eigenvectors: true,
      });
      expect(status).toBe('converged');
      expect(stats.products).toBe(bare.stats.products + 1);
      for (const [i, pair] of [...value.top, ...value.bottom].entries()) {
        expect(pair.evidence).toBe('bounded');
        expect(pair.residualIsEstimate).toBe(false);
        const truth = trueResidual(pair.vector!, pair.value);
        expect(pair.residual).toBeGreaterThanOrEqual(truth);
        expect(pair.residual - truth).toBeLessThan(1e-12);
        expect([...bare.value.top, ...bare.value.bottom][i]!.value).toBe(pair.value);
      }
    }
  });

  it('restarted and in several runs as well', async () => {
    const options = { top: 5, bottom: 2, residualTol: 1e-5, maxBasis: 26, maxProducts: 2000, verifyMultiplicity: true };
    const { value, status } = await lanczos(operator, {
      ...options,
      trueResiduals: 'combination',
      eigenvectors: true,
      rng: randomFromSeed(1),
    });
    expect(status).toBe('converged');
    for (const pair of [...value.top, ...value.bottom]) {
      expect(pair.residual).toBeGreaterThanOrEqual(trueResidual(pair.vector!, pair.value) - 1e-15);
      expect(pair.residual).toBeLessThanOrEqual(1e-5 * Math.abs(pair.value));
    }
  });

  it.each([1e-9, 1e-6, 1e-3])(
    'noise of %f in the products: the bounds hold in at least 90 % of 40 seeds',
    async (size) => {
      let held = 0;
      for (let seed = 0; seed < 40; seed++) {
        const { value } = await lanczos(noisy(operator, size, 100 + seed), {
          top: 10,
          residualTol: 0.1,
          symmetryTol: 1,
          trueResiduals: 'combination',
          eigenvectors: true,
          rng: randomFromSeed(seed),
        });
        // A computed residual has the noise of its own product.
        const slack = ({ evidence }: { readonly evidence: string }) => (evidence === 'computed' ? 3 * size : 0);
        const holds = value.top.every((pair) => pair.residual >= trueResidual(pair.vector!, pair.value) - slack(pair));
        // A bound that is far too large would hold as well: it is of the size of the noise.
        const sharp = value.top.every((pair) => pair.residual <= trueResidual(pair.vector!, pair.value) + 1000 * size);
        held += holds && sharp ? 1 : 0;
      }
      expect(held).toBeGreaterThanOrEqual(36);
    },
  );

  it('in float32 the bounds hold', async () => {
    const single = matrixOperator(hostFloat32Space(n), matrix);
    for (let seed = 0; seed < 20; seed++) {
      const { value } = await lanczos(single, {
        top: 8,
        eigenvalueTol: 1e-3,
        trueResiduals: 'combination',
        eigenvectors: true,
        rng: randomFromSeed(seed),
      });
      for (const pair of value.top) {
        expect(pair.residual).toBeGreaterThanOrEqual(trueResidual(pair.vector!, pair.value) * (1 - 1e-3) - 1e-7);
      }
    }
  });

  it('a recurrence that lies is found out: pairs of another matrix', async () => {
    const other = matrixOperator(hostFloat64Space(n), withSpectrum(hessianLikeSpectrum(n), 17));
    const { value } = await lanczos(other, { top: 5, residualTol: 1e-8, eigenvectors: true, rng: randomFromSeed(2) });
    const pairs = value.top.map((pair) => ({ value: pair.value, vector: pair.vector!, coupling: [] }));
    const worst = Math.max(...value.top.map((pair) => trueResidual(pair.vector!, pair.value)));
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const bound = await residualDeviation(operator, pairs, [], randomFromSeed(seed));
      if (bound >= worst) held++;
    }
    expect(held).toBeGreaterThanOrEqual(190);
  });

  it('of one pair it is the residual', async () => {
    const { value } = await lanczos(operator, {
      top: 1,
      residualTol: 0.05,
      eigenvectors: true,
      rng: randomFromSeed(2),
    });
    const [pair] = value.top;
    const lone = [{ value: pair!.value, vector: pair!.vector!, coupling: [] }];
    const deviation = await residualDeviation(operator, lone, [], randomFromSeed(1));
    expect(deviation).toBeCloseTo(trueResidual(pair!.vector!, pair!.value), 13);
  });
});

describe('eigenvalues inside the spectrum', () => {
  it('are refused above the dense limit, with what to ask instead', () => {
    expect(() => requireInteriorFeasible(3000)).not.toThrow();
    expect(() => requireInteriorFeasible(3001)).toThrow(/exact dense spectrum.*density's mass near 0/);
  });
});
