import { type Stats, worstStatus } from '../../linalg/result.ts';
import { distance, norm } from '../../linalg/spaces/host-products.ts';
import type { Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';
import type { FinderId, FoundPoint } from './finders/finder.ts';
import { defaultIterations, finderTable } from './finders/finders.ts';
import { judgePoint } from './judge.ts';
import type { SearchedPoint, SearchStart } from './saddle.ts';

/** What all searches of one analysis share: plain data, so that a thread can be given it. */
export interface SearchSettings {
  readonly finder: FinderId;
  /** ‖∇L‖² */
  readonly tolerance: number;
  readonly iterations: number | null;
  readonly products: number | null;
  readonly denseLimit: number;
  readonly polish: boolean;
}

/** A start and where it lies. */
export interface SearchTask {
  readonly start: SearchStart;
  readonly theta: Float64Array;
}

/** A point that was found and is not judged yet. */
export interface FoundStart {
  readonly start: SearchStart;
  readonly theta: Float64Array;
  /** θ_start */
  readonly origin: Float64Array;
  readonly found: Omit<FoundPoint<unknown>, 'theta'>;
  readonly status: SearchedPoint['status'];
  readonly stats: Stats;
}

/** A judged point and its θ. */
export interface SearchOutcome {
  readonly point: SearchedPoint;
  readonly theta: Float64Array;
}

export interface SearchContext {
  /** The stream of all searches; each takes its own below it. */
  readonly rng: Random;
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** Awaited between iterations. */
  readonly breathe?: (() => void | Promise<void>) | undefined;
}

/**
 * Finders that solve with H² + μ for many μ from one frame of H: above so many parameters 60 Lanczos products make as good
 * a frame as a product a parameter, whatever decides at the end.
 */
const framedByLanczosAbove: Partial<Readonly<Record<FinderId, number>>> = {
  'levenberg-marquardt': 200,
  'newton-tr': 200,
};

/** Numbers of a history that are kept. */
export const keptHistory = 200;

/** One search from one start, in the precision of the objective. Null where it was stopped before its end. */
export async function findFrom<V>(
  objective: Objective<V>,
  { start, theta: origin }: SearchTask,
  settings: SearchSettings,
  { rng, signal, breathe }: SearchContext,
): Promise<FoundStart | null> {
  const { space } = objective;
  const from = space.fromHost(origin);
  try {
    const { value, status, stats } = await finderTable[settings.finder](objective, from, {
      tolerance: settings.tolerance,
      maxIterations: settings.iterations ?? defaultIterations[settings.finder],
      maxProducts: settings.products ?? Number.POSITIVE_INFINITY,
      denseLimit: Math.min(settings.denseLimit, framedByLanczosAbove[settings.finder] ?? Number.POSITIVE_INFINITY),
      rng: rng.split(`search ${start.number}`),
      signal,
      onIteration: breathe && (() => breathe()),
    });
    const { theta, ...found } = value;
    const host = await space.toHost(theta);
    space.release(theta);
    if (signal?.aborted) return null;
    return { start, theta: host, origin, found, status, stats };
  } finally {
    space.release(from);
  }
}

/** What is to be said of a found point, by an objective that may have a higher precision. Null where it was stopped. */
export async function judgeFound<V>(
  objective: Objective<V>,
  { start, theta, origin, found, status, stats }: FoundStart,
  settings: Pick<SearchSettings, 'tolerance' | 'denseLimit' | 'polish'>,
  { rng, signal, breathe }: SearchContext,
): Promise<SearchOutcome | null> {
  const { space } = objective;
  const at = space.fromHost(theta);
  try {
    const { tolerance, denseLimit, polish } = settings;
    const judgement = await judgePoint(objective, at, {
      tolerance,
      denseLimit,
      polish,
      startNorm: norm(origin),
      rng: rng.split(`judge ${start.number}`),
      signal,
      breathe: breathe && (async () => breathe()),
    });
    if (signal?.aborted) return null;
    const point: SearchedPoint = {
      ...judgement.value.judged,
      number: start.number,
      start,
      moved: distance(judgement.value.theta, origin),
      reason: found.reason,
      status: judgement.status === 'notFinite' ? worstStatus([status, judgement.status]) : status,
      iterations: found.iterations,
      history: thinned(found.history),
      sameAs: null,
      stats: sum(stats, judgement.stats),
    };
    return { point, theta: judgement.value.theta };
  } finally {
    space.release(at);
  }
}

/** The first, the last and evenly between. */
function thinned(history: readonly number[]): readonly number[] {
  const { length } = history;
  if (length <= keptHistory) return history;
  return Array.from({ length: keptHistory }, (_, i) => history[Math.round((i * (length - 1)) / (keptHistory - 1))]!);
}

const sum = (a: Stats, b: Stats): Stats => ({
  products: a.products + b.products,
  gradients: a.gradients + b.gradients,
  losses: a.losses + b.losses,
  seconds: a.seconds + b.seconds,
});
