import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { type LanczosOptions, lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { advanceLanczosProcess, startLanczosProcess } from '../../../../core/linalg/eigenpairs/lanczos-process.ts';
import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import { gaussianOrthogonalEnsemble } from '../../../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withFaultAt, withLiveVectors } from '../../../support/live-vectors.ts';
import { hessianLikeSpectrum, testMatrices, withSpectrum } from '../../../support/test-matrices.ts';

const rng = () => randomFromSeed(1);
const operatorOf = (matrix: Matrix) => matrixOperator(hostFloat64Space(matrix.rows), matrix);
const float32OperatorOf = (matrix: Matrix) => matrixOperator(hostFloat32Space(matrix.rows), matrix);

/** Runs in either precision, without the vectors. */
function bothEnds(matrix: Matrix, precision: 'float64' | 'float32', options: Omit<LanczosOptions<never>, 'start'>) {
  return precision === 'float64' ? lanczos(operatorOf(matrix), options) : lanczos(float32OperatorOf(matrix), options);
}

describe.each(testMatrices)('both ends of: $name', ({ matrix, needsVerification = false }) => {
  const truth = symmetricEigen(matrix).eigenvalues;
  const n = matrix.rows;
  const size = Math.max(Math.abs(truth[0]!), Math.abs(truth[n - 1]!));
  const ends = Math.min(4, n);

  it.each([
    ['float64', 1e-8, 1e-12, undefined],
    ['float32', 1e-4, 3e-6, undefined],
    ['float64', 1e-8, 1e-12, 24],
    ['float32', 1e-4, 3e-6, 24],
  ] as const)(
    '%s, residual %f: the dense values within their residuals, copies included (row %#)',
    async (precision, residualTol, floor, maxBasis) => {
      const { value, status, stats } = await bothEnds(matrix, precision, {
        top: 4,
        bottom: 4,
        residualTol,
        maxBasis,
        verifyMultiplicity: needsVerification,
        maxProducts: 3000,
        rng: rng(),
      });
      expect(status).toBe('converged');
      expect([value.top.length, value.bottom.length]).toEqual([ends, ends]);
      if (maxBasis !== undefined) expect(value.basisSize).toBeLessThanOrEqual(maxBasis);
      expect(stats.products).toBeGreaterThan(0);
      const expectPair = (pair: { value: number; residual: number; residualIsEstimate: boolean }, exact: number) => {
        expect(pair.residualIsEstimate).toBe(false);
        expect(Math.abs(pair.value - exact)).toBeLessThanOrEqual(pair.residual + floor * size);
        expect(pair.residual).toBeLessThanOrEqual(residualTol * Math.abs(pair.value) + floor * size);
      };
      value.top.forEach((pair, i) => {
        expectPair(pair, truth[n - 1 - i]!);
      });
      value.bottom.forEach((pair, i) => {
        expectPair(pair, truth[i]!);
      });
    },
  );
});

describe('certificates', () => {
  const spectrum = hessianLikeSpectrum(400);
  const matrix = withSpectrum(spectrum, 12);
  const descending = [...spectrum].sort((a, b) => b - a);

  it('eigenvalue errors stay within their bounds and the tolerance, for 30 starts and three tolerances', async () => {
    for (const eigenvalueTol of [1e-3, 1e-6, 1e-10]) {
      for (let seed = 0; seed < 30; seed++) {
        const { value, status } = await lanczos(operatorOf(matrix), {
          top: 10,
          eigenvalueTol,
          rng: randomFromSeed(seed),
        });
        expect(status).toBe('converged');
        value.top.forEach((pair, i) => {
          const error = Math.abs(pair.value - descending[i]!);
          expect(error).toBeLessThanOrEqual(pair.errorEstimate);
          expect(pair.errorEstimate).toBeLessThanOrEqual(eigenvalueTol * pair.value);
        });
      }
    }
  });

  it('ten outliers to 1e-4 take at most 30 products, their certificates ten more', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const { value, stats } = await lanczos(operatorOf(matrix), {
        top: 10,
        eigenvalueTol: 1e-4,
        rng: randomFromSeed(seed),
      });
      expect(value.basisSize).toBeLessThanOrEqual(30);
      expect(stats.products).toBe(value.basisSize + 10);
    }
  });

  it('estimated residuals agree with computed ones and cost no products', async () => {
    const options = { top: 5, bottom: 2, residualTol: 1e-5 };
    const computed = await lanczos(operatorOf(matrix), { ...options, rng: rng() });
    const estimated = await lanczos(operatorOf(matrix), { ...options, trueResiduals: false, rng: rng() });
    expect(computed.stats.products).toBe(estimated.stats.products + 7);
    for (const end of ['top', 'bottom'] as const) {
      estimated.value[end].forEach((pair, i) => {
        expect(pair.residualIsEstimate).toBe(true);
        expect(Math.abs(pair.residual - computed.value[end][i]!.residual)).toBeLessThan(1e-10);
      });
    }
  });

  it.each([1, 2, 3, 5, 8])(
    'a budget of %i products never claims more than the residual of a lone Ritz value',
    async (maxProducts) => {
      const { value, status } = await lanczos(operatorOf(matrix), { top: 5, maxProducts, rng: rng() });
      expect(status).toBe('budgetSpent');
      const truth = Array.from(symmetricEigen(matrix).eigenvalues);
      for (const { value: found, residual, errorBound, errorEstimate } of value.top) {
        const distance = Math.min(...truth.map((exact) => Math.abs(exact - found)));
        expect(distance).toBeLessThanOrEqual(errorBound * (1 + 1e-9));
        if (value.top.length === 1) expect(errorEstimate).toBeGreaterThanOrEqual(residual);
      }
    },
  );

  it('a small budget is spent on the search and not on certificates', async () => {
    const { value, stats } = await lanczos(operatorOf(matrix), { top: 5, maxProducts: 8, rng: rng() });
    expect(stats.products).toBe(8);
    expect(value.top.every((pair) => pair.residualIsEstimate)).toBe(true);
  });

  it('returned vectors are unit, orthogonal and have the stated residuals', async () => {
    const operator = operatorOf(matrix);
    const { space } = operator;
    const { value } = await lanczos(operator, { top: 6, bottom: 2, residualTol: 1e-6, eigenvectors: true, rng: rng() });
    const pairs = [...value.top, ...value.bottom];
    const vectors = pairs.map(({ vector }) => vector!);
    for (const [i, pair] of pairs.entries()) {
      const dots = await space.dots(vectors, vectors[i]!);
      dots.forEach((dot, j) => {
        expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-13);
      });
      const defect = space.addScaled(await operator.apply(vectors[i]!), -pair.value, vectors[i]!);
      expect(Math.sqrt((await space.dots([defect], defect))[0]!)).toBeCloseTo(pair.residual, 14);
    }
  });

  it('a pair wanted at both ends comes as two vectors', async () => {
    const { value } = await lanczos(operatorOf(withSpectrum([1, 2], 1)), {
      top: 2,
      bottom: 2,
      eigenvectors: true,
      rng: rng(),
    });
    expect(new Set([...value.top, ...value.bottom].map(({ vector }) => vector)).size).toBe(4);
  });
});

