import { runSlice, type Slice } from '../../core/analyses/slices/run.ts';
import { writeJson } from '../../core/formats/json-numbers.ts';
import { writeNpz } from '../../core/formats/npz.ts';
import { sliceArrays } from '../../core/formats/slice-npz.ts';
import { type Result, statusAdvice } from '../../core/linalg/result.ts';
import { runTrajectory } from '../compute/run-trajectory.ts';
import { writeResult } from '../host/run-folder.ts';
import type { Terminal } from './command.ts';
import type { OpenedPoint } from './open.ts';
import { onStopSignal } from './stop-signals.ts';
import { heatMap } from './terminal/heat-map.ts';
import { progressLine } from './terminal/progress-line.ts';
import { version } from './version.ts';

/** What `slice --json` prints and a run folder keeps beside the .npz. */
export interface SliceDocument extends Slice {
  readonly saddlescope: string;
  readonly experiment: string;
  readonly step: number | null;
  readonly seed: number;
  readonly status: Result<Slice>['status'];
  readonly advice: string;
  readonly stats: Result<Slice>['stats'];
  readonly command: string;
}

export async function sliceOfPoint(
  { opened, theta, step }: OpenedPoint,
  run: string | null,
  parameters: Record<string, unknown>,
  terminal: Terminal,
  command: string,
): Promise<SliceDocument> {
  const { objective, experiment } = opened;
  const progress = progressLine(terminal.err);
  const origin = objective.space.copy(theta);
  const signal = { aborted: false };
  const removeSignals = onStopSignal(() => {
    signal.aborted = true;
  });
  try {
    const trajectory = run === null ? undefined : await runTrajectory(run, objective.layout, step ?? 0);
    const { value, status, stats } = await runSlice(objective, origin, parameters, {
      // The seed alone: planes of the same kind at different steps share their directions and can be compared.
      rng: opened.rng.split('slice'),
      signal,
      trajectory,
      onProgress: ({ stage, done, total, unit }) => progress.update(done, total, unit, stage),
    });
    progress.end();
    return {
      saddlescope: version,
      experiment: experiment.name,
      step,
      seed: experiment.seed,
      ...value,
      status,
      advice: statusAdvice[status],
      stats,
      command,
    };
  } finally {
    removeSignals();
    objective.space.release(origin);
  }
}

/** Directions are p numbers each: they go into the .npz, not into the text. */
export function sliceJson({ vectors: _, ...document }: SliceDocument, indent?: number): string {
  return writeJson(document, indent);
}

/** `results/slice-KIND-step-N.npz` and `.json` of a run. A cancelled slice never replaces a complete one. */
export async function storeSlice(run: string, document: SliceDocument): Promise<void> {
  if (document.status === 'cancelled') return;
  const name = `slice-${document.plane}-step-${document.step}`;
  await writeResult(run, `${name}.npz`, writeNpz(sliceArrays(document)));
  await writeResult(run, `${name}.json`, `${sliceJson(document, 1)}\n`);
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
  return [
    ...heatMap(loss, {
      title: `Loss on the ${document.plane} plane`,
      xRange: ends(alpha),
      yRange: ends(beta),
      columns: 64,
      colours,
      ...(path ? { path } : {}),
    }),
    `${axis(0)}; ${axis(1)}; cosine ${document.cosine.toExponential(1)}`,
    `loss at the centre ${document.center.loss.toPrecision(6)} ± ${document.center.standardError.toExponential(1)} over ${document.center.examples} examples, ${document.engine} ${document.precision}`,
    ...document.warnings,
    `${document.status}: ${stats.losses} losses, ${stats.products} products, ${stats.seconds.toFixed(1)} s.`,
  ];
}
