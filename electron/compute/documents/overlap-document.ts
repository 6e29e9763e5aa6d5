import type { SubspaceOverlap } from '../../../core/analyses/overlap/overlap.ts';
import { runOverlap } from '../../../core/analyses/overlap/run.ts';
import type { OverlapDocument } from '../../../core/experiment/result-documents.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeResult } from '../../host/run-folder.ts';
import type { OpenedPoint } from '../open-point.ts';
import { runTrajectory } from '../run-trajectory.ts';
import { documentOfPoint, type Monitor } from './analysis-document.ts';

/** `run` gives the checkpoints up to the point, whose subspaces are compared. */
export async function overlapOfPoint(
  point: OpenedPoint,
  run: string | null,
  parameters: Readonly<Record<string, unknown>>,
  command: string,
  monitor: Monitor,
): Promise<OverlapDocument> {
  const { opened, step } = point;
  const trajectory = run === null ? undefined : await runTrajectory(run, opened.objective.layout, step ?? 0);
  return documentOfPoint<SubspaceOverlap>(
    point,
    {
      rng: opened.rng.split('overlap'),
      command,
      run: (objective, theta, context) => runOverlap(objective, theta, parameters, { ...context, trajectory }),
    },
    monitor,
  );
}

/** `results/overlap-KIND-OPERATOR-PRECISION-step-N.json` of a run. Answers why nothing was stored, or null. */
export async function storeOverlap(run: string, document: OverlapDocument): Promise<string | null> {
  if (document.status === 'cancelled') return 'it was stopped.';
  const { kind, operator, precision, step } = document;
  await writeResult(run, `overlap-${kind}-${operator}-${precision}-step-${step}.json`, `${writeJson(document, 1)}\n`);
  return null;
}
