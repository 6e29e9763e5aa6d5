import type { Field } from '../fields/grid.ts';
import { valueAt } from '../fields/interpolate.ts';
import type { SliceDocument } from './result-documents.ts';

/** A point that spans a plane, at its exact coordinates. */
export interface SpanningPoint {
  readonly alpha: number;
  readonly beta: number;
  /** The loss between the points of the grid; NaN where the grid does not reach or was not computed. */
  readonly value: number;
  readonly label: 'this point' | 'other' | 'third';
}

/** Where the ends of differences lie that were not scaled; scaled ones say so in their kind, and end elsewhere. */
const labels: Readonly<Record<string, SpanningPoint['label']>> = { difference: 'other', 'third point': 'third' };

/**
 * The points that a plane leads through: this one at (0, 0), the other at (1, 0), the third at (0, 1), as far as it is
 * spanned by differences. Empty for planes that lead through one point only, for lines and for volumes.
 */
export function spanningPoints({
  axes,
  directions,
  fields,
}: Pick<SliceDocument, 'axes' | 'directions'> & {
  readonly fields: readonly [Field, ...Field[]];
}): SpanningPoint[] {
  if (axes.length !== 2) return [];
  const point = (alpha: number, beta: number, label: SpanningPoint['label']): SpanningPoint => ({
    alpha,
    beta,
    value: valueAt(axes, fields[0], [alpha, beta]).value,
    label,
  });
  const ends = directions.flatMap(({ kind }, k) => {
    const label = labels[kind];
    return label ? [point(k === 0 ? 1 : 0, k === 0 ? 0 : 1, label)] : [];
  });
  return ends.length > 0 ? [point(0, 0, 'this point'), ...ends] : [];
}
