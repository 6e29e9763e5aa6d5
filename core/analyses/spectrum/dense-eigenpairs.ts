import { denseMatrix, interruptibleSymmetricEigen } from '../../linalg/dense/dense-symmetric.ts';
import type {
  EigenpairList,
  EigenpairsOptions,
  EigenpairsValue,
  RitzPair,
} from '../../linalg/eigenpairs/eigenpairs.ts';
import { invariantSubspaces } from '../../linalg/eigenpairs/subspaces.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import { machineEpsilon } from '../../linalg/precision.ts';
import type { Result, Status } from '../../linalg/result.ts';

export interface DenseEigenpairs<V> extends EigenpairsValue<V> {
  /** Nearest to zero first. */
  readonly nearZero: readonly RitzPair<V>[];
}

/**
 * The wanted parts of the whole spectrum of the dense matrix: nothing can be missed, and copies are all there. Residuals
 * are ‖A v − λ v‖ with the matrix as it was computed, column by column; what its products leave unsymmetric is added.
 * Cost: p products, then about 10 p³ operations; p at most 3,000 (`BadInput` above).
 */
export async function denseEigenpairs<V>(
  operator: LinearOperator<V>,
  options: EigenpairsOptions<V> & { readonly nearZero?: number | undefined },
): Promise<Result<DenseEigenpairs<V>>> {
  const { top = 1, bottom = 0, magnitude = 0, nearZero = 0, eigenvectors = false, signal, onProgress } = options;
  const began = performance.now();
  const { space } = operator;
  const dense = await denseMatrix(operator, {
    signal,
    onProgress: (progress) => onProgress?.({ ...progress, top: [], bottom: [], magnitude: [] }),
  });
  const ended = (value: DenseEigenpairs<V>, status: Status): Result<DenseEigenpairs<V>> => ({
    value,
    status,
    stats: { ...dense.stats, seconds: (performance.now() - began) / 1000 },
  });
  const nothing = { top: [], bottom: [], magnitude: [], nearZero: [], subspaces: [] };
  if (dense.status !== 'converged') return ended(nothing, dense.status);
  const { matrix, asymmetry } = dense.value;
  const n = matrix.rows;
  const eigen = await interruptibleSymmetricEigen(matrix, { signal });
  if (eigen === null) return ended(nothing, 'cancelled');
  const { eigenvalues, eigenvectors: columns, residual } = eigen;
  const scale = Math.max(Math.abs(eigenvalues[0] ?? 0), Math.abs(eigenvalues[n - 1] ?? 0));
  const rounding = (asymmetry + n * machineEpsilon(space.precision)) * scale;
  const pair = (i: number): RitzPair<V> => ({
    value: eigenvalues[i]!,
    residual,
    evidence: 'computed',
    residualIsEstimate: false,
    errorBound: residual + rounding,
    errorEstimate: residual + rounding,
    vector: eigenvectors ? space.fromHost(columnOf(columns, i)) : null,
  });
  const places = Array.from({ length: n }, (_, i) => i);
  const byMagnitude = [...places].sort((a, b) => Math.abs(eigenvalues[b]!) - Math.abs(eigenvalues[a]!));
  const chosen: Record<EigenpairList, number[]> = {
    top: places.slice(Math.max(0, n - top)).reverse(),
    bottom: places.slice(0, bottom),
    magnitude: byMagnitude.slice(0, magnitude),
  };
  const [highest, lowest, largest] = [chosen.top.map(pair), chosen.bottom.map(pair), chosen.magnitude.map(pair)];
  const bounded = Array.from(eigenvalues, (value) => ({ value, errorBound: residual + rounding }));
  const subspaces = (list: EigenpairList, pairs: readonly RitzPair<V>[]) => {
    const inside = new Set(chosen[list]);
    return invariantSubspaces(list, pairs, {
      others: bounded.filter((_, i) => !inside.has(i)),
      exhausted: pairs.length === n,
      multiplicitySeen: () => Number.POSITIVE_INFINITY,
    });
  };
  return ended(
    {
      top: highest,
      bottom: lowest,
      magnitude: largest,
      nearZero: byMagnitude
        .slice(n - Math.min(n, nearZero))
        .reverse()
        .map(pair),
      subspaces: [...subspaces('top', highest), ...subspaces('bottom', lowest), ...subspaces('magnitude', largest)],
    },
    'converged',
  );
}

function columnOf({ rows, columns, data }: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]!);
}
