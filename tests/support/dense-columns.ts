import type { LinearOperator } from '../../core/linalg/linear-operator.ts';
import { unitVector } from './vectors.ts';

/** A as a dense row-major matrix, column by column from A eⱼ, not symmetrised. */
export async function denseColumns<V>({ space, apply }: LinearOperator<V>): Promise<Float64Array> {
  const n = space.dim;
  const dense = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const e = space.fromHost(unitVector(n, j));
    const column = await apply(e);
    (await space.toHost(column)).forEach((entry, i) => {
      dense[i * n + j] = entry;
    });
    space.release(e, column);
  }
  return dense;
}

/** weight · x xᵀ added to a dense matrix. */
export function addOuter(dense: Float64Array, x: ArrayLike<number>, weight: number): void {
  const n = x.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) dense[i * n + j]! += weight * x[i]! * x[j]!;
}

/** Rows and columns of a row-major n × n matrix. */
export function subMatrix(dense: Float64Array, n: number, kept: readonly number[]): Float64Array {
  return Float64Array.from(kept.flatMap((i) => kept.map((j) => dense[i * n + j]!)));
}

/** A B for row-major n × n matrices. */
export function timesMatrix(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) product[i * n + j]! += a[i * n + k]! * b[k * n + j]!;
  return product;
}
