import path from 'node:path';
import { analysisRuns } from '../../../core/analyses/runs.ts';
import type { Slice, SliceSoFar } from '../../../core/analyses/slices/run.ts';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { sliceArrays } from '../../../core/formats/slice-npz.ts';
import { writeResult } from '../../host/run-folder.ts';
import type { OpenedPoint } from '../open-point.ts';
import { runTrajectory } from '../run-trajectory.ts';
import { type DocumentHead, documentHead, documentOfPoint, type Monitor, storedDocument } from './analysis-document.ts';

/** A slice on its way: what is known of it, and the grid as far as it is computed. */
export type SliceDocumentSoFar = SliceSoFar & DocumentHead;

export interface SliceMonitor extends Monitor {
  onGrid?(soFar: SliceDocumentSoFar): void;
}

/** `run` gives the path that is drawn on the plane. */
export async function sliceOfPoint(
  point: OpenedPoint,
  run: string | null,
  parameters: Readonly<Record<string, unknown>>,
  command: string,
  monitor: SliceMonitor,
): Promise<SliceDocument> {
  const { opened, step } = point;
  const head = documentHead(point, command);
  const onGrid = (soFar: SliceSoFar) => monitor.onGrid?.({ ...soFar, ...head });
  const trajectory = run === null ? undefined : await runTrajectory(run, opened.objective.layout, step ?? 0);
  return documentOfPoint<Slice>(
    point,
    {
      // The seed alone: planes of the same kind at different steps share their directions and can be compared.
      rng: opened.rng.split('slice'),
      command,
      run: (objective, theta, context) =>
        analysisRuns.slice(objective, theta, parameters, { ...context, trajectory, onGrid }),
    },
    monitor,
  );
}

/** Directions are p numbers each: they go into the .npz, not into the text. */
export function sliceJson({ vectors: _, ...document }: SliceDocument, indent?: number): string {
  return writeJson(document, indent);
}

/**
 * `results/slice-PLANE-PRECISION-step-N.npz` and `.json` of a run. A cancelled slice never replaces a complete one,
 * nor a coarse grid a finer one.
 * Answers why nothing was stored, or null.
 */
export async function storeSlice(run: string, document: SliceDocument): Promise<string | null> {
  if (document.status === 'cancelled') return 'it was stopped.';
  const name = `slice-${document.plane}-${document.precision}-step-${document.step}`;
  const file = path.join(run, runFiles.results, `${name}.json`);
  const stored = await storedDocument<SliceDocument>(file);
  if (stored?.status === 'converged' && stored.stats.losses > document.stats.losses)
    return `${file} has a finer grid (${stored.command}); remove it, or ask for as many points.`;
  await writeResult(run, `${name}.npz`, writeNpz(sliceArrays(document)));
  await writeResult(run, `${name}.json`, `${sliceJson(document, 1)}\n`);
  return null;
}
