import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';

export interface Tolerances {
  /** Bounds ‖A y − θ y‖ / |θ|. */
  readonly residualTol: number | null;
  /** Bounds the error of θ over |θ|. */
  readonly eigenvalueTol: number | null;
}

export interface RitzValues {
  /** Ascending. */
  readonly values: Float64Array;
  /** ‖A yᵢ − θᵢ yᵢ‖ = βₘ |last component of the i-th eigenvector of T|, exact in exact arithmetic. */
  readonly estimates: Float64Array;
}

/** Ritz values of a tridiagonal matrix whose last β couples to the outside. */
export function ritzValues(alpha: readonly number[], beta: readonly number[]): RitzValues {
  const { values, vectors } = tridiagonalEigen(Float64Array.from(alpha), Float64Array.from(beta), 'last');
  const coupling = Math.abs(beta[beta.length - 1] ?? 0);
  return { values, estimates: vectors.map((last) => coupling * Math.abs(last)) };
}

/**
 * Distance from θᵢ to the other Ritz values, each widened by its own residual; 0 where they overlap, and where there is
 * no other from which a distance could be told.
 */
export function gapAround({ values, estimates }: RitzValues, i: number): number {
  if (values.length < 2) return 0;
  let gap = Number.POSITIVE_INFINITY;
  for (let j = 0; j < values.length; j++) {
    if (j !== i) gap = Math.min(gap, Math.abs(values[j]! - values[i]!) - estimates[j]!);
  }
  return Math.max(0, gap);
}

/**
 * Error of a Ritz value that is 0 to rounding, its copies taken as one cluster: r² over the distance from 0 to the first
 * value that is not (Parlett 1980, theorem 11.7.1, for a cluster). Between copies there is no gap, and 0 has no relative
 * error.
 */
export function errorAroundZero({ values, estimates }: RitzValues, residual: number, zero: number): number {
  let gap = Number.POSITIVE_INFINITY;
  for (let j = 0; j < values.length; j++) {
    const distance = Math.abs(values[j]!);
    if (distance > zero) gap = Math.min(gap, distance - estimates[j]!);
  }
  return eigenvalueErrorEstimate(residual, Number.isFinite(gap) ? Math.max(0, gap) : 0);
}

/**
 * min(r, r² / gap): the error of a Ritz value of a symmetric operator with residual r (Parlett 1980, theorem 11.7.1). With
 * the true gap it is a bound; with a gap seen in Ritz values an estimate, because an eigenvalue between them may not have
 * been seen yet. That some eigenvalue lies within r holds always.
 */
export function eigenvalueErrorEstimate(residual: number, gap: number): number {
  return gap > residual ? (residual * residual) / gap : residual;
}

/** Whether a pair meets the tolerances, nothing finer than the floors being asked. */
export function meetsTolerances(
  tolerances: Tolerances,
  pair: { readonly value: number; readonly residual: number; readonly errorEstimate: number },
  floors: { readonly residual: number; readonly eigenvalue: number },
): boolean {
  const size = Math.abs(pair.value);
  const { residualTol, eigenvalueTol } = tolerances;
  if (residualTol !== null && !(pair.residual <= Math.max(residualTol * size, floors.residual))) return false;
  return eigenvalueTol === null || pair.errorEstimate <= Math.max(eigenvalueTol * size, floors.eigenvalue);
}