describe('float32', () => {
  const n = 400;
  const spectrum = hessianLikeSpectrum(n);
  const matrix = withSpectrum(spectrum, 13);

  it('shows no ghost copies after 150 steps and stays orthogonal to 1e-5, where the three-term recurrence alone does not', async () => {
    const operator = float32OperatorOf(matrix);
    const process = (await startLanczosProcess(operator, operator.space.random(rng(), 'sphere')))!;
    for (let step = 0; step < 150; step++) expect(await advanceLanczosProcess(process)).toBe('advanced');
    expect(copiesOfLargest(Float64Array.from(process.alpha), Float64Array.from(process.beta))).toBe(1);
    for (const [i, v] of process.basis.entries()) {
      const dots = await operator.space.dots(process.basis, v);
      dots.forEach((dot, j) => {
        expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-5);
      });
    }
    const { alpha, beta } = await threeTermRecurrence(float32OperatorOf(matrix), 150);
    expect(copiesOfLargest(alpha, beta)).toBeGreaterThan(1);
  });

  it('says stagnated where the tolerance lies below the floor, with right values and honest residuals', async () => {
    const { value, status } = await lanczos(float32OperatorOf(matrix), { top: 3, residualTol: 1e-10, rng: rng() });
    expect(status).toBe('stagnated');
    value.top.forEach(({ value: found, residual, errorEstimate }, i) => {
      expect(residual).toBeGreaterThan(1e-10);
      expect(residual).toBeLessThan(3e-6);
      expect(Math.abs(found - [...spectrum].sort((a, b) => b - a)[i]!)).toBeLessThanOrEqual(errorEstimate);
    });
  });

  it('never certifies an eigenvalue more finely than its rounding', async () => {
    const { value, status } = await lanczos(float32OperatorOf(matrix), { top: 3, eigenvalueTol: 1e-9, rng: rng() });
    expect(status).toBe('stagnated');
    for (const { errorEstimate } of value.top) expect(errorEstimate).toBeGreaterThan(1e-6);
  });

  function copiesOfLargest(alpha: Float64Array, beta: Float64Array): number {
    const data = new Float64Array(alpha.length ** 2);
    alpha.forEach((a, i) => {
      data[i * alpha.length + i] = a;
      if (i + 1 < alpha.length) data[i * alpha.length + i + 1] = data[(i + 1) * alpha.length + i] = beta[i]!;
    });
    const { eigenvalues } = symmetricEigen({ rows: alpha.length, columns: alpha.length, data });
    return eigenvalues.filter((value) => Math.abs(value - 2.2) < 1e-3).length;
  }

  async function threeTermRecurrence({ space, apply }: LinearOperator<Float32Array>, steps: number) {
    const alpha = new Float64Array(steps);
    const beta = new Float64Array(steps);
    let previous = space.zeros();
    let v = space.random(rng(), 'sphere');
    for (let j = 0; j < steps; j++) {
      let w = await apply(v);
      alpha[j] = (await space.dots([v], w))[0]!;
      w = space.addScaled(w, -alpha[j]!, v);
      if (j > 0) w = space.addScaled(w, -beta[j - 1]!, previous);
      beta[j] = Math.sqrt((await space.dots([w], w))[0]!);
      previous = v;
      v = space.scale(w, 1 / beta[j]!);
    }
    return { alpha, beta };
  }
});

