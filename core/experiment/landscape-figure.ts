import { quantityDescriptions } from '../analyses/slices/quantities.ts';
import type { SliceQuantity } from '../figures/field-colours.ts';
import type { Figure } from '../figures/figure.ts';
import { lineFigure } from '../figures/line-figure.ts';
import type { LinePlot } from '../figures/line-layers.ts';
import { type SliceAxis, sliceFigure } from '../figures/slice-figure.ts';
import type { Theme } from '../figures/theme.ts';
import { volumeFigure } from '../figures/volume-figure.ts';
import type { LandscapeFile } from '../formats/landscape-file.ts';

export interface LandscapeFigureOptions {
  /** Logarithmic colours. */
  readonly log?: boolean | undefined;
  /** Greater values are drawn alike. */
  readonly zmax?: number | undefined;
  /** What makes the figure again. */
  readonly command?: string;
}

/**
 * The first quantity of a landscape out of any file, with axes, contours and path; of a line all, one below the other. What
 * a file does not tell is left out: it has no formula, and its directions have no kind.
 */
export function landscapeFigure(
  file: LandscapeFile,
  { log = false, zmax, command = '' }: LandscapeFigureOptions = {},
  theme: Theme = 'light',
): Figure {
  const axes = file.axes.map(
    ({ coordinates, norm }): SliceAxis => ({
      values: coordinates,
      kind: 'direction',
      norm: norm ?? Number.NaN,
      explained: null,
      eigenvalue: null,
    }),
  );
  const [field] = file.fields;
  const { values, computed } = field!;
  const quantity = quantityOf(field!.quantity, log);
  const common = {
    quantity,
    values,
    computed,
    clip: zmax === undefined ? null : { high: zmax },
    warnings: file.announcements,
    formula: '',
    command,
  };
  const [alpha, beta, gamma] = axes as [SliceAxis, SliceAxis?, SliceAxis?];
  if (gamma && beta) return volumeFigure({ ...common, axes: [alpha, beta, gamma] }, theme);
  if (beta) return sliceFigure({ ...common, alpha, beta, uncertainty: null, paths: pathsOf(file) }, theme);
  return lineFigure(
    {
      alpha,
      plots: file.fields.map((one) => {
        const its = quantityOf(one.quantity, log);
        return { quantity: its, lines: [{ name: its.title, ...one, uncertainty: null }] };
      }) as unknown as readonly [LinePlot, ...LinePlot[]],
      ends: file.axes[0]!.name === 't' ? { zero: 'first end', one: 'second end' } : null,
      warnings: file.announcements,
      formula: '',
      command,
    },
    theme,
  );
}

function quantityOf(id: string, log: boolean): SliceQuantity {
  const known = quantityDescriptions.find((one) => one.id === id);
  const title = known ? known.title : id.replaceAll('_', ' ');
  const scale = log ? 'log' : known?.scale === 'diverging' ? 'diverging' : 'automatic';
  if (id === 'loss') return { id, title: 'Loss', symbol: 'L', unit: null, scale };
  return { id, title: title[0]!.toUpperCase() + title.slice(1), symbol: '', unit: null, scale };
}

function pathsOf({ path }: LandscapeFile) {
  if (path === null || path.steps.length === 0) return [];
  const unknown = new Float64Array(path.steps.length).fill(Number.NaN);
  const [alpha, beta] = path.coordinates as [Float64Array, Float64Array];
  return [{ name: 'path', steps: path.steps, alpha, beta, distance: path.distance ?? unknown, length: unknown }];
}
