import type { Status } from '../../linalg/result.ts';
import { norm } from '../../linalg/spaces/host-products.ts';
import type { Random } from '../../random/random.ts';
import type { Interruption } from './dense-hessian.ts';
import type { JudgedPoint } from './saddle.ts';

export interface JudgeOptions extends Interruption {
  /** ‖∇L‖² at most this is critical. */
  readonly tolerance: number;
  /** Up to so many parameters the dense Hessian decides (never above 3,000). */
  readonly denseLimit: number;
  readonly polish: boolean;
  /** ‖θ‖ where the search began. */
  readonly startNorm: number;
  /** Whether the statistics of batch normalisation follow the weights: then its scales are symmetries. */
  readonly statisticsFollow?: boolean | undefined;
  readonly rng: Random;
}

export interface Judgement {
  readonly judged: JudgedPoint;
  /** The point that is judged: polished where that was asked for. */
  readonly theta: Float64Array;
}

/** A judgement and how it ended. */
export interface EndedJudgement extends Judgement {
  readonly status: Status;
}

/** A point of which nothing but the gradient is known. */
export function unjudged(
  precision: JudgedPoint['precision'],
  theta: Float64Array,
  loss: number,
  gradient: Float64Array,
): JudgedPoint {
  return {
    loss,
    gradientNormSquared: norm(gradient) ** 2,
    residual: null,
    verdict: 'notConverged',
    certified: false,
    proof: null,
    index: null,
    smallest: null,
    lowest: null,
    highest: null,
    eigenvalues: null,
    zeroModes: null,
    precision,
    norm: norm(theta),
    polishedBy: 0,
  };
}
