import { norm } from '../../linalg/spaces/host-products.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Linearization, Objective } from '../../objective/objective.ts';
import { sampledIndex } from './index-fraction.ts';
import { type EndedJudgement, type JudgeOptions, unjudged } from './judgement.ts';
import { krylovResidual, newtonStepByProducts, polishByProducts } from './krylov-step.ts';
import { gradientFloor } from './residual.ts';
import { recedes, verdictOf } from './verdict.ts';

/** By Krylov methods and quadrature: no proof, no list of eigenvalues, no zero modes. */
export async function judgedByProducts<V>(
  objective: Objective<V>,
  theta: V,
  options: JudgeOptions,
): Promise<EndedJudgement> {
  const { space } = objective;
  const origin = await space.toHost(theta);
  const host = options.polish ? await polishByProducts(objective, origin, options.startNorm, options) : origin;
  const at = space.fromHost(host);
  const linearization = await objective.linearize(at);
  try {
    const polishedBy = norm(host.map((x, i) => x - origin[i]!));
    const ended = await judgedAt(objective, host, linearization, options);
    return { ...ended, judged: { ...ended.judged, polishedBy } };
  } finally {
    linearization.dispose();
    space.release(at);
  }
}

async function judgedAt<V>(
  objective: Objective<V>,
  theta: Float64Array,
  linearization: Linearization<V>,
  options: JudgeOptions,
): Promise<EndedJudgement> {
  const { space } = objective;
  const { rng, signal, tolerance, startNorm } = options;
  const gradient = await space.toHost(linearization.gradient);
  const known = unjudged(space.precision, theta, linearization.loss, gradient);
  if (!Number.isFinite(linearization.loss) || !gradient.every(Number.isFinite))
    return { status: 'notFinite', judged: known, theta };
  const { index, lowest, highest, status } = await sampledIndex(hessianOperator(space, linearization), rng, signal);
  const spectrum = { ...known, index, lowest, highest };
  if (status === 'cancelled' || status === 'notFinite' || !lowest || !highest)
    return { status: status === 'converged' ? 'notFinite' : status, judged: spectrum, theta };

  const scale = Math.max(Math.abs(lowest.value), Math.abs(highest.value));
  const length = norm(gradient);
  const speaks = length > gradientFloor(space.precision, scale, known.norm);
  const residual = speaks ? await krylovResidual(objective, linearization, options) : null;
  const step = speaks ? (await newtonStepByProducts(objective, linearization, options)).step : null;
  const runsAway = step !== null && (await recedes(objective, theta, gradient, step, startNorm));
  if (signal?.aborted) return { status: 'cancelled', judged: spectrum, theta };
  const verdict = verdictOf(length ** 2, residual, runsAway, tolerance);
  return { status: 'converged', judged: { ...spectrum, residual, verdict }, theta };
}
