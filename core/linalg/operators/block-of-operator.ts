import type { LinearOperator } from '../linear-operator.ts';
import type { HostVector, VectorSpace } from '../vector-space.ts';

/** Consecutive coordinates of a vector. */
export interface CoordinateRange {
  readonly offset: number;
  readonly size: number;
}

/**
 * EᵀAE with E the embedding of some coordinates: the diagonal block of A that belongs to them, on a space of its own with
 * the ranges one after another. Eigenvalues of a symmetric A's block lie between those of A (Cauchy's interlacing). Cost
 * of a product: one product with A, and copies of its length through the host.
 */
export function blockOfOperator<V, W>(
  a: LinearOperator<V>,
  ranges: readonly CoordinateRange[],
  space: VectorSpace<W>,
): LinearOperator<W> {
  const whole = a.space;
  const size = ranges.reduce((sum, range) => sum + range.size, 0);
  if (size !== space.dim) throw new RangeError(`Ranges of ${size} coordinates for a space of dimension ${space.dim}.`);
  const outside = ranges.find(({ offset, size }) => offset < 0 || offset + size > whole.dim);
  if (outside) throw new RangeError(`Coordinates ${outside.offset} + ${outside.size} are not among ${whole.dim}.`);
  return {
    space,
    symmetric: a.symmetric,
    positiveSemidefinite: a.positiveSemidefinite,
    async apply(w) {
      const v = whole.fromHost(embedded(await space.toHost(w), ranges, whole.dim));
      try {
        const product = await a.apply(v);
        const entries = await whole.toHost(product);
        whole.release(product);
        return space.fromHost(extracted(entries, ranges));
      } finally {
        whole.release(v);
      }
    },
    ...(a.columns && {
      columns: (from: number, to: number) =>
        columnsOfBlock((...span) => a.columns!(...span), ranges, whole.dim, from, to),
    }),
  };
}

/** Columns from … to − 1 of the block out of those of the whole: as many of the whole. */
export async function columnsOfBlock(
  columns: (from: number, to: number) => Promise<Float64Array>,
  ranges: readonly CoordinateRange[],
  dim: number,
  from: number,
  to: number,
): Promise<Float64Array> {
  const size = ranges.reduce((sum, range) => sum + range.size, 0);
  const found = new Float64Array((to - from) * size);
  let first = 0;
  for (const range of ranges) {
    const [start, end] = [Math.max(from, first), Math.min(to, first + range.size)];
    if (start < end) {
      const shift = range.offset - first;
      const whole = await columns(start + shift, end + shift);
      for (let j = start; j < end; j++) {
        found.set(extracted(whole.subarray((j - start) * dim, (j + 1 - start) * dim), ranges), (j - from) * size);
      }
    }
    first += range.size;
  }
  return found;
}

/** E w: the coordinates in their places, zero elsewhere. */
export function embedded(w: HostVector, ranges: readonly CoordinateRange[], dim: number): Float64Array {
  const v = new Float64Array(dim);
  let from = 0;
  for (const { offset, size } of ranges) {
    v.set(w.subarray(from, from + size), offset);
    from += size;
  }
  return v;
}

/** Eᵀ v. */
export function extracted(v: HostVector, ranges: readonly CoordinateRange[]): Float64Array {
  const w = new Float64Array(ranges.reduce((sum, { size }) => sum + size, 0));
  let to = 0;
  for (const { offset, size } of ranges) {
    w.set(v.subarray(offset, offset + size), to);
    to += size;
  }
  return w;
}
