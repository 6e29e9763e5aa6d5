import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import {
  denseMatrix,
  exactSpectrum,
  symmetricEigen,
  symmetricEigenvalues,
} from '../../../../core/linalg/dense/dense-symmetric.ts';
import { matrixOperator, matrixVector } from '../../../../core/linalg/matrix-operator.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { withFaultAt, withLiveVectors } from '../../../support/live-vectors.ts';
import { testMatrices, withSpectrum } from '../../../support/test-matrices.ts';

describe.each(testMatrices)('dense decomposition of: $name', ({ matrix }) => {
  const n = matrix.rows;
  const { eigenvalues, eigenvectors, residual } = symmetricEigen(matrix);
  const size = Math.max(1e-300, ...eigenvalues.map(Math.abs));

  it('has A V = V Λ with V orthogonal, ascending, and states its residual', () => {
    expect(Array.from(eigenvalues)).toEqual(Array.from(eigenvalues).sort((a, b) => a - b));
    const column = (j: number) => Float64Array.from({ length: n }, (_, i) => eigenvectors.data[i * n + j]!);
    let worst = 0;
    for (let j = 0; j < n; j++) {
      const v = column(j);
      const product = matrixVector(matrix, v);
      worst = Math.max(worst, Math.hypot(...product.map((x, i) => x - eigenvalues[j]! * v[i]!)));
      for (let k = 0; k <= j; k++) {
        const dot = column(k).reduce((sum, x, i) => sum + x * v[i]!, 0);
        expect(Math.abs(dot - (j === k ? 1 : 0))).toBeLessThan(1e-12);
      }
    }
    expect(worst).toBeLessThan(1e-12 * Math.max(size, 1e-288));
    expect(Math.abs(worst - residual)).toBeLessThan(1e-14 * size);
  });

  it('agrees with the Householder and QL eigenvalues of our own', () => {
    symmetricEigenvalues(matrix).forEach((value, i) => {
      expect(Math.abs(value - eigenvalues[i]!)).toBeLessThanOrEqual(1e-13 * size);
    });
  });

  it('comes back from an operator, in float32 as well', async () => {
    for (const [space, tolerance] of [
      [hostFloat64Space(n), 1e-13],
      [hostFloat32Space(n), 1e-6],
    ] as const) {
      const { value, status, stats } = await exactSpectrum<Float64Array | Float32Array>(
        matrixOperator(space as never, matrix),
      );
      expect([status, stats.products]).toEqual(['converged', n]);
      value.eigenvalues.forEach((found, i) => {
        expect(Math.abs(found - eigenvalues[i]!)).toBeLessThanOrEqual(tolerance * size);
      });
    }
  });
});

describe('dense matrix of an operator', () => {
  it('reports the asymmetry that it takes away', async () => {
    const data = Float64Array.of(1, 2, 4, 8);
    const { value } = await denseMatrix(matrixOperator(hostFloat64Space(2), { rows: 2, columns: 2, data }));
    expect(Array.from(value.matrix.data)).toEqual([1, 3, 3, 8]);
    expect(value.asymmetry).toBe(0.25);
  });

  it('ends with notFinite and cancelled as statuses, and leaves no vectors behind', async () => {
    const { space, live } = withLiveVectors(hostFloat64Space(8));
    const operator = matrixOperator(space, withSpectrum([1, 2, 3, 4, 5, 6, 7, 8], 1));
    const broken = await exactSpectrum(withFaultAt(operator, 3, (product) => product.fill(Number.NaN)));
    expect([broken.status, broken.stats.products, broken.value.eigenvalues.length]).toEqual(['notFinite', 3, 0]);
    const signal = { aborted: false };
    const cancelled = await exactSpectrum(operator, {
      signal,
      onProgress: ({ products }) => {
        signal.aborted = products === 5;
      },
    });
    expect([cancelled.status, cancelled.stats.products]).toEqual(['cancelled', 5]);
    expect(live.size).toBe(0);
  });
});

describe('limits', () => {
  it('order 601 is refused with vectors and works without', () => {
    const n = 601;
    const data = new Float64Array(n * n);
    for (let i = 0; i < n; i++) data[i * n + i] = i;
    const matrix = { rows: n, columns: n, data };
    expect(() => symmetricEigen(matrix)).toThrow(/order 601, above the limit 600/);
    expect(Array.from(symmetricEigenvalues(matrix))).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  it('operators above order 2000 and entries that are not finite are bad input', async () => {
    const space = hostFloat64Space(2001);
    const identity = {
      space,
      symmetric: true,
      positiveSemidefinite: true,
      apply: async (v: Float64Array) => space.copy(v),
    };
    await expect(exactSpectrum(identity)).rejects.toThrow(BadInput);
    const data = Float64Array.of(Number.NaN);
    expect(() => symmetricEigen({ rows: 1, columns: 1, data })).toThrow(BadInput);
    expect(() => symmetricEigenvalues({ rows: 1, columns: 1, data })).toThrow(BadInput);
  });

  it('an empty matrix has an empty spectrum', () => {
    const empty = { rows: 0, columns: 0, data: new Float64Array(0) };
    expect(symmetricEigen(empty).eigenvalues.length).toBe(0);
    expect(symmetricEigenvalues(empty).length).toBe(0);
  });

  it('subnormal entries do no harm', () => {
    const data = Float64Array.of(0, 1e-310, 0, 1e-310, 1, 1e-14, 0, 1e-14, 0);
    const { eigenvalues } = symmetricEigen({ rows: 3, columns: 3, data });
    expect(eigenvalues[2]).toBeCloseTo(1, 14);
  });
});
