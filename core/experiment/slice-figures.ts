import { sliceDescriptor } from '../analyses/slices/descriptor.ts';
import { type SliceDirection, type SliceField, shapeOf } from '../analyses/slices/slice.ts';
import { BadInput } from '../bad-input.ts';
import type { Clip } from '../figures/field-colours.ts';
import type { Figure } from '../figures/figure.ts';
import { lineFigure } from '../figures/line-figure.ts';
import type { LinePlot, SliceLine } from '../figures/line-layers.ts';
import type { NamedPath, SliceMark } from '../figures/plane-marks.ts';
import { type SliceAxis, sliceFigure } from '../figures/slice-figure.ts';
import type { Uncertainty } from '../figures/slice-input.ts';
import type { Theme } from '../figures/theme.ts';
import { trajectoryFidelityFigure } from '../figures/trajectory-fidelity-figure.ts';
import { volumeFigure } from '../figures/volume-figure.ts';
import { referencesOf } from './figure-references.ts';
import type { SliceDocument } from './result-documents.ts';
import { nameOfSlice } from './slice-name.ts';
import { classOfQuantity, sliceQuantity } from './slice-quantity.ts';

/** Of a slice as a file or a page has it: without its directions in full, and as far as it is computed. */
export type DrawnSlice = Pick<
  SliceDocument,
  'axes' | 'fields' | 'directions' | 'trajectory' | 'plane' | 'on' | 'statistics' | 'convention' | 'command'
> & { readonly warnings?: readonly string[] };

export interface SliceFigureWish {
  /** Of a plane or a volume the loss by itself; of a line all it has. */
  readonly quantity?: string;
  readonly theme?: Theme;
  /** Of a plane. */
  readonly marks?: readonly SliceMark[];
  readonly clip?: Clip | null;
}

/**
 * A slice as a figure: the quantities of a line one below the other, a plane with contours and path, three sections of a
 * volume. Throws BadInput for a quantity that the slice does not have.
 */
export function sliceFigureOf(slice: DrawnSlice, wish: SliceFigureWish = {}): Figure {
  const figure = drawnFigure(slice, wish);
  return named(figure, slice);
}

function drawnFigure(slice: DrawnSlice, { quantity, theme, marks = [], clip = null }: SliceFigureWish): Figure {
  const [alpha, beta, gamma] = slice.axes.map((values, k) => axisOf(values, slice.directions[k]!)) as [
    SliceAxis,
    SliceAxis?,
    SliceAxis?,
  ];
  const common = commonOf(slice);
  if (!beta) {
    const fields = quantity === undefined ? slice.fields : [fieldOf(slice, quantity)];
    return lineFigure({ ...common, alpha, plots: plotsOf(fields), ends: endsOf(slice) }, theme);
  }
  const field = fieldOf(slice, quantity);
  const { values, computed } = field;
  const shown = { ...common, quantity: sliceQuantity(field.quantity), values, computed, clip };
  if (gamma) return volumeFigure({ ...shown, axes: [alpha, beta, gamma] }, theme);
  return sliceFigure({ ...shown, alpha, beta, uncertainty: uncertaintyOf(field), paths: pathsOf(slice), marks }, theme);
}

/** How faithful the path on a slice is; null where there is none. */
export function fidelityFigureOf(slice: DrawnSlice, theme?: Theme): Figure | null {
  const { trajectory } = slice;
  if (trajectory === null || trajectory.steps.length === 0) return null;
  const { warnings, command, references } = commonOf(slice);
  const figure = trajectoryFidelityFigure(
    { ...trajectory, shape: shapeOf(slice), warnings, command, references },
    theme,
  );
  return named(figure, slice);
}

/** Of the name of the slice what an anchor can have, without the shape where the figure says it. */
function named(figure: Figure, slice: DrawnSlice): Figure {
  const name = nameOfSlice(slice).replace(/[^a-z0-9]+/g, '-');
  const shape = shapeOf(slice);
  return { ...figure, id: `${figure.id}-${figure.id.endsWith(shape) ? name.replace(`${shape}-`, '') : name}` };
}

const commonOf = ({ warnings = [], convention, command }: DrawnSlice) => ({
  warnings,
  formula: convention.formula,
  command,
  references: referencesOf(sliceDescriptor),
});

const axisOf = (values: Float64Array, { kind, norm, explained, eigenvalue }: SliceDirection): SliceAxis => ({
  values,
  kind,
  norm,
  explained,
  eigenvalue,
});

function fieldOf({ fields }: DrawnSlice, wanted: string = fields[0].quantity): SliceField {
  const field = fields.find(({ quantity }) => quantity === wanted);
  if (field) return field;
  const there = fields.map(({ quantity }) => quantity).join(', ');
  throw new BadInput(`The slice has no quantity ${wanted}.`, `It has ${there}.`);
}

const uncertaintyOf = ({ certificate, uncertainty }: SliceField): Uncertainty | null =>
  certificate === null || uncertainty === null ? null : { kind: certificate, values: uncertainty };

/** A plot for each quantity; the losses of classes share one. */
function plotsOf(fields: readonly SliceField[]): readonly [LinePlot, ...LinePlot[]] {
  const line = (field: SliceField, name: string): SliceLine => ({
    name,
    values: field.values,
    computed: field.computed,
    uncertainty: uncertaintyOf(field),
  });
  const own = fields.filter(({ quantity }) => classOfQuantity(quantity) === null);
  const classes = fields.filter(({ quantity }) => classOfQuantity(quantity) !== null);
  const plots = own.map((field): LinePlot => {
    const quantity = sliceQuantity(field.quantity);
    return { quantity, lines: [line(field, quantity.title)] };
  });
  if (classes.length > 0)
    plots.push({
      quantity: { ...sliceQuantity('loss'), id: 'class_loss', title: 'Loss by class', symbol: '' },
      lines: classes.map((field) => line(field, `class ${classOfQuantity(field.quantity)}`)),
    });
  return plots as unknown as readonly [LinePlot, ...LinePlot[]];
}

/** A difference that was not scaled leads from one point to the other; a scaled one has another name. */
const endsOf = ({ directions: [direction] }: DrawnSlice) =>
  direction?.kind === 'difference' ? { zero: 'this point', one: 'the other point' } : null;

const pathsOf = ({ trajectory }: DrawnSlice): readonly NamedPath[] =>
  trajectory === null
    ? []
    : [
        {
          name: 'path',
          steps: trajectory.steps,
          alpha: trajectory.coordinates[0]!,
          beta: trajectory.coordinates[1]!,
          distance: trajectory.distance,
          length: trajectory.length,
        },
      ];
