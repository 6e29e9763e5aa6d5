import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { blockLanczos } from '../../../../core/linalg/eigenpairs/block-lanczos.ts';
import type { EigenpairsOptions, EigenpairsValue, RitzPair } from '../../../../core/linalg/eigenpairs/eigenpairs.ts';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { lobpcg } from '../../../../core/linalg/eigenpairs/lobpcg.ts';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import type { Result } from '../../../../core/linalg/result.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withFaultAt, withLiveVectors } from '../../../support/live-vectors.ts';
import { hessianLikeSpectrum, testMatrices, withSpectrum } from '../../../support/test-matrices.ts';

type Method = <V>(operator: LinearOperator<V>, options: EigenpairsOptions<V>) => Promise<Result<EigenpairsValue<V>>>;

/** Every method sees multiplicities up to 4 here. */
const methods: readonly (readonly [string, Method])[] = [
  ['Lanczos', (operator, options) => lanczos(operator, { ...options, verifyMultiplicity: true })],
  [
    'Lanczos, residuals by combination',
    (operator, options) => lanczos(operator, { ...options, verifyMultiplicity: true, trueResiduals: 'combination' }),
  ],
  ['block Lanczos', (operator, options) => blockLanczos(operator, options)],
  ['block Lanczos, restarted', (operator, options) => blockLanczos(operator, { ...options, maxBasis: 48 })],
  ['LOBPCG', (operator, options) => lobpcg(operator, options)],
];
const rng = () => randomFromSeed(3);

/** In restarted and local methods ends that are as dense as the bulk take thousands of products. */
const problems = testMatrices.filter(({ name }) => name !== 'diagonal with clusters');
const clustered = {
  name: 'a cluster of width 1e-5 above a bulk',
  matrix: withSpectrum([...Array.from({ length: 70 }, (_, i) => i / 70), 2, 2.000004, 2.00001, 3], 21),
};
const tenfold = {
  name: 'ten copies at the top',
  matrix: withSpectrum([...Array.from({ length: 190 }, (_, i) => i / 190), ...new Array<number>(10).fill(2)], 22),
};

function solve(
  method: Method,
  matrix: (typeof clustered)['matrix'],
  precision: string,
  options: EigenpairsOptions<never>,
) {
  return precision === 'float64'
    ? method(matrixOperator(hostFloat64Space(matrix.rows), matrix), options)
    : method(matrixOperator(hostFloat32Space(matrix.rows), matrix), options);
}

