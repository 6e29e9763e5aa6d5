import path from 'node:path';
import { analysisRuns } from '../../../core/analyses/runs.ts';
import type { Spectrum } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeResult } from '../../host/run-folder.ts';
import type { OpenedPoint } from '../open-point.ts';
import { documentOfPoint, hasConverged, type Monitor, storedDocument } from './analysis-document.ts';

export function spectrumOfPoint(
  point: OpenedPoint,
  parameters: Readonly<Record<string, unknown>>,
  command: string,
  monitor: Monitor,
): Promise<SpectrumDocument> {
  const rng = point.opened.rng.split('spectrum').split(`step ${point.step ?? 0}`);
  return documentOfPoint<Spectrum>(
    point,
    { rng, command, run: (objective, theta, context) => analysisRuns.spectrum(objective, theta, parameters, context) },
    monitor,
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
    return `${file} tells more (${stored.command}); remove it, or ask for as much.`;
  await writeResult(run, name, `${writeJson(document, 1)}\n`);
  return null;
}
