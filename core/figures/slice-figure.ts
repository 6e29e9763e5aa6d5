import { colourScaleOf, contourLevels, contourText, type SliceQuantity } from './field-colours.ts';
import { type Cell, drawable, type Figure, type Table } from './figure.ts';
import { largest } from './largest.ts';
import { numberText, percentText } from './number-text.ts';
import { drawnValues, type Plane, planeLayers, planeResolve, stateCounts } from './plane-layers.ts';
import { markLayers, pathLayers } from './plane-marks.ts';
import { directionName, sliceCaption } from './slice-caption.ts';
import type { LossPlaneInput, SliceAxis, SliceFigureInput } from './slice-input.ts';

import { emptyFrame, type Frame, framed, type Theme } from './theme.ts';
import { thinGrid } from './thin-grid.ts';

export type { LossPlaneInput, SliceAxis, SliceFigureInput } from './slice-input.ts';

export const lossQuantity: SliceQuantity = { id: 'loss', title: 'Loss', symbol: 'L', unit: null, scale: 'automatic' };

const general = (input: SliceFigureInput | LossPlaneInput): SliceFigureInput =>
  'values' in input
    ? input
    : {
        ...input,
        quantity: lossQuantity,
        values: input.loss,
        uncertainty: null,
        paths: input.path === null ? [] : [{ ...input.path, name: 'path' }],
      };

/**
 * A quantity on a plane as colours and contours at equal steps, with the shadows of paths and marks on it. Large grids
 * are drawn at every k-th point, as the caption says; the table has them whole.
 */
export function sliceFigure(given: SliceFigureInput | LossPlaneInput, theme: Theme = 'light'): Figure {
  const input = general(given);
  const { alpha, beta, values: loss, computed } = input;
  const thin = thinGrid({ alpha: alpha.values, beta: beta.values, loss, computed });
  const shown: SliceFigureInput = {
    ...input,
    alpha: { ...alpha, values: thin.alpha },
    beta: { ...beta, values: thin.beta },
    values: thin.loss,
    computed: thin.computed,
  };
  // The scale is that of all points: a thinned picture has the colours of the whole.
  const scale = colourScaleOf(drawnValues(input), input.quantity.scale, input.clip);
  const { step, levels } = input.contours === false ? { step: 0, levels: [] } : contourLevels(scale);
  const contours = contourText(step, scale);
  const { title } = input.quantity;
  const frame: Frame = {
    title: `${title} on a plane`,
    subtitle: [input.formula, contours].filter(Boolean).join(', '),
    description: `Map of the ${title.toLowerCase()} on a plane through the parameters`,
    theme,
    height: 500,
  };
  const plane: Plane = {
    x: { values: shown.alpha.values, title: axisTitle('α', alpha, '1') },
    y: { values: shown.beta.values, title: axisTitle('β', beta, '2') },
    values: shown.values,
    computed: shown.computed,
    quantity: input.quantity,
    scale,
    levels,
    bar: 300,
  };
  const counts = stateCounts(input.values, input.computed);
  return {
    id: `${input.quantity.id.replaceAll('_', '-')}-plane`,
    title: frame.title,
    caption: sliceCaption(input, scale, contours, counts, thin.stride),
    alternative: alternative(input),
    specification:
      counts.value + counts['not a number'] + counts.infinite + counts['minus infinity'] === 0
        ? emptyFrame(frame, `No ${title.toLowerCase()} on this plane has been computed yet.`)
        : framed(frame, {
            layer: [
              ...planeLayers(plane, theme),
              ...pathLayers(input.paths, plane, theme),
              ...markLayers(input.marks ?? [], theme),
            ],
            resolve: planeResolve,
          }),
    command: input.command,
    references: input.references ?? [],
    data: sliceTable(input),
  };
}

/** JSON and NumPy's numbers alike: no number where there is none; `infinite` tells ±∞ from NaN. */
function sliceTable({ alpha, beta, quantity, values, computed, uncertainty }: SliceFigureInput): Table {
  const columns = alpha.values.length;
  const counts = stateCounts(values, computed);
  const hasInfinite = counts.infinite + counts['minus infinity'] > 0;
  return {
    columns: [
      'alpha',
      'beta',
      quantity.id,
      'computed',
      ...(uncertainty ? [uncertainty.kind.replaceAll(' ', '_')] : []),
      ...(hasInfinite ? ['infinite'] : []),
    ],
    rows: Array.from({ length: columns * beta.values.length }, (_, i): Cell[] => {
      const known = computed[i] === 1;
      const value = values[i]!;
      return [
        alpha.values[i % columns]!,
        beta.values[Math.floor(i / columns)]!,
        known ? drawable(value) : null,
        known ? 1 : 0,
        ...(uncertainty ? [known ? drawable(uncertainty.values[i]) : null] : []),
        ...(hasInfinite ? [known && Math.abs(value) === Number.POSITIVE_INFINITY ? Math.sign(value) : 0] : []),
      ];
    }),
  };
}

/** `α along principal direction 1 (40 %)` */
export function axisTitle(
  symbol: string,
  { kind, explained, eigenvalue }: Pick<SliceAxis, 'kind' | 'explained' | 'eigenvalue'>,
  place: string,
): string {
  const more =
    explained !== null
      ? ` (${percentText(explained)})`
      : eigenvalue !== null
        ? ` (λ = ${numberText(eigenvalue, 3)})`
        : '';
  return `${symbol} along ${directionName(kind)} ${place}${more}`;
}

function alternative(input: SliceFigureInput): string {
  const { alpha, beta, quantity, paths, marks = [] } = input;
  const known = drawnValues(input);
  const name = quantity.title.toLowerCase();
  const low = -largest(known.map((value) => (value === null ? null : -value)));
  const high = largest(known);
  if (low > high) return `Empty map: no ${name} on this plane has a finite value.`;
  const drawn = paths.filter(({ steps }) => steps.length > 0);
  const told = [
    `Map of ${alpha.values.length} by ${beta.values.length} ${quantity.id === 'loss' ? 'losses' : `values of the ${name}`} from ${numberText(low, 3)} to ${numberText(high, 3)}`,
    drawn.length === 1 ? `with the path from step ${drawn[0]!.steps[0]} to step ${drawn[0]!.steps.at(-1)}` : '',
    drawn.length > 1 ? `with the paths of ${drawn.map((path) => path.name).join(', ')}` : '',
    marks.length > 0 ? `with ${marks.length} ${marks.length === 1 ? 'mark' : 'marks'}` : '',
  ];
  return `${told.filter(Boolean).join(', ')}.`;
}
