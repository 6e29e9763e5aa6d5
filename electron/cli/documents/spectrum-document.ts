import path from 'node:path';
import { analysisRuns } from '../../../core/analyses/runs.ts';
import type { Spectrum } from '../../../core/analyses/spectrum/run.ts';
import { operatorName } from '../../../core/experiment/run-figures.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeResult } from '../../host/run-folder.ts';
import type { Terminal } from '../command.ts';
import type { OpenedPoint } from '../open.ts';
import { braillePlot } from '../terminal/braille-plot.ts';
import { certified } from '../terminal/certified-number.ts';
import { printable } from '../terminal/printable.ts';
import { type AnalysisDocument, documentOfPoint, hasConverged, storedDocument } from './analysis-document.ts';

/** What `spectrum --json` prints and a run folder keeps. */
export type SpectrumDocument = Spectrum & AnalysisDocument;

export function spectrumOfPoint(
  point: OpenedPoint,
  parameters: Record<string, unknown>,
  command: string,
  terminal: Pick<Terminal, 'err' | 'stop'>,
): Promise<SpectrumDocument> {
  const rng = point.opened.rng.split('spectrum').split(`step ${point.step ?? 0}`);
  return documentOfPoint<Spectrum>(
    point,
    { rng, command, run: (objective, theta, context) => analysisRuns.spectrum(objective, theta, parameters, context) },
    terminal,
  );
}

export const spectrumFileName = ({ operator, precision, step }: SpectrumDocument): string =>
  `spectrum-${operator === 'hessian' ? 'hessian' : 'gauss-newton'}-${precision}-step-${step}.json`;

/** Density and trace count before the number of eigenvalues. */
export const richness = ({ density, trace, eigenvalues, bottom }: SpectrumDocument): number =>
  (density ? 1000 : 0) + (trace ? 1000 : 0) + eigenvalues.length + bottom.length;

/** Whether `stored` tells something that `document` does not, and can be relied upon as much. */
function tellsMore(stored: SpectrumDocument, document: SpectrumDocument): boolean {
  const { density, trace, eigenvalues, bottom } = stored;
  const isReliable = hasConverged(stored) || !hasConverged(document);
  return (
    isReliable &&
    ((density !== null && document.density === null) ||
      (trace !== null && document.trace === null) ||
      eigenvalues.length > document.eigenvalues.length ||
      bottom.length > document.bottom.length)
  );
}

/**
 * `results/spectrum-OPERATOR-PRECISION-step-N.json` of a run. What was cancelled never replaces what was finished, nor a
 * part the whole. Answers why nothing was stored, or null.
 */
export async function storeSpectrum(run: string, document: SpectrumDocument): Promise<string | null> {
  if (document.status === 'cancelled') return 'it was stopped.';
  const name = spectrumFileName(document);
  const file = path.join(run, runFiles.results, name);
  const stored = await storedDocument<SpectrumDocument>(file);
  if (stored && tellsMore(stored, document))
    return `${file} tells more (${printable(String(stored.command))}); remove it, or ask for as much.`;
  await writeResult(run, name, `${writeJson(document, 1)}\n`);
  return null;
}

/** The document for people: eigenvalues with residuals, density as a curve, trace with its standard error. */
export function spectrumLines(document: SpectrumDocument, colours: boolean): string[] {
  const { eigenvalues, bottom, density, trace, stats, status, inexactReason } = document;
  const rows = (list: Spectrum['eigenvalues'], name: (i: number) => string) =>
    list.map(
      ({ value, residual, residualIsEstimate, errorEstimate }, i) =>
        `  ${name(i).padEnd(8)} ${certified(value, errorEstimate).padEnd(26)} residual ${residual.toExponential(1)}${residualIsEstimate ? ' (estimated)' : ''}`,
    );
  const lines = [
    `${printable(document.experiment)}${document.step === null ? '' : `, step ${document.step}`}: ${operatorName(document)} of ${document.convention.formula}`,
    `loss ${document.loss.toPrecision(7)}, ‖∇L‖ ${document.gradientNorm.toPrecision(4)}, ${document.dim} parameters, ${document.engine} ${document.precision}`,
  ];
  if (inexactReason !== null) lines.push(`Products are differences of gradients: ${printable(inexactReason)}`);
  if (eigenvalues.length > 0)
    lines.push(
      '',
      'Largest eigenvalues (± estimated error r²/gap; some eigenvalue lies within the residual r of each)',
      ...rows(eigenvalues, (i) => `λ${i + 1}`),
    );
  if (bottom.length > 0) lines.push('', 'Most negative eigenvalues', ...rows(bottom, (i) => `λ₋${i + 1}`));
  // Stopped before the first probe, density and trace say nothing.
  if (trace && trace.probes > 0)
    lines.push(
      '',
      `Trace ${certified(trace.value, trace.standardError)} (${trace.probes > 1 ? 'standard error' : 'no standard error from a single probe'}, ${trace.probes} probes)`,
    );
  if (density && density.probes > 0) lines.push('', ...densityLines(density, colours));
  lines.push('', `${status}: ${document.advice} ${stats.products} products, ${stats.seconds.toFixed(1)} s.`);
  return lines;
}

function densityLines(density: NonNullable<Spectrum['density']>, colours: boolean): string[] {
  const floor = 1e-6 * Math.max(...density.y);
  const curve = {
    name: `density, ${density.probes} starts × ${density.steps} steps`,
    x: density.x,
    y: Array.from(density.y, (y) => Math.max(y, floor)),
    colour: 36,
  };
  return braillePlot([curve], {
    title: 'Spectral density',
    xLabel: 'λ',
    width: 76,
    height: 8,
    logarithmic: true,
    colours,
  });
}