describe('warm start', () => {
  const spectrum = hessianLikeSpectrum(300);
  const matrix = withSpectrum(spectrum, 14);
  const noise = gaussianOrthogonalEnsemble(300, randomFromSeed(15));
  const moved: Matrix = { ...matrix, data: matrix.data.map((a, i) => a + 2e-3 * noise.data[i]!) };
  const options = { top: 3, residualTol: 1e-2, trueResiduals: false };

  it('from the Ritz vectors of a nearby operator takes half the products', async () => {
    const before = await lanczos(operatorOf(matrix), { ...options, eigenvectors: true, rng: rng() });
    const start = before.value.top.map(({ vector }) => vector!);
    const warm = await lanczos(operatorOf(moved), { ...options, start, rng: rng() });
    const cold = await lanczos(operatorOf(moved), { ...options, rng: rng() });
    expect(warm.status).toBe('converged');
    expect(warm.stats.products).toBeLessThanOrEqual(cold.stats.products / 2);
    const truth = symmetricEigen(moved).eigenvalues;
    warm.value.top.forEach((pair, i) => {
      expect(Math.abs(pair.value - truth[299 - i]!)).toBeLessThanOrEqual(pair.errorEstimate);
    });
  });

  it('from an exact eigenvector that is not the largest still finds the largest', async () => {
    const dense = symmetricEigen(matrix);
    const third = Float64Array.from({ length: 300 }, (_, i) => dense.eigenvectors.data[i * 300 + 297]!);
    const { value, status } = await lanczos(operatorOf(matrix), { top: 1, start: [third], rng: rng() });
    expect(status).toBe('converged');
    expect(value.top[0]!.value).toBeCloseTo(2.2, 5);
  });

  it('from zeros goes on from a random vector', async () => {
    const { value, status } = await lanczos(operatorOf(matrix), { start: [new Float64Array(300)], rng: rng() });
    expect(status).toBe('converged');
    expect(value.top[0]!.value).toBeCloseTo(2.2, 5);
  });
});