describe.each(methods)('%s', (_, method) => {
  describe.each([...problems, clustered])('$name', ({ matrix }) => {
    const truth = Array.from(symmetricEigen(matrix).eigenvalues);
    const size = Math.max(...truth.map(Math.abs));
    const count = Math.min(4, truth.length);
    const wanted = {
      top: [...truth].reverse().slice(0, count),
      bottom: truth.slice(0, count),
      magnitude: [...truth].sort((a, b) => Math.abs(b) - Math.abs(a)).slice(0, count),
    };

    it.each([
      ['float64', 1e-7, 1e-12],
      ['float32', 2e-4, 4e-6],
    ] as const)(
      '%s: every list is sorted and holds the dense values within the residuals',
      async (precision, residualTol, floor) => {
        const { value, status } = await solve(method, matrix, precision, {
          top: 4,
          bottom: 4,
          magnitude: 4,
          residualTol,
          maxProducts: 4000,
          rng: rng(),
        });
        expect(status).toBe('converged');
        for (const list of ['top', 'bottom', 'magnitude'] as const) {
          const pairs: readonly RitzPair<unknown>[] = value[list];
          expect(pairs).toHaveLength(count);
          pairs.forEach((pair, i) => {
            const near = (exact: number) => Math.abs(pair.value - exact) <= pair.residual + floor * size;
            // Of ±λ either may come first.
            expect(near(wanted[list][i]!) || (list === 'magnitude' && near(-wanted[list][i]!))).toBe(true);
            expect(pair.residualIsEstimate).toBe(false);
            expect(pair.residual).toBeLessThanOrEqual(residualTol * Math.abs(pair.value) + floor * size);
          });
          const keys = pairs.map((p) => (list === 'top' ? p.value : list === 'bottom' ? -p.value : Math.abs(p.value)));
          expect(keys).toEqual([...keys].sort((a, b) => b - a));
          const grouped = value.subspaces
            .filter((subspace) => subspace.list === list)
            .flatMap(({ indices }) => indices);
          expect([...grouped].sort((a, b) => a - b)).toEqual(pairs.map((_, i) => i));
        }
      },
    );
  });

  const matrix = withSpectrum(hessianLikeSpectrum(150), 11);
  const operator = matrixOperator(hostFloat64Space(150), matrix);

  it('returns unit, orthogonal vectors with the stated residuals', async () => {
    const { space } = operator;
    const options = { top: 5, bottom: 2, residualTol: 1e-7, eigenvectors: true, maxProducts: 3000, rng: rng() };
    const { value } = await method(operator, options);
    const pairs = [...value.top, ...value.bottom];
    const vectors = pairs.map(({ vector }) => vector!);
    for (const [i, pair] of pairs.entries()) {
      const dots = await space.dots(vectors, vectors[i]!);
      dots.forEach((dot, j) => {
        expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-9);
      });
      const defect = space.addScaled(await operator.apply(vectors[i]!), -pair.value, vectors[i]!);
      const residual = Math.sqrt((await space.dots([defect], defect))[0]!);
      if (pair.evidence === 'computed') expect(residual).toBeCloseTo(pair.residual, 13);
      else expect(residual).toBeLessThanOrEqual(pair.residual);
    }
  });

  it.each([1, 3, 9, 20])('NaN in product %i is notFinite, and no NaN comes out', async (at) => {
    const broken = withFaultAt(operator, at, (product) => product.fill(Number.NaN, 3, 4));
    const { value, status, stats } = await method(broken, { top: 3, residualTol: 1e-9, rng: rng() });
    expect(status).toBe('notFinite');
    expect(stats.products).toBe(at);
    for (const { value: found, residual } of value.top) {
      expect(found).not.toBeNaN();
      expect(residual).not.toBeNaN();
    }
  });

  it('an antisymmetric part of 1e-3 is notSymmetric', async () => {
    const b = randomFromSeed(17).fill(new Float64Array(150 * 150), 'normal');
    const skewed = matrix.data.map((a, i) => a + (1e-3 / 12) * (b[i]! - b[(i % 150) * 150 + Math.floor(i / 150)]!));
    const wrong = matrixOperator(hostFloat64Space(150), { ...matrix, data: skewed });
    expect((await method(wrong, { top: 3, rng: rng() })).status).toBe('notSymmetric');
  });

  it('keeps to its budget of products, and says so', async () => {
    for (const maxProducts of [1, 2, 7, 20, 31]) {
      const options = { top: 3, bottom: 2, residualTol: 1e-12, maxProducts, rng: rng() };
      const { value, status, stats } = await method(operator, options);
      expect(status).toBe('budgetSpent');
      expect(stats.products).toBeLessThanOrEqual(maxProducts);
      for (const { value: found, errorBound } of [...value.top, ...value.bottom]) {
        const distance = Math.min(...hessianLikeSpectrum(150).map((exact) => Math.abs(exact - found)));
        expect(distance).toBeLessThanOrEqual(errorBound);
      }
    }
  });

  it('ends after its seconds', async () => {
    const slow: typeof operator = {
      ...operator,
      async apply(v) {
        await new Promise((resolve) => setTimeout(resolve, 4));
        return operator.apply(v);
      },
    };
    const { status, stats } = await method(slow, { top: 8, residualTol: 1e-13, maxSeconds: 0.06, rng: rng() });
    expect(status).toBe('budgetSpent');
    expect(stats.products).toBeLessThanOrEqual(40);
  });

  it('is cancelled before the next product or block', async () => {
    const signal = { aborted: false };
    const onProgress = ({ products }: { readonly products: number }) => {
      signal.aborted = products >= 12;
    };
    const { status, stats } = await method(operator, { top: 4, residualTol: 1e-12, rng: rng(), signal, onProgress });
    expect(status).toBe('cancelled');
    expect(stats.products).toBeLessThanOrEqual(24);
    const none = await method(operator, { rng: rng(), signal: { aborted: true } });
    expect([none.status, none.stats.products, none.value.top.length]).toEqual(['cancelled', 0, 0]);
  });

  it.each([true, false])('leaves only what it returns alive (eigenvectors: %s)', async (eigenvectors) => {
    const { space, live } = withLiveVectors(hostFloat64Space(150));
    const options = { top: 4, bottom: 2, magnitude: 3, maxProducts: 600, eigenvectors, rng: rng() };
    const { value } = await method(matrixOperator(space, matrix), options);
    expect(live.size).toBe(eigenvectors ? 9 : 0);
    const pairs = [...value.top, ...value.bottom, ...value.magnitude];
    space.release(...pairs.flatMap(({ vector }) => vector ?? []));
    expect(live.size).toBe(0);
  });

  it('a product that throws is the caller’s error and leaves nothing behind', async () => {
    const { space, live } = withLiveVectors(hostFloat64Space(150));
    const failing = withFaultAt(matrixOperator(space, matrix), 9, () => {
      throw new Error('device lost');
    });
    await expect(method(failing, { top: 3, rng: rng() })).rejects.toThrow('device lost');
    expect(live.size).toBeLessThanOrEqual(1); // the product that the fault took away
  });

  it('starts warm from the vectors of a nearby operator with fewer products', async () => {
    const nearby = withSpectrum(
      hessianLikeSpectrum(150).map((value, i) => value * (1 + 1e-3 * Math.sin(i))),
      11,
    );
    const options = { top: 3, residualTol: 1e-2, rng: rng() };
    const before = await method(operator, { ...options, eigenvectors: true });
    const start = before.value.top.map(({ vector }) => vector!);
    const moved = matrixOperator(hostFloat64Space(150), nearby);
    const warm = await method(moved, { ...options, start });
    const cold = await method(moved, options);
    expect(warm.status).toBe('converged');
    expect(warm.stats.products).toBeLessThan(cold.stats.products);
  });
});

