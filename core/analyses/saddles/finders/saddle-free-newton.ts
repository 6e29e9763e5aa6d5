import type { Result } from '../../../linalg/result.ts';
import type { Objective } from '../../../objective/objective.ts';
import { denseFrame, type EigenFrame, ritzFrame } from './eigen-frame.ts';
import type { FinderOptions, FoundPoint, StoppingReason } from './finder.ts';
import {
  leave,
  type Search,
  type SearchMethod,
  type Standing,
  searchCriticalPoint,
  standBeyond,
} from './search-loop.ts';

/** μ in units of |λ|max: all of these are tried … */
const dampings = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8];
/** … and these one by one where none of them lowers L. */
const shorterSteps = [1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
const krylovSize = 60;
/** Losses nearer to each other than this, beside 1 + |L|, are equal but for rounding. */
const lossRounding = { float64: 1e-14, float32: 1e-6 };

/**
 * Saddle-free Newton: θ ← θ − (|H| + μ)⁻¹∇L, |H| = V|Λ|Vᵀ, with the μ among decades that lowers L most (Dauphin et al. 2014).
 * It lowers L at every step, so that it leaves saddles: what it finds are minima, unless ∇L vanishes at the start or a
 * symmetry holds it on the stable side of a saddle. Where L has met its rounding, steps that lower ‖∇L‖ polish the point.
 *
 * Cost of an iteration: p products up to `denseLimit` parameters; above, 60 products of the Krylov space of ∇L, which
 * approach the dense step slowly while eigenvalues of both signs are spread. 8 losses and mostly one gradient.
 */
export function saddleFreeNewton<V>(
  objective: Objective<V>,
  start: V,
  options: FinderOptions,
): Promise<Result<FoundPoint<V>>> {
  return searchCriticalPoint(objective, start, options, saddleFreeSteps<V>());
}

function saddleFreeSteps<V>(): SearchMethod<V> {
  return {
    async advance(search, at) {
      const { space, options } = search;
      const dense = space.dim <= options.denseLimit;
      const frame = await (dense ? denseFrame(search, at) : ritzFrame(search, at, krylovSize));
      if (typeof frame === 'string') return frame;
      try {
        return (await lowestOf(search, at, frame, dampings)) ?? (await firstOf(search, at, frame)) ?? 'noProgress';
      } finally {
        frame.release();
      }
    },
  };
}

/** The point of the lowest L among the dampings, if it is below that of `at`, or equal with a smaller ‖∇L‖. */
async function lowestOf<V>(
  search: Search<V>,
  at: Standing<V>,
  frame: EigenFrame<V>,
  tried: readonly number[],
): Promise<Standing<V> | StoppingReason | null> {
  const { objective, space, options } = search;
  if (options.signal?.aborted) return 'cancelled';
  const steps = tried.map((damping) => saddleFreeStep(frame, damping * frame.scale));
  try {
    const n = steps.length;
    const data = new Float64Array(n * n);
    for (let i = 0; i < n; i++) data[i * n + i] = 1;
    const losses = await objective.losses(at.theta, steps, { rows: n, columns: n, data });
    const rounding = lossRounding[space.precision] * (1 + Math.abs(at.loss));
    const lowest = losses.reduce((least, loss) => (loss < least ? loss : least), Number.POSITIVE_INFINITY);
    if (!(lowest <= at.loss + rounding)) return null;
    // Of equals the least damped step: near a minimum it is Newton's.
    const chosen = Array.from(losses, (loss) => loss <= lowest + rounding).lastIndexOf(true);
    const next = await standBeyond(search, at, 1, steps[chosen]!);
    if (next.loss < at.loss - rounding || next.square < at.square) return next;
    leave(space, next);
    return null;
  } finally {
    space.release(...steps);
  }
}

async function firstOf<V>(
  search: Search<V>,
  at: Standing<V>,
  frame: EigenFrame<V>,
): Promise<Standing<V> | StoppingReason | null> {
  for (const damping of shorterSteps) {
    const found = await lowestOf(search, at, frame, [damping]);
    if (found !== null) return found;
  }
  return null;
}

/** −(|H| + μ)⁻¹∇L */
function saddleFreeStep<V>({ values, slopes, expand }: EigenFrame<V>, mu: number): V {
  return expand(values.map((value, i) => (slopes[i] === 0 ? 0 : -slopes[i]! / (Math.abs(value) + mu))));
}
