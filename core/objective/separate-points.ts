import type { Matrix } from '../linalg/matrix.ts';
import type { VectorSpace } from '../linalg/vector-space.ts';
import type { PointEvaluations } from './objective.ts';

/**
 * `at` for each point origin + Σ_j C[i,j] directions_j by itself, one after another, and what was found of all as one.
 * The point ends with its call.
 */
export async function eachPoint<V>(
  space: VectorSpace<V>,
  origin: V,
  directions: readonly V[],
  { rows, columns, data }: Matrix,
  at: (point: V) => Promise<PointEvaluations>,
): Promise<PointEvaluations> {
  const found: PointEvaluations[] = [];
  for (let row = 0; row < rows; row++) {
    const point = space.combine(directions, data.slice(row * columns, (row + 1) * columns), space.copy(origin));
    try {
      found.push(await at(point));
    } finally {
      space.release(point);
    }
  }
  return stackedPoints(found);
}

/** Points of several calls as those of one; what one of them does not know is null. */
export function stackedPoints(parts: readonly PointEvaluations[]): PointEvaluations {
  const stacked = (name: 'standardErrors' | 'errors'): Float64Array | null => {
    const columns = parts.flatMap((part) => part[name] ?? []);
    return columns.length < parts.length || parts.length === 0 ? null : concatenated(columns);
  };
  const tables = parts.flatMap(({ classLosses }) => classLosses ?? []);
  const counts = parts[0]?.classCounts;
  return {
    losses: concatenated(parts.map(({ losses }) => losses)),
    standardErrors: stacked('standardErrors'),
    errors: stacked('errors'),
    classLosses:
      tables.length < parts.length || parts.length === 0
        ? null
        : {
            rows: tables.reduce((sum, { rows }) => sum + rows, 0),
            columns: tables[0]!.columns,
            data: concatenated(tables.map(({ data }) => data)),
          },
    ...(counts && { classCounts: counts }),
  };
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}