describe('multiplicities', () => {
  it.each([
    ['blockLanczos', blockLanczos],
    ['lobpcg', lobpcg],
  ] as const)('%s sees ten copies from a block of eleven, and says that they are all', async (_, method) => {
    const operator = matrixOperator(hostFloat64Space(200), tenfold.matrix);
    const { value, status } = await method(operator, { top: 11, blockSize: 12, residualTol: 1e-8, rng: rng() });
    expect(status).toBe('converged');
    expect(value.subspaces[0]).toMatchObject({ list: 'top', count: 10, complete: true });
    expect(value.subspaces[0]!.value).toBeCloseTo(2, 12);
    expect(value.subspaces[1]!.count).toBe(1);
  });

  it('a block of four sees four of ten and does not say that they are all', async () => {
    const operator = matrixOperator(hostFloat64Space(200), tenfold.matrix);
    const { value } = await blockLanczos(operator, { top: 5, blockSize: 4, residualTol: 0.02, rng: rng() });
    expect(value.subspaces[0]).toMatchObject({ count: 4, complete: false });
  });

  it('one start vector sees one copy and never says that it is all; verification sees ten', async () => {
    const operator = matrixOperator(hostFloat64Space(200), tenfold.matrix);
    const one = await lanczos(operator, { top: 1, residualTol: 0.02, rng: rng() });
    expect(one.value.subspaces[0]).toMatchObject({ count: 1, complete: false });
    expect(one.value.subspaces.some(({ complete }) => complete)).toBe(false);
    const options = { top: 12, residualTol: 1e-6, rng: rng() };
    const verified = await lanczos(operator, { ...options, verifyMultiplicity: true });
    expect(verified.status).toBe('converged');
    expect(verified.value.subspaces[0]).toMatchObject({ count: 10, complete: true });
  });

  it('verification that ended with the last copy of the list does not say that there are no more', async () => {
    const operator = matrixOperator(hostFloat64Space(200), tenfold.matrix);
    const { value } = await lanczos(operator, { top: 4, verifyMultiplicity: true, residualTol: 1e-8, rng: rng() });
    expect(value.subspaces).toHaveLength(1);
    expect(value.subspaces[0]).toMatchObject({ count: 4, complete: false });
  });

  it('a subspace’s residual bounds ‖A Q − Q (QᵀAQ)‖', async () => {
    const operator = matrixOperator(hostFloat64Space(200), tenfold.matrix);
    const { space } = operator;
    const { value } = await blockLanczos(operator, {
      top: 10,
      blockSize: 10,
      residualTol: 1e-3,
      eigenvectors: true,
      rng: rng(),
    });
    const q = value.subspaces[0]!.indices.map((i) => value.top[i]!.vector!);
    let square = 0;
    for (const vector of q) {
      const product = await operator.apply(vector);
      const inside = await space.dots(q, product);
      const outside = space.combine(
        q,
        inside.map((entry) => -entry),
        product,
      );
      square += (await space.dots([outside], outside))[0]!;
    }
    expect(Math.sqrt(square)).toBeLessThanOrEqual(value.subspaces[0]!.residual * (1 + 1e-9) + 1e-14);
  });
});

