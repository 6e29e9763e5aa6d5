import type { Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import type { Trajectory } from '../trajectory.ts';
import { nothingIfStopped } from './nothing-if-stopped.ts';
import { type ProjectedTrajectory, sliceShare } from './projection.ts';

export interface PathLosses {
  /** Where the path really is; NaN from `evaluated` on. */
  readonly trueLoss: Float64Array;
  /** Where the slice shows it. */
  readonly projectedLoss: Float64Array;
  /** Points of the path that both losses were computed of: all, unless the work was cancelled. */
  readonly evaluated: number;
}

/** Points a call for what a model shares between them. */
const pointsPerCall = 16;

/** The loss on the path and on its shadow. Cost: two losses a point. Stops between points when aborted. */
export async function pathLosses<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly V[],
  path: ProjectedTrajectory,
  trajectory: Trajectory,
  { signal, onProgress }: Pick<AnalysisContext, 'signal' | 'onProgress'>,
): Promise<PathLosses> {
  const { space } = objective;
  const n = path.steps.length;
  const [trueLoss, projectedLoss] = [new Float64Array(n).fill(Number.NaN), new Float64Array(n).fill(Number.NaN)];
  let evaluated = 0;
  while (evaluated < n && !signal?.aborted) {
    const start = evaluated;
    for (; evaluated < Math.min(n, start + pointsPerCall) && !signal?.aborted; evaluated++) {
      const point = space.fromHost(await trajectory.theta(evaluated));
      const evaluation = await objective.evaluate(point).catch(nothingIfStopped);
      space.release(point);
      if (evaluation === null) break;
      trueLoss[evaluated] = evaluation.loss;
    }
    const rows = evaluated - start;
    const columns = path.coordinates.length;
    const data = new Float64Array(columns * rows).map(
      (_, i) => path.coordinates[i % columns]![start + Math.floor(i / columns)]!,
    );
    const found = await objective.losses(origin, directions, { rows, columns, data }).catch(nothingIfStopped);
    if (found === null) return { trueLoss, projectedLoss, evaluated: start };
    projectedLoss.set(found, start);
    if (rows === 0) break;
    onProgress?.({ stage: 'path', done: 2 * evaluated, total: 2 * n, unit: 'losses' });
  }
  return { trueLoss, projectedLoss, evaluated };
}

/** Above this share of the squared displacement outside the plane, the path drawn is a shadow. */
const misleadingShare = 0.5;
/** The drawn loss misleads beyond this factor, or beyond this share of the range of losses that have no ratio. */
const misleadingFactor = 2;

/** Where the path drawn on a slice differs from the path that was gone, one sentence each. */
export function pathWarnings(path: ProjectedTrajectory, losses: PathLosses): string[] {
  return [outsideWarning(path), ...lossWarnings(losses)].filter((sentence) => sentence !== null);
}

function outsideWarning(path: ProjectedTrajectory): string | null {
  const share = 1 - sliceShare(path);
  const shape = ['line', 'plane', 'volume'][path.coordinates.length - 1];
  return share > misleadingShare
    ? `${(100 * share).toFixed(0)} % of the squared displacement of the path lies outside this ${shape}: the path drawn is a shadow.`
    : null;
}

function lossWarnings({ trueLoss, projectedLoss, evaluated }: PathLosses): (string | null)[] {
  const pairs = Array.from({ length: evaluated }, (_, i) => [trueLoss[i]!, projectedLoss[i]!] as const);
  const finite = pairs.filter((pair) => pair.every(Number.isFinite));
  const broken = pairs.length - finite.length;
  return [
    broken > 0 ? `The loss is not finite at ${broken} ${broken === 1 ? 'point' : 'points'} of the path.` : null,
    finite.flat().every((loss) => loss > 0) ? factorWarning(finite) : differenceWarning(finite),
  ];
}

function factorWarning(pairs: readonly (readonly [number, number])[]): string | null {
  const worst = pairs.reduce((most, [own, drawn]) => Math.max(most, own / drawn, drawn / own), 1);
  return worst > misleadingFactor
    ? `The loss under the drawn path differs from the true loss by up to a factor of ${worst.toPrecision(2)}.`
    : null;
}

function differenceWarning(pairs: readonly (readonly [number, number])[]): string | null {
  let [low, high, worst] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const [own, drawn] of pairs) {
    low = Math.min(low, own);
    high = Math.max(high, own);
    worst = Math.max(worst, Math.abs(own - drawn));
  }
  return worst > (high - low) / misleadingFactor
    ? `The loss under the drawn path differs from the true loss by up to ${worst.toPrecision(2)}.`
    : null;
}
