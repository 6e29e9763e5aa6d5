import { describe, expect, it } from 'vitest';
import { runOverlap } from '../../../../core/analyses/overlap/run.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import { symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';

const dim = 40;
const spectrum = Float64Array.from({ length: dim }, (_, i) => (i < dim - 3 ? 0.01 * i : 5 + i));
const matrices = [withSpectrum(spectrum, 1), withSpectrum(spectrum, 2)] as const;

/** Two quadratics in one: θ[0] below 0 chooses the first, above the second. */
function switched(): Objective<Float64Array> {
  const [first, second] = matrices.map((matrix) => quadraticObjective(matrix)) as [
    Objective<Float64Array>,
    Objective<Float64Array>,
  ];
  return { ...first, linearize: (theta, batch) => (theta[0]! < 0 ? first : second).linearize(theta, batch) };
}

function at(first: number): Float64Array {
  const theta = new Float64Array(dim);
  theta[0] = first;
  return theta;
}

function topVectors(matrix: Matrix, k: number): Float64Array[] {
  const { eigenvectors } = symmetricEigen(matrix);
  return Array.from({ length: k }, (_, j) =>
    Float64Array.from({ length: dim }, (_, i) => eigenvectors.data[i * dim + dim - 1 - j]!),
  );
}

function exactOverlap(k: number): number {
  const [u, v] = matrices.map((matrix) => topVectors(matrix, k)) as [Float64Array[], Float64Array[]];
  let sum = 0;
  for (const a of u) for (const b of v) sum += a.reduce((dot, x, i) => dot + x * b[i]!, 0) ** 2;
  return sum / k;
}

const context = {
  rng: randomFromSeed(3),
  trajectory: { steps: [0, 10, 20], theta: async (i: number) => at([-1, -2, 1][i]!) },
};

describe('overlap of top subspaces', () => {
  it('is that of the dense eigenvectors within its bound, and 1 where the matrix is the same', async () => {
    const { value, status } = await runOverlap(switched(), at(1), { top: 3 }, context);
    expect(status).toBe('converged');
    expect(value.labels).toEqual(['step 0', 'step 10', 'step 20']);
    const entry = (i: number, j: number) => value.overlap.data[i * 3 + j]!;
    const bound = (i: number, j: number) => value.errorBound.data[i * 3 + j]!;
    expect(Math.abs(entry(0, 1) - 1)).toBeLessThanOrEqual(bound(0, 1));
    expect(Math.abs(entry(0, 2) - exactOverlap(3))).toBeLessThanOrEqual(bound(0, 2) + 1e-12);
    expect(bound(0, 2)).toBeLessThan(1e-2);
    expect(entry(2, 0)).toBe(entry(0, 2));
    expect(value.random).toBe(3 / dim);
    const pair = value.pairs.find(({ first, second }) => first === 0 && second === 2)!;
    const sum = pair.squaredCosines.data.reduce((a, b) => a + b, 0);
    expect(sum / 3).toBeCloseTo(entry(0, 2), 12);
  });

  it('says that nothing is known of a subspace that nothing divides from the rest', async () => {
    const degenerate = quadraticObjective(
      withSpectrum(
        Float64Array.from({ length: dim }, (_, i) => (i < 30 ? 0 : 1)),
        5,
      ),
    );
    const trajectory = { steps: [0, 1], theta: async () => at(1) };
    const { value } = await runOverlap(degenerate, at(1), { top: 4 }, { ...context, trajectory });
    expect(value.subspaces[0]!.angleBound).toBe(2);
    expect(value.errorBound.data[1]).toBe(1);
  });

  it('needs checkpoints', async () => {
    await expect(runOverlap(switched(), at(1), {}, { rng: randomFromSeed(1) })).rejects.toThrow(BadInput);
  });
});