describe('hostile operators end in a status', () => {
  const matrix = withSpectrum(hessianLikeSpectrum(200), 16);
  const operator = operatorOf(matrix);
  const noise = (size: number, antisymmetric: boolean): LinearOperator<Float64Array> => {
    const stream = randomFromSeed(17);
    const b = stream.fill(new Float64Array(200 * 200), 'normal');
    const skew = { rows: 200, columns: 200, data: b.map((x, i) => x - b[(i % 200) * 200 + Math.floor(i / 200)]!) };
    const wrong = operatorOf(skew);
    return {
      ...operator,
      async apply(v) {
        const product = await operator.apply(v);
        const error = antisymmetric ? await wrong.apply(v) : stream.fill(new Float64Array(200), 'normal');
        const norm = Math.hypot(...error);
        return operator.space.addScaled(
          product,
          (size * Math.hypot(...product)) / norm,
          operator.space.fromHost(error),
        );
      },
    };
  };

  it.each([1, 2, 7, 14])('NaN at product %i: notFinite, with what was found before', async (at) => {
    const broken = withFaultAt(operator, at, (product) => product.fill(Number.NaN, 3, 4));
    const { value, status, stats } = await lanczos(broken, { top: 10, eigenvalueTol: 1e-4, rng: rng() });
    expect(status).toBe('notFinite');
    expect(stats.products).toBe(at);
    expect(value.top.length).toBe(Math.min(10, at - 1));
    for (const pair of value.top) {
      expect(pair.value).not.toBeNaN();
      expect(pair.residual).not.toBeNaN();
    }
  });

  it('NaN among the certificates: notFinite, the other residuals are estimates', async () => {
    const options = { top: 10, eigenvalueTol: 1e-4 };
    const { stats } = await lanczos(operator, { ...options, rng: rng() });
    const broken = withFaultAt(operator, stats.products - 5, (product) => product.fill(Number.NaN));
    const { value, status } = await lanczos(broken, { ...options, rng: rng() });
    expect(status).toBe('notFinite');
    expect(value.top.map(({ residualIsEstimate }) => residualIsEstimate)).toEqual(
      Array.from({ length: 10 }, (_, i) => i >= 4),
    );
  });

  it('infinity is notFinite', async () => {
    const broken = withFaultAt(operator, 5, (product) => product.fill(Number.POSITIVE_INFINITY, 0, 1));
    expect((await lanczos(broken, { rng: rng() })).status).toBe('notFinite');
  });

  it('an asymmetry of 1e-3 is notSymmetric, and its size is reported', async () => {
    const { value, status } = await lanczos(noise(1e-3, true), { top: 3, rng: rng() });
    expect(status).toBe('notSymmetric');
    expect(value.asymmetry).toBeGreaterThan(1e-5);
    expect(value.asymmetry).toBeLessThan(2e-3);
  });

  it('noise of 1e-4 is notSymmetric by itself; when allowed, the computed residuals say stagnated', async () => {
    expect((await lanczos(noise(1e-4, false), { top: 3, residualTol: 1e-6, rng: rng() })).status).toBe('notSymmetric');
    const allowed = await lanczos(noise(1e-4, false), { top: 3, residualTol: 1e-6, symmetryTol: 1, rng: rng() });
    expect(allowed.status).toBe('stagnated');
    for (const { residual, value } of allowed.value.top) expect(residual / value).toBeGreaterThan(3e-5);
  });

  it('products that throw are the caller’s error, and nothing is left behind', async () => {
    const { space, live } = withLiveVectors(hostFloat64Space(200));
    const failing = withFaultAt(matrixOperator(space, matrix), 9, () => {
      throw new Error('device lost');
    });
    await expect(lanczos(failing, { top: 3, rng: rng() })).rejects.toThrow('device lost');
    expect(live.size).toBe(1); // the product that the fault took away
  });
});

