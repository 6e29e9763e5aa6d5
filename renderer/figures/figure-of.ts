import { commandLine } from '../../core/experiment/command-line.ts';
import { landscapeFigure } from '../../core/experiment/landscape-figure.ts';
import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';
import {
  accuracySources,
  gradientNormSources,
  learningRateSources,
  lowestEigenvalueSources,
  type RunFigureSources,
  runDensityFigure,
  runLossFigure,
  runPreconditionedFigure,
  runQuantityFigure,
  runSharpnessFigure,
} from '../../core/experiment/run-figures.ts';
import { fidelityFigureOf, sliceFigureOf } from '../../core/experiment/slice-figures.ts';
import { spectrumFigures } from '../../core/experiment/spectrum-figures.ts';
import {
  gradientShareSources,
  subspaceOverlapSources,
  topEigenvalueSources,
} from '../../core/experiment/subspace-figures.ts';
import type { Figure } from '../../core/figures/figure.ts';
import type { Theme } from '../../core/figures/theme.ts';
import { openedLandscape, sourceOfLandscape, studiedFileName } from '../state/landscape-files.ts';
import { lineQuantityOf } from '../state/line-quantity.ts';
import { planeShown, useResults } from '../state/results.ts';
import { type Run, runOf } from '../state/runs.ts';
import { type ChartId, useSettings } from '../state/settings.ts';
import { useTime } from '../state/time.ts';
import type { FigureSource, HeldSlice } from './figure-source.ts';
import { pointsOfSeries, subspacePoints, topEigenvaluePoints } from './points-of-series.ts';
import { shownSpectrum } from './shown-spectrum.ts';

/** Whatever of a run can be a figure: each chart, the plane that is shown, and the spectrum nearest to the cursor. */
export type FigureId = ChartId | 'slice' | 'fidelity' | 'spectrum-density' | 'eigenvalues';

/** As the command line makes it of the same run; null where nothing of it was measured. `light` is the print theme. */
export function figureOf(run: string, id: FigureId, theme: Theme = 'light'): Figure | null {
  const found = runOf(run);
  if (found === null) return id === 'slice' ? openedFigure(run, theme) : null;
  if (id === 'slice' || id === 'fidelity') return shownSliceFigure(run, id, theme);
  if (id === 'spectrum-density' || id === 'eigenvalues') return spectrumFigure(found, id, theme);
  return chartFigure(found, id, theme);
}

function chartFigure(run: Run, id: ChartId, theme: Theme): Figure | null {
  const sources = sourcesOf(run, theme);
  const { points, command } = sources;
  switch (id) {
    case 'loss':
      return thinnedCaption(run, runLossFigure(sources));
    case 'sharpness':
      return runSharpnessFigure(sources) ?? runPreconditionedFigure(sources);
    case 'density':
      return runDensityFigure(sources);
    case 'topEigenvalues':
      return measuredFigure(topEigenvalueSources(topEigenvaluePoints(run.series)), command, theme);
    case 'subspaceOverlap':
      return measuredFigure(subspaceOverlapSources(subspacePoints(run.series, 'overlap')), command, theme);
    case 'gradientShare':
      return measuredFigure(gradientShareSources(subspacePoints(run.series, 'gradientShare')), command, theme);
    case 'accuracy':
      return points.accuracies.train.length === 0 ? null : runQuantityFigure(accuracySources(points), command, theme);
    case 'gradientNorm':
      return thinnedCaption(run, runQuantityFigure(gradientNormSources(points), command, theme));
    case 'learningRate':
      return thinnedCaption(run, runQuantityFigure(learningRateSources(points), command, theme));
    case 'lowestEigenvalue':
      return points.eigenvalues.lowestEigenvalue.length === 0
        ? null
        : runQuantityFigure(lowestEigenvalueSources(points), command, theme);
  }
}

/** Of a landscape that was read from a file. */
function openedFigure(id: string, theme: Theme): Figure | null {
  const opened = openedLandscape(id);
  const landscape = opened?.shown.file;
  if (!opened || !landscape) return null;
  const { clip, lineQuantity, quantity } = useSettings.getState().landscape;
  const isLine = landscape.axes.length === 1;
  const name = isLine ? lineQuantityOf(opened.shown.slice, lineQuantity) : quantity;
  const wanted = landscape.fields.filter((field) => field.quantity === name);
  const zmax = isLine || clip === null ? undefined : clip;
  const command = commandLine([
    'convert',
    opened.file.shown,
    `${studiedFileName(id)}.svg`,
    ...wanted.flatMap((field) => ['--quantity', field.quantity]),
    ...(zmax === undefined ? [] : ['--zmax', String(zmax)]),
  ]);
  return landscapeFigure(wanted.length > 0 ? { ...landscape, fields: wanted } : landscape, { command, zmax }, theme);
}

