import type { Result, Stats } from '../../linalg/result.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import { Stopped } from '../../objective/gate.ts';
import type { Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import type { Trajectory } from '../trajectory.ts';
import { withCopies } from './copies.ts';
import { mostDense, type SaddleParameters, saddlesDescriptor } from './descriptor.ts';
import type { ExactCriticalPoint, SaddleSearch, SearchedPoint, SearchStart } from './saddle.ts';
import { findFrom, judgeFound, type SearchOutcome, type SearchSettings, type SearchTask } from './search.ts';
import { plannedStarts, readAmplitudes, thetaOfStart } from './starts.ts';

/** Threads that make searches side by side. */
export interface SearchPool {
  /** Ends when no task is left, or soon after the signal was aborted. Outcomes come in any order. */
  search(
    next: () => Promise<SearchTask | null>,
    settings: SearchSettings,
    onOutcome: (outcome: SearchOutcome) => void | Promise<void>,
    signal: { readonly aborted: boolean } | undefined,
  ): Promise<void>;
}

export interface SaddlesContext extends AnalysisContext {
  /** Checkpoints to start from. */
  readonly trajectory?: Trajectory | undefined;
  /** The same function in the precision of the certificates; the objective itself where there is none. */
  readonly certifier?: Objective<HostVector> | undefined;
  readonly pool?: SearchPool | undefined;
  /** What an earlier run of the same search has found; what cannot be of it is left out. */
  readonly before?: readonly SearchOutcome[] | undefined;
  /** After every judged point. */
  readonly onOutcome?: ((outcome: SearchOutcome, starts: number) => void | Promise<void>) | undefined;
  readonly exact?: readonly ExactCriticalPoint[] | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly breathe?: (() => Promise<void>) | undefined;
}

/** Where searches start when nobody says it. */
const sourceOf = ({ from }: SaddleParameters, trajectory: Trajectory | undefined): SaddleSearch['from'] =>
  from !== 'auto' ? from : trajectory !== undefined && trajectory.steps.length > 0 ? 'trajectory' : 'random';

/**
 * Searches for critical points of L from many starts, each with a stream of its own, so that neither threads nor an
 * interruption change a number. Cost: that of the finder a start, and of a judgement: a product a parameter where the
 * matrix is dense.
 *
 * Status: `converged` where at least one point is critical, `budgetSpent` where none is, `cancelled` where it was stopped
 * (points that were judged are kept).
 */
export async function runSaddles<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<SaddleParameters> | Readonly<Record<string, unknown>>,
  context: SaddlesContext,
): Promise<Result<SaddleSearch>> {
  const began = performance.now();
  const parameters = readParameters(saddlesDescriptor.parameters, given) as unknown as SaddleParameters;
  const { rng, signal, trajectory, before = [], onProgress } = context;
  const from = sourceOf(parameters, trajectory);
  const starts = plannedStarts(planOf(parameters, from), trajectory?.steps ?? []);
  const settings = settingsOf(parameters);
  const { dim } = objective.space;
  const isOfThis = ({ point, theta: at }: SearchOutcome) => starts[point.number] !== undefined && at.length === dim;
  const outcomes = new Map(before.filter(isOfThis).map((outcome) => [outcome.point.number, outcome]));
  const left = starts.filter(({ number }) => !outcomes.has(number));
  const origin = await objective.space.toHost(theta);

  let critical = [...outcomes.values()].filter(isCritical).length;
  const tell = () => onProgress?.(progressOf(critical, outcomes.size, starts.length));
  const keep = async (outcome: SearchOutcome) => {
    outcomes.set(outcome.point.number, outcome);
    if (isCritical(outcome)) critical++;
    tell();
    await context.onOutcome?.(outcome, starts.length);
  };
  const taskOf = async (start: SearchStart): Promise<SearchTask> => ({
    start,
    theta: await thetaOfStart(start, { theta: origin, trajectory, rng: rng.split('starts') }),
  });
  tell();
  // Threads open the data each: not where nothing is left for them.
  if (context.pool && left.length > 0)
    await context.pool.search(
      async () => {
        const start = left.shift();
        return start === undefined ? null : taskOf(start);
      },
      settings,
      keep,
      signal,
    );
  else
    for (const start of left) {
      if (signal?.aborted) break;
      const outcome = await searchHere(objective, await taskOf(start), settings, context);
      if (outcome === null) break;
      await keep(outcome);
    }

  const found = [...outcomes.values()].sort((a, b) => a.point.number - b.point.number);
  const points = withCopies(found.map(({ point }) => point));
  const value: SaddleSearch = {
    finder: parameters.finder,
    from,
    starts: starts.length,
    points,
    thetas: found.map((outcome) => outcome.theta),
    tolerance: parameters.tolerance,
    dim,
    examples: objective.examples,
    convention: objective.convention,
    engine: objective.engine,
    precision: objective.space.precision,
    exact: context.exact ?? null,
    warnings: [
      ...(context.warnings ?? []),
      ...kinkWarnings(objective),
      ...certificateWarnings(points, boundsAt(objective, theta, context.certifier), parameters, dim),
    ],
  };
  const spent = points.reduce((total, { stats }) => total + stats.products, 0);
  const gradients = points.reduce((total, { stats }) => total + stats.gradients, 0);
  const losses = points.reduce((total, { stats }) => total + stats.losses, 0);
  const stats: Stats = { products: spent, gradients, losses, seconds: (performance.now() - began) / 1000 };
  return { value, status: statusOf(points, starts.length), stats };
}

