import type { SearchedPoint } from './saddle.ts';

const relativeTol = { loss: 1e-8, eigenvalue: 1e-6 };

/**
 * Which points are the same as an earlier one as far as numbers that no symmetry changes can tell: loss (to 1e-8 of the
 * largest) and all eigenvalues (to 1e-6 of the largest). Two different points may share them; a point and its copy under
 * a symmetry that scales have different eigenvalues, and count as two. Points that are not critical are never the same.
 */
export function withCopies(points: readonly SearchedPoint[]): SearchedPoint[] {
  const scale = Math.max(...points.map(({ loss }) => (Number.isFinite(loss) ? Math.abs(loss) : 0)), 1e-300);
  const firsts: SearchedPoint[] = [];
  return points.map((point) => {
    const first = firsts.find((other) => isSame(point, other, scale));
    if (first === undefined && point.verdict === 'critical' && point.eigenvalues !== null) firsts.push(point);
    return { ...point, sameAs: first?.number ?? null };
  });
}

function isSame(a: SearchedPoint, b: SearchedPoint, scale: number): boolean {
  if (a.verdict !== 'critical' || a.eigenvalues === null || b.eigenvalues === null) return false;
  if (Math.abs(a.loss - b.loss) > relativeTol.loss * scale) return false;
  const [x, y] = [a.eigenvalues, b.eigenvalues];
  const largest = Math.max(Math.abs(y[0] ?? 0), Math.abs(y.at(-1) ?? 0));
  return x.length === y.length && x.every((value, i) => Math.abs(value - y[i]!) <= relativeTol.eigenvalue * largest);
}