/** Null where nothing of it was measured. */
function measuredFigure(
  sources: Parameters<typeof runQuantityFigure>[0],
  command: string,
  theme: Theme,
): Figure | null {
  return sources.lines.some(({ points }) => points.length > 0) ? runQuantityFigure(sources, command, theme) : null;
}

function sourcesOf({ description, file, series }: Run, theme: Theme): RunFigureSources {
  return {
    points: pointsOfSeries(series),
    fullBatch: (description?.experiment.optimizer.settings.batchSize ?? null) === null,
    formula: description?.formula ?? '',
    thresholdName: description?.thresholdName ?? 'threshold',
    command: commandLine(['report', file.shown]),
    theme,
  };
}

/** Of a very long run the window keeps every other, every fourth … update; its folder keeps all. */
function thinnedCaption({ series: { updates } }: Run, figure: Figure): Figure {
  if (updates.stride === 1) return figure;
  const caption = `${figure.caption} Of every ${updates.stride} updates the window keeps one; the command draws from all of them.`;
  return { ...figure, caption };
}

/** Of the quantity that is shown, where the slice has it. */
function shownSliceFigure(run: string, id: 'slice' | 'fidelity', theme: Theme): Figure | null {
  const slice = useResults.getState().landscapes[run]?.[planeShown(run)]?.slice;
  if (!slice) return null;
  if (id === 'fidelity') return fidelityFigureOf(slice, theme);
  const { quantity, lineQuantity, clip } = useSettings.getState().landscape;
  const wanted = slice.axes.length === 1 ? lineQuantityOf(slice, lineQuantity) : quantity;
  const has = slice.fields.some((field) => field.quantity === wanted);
  return sliceFigureOf(slice, {
    theme,
    clip: clip === null ? null : { high: clip },
    ...(has ? { quantity: wanted } : {}),
  });
}

function spectrumFigure(run: Run, id: 'spectrum-density' | 'eigenvalues', theme: Theme): Figure | null {
  const document = shownSpectrum(useResults.getState().spectra[run.id] ?? [], useTime.getState().cursor);
  if (document === null) return null;
  const wanted = id === 'eigenvalues' ? 'eigenvalues' : 'spectral-density';
  return (
    spectrumFigures(document, spectrumThreshold(run, document), theme).find((figure) => figure.id === wanted) ?? null
  );
}

/** The threshold of stability at the update nearest to a spectrum; null for the Gauss–Newton matrix, as in reports. */
export function spectrumThreshold(
  { series: { eigenvalues }, description }: Run,
  { step }: Pick<SpectrumDocument, 'step'>,
): { readonly name: string; readonly value: number } | null {
  const { data, length } = eigenvalues.sharpness;
  const far = (row: number) => Math.abs((data.step[row] ?? Number.POSITIVE_INFINITY) - (step ?? 0));
  let nearest = 0;
  for (let row = 1; row < length; row++) if (far(row) < far(nearest)) nearest = row;
  const value = length === 0 ? Number.NaN : (data.threshold[nearest] ?? Number.NaN);
  const name = description?.thresholdName ?? null;
  return name === null || Number.isNaN(value) ? null : { name, value };
}

/** The slice that is shown of a run, where it is whole. */
function heldSlice(run: string): HeldSlice | null {
  const slice = useResults.getState().landscapes[run]?.[planeShown(run)]?.slice;
  if (!slice) return null;
  const shape = (['line', 'plane', 'volume'] as const)[slice.axes.length - 1] ?? 'plane';
  const opened = openedLandscape(run);
  if (opened) return { run, planeId: sourceOfLandscape(opened), shape };
  if (!('planeId' in slice)) return null;
  return { run, planeId: slice.planeId, shape };
}

/** What belongs to a figure of a run, for menus and commands. */
export const sourceOf = (run: string, id: FigureId): FigureSource => ({
  figure: () => figureOf(run, id),
  ...(id === 'slice' ? { slice: () => heldSlice(run) } : {}),
});
