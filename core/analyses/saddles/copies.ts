import type { SearchedPoint } from './saddle.ts';

const relativeTol = 1e-8;

/**
 * Which critical points are the same as an earlier one as far as what no symmetry changes can tell: loss (to 1e-8 of the
 * largest) and the counts of negative, null and positive eigenvalues. Eigenvalues themselves tell less: a symmetry that
 * scales changes them. Two different points may share loss and index; at a loss of 0 many do.
 */
export function withCopies(points: readonly SearchedPoint[]): SearchedPoint[] {
  const largest = (scale: number, { loss }: SearchedPoint) =>
    Number.isFinite(loss) ? Math.max(scale, Math.abs(loss)) : scale;
  const scale = points.reduce(largest, 1e-300);
  const firsts: SearchedPoint[] = [];
  return points.map((point) => {
    const first = isKnown(point) ? firsts.find((other) => isSame(point, other, scale)) : undefined;
    if (first === undefined && isKnown(point)) firsts.push(point);
    return { ...point, sameAs: first?.number ?? null };
  });
}

/** Counts of a quadrature are estimates. */
const isKnown = ({ verdict, index }: SearchedPoint): boolean => verdict === 'critical' && index?.method === 'dense';

const isSame = (a: SearchedPoint, b: SearchedPoint, scale: number): boolean =>
  Math.abs(a.loss - b.loss) <= relativeTol * scale &&
  a.index?.negative === b.index?.negative &&
  a.index?.null === b.index?.null;
