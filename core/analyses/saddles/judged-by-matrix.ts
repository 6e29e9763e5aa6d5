import { machineEpsilon } from '../../linalg/precision.ts';
import { norm } from '../../linalg/spaces/host-products.ts';
import type { Objective } from '../../objective/objective.ts';
import { type IndependentTangents, independentTangents, symmetryTangents } from '../../objective/symmetry/tangents.ts';
import { type DenseHessian, denseHessianAt, pseudoInverseStep } from './dense-hessian.ts';
import { driftToCriticalPoint } from './drift.ts';
import { extremesOf, indexCounts } from './index-counts.ts';
import { type EndedJudgement, type JudgeOptions, unjudged } from './judgement.ts';
import { newtonKantorovich } from './newton-kantorovich.ts';
import { polish } from './polish.ts';
import { denseResidual, gradientFloor } from './residual.ts';
import type { CriticalPointProof, JudgedPoint } from './saddle.ts';
import { fadesOutward, recedes, tailCut, verdictOf } from './verdict.ts';
import { zeroModes } from './zero-modes.ts';

/** By the dense Hessian: everything, and a proof where the objective states bounds of its derivatives. */
export async function judgedByMatrix<V>(
  objective: Objective<V>,
  theta: V,
  options: JudgeOptions,
): Promise<EndedJudgement> {
  const { space } = objective;
  const origin = await space.toHost(theta);
  const polished = options.polish ? await polish(objective, theta, options.startNorm, options) : null;
  if (polished) space.release(polished.theta);
  const at = polished?.host ?? origin;
  const dense = polished?.dense ?? (await denseHessianAt(objective, theta, options));
  if (dense.status !== 'converged') {
    const { status, loss, gradient } = dense;
    return { status, judged: unjudged(space.precision, at, loss, gradient), theta: at };
  }
  const polishedBy = norm(at.map((x, i) => x - origin[i]!));
  return {
    status: 'converged',
    judged: { ...(await judged(objective, at, dense.value, options)), polishedBy },
    theta: at,
  };
}

async function judged<V>(
  objective: Objective<V>,
  theta: Float64Array,
  hessian: DenseHessian,
  options: JudgeOptions,
): Promise<Omit<JudgedPoint, 'polishedBy'>> {
  const { precision } = objective.space;
  const { gradient, loss } = hessian;
  const length = norm(gradient);
  const floor = gradientFloor(precision, hessian.scale, norm(theta));
  const residual = denseResidual(hessian, floor);
  const isReceding =
    length > floor &&
    (await recedes(
      objective,
      theta,
      gradient,
      pseudoInverseStep(hessian, gradient, tailCut(machineEpsilon(precision))),
      options.startNorm,
    ));
  const tangents = symmetryTangents(objective, theta, options.statisticsFollow);
  const independent = independentTangents(tangents);
  // Those that hold only up to the ε of a normalisation prove nothing.
  const exact = tangents.every((one) => one.exact)
    ? independent
    : independentTangents(tangents.filter((one) => one.exact));
  const proof = isReceding ? null : await proofOf(objective, theta, hessian, exact, options);
  const runsAway =
    isReceding || (proof?.radius == null && (await fadesOutward(objective, theta, hessian, options.startNorm)));
  const verdict = verdictOf(length ** 2, residual, runsAway, options.tolerance);
  // Of what is no critical point the eigenvalues are those at θ itself.
  const drift = verdict === 'critical' ? await driftToCriticalPoint(objective, theta, hessian, proof) : 0;
  const index = indexCounts(hessian, precision, drift);
  return {
    loss,
    gradientNormSquared: length ** 2,
    residual,
    verdict,
    certified: verdict === 'critical' && isCertified(proof, index.null),
    proof: runsAway ? null : proof,
    index,
    ...extremesOf(hessian),
    eigenvalues: Array.from(hessian.eigenvalues),
    zeroModes: zeroModes(hessian, index, independent),
    precision,
    norm: norm(theta),
  };
}

/** A true critical point nearby, an index that cannot differ there, and no null eigenvalue without its symmetry. */
const isCertified = (proof: CriticalPointProof | null, nulls: number): boolean =>
  proof !== null && proof.radius !== null && proof.indexIsExact && proof.symmetryDirections === nulls;

async function proofOf<V>(
  objective: Objective<V>,
  theta: Float64Array,
  hessian: DenseHessian,
  symmetries: IndependentTangents,
  options: JudgeOptions,
): Promise<CriticalPointProof | null> {
  const { space } = objective;
  if (!objective.derivativeBounds || space.precision !== 'float64') return null;
  const at = space.fromHost(theta);
  try {
    return await newtonKantorovich(hessian, symmetries, (radius) => objective.derivativeBounds!(at, radius), options);
  } finally {
    space.release(at);
  }
}
