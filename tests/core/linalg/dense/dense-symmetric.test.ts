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
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { withFaultAt, withLiveVectors } from '../../../support/live-vectors.ts';
import { testMatrices, withSpectrum } from '../../../support/test-matrices.ts';
import { symmetricMatrix } from './decomposition-error.ts';

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

  it('is cancelled within the decomposition, and gives its memory back', async () => {
    const n = 300;
    const operator = matrixOperator(
      hostFloat64Space(n),
      symmetricMatrix(n, (i, j) => Math.cos(i * j)),
    );
    const before = hostArena().bytesInUse;
    let turns = 0;
    const signal = {
      get aborted() {
        return turns > n + 5;
      },
    };
    // The products look once each; the sixth look after them is between two panels of the reduction.
    const counting = {
      get aborted() {
        turns++;
        return signal.aborted;
      },
    };
    const { value, status, stats } = await exactSpectrum(operator, { signal: counting });
    expect([status, stats.products, value.eigenvalues.length, value.residual]).toEqual(['cancelled', n, 0, null]);
    expect(turns).toBe(n + 6);
    expect(hostArena().bytesInUse).toBe(before);
  });

  it('lets the event loop turn while it decomposes', async () => {
    const n = 400;
    const operator = matrixOperator(
      hostFloat64Space(n),
      symmetricMatrix(n, (i, j) => Math.cos(i * j)),
    );
    let [products, breaths] = [0, 0];
    const { status } = await exactSpectrum(operator, {
      onProgress: (progress) => {
        products = progress.products;
      },
      breathe: async () => {
        expect(products).toBe(n);
        breaths++;
      },
    });
    expect(status).toBe('converged');
    expect(breaths).toBeGreaterThan(0);
  });
});

describe('limits', () => {
  it('order 3001 is refused, and entries that are not finite are bad input', async () => {
    const n = 3001;
    const matrix = { rows: n, columns: n, data: new Float64Array(0) };
    expect(() => symmetricEigen(matrix)).toThrow(/order 3001, above the limit 3000/);
    expect(() => symmetricEigenvalues(matrix)).toThrow(BadInput);
    const space = hostFloat64Space(n);
    const identity = {
      space,
      symmetric: true,
      positiveSemidefinite: true,
      apply: async (v: Float64Array) => space.copy(v),
    };
    await expect(exactSpectrum(identity)).rejects.toThrow(BadInput);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const data = Float64Array.of(1, bad, bad, 1);
      expect(() => symmetricEigen({ rows: 2, columns: 2, data })).toThrow(/not finite/);
      expect(() => symmetricEigenvalues({ rows: 2, columns: 2, data })).toThrow(BadInput);
    }
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
