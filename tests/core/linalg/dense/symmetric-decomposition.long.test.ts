import { describe, expect, it } from 'vitest';
import { symmetricEigen, symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { gaussianOrthogonalEnsemble } from '../../../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { hessianLikeSpectrum, withSpectrum } from '../../../support/test-matrices.ts';
import { decompositionError, distance, largestOf } from './decomposition-error.ts';

const n = 3000;
const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const clustered = Array.from({ length: n }, (_, i) => (i < 1000 ? 0 : (i % 7) + 1e-11 * (i % 50)));

const table: readonly (readonly [string, () => Matrix, readonly number[] | null])[] = [
  ['GOE', () => gaussianOrthogonalEnsemble(n, randomFromSeed(1)), null],
  ['Hessian-like', () => withSpectrum(hessianLikeSpectrum(n), 2), ascending(hessianLikeSpectrum(n))],
  ['a null space and clusters', () => withSpectrum(clustered, 3), ascending(clustered)],
];

describe.each(table)('order 3000: %s', (_, make, spectrum) => {
  it('has residuals below 1e-12 ‖A‖, orthogonal vectors, and takes less than a minute of one processor', () => {
    const matrix = make();
    // Seconds of the processor: others may want it as well.
    const began = process.cpuUsage();
    const found = symmetricEigen(matrix);
    const seconds = process.cpuUsage(began).user / 1e6;
    const size = largestOf(found.eigenvalues);
    const { residual, orthogonality } = decompositionError(matrix, found);
    console.info(
      `${seconds.toFixed(1)} s, residual ${(residual / size).toExponential(1)}, ‖VᵀV − I‖ ${orthogonality.toExponential(1)}`,
    );
    expect(seconds).toBeLessThan(60);
    expect(residual).toBeLessThan(1e-12 * size);
    expect(orthogonality).toBeLessThan(1e-12);
    expect(distance(symmetricEigenvalues(matrix), found.eigenvalues)).toBeLessThan(1e-13 * size);
    if (spectrum) expect(distance(found.eigenvalues, spectrum)).toBeLessThan(1e-12 * size);
  });
});
