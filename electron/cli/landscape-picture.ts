import { quantityDescriptions } from '../../core/analyses/slices/quantities.ts';
import type { SliceQuantity } from '../../core/figures/field-colours.ts';
import type { Figure } from '../../core/figures/figure.ts';
import { lineFigure } from '../../core/figures/line-figure.ts';
import { type SliceAxis, sliceFigure } from '../../core/figures/slice-figure.ts';
import { volumeFigure } from '../../core/figures/volume-figure.ts';
import type { LandscapeFile } from '../../core/formats/landscape-file.ts';
import type { HeightOptions } from '../../core/formats/vtk/surface-points.ts';
import { renderPng, renderSvg } from '../host/render-figure.ts';

const pngWidth = 1600;

/** The first quantity of a landscape with axes, contours and path; `log` and `zmax` are those of the colours. */
export async function landscapePicture(
  file: LandscapeFile,
  options: HeightOptions,
  kind: 'svg' | 'png',
): Promise<Uint8Array | string> {
  const svg = await renderSvg(figureOf(file, options).specification);
  return kind === 'svg' ? svg : renderPng(svg, pngWidth);
}

/** What a file does not tell is left out: it has no formula, and its directions have no kind. */
function figureOf(file: LandscapeFile, { log = false, zmax }: HeightOptions): Figure {
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
    command: '',
  };
  const [alpha, beta, gamma] = axes as [SliceAxis, SliceAxis?, SliceAxis?];
  if (gamma && beta) return volumeFigure({ ...common, axes: [alpha, beta, gamma] });
  if (beta) return sliceFigure({ ...common, alpha, beta, uncertainty: null, paths: pathsOf(file) });
  return lineFigure({
    alpha,
    plots: [{ quantity, lines: [{ name: quantity.title, values, computed, uncertainty: null }] }],
    ends: file.axes[0]!.name === 't' ? { zero: 'first end', one: 'second end' } : null,
    warnings: file.announcements,
    formula: '',
    command: '',
  });
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
