import path from 'node:path';
import { analysisRuns } from '../../../core/analyses/runs.ts';
import type { Spectrum } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SearchStore } from '../../../core/analyses/spectrum/spectrum-context.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { spectrumArrays } from '../../../core/formats/spectrum-npz.ts';
import type { Random } from '../../../core/random/random.ts';
import { writeResult } from '../../host/run-folder.ts';
import type { OpenedExperiment } from '../open-experiment.ts';
import type { OpenedPoint } from '../open-point.ts';
import { probePoolOfPoint } from '../probes/probe-pool-of-point.ts';
import { dashed } from '../run-again.ts';
import { documentOfPoint, hasConverged, type Monitor, storedDocument } from './analysis-document.ts';

/** The stream of spectra at a step: what is drawn there is drawn again by a check. */
export const spectrumStream = ({ rng }: OpenedExperiment, step: number | null): Random =>
  rng.split('spectrum').split(`step ${step ?? 0}`);

export function spectrumOfPoint(
  point: OpenedPoint,
  parameters: Readonly<Record<string, unknown>>,
  command: string,
  monitor: Monitor & { readonly search?: SearchStore | undefined },
): Promise<SpectrumDocument> {
  const rng = spectrumStream(point.opened, point.step);
  const { preconditioner } = point;
  const { search } = monitor;
  const probes = probePoolOfPoint(point);
  return documentOfPoint<Spectrum>(
    point,
    {
      rng,
      command,
      run: (objective, theta, context) =>
        analysisRuns.spectrum(objective, theta, parameters, { ...context, preconditioner, search, probes }),
    },
    monitor,
  );
}

/** Vectors are p numbers each, and images as many as pixels: they go into the .npz, not into the text. */
export function spectrumJson(
  { vectors: _, diagonal: __, images, ...document }: SpectrumDocument,
  indent?: number,
): string {
  return writeJson({ ...document, images: null, ...(images && { imagesOf: images.block }) }, indent);
}

/** What a file may be named after; other characters become dashes. */
const plain = (name: string): string => name.replace(/[^A-Za-z0-9_]+/g, '-');

/** `spectrum-OPERATOR[-of-BLOCKS]-PRECISION-step-N`, the stem of the files of a result. */
export const spectrumName = ({ operator, blocks, precision, step }: SpectrumDocument): string =>
  `spectrum-${dashed(operator)}${blocks ? `-of-${blocks.map(plain).join('+').slice(0, 100)}` : ''}-${precision}-step-${step}`;

/** The parts beside lists of eigenvalues; each counts before the number of these. */
const partsOf = ({ density, trace, logDeterminant, effectiveDimension, layers, imagesOf }: Stored) => [
  density,
  trace,
  logDeterminant,
  effectiveDimension,
  layers,
  imagesOf ?? null,
];

/** As it lies in a folder; those of earlier versions lack parts. */
type Stored = Partial<SpectrumDocument> & { readonly imagesOf?: string | null };

const listsOf = ({ eigenvalues = [], bottom = [], magnitude = [], nearZero = [] }: Stored) => [
  eigenvalues,
  bottom,
  magnitude,
  nearZero,
];

export const richness = (document: Stored): number =>
  1000 * partsOf(document).filter((part) => part !== null && part !== undefined).length +
  listsOf(document).reduce((sum, list) => sum + list.length, 0);

/** Whether `stored` tells something that `document` does not, and can be relied upon as much. */
function tellsMore(stored: Stored & { status: SpectrumDocument['status'] }, document: SpectrumDocument): boolean {
  const isReliable = hasConverged(stored) || !hasConverged(document);
  const own = { ...document, imagesOf: document.images?.block ?? null };
  const parts = partsOf(own);
  const lists = listsOf(own);
  return (
    isReliable &&
    (partsOf(stored).some((part, i) => part !== null && part !== undefined && parts[i] === null) ||
      listsOf(stored).some((list, i) => list.length > lists[i]!.length))
  );
}

/**
 * `results/spectrum-OPERATOR-PRECISION-step-N.json` of a run, and an .npz beside it where there are eigenvectors. What was
 * cancelled never replaces what was finished, nor a part the whole. Answers why nothing was stored, or null.
 */
export async function storeSpectrum(run: string, document: SpectrumDocument): Promise<string | null> {
  if (document.status === 'cancelled') return 'it was stopped.';
  const name = spectrumName(document);
  const file = path.join(run, runFiles.results, `${name}.json`);
  const stored = await storedDocument<SpectrumDocument>(file);
  if (stored && tellsMore(stored, document))
    return `${file} tells more (${stored.command}); remove it, or ask for as much.`;
  if (document.images !== null || document.vectors !== undefined || document.diagonal !== undefined)
    await writeResult(run, `${name}.npz`, writeNpz(spectrumArrays(document)));
  await writeResult(run, `${name}.json`, `${spectrumJson(document, 1)}\n`);
  return null;
}
