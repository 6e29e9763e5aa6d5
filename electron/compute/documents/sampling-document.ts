import { runSampling } from '../../../core/analyses/sampling/run.ts';
import type { Sampling } from '../../../core/analyses/sampling/sampling.ts';
import type { SamplingDocument } from '../../../core/experiment/result-documents.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeResult } from '../../host/run-folder.ts';
import type { OpenedPoint } from '../open-point.ts';
import { documentOfPoint, type Monitor } from './analysis-document.ts';

export function samplingOfPoint(
  point: OpenedPoint,
  parameters: Readonly<Record<string, unknown>>,
  command: string,
  monitor: Monitor,
): Promise<SamplingDocument> {
  return documentOfPoint<Sampling>(
    point,
    {
      rng: point.opened.rng.split('sampling').split(`step ${point.step ?? 0}`),
      command,
      run: (objective, theta, context) => runSampling(objective, theta, parameters, context),
    },
    monitor,
  );
}

/** `results/sampling-PRECISION-step-N.json` of a run. Answers why nothing was stored, or null. */
export async function storeSampling(run: string, document: SamplingDocument): Promise<string | null> {
  if (document.status === 'cancelled') return 'it was stopped.';
  const { precision, step } = document;
  await writeResult(run, `sampling-${precision}-step-${step}.json`, `${writeJson(document, 1)}\n`);
  return null;
}
