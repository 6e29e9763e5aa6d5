import { symmetricEigen } from '../../linalg/dense/dense-symmetric.ts';
import { machineEpsilon } from '../../linalg/precision.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';

export interface GramEigen {
  /** Of F Fᵀ, descending, as many as F has columns. */
  readonly eigenvalues: readonly number[];
  /** What rounding can change of each: a few ε ‖F‖_F². */
  readonly floor: number;
  /** Column j of U: F u_j / √λ_j is the eigenvector. In the order of `eigenvalues`. */
  readonly coefficients: readonly Float64Array[];
}

/** The nonzero eigenvalues of F Fᵀ from the m × m Gram matrix FᵀF in float64. Cost: m² inner products. */
export async function gramEigen<V>(space: VectorSpace<V>, factors: readonly V[]): Promise<GramEigen> {
  const m = factors.length;
  if (m === 0) return { eigenvalues: [], floor: 0, coefficients: [] };
  const data = new Float64Array(m * m);
  for (let i = 0; i < m; i++) data.set(await space.dots(factors, factors[i]!), i * m);
  let trace = 0;
  for (let i = 0; i < m; i++) {
    trace += data[i * m + i]!;
    for (let j = 0; j < i; j++) data[i * m + j] = data[j * m + i] = (data[i * m + j]! + data[j * m + i]!) / 2;
  }
  const { eigenvalues, eigenvectors } = symmetricEigen({ rows: m, columns: m, data });
  const descending = Array.from({ length: m }, (_, i) => m - 1 - i);
  return {
    eigenvalues: descending.map((i) => eigenvalues[i]!),
    floor: 8 * m * machineEpsilon(space.precision) * trace,
    coefficients: descending.map((column) =>
      Float64Array.from({ length: m }, (_, row) => eigenvectors.data[row * m + column]!),
    ),
  };
}

/** Orthonormal eigenvectors of F Fᵀ for the first `count` eigenvalues that stand above rounding. The caller's. */
export function gramEigenvectors<V>(
  space: VectorSpace<V>,
  factors: readonly V[],
  { eigenvalues, floor, coefficients }: GramEigen,
  count: number,
): V[] {
  return eigenvalues.slice(0, count).flatMap((value, j) =>
    value > floor
      ? [
          space.combine(
            factors,
            coefficients[j]!.map((u) => u / Math.sqrt(value)),
          ),
        ]
      : [],
  );
}
