import { sliceDescriptor } from '../analyses/slices/descriptor.ts';
import type { Figure } from '../figures/figure.ts';
import { sliceFigure } from '../figures/slice-figure.ts';
import type { Theme } from '../figures/theme.ts';
import { referencesOf } from './figure-references.ts';
import type { SliceDocument } from './result-documents.ts';
import { nameOfSlice } from './slice-name.ts';

/** Of a slice as a file or a page has it: without its directions in full, and as far as it is computed. */
export type DrawnSlice = Pick<
  SliceDocument,
  'axes' | 'fields' | 'directions' | 'trajectory' | 'plane' | 'on' | 'statistics' | 'convention' | 'command'
> & { readonly warnings?: readonly string[] };

/** One quantity of a slice as a figure; null where the slice has no such quantity. */
export function slicePlaneFigure(slice: DrawnSlice, theme?: Theme): Figure {
  const [alpha, beta] = slice.axes;
  const axis = (values: Float64Array | undefined, k: 0 | 1) => ({
    values: values ?? Float64Array.of(0),
    ...slice.directions[k]!,
  });
  const [loss] = slice.fields;
  const { trajectory } = slice;
  const figure = sliceFigure(
    {
      alpha: axis(alpha, 0),
      beta: axis(beta, 1),
      loss: loss.values,
      computed: loss.computed,
      path: trajectory && {
        ...trajectory,
        alpha: trajectory.coordinates[0]!,
        beta: trajectory.coordinates[1] ?? new Float64Array(trajectory.steps.length),
      },
      warnings: slice.warnings ?? [],
      formula: slice.convention.formula,
      command: slice.command,
      references: referencesOf(sliceDescriptor),
    },
    theme,
  );
  return { ...figure, id: `${figure.id}-${nameOfSlice(slice)}` };
}