describe('largest magnitude', () => {
  it('takes from both ends, and does not take an end for settled that still grows', async () => {
    for (let seed = 0; seed < 20; seed++) {
      // −1.01 is hidden from the first steps by 30 values close to it, 1 stands alone.
      const spectrum = [
        ...Array.from({ length: 30 }, (_, i) => -1.01 + 0.002 * i),
        ...Array.from({ length: 60 }, (_, i) => 0.3 * Math.sin(i)),
        1,
      ];
      const operator = matrixOperator(hostFloat64Space(91), withSpectrum(spectrum, 23));
      const { value, status } = await lanczos(operator, { magnitude: 1, residualTol: 1e-2, rng: randomFromSeed(seed) });
      expect(status).toBe('converged');
      expect(value.magnitude[0]!.value).toBeLessThan(0);
    }
  });
});

describe('a preconditioner', () => {
  it('of the diagonal makes LOBPCG find the bottom of a graded matrix with fewer products', async () => {
    const n = 120;
    const diagonal = Float64Array.from({ length: n }, (_, i) => 1.15 ** i);
    const data = new Float64Array(n * n).map((_, k) =>
      k % (n + 1) === 0 ? diagonal[k % n]! : 0.05 * Math.cos((k % n) * Math.floor(k / n)),
    );
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i]!;
    const matrix = { rows: n, columns: n, data };
    const operator = matrixOperator(hostFloat64Space(n), matrix);
    const preconditioner: typeof operator = {
      ...operator,
      apply: async (v) => operator.space.fromHost(v.map((entry, i) => entry / diagonal[i]!)),
    };
    const options = { top: 0, bottom: 3, residualTol: 1e-6, maxProducts: 4000, rng: rng() };
    const plain = await lobpcg(operator, options);
    const conditioned = await lobpcg(operator, { ...options, preconditioner });
    expect(conditioned.status).toBe('converged');
    expect(conditioned.stats.products).toBeLessThan(plain.stats.products / 3);
    const truth = symmetricEigen(matrix).eigenvalues;
    conditioned.value.bottom.forEach((pair, i) => {
      expect(Math.abs(pair.value - truth[i]!)).toBeLessThanOrEqual(pair.residual + 1e-10);
    });
  });
});

describe('ghosts', () => {
  const spectrum = [...Array.from({ length: 190 }, (_, i) => Math.cos(i)), 3, 5, 10];
  const n = spectrum.length;
  const operator = matrixOperator(hostFloat64Space(n), withSpectrum(spectrum, 24));

  it('λ₁ comes once, where a recurrence of 100 steps without reorthogonalisation has it several times', async () => {
    const { space } = operator;
    const alpha: number[] = [];
    const beta: number[] = [];
    let previous = space.zeros();
    let v = space.random(rng(), 'sphere');
    for (let j = 0; j < 100; j++) {
      let w = await operator.apply(v);
      alpha.push((await space.dots([v], w))[0]!);
      w = space.addScaled(w, -alpha[j]!, v);
      if (j > 0) w = space.addScaled(w, -beta[j - 1]!, previous);
      beta.push(Math.sqrt((await space.dots([w], w))[0]!));
      previous = v;
      v = space.scale(w, 1 / beta[j]!);
    }
    const t = new Float64Array(100 * 100);
    for (let j = 0; j < 100; j++) {
      t[j * 101] = alpha[j]!;
      if (j < 99) t[j * 101 + 1] = t[(j + 1) * 100 + j] = beta[j]!;
    }
    const copies = (values: Iterable<number>) =>
      Array.from(values).filter((value) => Math.abs(value - 10) < 1e-6).length;
    expect(copies(symmetricEigen({ rows: 100, columns: 100, data: t }).eigenvalues)).toBeGreaterThanOrEqual(3);
    for (const [, method] of methods) {
      const options = { top: 9, residualTol: 1e-12, maxProducts: 109, rng: rng() };
      expect(copies((await method(operator, options)).value.top.map(({ value }) => value))).toBe(1);
    }
  });
});
