import { machineEpsilon } from '../../linalg/precision.ts';
import { gradientFloor } from './residual.ts';
import type { JudgedPoint, SearchedPoint } from './saddle.ts';

const relativeTol = 1e-8;

/**
 * Which critical points are the same as an earlier one as far as what no symmetry changes can tell: loss (to 1e-8 of the
 * largest, and to `lossError`) and the counts of negative, null and positive eigenvalues. Eigenvalues themselves tell less: a symmetry that
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

/**
 * How far the loss of a critical point may be from that of the one that is meant, whatever other losses there are:
 * max(‖∇L‖, 8 ε |λ|_max ‖θ‖) ‖θ‖, the slope, or what rounding hides of it, over a way as long as θ; and 8 ε |L|. Beside a
 * critical point with L = 0 every loss is its rounding, and shares of the largest tell nothing.
 */
export function lossError({
  loss,
  gradientNormSquared,
  lowest,
  highest,
  norm,
  precision,
}: Pick<JudgedPoint, 'loss' | 'gradientNormSquared' | 'lowest' | 'highest' | 'norm' | 'precision'>): number {
  const scale = Math.max(Math.abs(lowest?.value ?? 0), Math.abs(highest?.value ?? 0));
  const slope = Math.max(Math.sqrt(gradientNormSquared), gradientFloor(precision, scale, norm));
  return slope * norm + 8 * machineEpsilon(precision) * Math.abs(loss);
}

/** Counts of a quadrature are estimates. */
const isKnown = ({ verdict, index }: SearchedPoint): boolean => verdict === 'critical' && index?.method === 'dense';

const isSame = (a: SearchedPoint, b: SearchedPoint, scale: number): boolean =>
  Math.abs(a.loss - b.loss) <= relativeTol * scale + lossError(a) + lossError(b) &&
  a.index?.negative === b.index?.negative &&
  a.index?.null === b.index?.null;
