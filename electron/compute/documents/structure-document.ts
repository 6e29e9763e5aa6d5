import path from 'node:path';
import { analysisRuns } from '../../../core/analyses/runs.ts';
import type { Structure } from '../../../core/analyses/structure/structure.ts';
import type { StructureDocument } from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeResult } from '../../host/run-folder.ts';
import type { OpenedPoint } from '../open-point.ts';
import { documentOfPoint, hasConverged, type Monitor, storedDocument } from './analysis-document.ts';

export function structureOfPoint(
  point: OpenedPoint,
  parameters: Readonly<Record<string, unknown>>,
  command: string,
  monitor: Monitor,
): Promise<StructureDocument> {
  const rng = point.opened.rng.split('structure').split(`step ${point.step ?? 0}`);
  return documentOfPoint<Structure>(
    point,
    { rng, command, run: (objective, theta, context) => analysisRuns.structure(objective, theta, parameters, context) },
    monitor,
  );
}

export const structureFileName = ({ precision, step }: StructureDocument): string =>
  `structure-${precision}-step-${step}.json`;

type Stored = Pick<
  StructureDocument,
  'classes' | 'gradientShares' | 'approximations' | 'sharpness' | 'status' | 'command'
>;

/** Whether `stored` has a part that `document` lacks, and can be relied upon as much. */
function tellsMore(stored: Stored, document: Stored): boolean {
  const isReliable = hasConverged(stored) || !hasConverged(document);
  const parts = ['classes', 'gradientShares', 'approximations', 'sharpness'] as const;
  return isReliable && parts.some((part) => (stored[part] ?? null) !== null && document[part] === null);
}

/**
 * `results/structure-PRECISION-step-N.json` of a run. What was cancelled never replaces what was finished, nor a part the
 * whole. Answers why nothing was stored, or null.
 */
export async function storeStructure(run: string, document: StructureDocument): Promise<string | null> {
  if (document.status === 'cancelled') return 'it was stopped.';
  const name = structureFileName(document);
  const file = path.join(run, runFiles.results, name);
  const stored = await storedDocument<Stored>(file);
  if (stored && tellsMore(stored, document))
    return `${file} tells more (${stored.command}); remove it, or ask for as much.`;
  await writeResult(run, name, `${writeJson(document, 1)}\n`);
  return null;
}
