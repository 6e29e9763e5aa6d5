import { sliceDescriptor } from '../../../core/analyses/slices/descriptor.ts';
import { referencesOf } from '../../../core/experiment/figure-references.ts';
import { sliceQuantity } from '../../../core/experiment/slice-quantity.ts';
import { pointCount } from '../../../core/fields/grid.ts';
import { differenceFigure } from '../../../core/figures/difference-figure.ts';
import type { Figure } from '../../../core/figures/figure.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import { lossOf } from './compared.ts';
import { differenceSentences, type PlaneDifference } from './plane-difference.ts';

/** Two planes on the grid of the first and their difference, for print. */
export function compareFigure(made: PlaneDifference, theme?: Theme): Figure {
  const { first, second, axes, field } = made;
  const { directions, convention } = first.shown.slice;
  const own = lossOf(first);
  // What the difference was taken from, where the grids are not the same: A − (A − B).
  const count = pointCount(axes);
  const other = made.resampled
    ? {
        values: Float64Array.from({ length: count }, (_, p) => own.values[p]! - field.values[p]!),
        computed: field.computed,
      }
    : lossOf(second);
  return differenceFigure(
    {
      alpha: { values: axes[0]!, ...directions[0]! },
      beta: { values: axes[1]!, ...directions[1]! },
      quantity: sliceQuantity(own.quantity),
      // That figure has second − first.
      first: { name: 'B', values: other.values, computed: other.computed },
      second: { name: 'A', values: own.values, computed: own.computed },
      warnings: [
        `A is ${first.name}, B is ${second.name}.`,
        ...differenceSentences(made).filter((sentence) => !/^(Colours|Holes|Grey)/.test(sentence)),
        made.standardError && made.muted > 0
          ? `At ${made.muted} of ${made.known} points the difference is less than two standard errors.`
          : '',
        ...made.warnings,
      ].filter(Boolean),
      formula: convention.formula,
      command: [first, second].map(({ shown }) => shown.slice.command).join('\n'),
      references: referencesOf(sliceDescriptor),
    },
    theme,
  );
}
