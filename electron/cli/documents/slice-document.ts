import path from 'node:path';
import { analysisRuns } from '../../../core/analyses/runs.ts';
import type { Slice } from '../../../core/analyses/slices/run.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { sliceArrays } from '../../../core/formats/slice-npz.ts';
import { runTrajectory } from '../../compute/run-trajectory.ts';
import { writeResult } from '../../host/run-folder.ts';
import type { Terminal } from '../command.ts';
import type { OpenedPoint } from '../open.ts';
import { heatMap } from '../terminal/heat-map.ts';
import { printable } from '../terminal/printable.ts';
import { type AnalysisDocument, documentOfPoint, storedDocument } from './analysis-document.ts';

/** What `slice --json` prints and a run folder keeps beside the .npz. */
export type SliceDocument = Slice & AnalysisDocument;

/** `run` gives the path that is drawn on the plane. */
export async function sliceOfPoint(
  point: OpenedPoint,
  run: string | null,
  parameters: Record<string, unknown>,
  command: string,
  terminal: Pick<Terminal, 'err' | 'stop'>,
): Promise<SliceDocument> {
  const { opened, step } = point;
  const trajectory = run === null ? undefined : await runTrajectory(run, opened.objective.layout, step ?? 0);
  return documentOfPoint<Slice>(
    point,
    {
      // The seed alone: planes of the same kind at different steps share their directions and can be compared.
      rng: opened.rng.split('slice'),
      command,
      run: (objective, theta, context) => analysisRuns.slice(objective, theta, parameters, { ...context, trajectory }),
    },
    terminal,
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
    return `${file} has a finer grid (${printable(String(stored.command))}); remove it, or ask for as many points.`;
  await writeResult(run, `${name}.npz`, writeNpz(sliceArrays(document)));
  await writeResult(run, `${name}.json`, `${sliceJson(document, 1)}\n`);
  return null;
}

export function sliceLines(document: SliceDocument, colours: boolean): string[] {
  const { alpha, beta, loss, directions, trajectory, stats } = document;
  const ends = (axis: Float64Array): [number, number] => [axis[0] ?? 0, axis[axis.length - 1] ?? 1];
  const path = trajectory?.steps.map((_, i) => [trajectory.alpha[i] ?? 0, trajectory.beta[i] ?? 0] as const);
  const axis = (k: 0 | 1) => {
    const { kind, norm, eigenvalue, residual, explained } = directions[k];
    const more = [
      eigenvalue === null ? '' : `λ = ${eigenvalue.toPrecision(6)}, residual ${residual?.toExponential(1)}`,
      explained === null ? '' : `${(100 * explained).toFixed(1)} % of the path`,
    ].filter(Boolean);
    return `${k === 0 ? 'α' : 'β'}: ${[kind, `length ${norm.toPrecision(4)}`, ...more].join(', ')}`;
  };
  const picture = document.computed.includes(1)
    ? heatMap(loss, {
        title: `Loss on the ${document.plane} plane`,
        xRange: ends(alpha),
        yRange: ends(beta),
        columns: 64,
        colours,
        ...(path ? { path } : {}),
      })
    : ['Nothing of the plane was computed.'];
  return [
    ...picture,
    `${axis(0)}; ${axis(1)}; cosine ${document.cosine.toExponential(1)}`,
    `loss at the centre ${document.center.loss.toPrecision(6)} ± ${document.center.standardError.toExponential(1)} over ${document.center.examples} examples, ${document.engine} ${document.precision}`,
    ...document.warnings.map(printable),
    `${document.status}: ${document.advice} ${stats.losses} losses, ${stats.products} products, ${stats.seconds.toFixed(1)} s.`,
  ];
}
