import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../core/linalg/dense-symmetric.ts';
import { hostFloat32Space } from '../../../core/linalg/float32-space.ts';
import { hostFloat64Space } from '../../../core/linalg/float64-space.ts';
import { lanczos } from '../../../core/linalg/lanczos.ts';
import { matrixOperator } from '../../../core/linalg/matrix-operator.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { testMatrices } from '../../support/test-matrices.ts';

const rng = () => randomFromSeed(1);

describe.each(testMatrices)('both ends of: $name', ({ matrix, needsVerification = false }) => {
  const truth = symmetricEigen(matrix).eigenvalues;
  const n = matrix.rows;
  const size = Math.max(Math.abs(truth[0]!), Math.abs(truth[n - 1]!));
  const ends = Math.min(4, n);

  it.each([
    ['float64', hostFloat64Space(n), 1e-8, 1e-12],
    ['float32', hostFloat32Space(n), 1e-3, 3e-6],
  ] as const)(
    '%s: values within the certificates of the dense ones, copies included',
    async (_, space, residualTol, floor) => {
      const { value, status } = await lanczos<Float64Array | Float32Array>(matrixOperator(space as never, matrix), {
        top: 4,
        bottom: 4,
        residualTol,
        verifyMultiplicity: needsVerification,
        rng: rng(),
      });
      expect(status).toBe('converged');
      expect(value.top.length).toBe(ends);
      expect(value.bottom.length).toBe(ends);
      value.top.forEach((pair, i) => {
        expect(Math.abs(pair.value - truth[n - 1 - i]!)).toBeLessThanOrEqual(pair.residual + floor * size);
        expect(pair.residual).toBeLessThanOrEqual(residualTol * Math.abs(pair.value) + floor * size);
      });
      value.bottom.forEach((pair, i) => {
        expect(Math.abs(pair.value - truth[i]!)).toBeLessThanOrEqual(pair.residual + floor * size);
      });
    },
  );
});
