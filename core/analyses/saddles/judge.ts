import { denseEigenvectorLimit } from '../../linalg/dense/dense-symmetric.ts';
import type { Result, Status } from '../../linalg/result.ts';
import { breathingObjective } from '../../objective/breathing.ts';
import { counted } from '../../objective/counted.ts';
import type { Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';
import { type DenseHessian, denseHessianAt, type Interruption, norm } from './dense-hessian.ts';
import { extremesOf, indexCounts } from './index-counts.ts';
import { polish } from './polish.ts';
import { denseResidual, gradientFloor } from './residual.ts';
import type { JudgedPoint, Verdict } from './saddle.ts';

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

/** Above it ∇L lies in the kernel of H (Frye et al. 2021). */
const flat = 0.9;

/**
 * What is to be said of a point, in the precision of the objective; `theta` stays as it was. Status: `converged`,
 * `notFinite`, `cancelled` (then what was known by then).
 */
export async function judgePoint<V>(
  objective: Objective<V>,
  theta: V,
  options: JudgeOptions,
): Promise<Result<Judgement>> {
  const began = performance.now();
  const { breathe } = options;
  const work = counted(breathe ? breathingObjective(objective, breathe) : objective);
  const { value, status } = await judgement(work, theta, options);
  return { value, status, stats: { ...work.counts, seconds: (performance.now() - began) / 1000 } };
}

interface Ended {
  readonly value: Judgement;
  readonly status: Status;
}

async function judgement<V>(objective: Objective<V>, theta: V, options: JudgeOptions): Promise<Ended> {
  const { space } = objective;
  const origin = await space.toHost(theta);
  if (space.dim > Math.min(options.denseLimit, denseEigenvectorLimit)) {
    const { loss, gradient } = await objective.gradient(theta);
    const host = await space.toHost(gradient);
    space.release(gradient);
    return { value: { judged: unknown(objective, origin, loss, host), theta: origin }, status: 'converged' };
  }
  const polished = options.polish ? await polish(objective, theta, options.startNorm, options) : null;
  if (polished) space.release(polished.theta);
  const at = polished?.host ?? origin;
  const dense = polished?.dense ?? (await denseHessianAt(objective, theta, options));
  if (dense.status !== 'converged') {
    return { value: { judged: unknown(objective, at, dense.loss, dense.gradient), theta: at }, status: dense.status };
  }
  return { value: { judged: byMatrix(objective, at, origin, dense.value, options), theta: at }, status: 'converged' };
}

function byMatrix<V>(
  { space }: Objective<V>,
  theta: Float64Array,
  origin: Float64Array,
  hessian: DenseHessian,
  options: JudgeOptions,
): JudgedPoint {
  const { precision } = space;
  const length = norm(hessian.gradient);
  const residual = denseResidual(hessian, gradientFloor(precision, hessian.scale, norm(theta)));
  return {
    loss: hessian.loss,
    gradientNormSquared: length * length,
    residual,
    verdict: verdictOf(length * length, residual, options),
    certified: false,
    proof: null,
    index: indexCounts(hessian, precision),
    ...extremesOf(hessian),
    eigenvalues: Array.from(hessian.eigenvalues),
    zeroModes: null,
    precision,
    norm: norm(theta),
    polishedBy: norm(theta.map((x, i) => x - origin[i]!)),
  };
}

function verdictOf(square: number, residual: number | null, { tolerance }: JudgeOptions): Verdict {
  if (square <= tolerance) return 'critical';
  return residual !== null && residual > flat ? 'gradientFlat' : 'notConverged';
}

/** Where nothing but the gradient is known. */
function unknown<V>({ space }: Objective<V>, theta: Float64Array, loss: number, gradient: Float64Array): JudgedPoint {
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
    precision: space.precision,
    norm: norm(theta),
    polishedBy: 0,
  };
}