/** One search and its judgement in this thread. Null where it was stopped, also in the middle of a product. */
async function searchHere<V>(
  objective: Objective<V>,
  task: SearchTask,
  settings: SearchSettings,
  { rng, signal, breathe, certifier }: SaddlesContext,
): Promise<SearchOutcome | null> {
  const context = { rng: rng.split('searches'), signal, breathe };
  try {
    const found = await findFrom(objective, task, settings, context);
    if (found === null) return null;
    return certifier === undefined
      ? await judgeFound(objective, found, settings, context)
      : await judgeFound(certifier, found, settings, context);
  } catch (problem) {
    // Points that were judged before are worth more than the complaint.
    if (problem instanceof Stopped) return null;
    throw problem;
  }
}

const planOf = ({ starts, noise, scales }: SaddleParameters, from: SaddleSearch['from']) => ({
  from,
  starts,
  noise: readAmplitudes('noise', noise),
  scales: readAmplitudes('scales', scales),
});

export const settingsOf = (parameters: SaddleParameters): SearchSettings => ({
  finder: parameters.finder,
  tolerance: parameters.tolerance,
  iterations: parameters.iterations,
  products: parameters.products,
  denseLimit: parameters.dense,
  polish: parameters.polish,
});

const isCritical = ({ point }: SearchOutcome): boolean => point.verdict === 'critical';

const progressOf = (critical: number, done: number, total: number) => ({
  stage: `${critical} critical of ${done} points`,
  done,
  total,
  unit: 'starts' as const,
});

function statusOf(points: readonly SearchedPoint[], starts: number): Result<unknown>['status'] {
  if (points.length < starts) return 'cancelled';
  return points.some(({ verdict }) => verdict === 'critical') ? 'converged' : 'budgetSpent';
}

/** Where the slope jumps, H says nothing of the jump: zeros of ∇L and signs of eigenvalues are those of one smooth piece. */
function kinkWarnings<V>({ graph }: Objective<V>): string[] {
  const kinks = [...new Set((graph?.nodes ?? []).flatMap(({ kinks: own = [] }) => own))];
  if (kinks.length === 0) return [];
  return [
    `The network has kinks (${kinks.join(', ')}): its Hessian is that of the smooth pieces and is blind to what lies between them, so that index and certificates hold within one piece only. Use tanh, softplus or swish where saddles are the question.`,
  ];
}

/** Whether the objective that judges states bounds of its third derivatives: not with kinks, nor on tensors. */
function boundsAt<V>(objective: Objective<V>, theta: V, certifier: Objective<HostVector> | undefined): boolean {
  if (certifier === undefined) return objective.derivativeBounds?.(theta, 0) != null;
  const { space } = certifier;
  const at = space.zeros();
  try {
    return certifier.derivativeBounds?.(at, 0) != null;
  } finally {
    space.release(at);
  }
}

/** Why no point of this search can be certified, in one sentence; nothing where one can. */
function certificateWarnings(
  points: readonly SearchedPoint[],
  hasBounds: boolean,
  { dense }: SaddleParameters,
  dim: number,
): string[] {
  const single = points.filter(({ precision }) => precision === 'float32').length;
  if (single > 0)
    return [
      `${single} points are judged in float32, in which no critical point can be certified: use --certify float64.`,
    ];
  if (!hasBounds) return ['No point can be certified: no bound on the third derivatives of this model is known.'];
  if (dim <= Math.min(dense, mostDense)) return [];
  const more = dim <= mostDense ? `; give --dense ${dim}` : '';
  return [
    `No point can be certified: the proof needs the dense Hessian, and ${dim} parameters are more than the ${Math.min(dense, mostDense)} it is made for${more}.`,
  ];
}