describe('budgets', () => {
  const matrix = withSpectrum(hessianLikeSpectrum(200), 18);

  it('are kept with the certificates included, and what was found is returned', async () => {
    for (const maxProducts of [1, 11, 15, 25]) {
      const { value, status, stats } = await lanczos(operatorOf(matrix), {
        top: 10,
        residualTol: 1e-8,
        maxProducts,
        rng: rng(),
      });
      expect(status).toBe('budgetSpent');
      expect(stats.products).toBeLessThanOrEqual(Math.max(2, maxProducts));
      expect(value.top.length).toBeGreaterThan(0);
    }
  });

  it('that end after a space has closed say invariantSubspace', async () => {
    const identity = testMatrices.find(({ name }) => name === 'identity')!.matrix;
    const { value, status } = await lanczos(operatorOf(identity), {
      top: 3,
      maxProducts: 2,
      trueResiduals: false,
      rng: rng(),
    });
    expect(status).toBe('invariantSubspace');
    expect(value.top.map((pair) => pair.value)).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)]);
  });

  it('cancelling ends before the next product', async () => {
    const signal = { aborted: false };
    const { value, status, stats } = await lanczos(operatorOf(matrix), {
      top: 5,
      residualTol: 1e-10,
      rng: rng(),
      signal,
      onProgress: ({ products }) => {
        signal.aborted = products >= 12;
      },
    });
    expect(status).toBe('cancelled');
    expect(stats.products).toBe(12);
    expect(value.top.length).toBe(5);
    expect(value.top.every(({ residualIsEstimate }) => residualIsEstimate)).toBe(true);
    const none = await lanczos(operatorOf(matrix), { rng: rng(), signal: { aborted: true } });
    expect([none.status, none.stats.products, none.value.top.length]).toEqual(['cancelled', 0, 0]);
  });

  it('progress counts products upwards and shows the current ends', async () => {
    const seen: number[] = [];
    await lanczos(operatorOf(matrix), {
      top: 2,
      bottom: 1,
      rng: rng(),
      onProgress: ({ products, limit, top, bottom }) => {
        expect(products).toBeLessThanOrEqual(limit);
        if (top.length === 2) expect(top[0]!).toBeGreaterThanOrEqual(top[1]!);
        expect(bottom.length).toBeLessThanOrEqual(1);
        seen.push(products);
      },
    });
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it.each([
    [{ eigenvectors: true }, 6],
    [{ eigenvectors: false }, 0],
    [{ eigenvectors: true, verifyMultiplicity: true, maxBasis: 20, maxProducts: 2000 }, 6],
    [{ eigenvectors: true, maxProducts: 9 }, 6],
  ] as const)('leave only the returned vectors alive: %o', async (options, alive) => {
    const { space, live } = withLiveVectors(hostFloat64Space(200));
    const { value } = await lanczos(matrixOperator(space, matrix), { top: 4, bottom: 2, rng: rng(), ...options });
    expect(live.size).toBe(alive);
    space.release(...[...value.top, ...value.bottom].flatMap(({ vector }) => vector ?? []));
    expect(live.size).toBe(0);
  });
});

describe('bad input', () => {
  const operator = operatorOf(withSpectrum([1, 2, 3, 4, 5, 6, 7, 8], 1));

  it.each([
    ['nothing asked', { top: 0 }],
    ['half an eigenvalue', { top: 1.5 }],
    ['a negative number', { bottom: -1 }],
    ['a tolerance of zero', { residualTol: 0 }],
    ['a NaN tolerance', { eigenvalueTol: Number.NaN }],
    ['no products', { maxProducts: 0 }],
    ['a basis that cannot hold the wanted ones', { top: 4, maxBasis: 5 }],
  ])('%s is refused', async (_, options) => {
    await expect(lanczos(operator, { ...options, rng: rng() })).rejects.toThrow(BadInput);
  });
});
