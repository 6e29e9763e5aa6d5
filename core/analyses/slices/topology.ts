import type { Axes } from '../../fields/grid.ts';
import { type JudgedTree, judgedTree } from '../../fields/persistence.ts';
import type { SliceField } from './slice.ts';

/** Features of a rough grid beyond that many are counted, not listed. */
const mostPairs = 200;

/**
 * The merge tree of the minima of a field with the persistence of each and a verdict on it, see `judgedTree`. Noise is the
 * standard error of each value where it has one: that of a difference over the same examples is smaller, so a feature may
 * be called noise that is none, and never the other way round. Of more than 200 pairs the most persistent are listed, the
 * others counted in `dropped`. O(n log n).
 */
export function sliceTopology(
  axes: Axes,
  { certificate, uncertainty, ...field }: SliceField,
  precision: 'float32' | 'float64',
): JudgedTree {
  const standardError = certificate === 'standard error' ? uncertainty : null;
  const whole = judgedTree(axes, field, 'join', { standardError, precision });
  if (whole.pairs.length <= mostPairs) return whole;
  const sizes = whole.pairs.map(({ persistence }) => persistence).sort((a, b) => b - a);
  return judgedTree(axes, field, 'join', { standardError, precision, threshold: sizes[mostPairs - 1]! });
}
