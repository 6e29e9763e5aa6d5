import { type ThresholdAt, thresholdAt } from '../../../core/experiment/stability.ts';
import { type Columns, rowAtOrBefore } from '../../state/columns.ts';
import type { RunSeries } from '../../state/run-series.ts';
import type { Run } from '../../state/runs.ts';

/** Which matrix is filmed. The preconditioned one is that of Adam, P^{-1/2} H P^{-1/2}; of it only λ₁ is probed. */
export type MovieMatrix = 'hessian' | 'preconditioned';

type Density = RunSeries['densities'][number];

/** One eigenvalue as it was measured at a step of its own. */
export interface Stick {
  readonly step: number;
  readonly value: number;
  /** ‖Hv − λv‖. */
  readonly residual: number;
  readonly converged: boolean;
}

/** What is known of the spectrum at a step: of each kind the newest measurement at or before it, never in between. */
export interface MovieFrame {
  readonly step: number;
  readonly matrix: MovieMatrix;
  readonly density: Density | null;
  /** The eigenvalues of one probe, the largest first. */
  readonly top: readonly Stick[];
  /** λ₁ by a probe of its own: left out where that of `top` is as new. */
  readonly sharpness: Stick | null;
  readonly lowest: Stick | null;
  /** At the step size of this step; null where the optimiser has none for this matrix. */
  readonly threshold: ThresholdAt | null;
  readonly loss: number | null;
  /** Newest first: what was seen before. */
  readonly before: {
    readonly densities: readonly Density[];
    readonly tops: readonly (readonly Stick[])[];
    readonly sharpnesses: readonly Stick[];
  };
}

/** Frames before the one that is shown, drawn faintly under it. */
const skins = 4;
/** λ₁ is measured more often. */
const sharpnessSkins = 8;

type Eigenvalues = RunSeries['eigenvalues']['sharpness'];

function stickAt({ data }: Eigenvalues, row: number): Stick | null {
  const [step, value, residual] = [data.step[row], data.value[row], data.residual[row]];
  if (step === undefined || value === undefined || residual === undefined || !Number.isFinite(value)) return null;
  return { step, value, residual, converged: data.converged[row] === 1 };
}

/** The sticks of the rows from `row` back, newest first. */
function sticksBack(columns: Eigenvalues, row: number, count: number): Stick[] {
  const rows = Array.from({ length: Math.max(0, Math.min(count, row + 1)) }, (_, i) => row - i);
  return rows.flatMap((at) => stickAt(columns, at) ?? []);
}

/** What one probe of the top eigenvalues found at exactly this step. */
function topAt(ranks: RunSeries['topEigenvalues'], step: number): Stick[] {
  return ranks.flatMap((columns) => {
    const row = rowAtOrBefore(columns, step);
    const stick = row < 0 ? null : stickAt(columns, row);
    return stick?.step === step ? [stick] : [];
  });
}

const rowOf = <Name extends string>(columns: Columns<Name>, step: number): number => rowAtOrBefore(columns, step);

/** The picture of a run at a step. */
export function frameAt(run: Pick<Run, 'series' | 'description'>, matrix: MovieMatrix, step: number): MovieFrame {
  const { densities, topEigenvalues, subspaces, eigenvalues } = run.series;
  const isHessian = matrix === 'hessian';
  const known = isHessian ? densities.filter((density) => density.step <= step) : [];
  const newest = isHessian ? rowOf(subspaces, step) : -1;
  const topSteps = Array.from(
    { length: Math.min(skins + 1, newest + 1) },
    (_, i) => subspaces.data.step[newest - i] ?? -1,
  );
  const [top = [], ...tops] = topSteps.map((at) => topAt(topEigenvalues, at));
  const columns = eigenvalues[isHessian ? 'sharpness' : 'preconditionedSharpness'];
  const [sharpness = null, ...sharpnesses] = sticksBack(columns, rowOf(columns, step), sharpnessSkins + 1);
  const [lowest = null] = isHessian
    ? sticksBack(eigenvalues.lowestEigenvalue, rowOf(eigenvalues.lowestEigenvalue, step), 1)
    : [];
  return {
    step,
    matrix,
    density: known[known.length - 1] ?? null,
    top,
    sharpness: sharpness && sharpness.step > (top[0]?.step ?? -1) ? sharpness : null,
    lowest,
    threshold: thresholdOf(run, matrix, step),
    loss: lossAt(run.series, step),
    before: { densities: known.slice(-1 - skins, -1).reverse(), tops, sharpnesses },
  };
}

/** At the step size of the last update at or before the step. */
function thresholdOf({ series, description }: Pick<Run, 'series' | 'description'>, matrix: MovieMatrix, step: number) {
  if (description === null) return null;
  const { updates } = series;
  const row = Math.max(0, rowOf(updates, step));
  const learningRate = updates.length > 0 ? updates.data.learningRate[row] : undefined;
  if (learningRate === undefined) return null;
  const threshold = thresholdAt(description.experiment, learningRate);
  return threshold?.of === (matrix === 'hessian' ? 'hessian' : 'preconditionedHessian') ? threshold : null;
}

/** Of the update at this step or before; of the loss probe where no update was made. */
function lossAt({ updates, losses }: RunSeries, step: number): number | null {
  const row = rowOf(updates, step);
  if (row >= 0 && updates.data.step[row] === step) return updates.data.loss[row] ?? null;
  const probed = rowOf(losses, step);
  if (probed >= 0 && losses.data.step[probed] === step) return losses.data.train[probed] ?? null;
  return row >= 0 ? (updates.data.loss[row] ?? null) : null;
}

/** The steps at which something of the picture was measured, ascending: the frames of the movie. */
export function frameSteps({ densities, subspaces, eigenvalues }: RunSeries, matrix: MovieMatrix): readonly number[] {
  const steps = new Set<number>();
  const { sharpness, lowestEigenvalue, preconditionedSharpness } = eigenvalues;
  const groups = matrix === 'hessian' ? [subspaces, sharpness, lowestEigenvalue] : [preconditionedSharpness];
  for (const { data, length } of groups) for (let row = 0; row < length; row++) steps.add(data.step[row] ?? 0);
  if (matrix === 'hessian') for (const { step } of densities) steps.add(step);
  return [...steps].sort((a, b) => a - b);
}

/** The matrices of which this run has measured more than a number: those that can be filmed. */
export function filmedMatrices({ densities, subspaces, eigenvalues }: RunSeries): readonly MovieMatrix[] {
  return [
    ...(densities.length > 0 || subspaces.length > 0 ? (['hessian'] as const) : []),
    ...(eigenvalues.preconditionedSharpness.length > 0 ? (['preconditioned'] as const) : []),
  ];
}
