import { describe, expect, it } from 'vitest';
import { symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import {
  plantedEigenvector,
  plantedMatrix,
  plantedOperator,
  plantedProduct,
  plantedSpectrum,
} from '../../../../core/linalg/random-matrices/planted-spectrum.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { dot, largestDifference, norm, relativeError } from '../../../support/vectors.ts';

const eigenvalues = [-1, 0, 0, 0, 1, 1, 2, 5];
const planted = plantedSpectrum(eigenvalues, randomFromSeed(1));

describe('planted spectrum', () => {
  it('has the given eigenvalues, multiplicities included', () => {
    expect(largestDifference(symmetricEigenvalues(plantedMatrix(planted)), eigenvalues)).toBeLessThan(1e-14);
  });

  it('has the stated eigenvectors, which are orthonormal and no axes', () => {
    for (let i = 0; i < 8; i++) {
      const vector = plantedEigenvector(planted, i);
      const expected = vector.map((entry) => eigenvalues[i]! * entry);
      expect(largestDifference(plantedProduct(planted, vector), expected)).toBeLessThan(1e-14);
      for (let j = 0; j <= i; j++) {
        expect(Math.abs(dot(vector, plantedEigenvector(planted, j)) - (i === j ? 1 : 0))).toBeLessThan(1e-14);
      }
      expect(Math.max(...vector.map(Math.abs))).toBeLessThan(0.99);
    }
  });

  it('keeps the norms of a large orthogonal matrix, in either precision', async () => {
    const n = 100_000;
    const large = plantedSpectrum(new Float64Array(n).fill(3), randomFromSeed(2));
    const v = randomFromSeed(3).fill(new Float64Array(n), 'sphere');
    expect(Math.abs(norm(plantedProduct(large, v)) - 3)).toBeLessThan(1e-12);
    const space = hostFloat32Space(n);
    const single = space.fromHost(v);
    const product = await plantedOperator(space, large).apply(single);
    const expected = v.map((entry) => 3 * entry);
    expect(relativeError(await space.toHost(product), expected)).toBeLessThan(1e-6);
    space.release(single, product);
  });

  it('is said to be positive semidefinite where it is', () => {
    const space = hostFloat32Space(2);
    const of = (values: number[]) => plantedOperator(space, plantedSpectrum(values, randomFromSeed(4)));
    expect(of([0, 1]).positiveSemidefinite).toBe(true);
    expect(of([-1, 1]).positiveSemidefinite).toBe(false);
    expect(() => plantedOperator(space, planted)).toThrow(RangeError);
  });
});
