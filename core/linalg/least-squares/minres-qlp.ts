import { orthogonalize } from '../eigenpairs/orthogonalize.ts';
import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { Result, Status } from '../result.ts';
import { stepRotations } from './qlp-rotations.ts';
import { qlpVectors } from './qlp-vectors.ts';

export type LeastSquaresReason =
  /** ‖r‖ ≤ rtol (‖A‖‖x‖ + ‖b‖): the system is compatible and solved. */
  | 'residual'
  /** ‖A r‖ ≤ rtol ‖A‖‖r‖: x is a least-squares solution of a system that is incompatible, or so to rounding. */
  | 'leastSquares'
  /** The condition of what is solved has reached the limit: further directions would be noise. */
  | 'conditionLimit'
  | 'normLimit'
  | 'iterations'
  | 'notFinite'
  | 'cancelled';

export interface MinresQlpOptions {
  /**
   * Of ‖r‖ against ‖A‖‖x‖ + ‖b‖, at least the machine epsilon; and of ‖A r‖ against ‖A‖‖r‖, at least
   * 1.5e-8 (float32: 1e-5): the condition of T grows beyond ‖A‖‖r‖/‖A r‖, so that further steps only add rounding.
   * Default 1e-10.
   */
  readonly rtol?: number | undefined;
  /** Products. Default 4 dim. */
  readonly maxIterations?: number | undefined;
  /** Ends before ‖x‖ passes it. Default 1e12. */
  readonly maxNorm?: number | undefined;
  /** Ends before the condition ‖A‖/γmin of what is solved passes it. Default 1e14 in float64, 1e6 in float32. */
  readonly conditionLimit?: number | undefined;
  /**
   * Lanczos vectors are kept and held orthogonal: one vector an iteration. Default true, because without it x has few right
   * digits where the system is incompatible.
   */
  readonly reorthogonalize?: boolean | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
}

export interface LeastSquaresSolution<V> {
  /** The shortest x of least ‖b − A x‖ within the Krylov space. Belongs to the caller. */
  readonly x: V;
  /** ‖b − A x‖, ‖A (b − A x)‖ and ‖x‖ as the recurrences have them: below rounding they say only that. */
  readonly residual: number;
  readonly curvedResidual: number;
  readonly norm: number;
  /** Lower bound of ‖A‖, and of the condition of A on its range. */
  readonly operatorNorm: number;
  readonly condition: number;
  readonly iterations: number;
  readonly reason: LeastSquaresReason;
}

/** Relative; what the rotations of a step with u = 0 may add to ‖r‖. */
const sameResidual = 1e-3;

/**
 * MINRES-QLP: the minimum-length solution of min ‖b − A x‖ for a symmetric A, which may be indefinite and singular, and a b
 * that need not lie in its range (Choi, Paige and Saunders 2011, SIAM J. Sci. Comput. 33, 1810). A V = V₊T by Lanczos from
 * b, T = Q R by left rotations, R P = L by right ones, so that the length of x is known and bounded at every step.
 *
 * Cost of an iteration: one product, about 10 vector operations and 4 k p for k vectors that are kept orthogonal. Status: `converged`
 * (`residual`, `leastSquares`, `conditionLimit`: the solution on what is not noise), `budgetSpent` (`iterations`,
 * `normLimit`), `notFinite`, `cancelled`.
 *
 * Departures from the authors' code: 1. Reorthogonalisation, see the option. 2. QLP from the first step, without the phase of plain MINRES and the TranCond that
 * ends it: it saves vector operations, which are nothing beside a Hessian product. 3. The tests that mean "one step back"
 * (‖A r‖, condition, length) come before x is changed; then only the rotations of that step are taken, where they
 * leave ‖r‖ as it is: they make x the shortest, which the last least-squares solution of an incompatible system is not. 4. No
 * preconditioner, no shift: `shiftedOperator` has it.
 */
export async function minresQlp<V>(
  operator: LinearOperator<V>,
  b: V,
  options: MinresQlpOptions = {},
): Promise<Result<LeastSquaresSolution<V>>> {
  const began = performance.now();
  const { space } = operator;
  const double = space.precision === 'float64';
  const {
    maxIterations = 4 * space.dim,
    maxNorm = 1e12,
    conditionLimit = double ? 1e14 : 1e6,
    reorthogonalize = true,
    signal,
  } = options;
  const epsilon = machineEpsilon(space.precision);
  const rtol = Math.max(epsilon, options.rtol ?? 1e-10);
  const curvedRtol = Math.max(double ? 1.5e-8 : 1e-5, rtol);
  const length = Math.sqrt((await space.dots([b], b))[0]!);
  const step = stepRotations(length);
  const vectors = qlpVectors(space);
  const kept: V[] = [];
  // vₖ₋₁, vₖ and βₖ of Lanczos.
  let before: V | null = null;
  let v: V | null = null;
  let beta = 0;
  let reason: LeastSquaresReason | null = Number.isFinite(length) ? null : 'notFinite';
  if (length === 0) reason = 'residual';
  let iterations = 0;
  let products = 0;
  let curvedResidual = 0;
  try {
    if (reason === null) v = space.scale(space.copy(b), 1 / length);
    while (reason === null && v !== null) {
      if (signal?.aborted) reason = 'cancelled';
      else if (iterations >= maxIterations) reason = 'iterations';
      if (reason !== null) break;
      let next: V = await operator.apply(v);
      products++;
      if (before !== null) next = space.addScaled(next, -beta, before);
      const alpha = (await space.dots([v], next))[0]!;
      next = space.addScaled(next, -alpha, v);
      if (reorthogonalize) {
        kept.push(space.copy(v));
        next = (await orthogonalize(space, kept, next)).vector;
      }
      const betaNext: number = Math.sqrt((await space.dots([next], next))[0]!);
      if (!Number.isFinite(alpha + betaNext)) {
        space.release(next);
        reason = 'notFinite';
        break;
      }
      const turned = step.rotate(alpha, beta, betaNext);
      curvedResidual = turned.rootLength * step.residual();
      if (turned.rootLength <= curvedRtol * step.operatorNorm()) reason = 'leastSquares';
      else if (turned.condition >= conditionLimit) reason = 'conditionLimit';
      else if (turned.norm >= maxNorm) reason = 'normLimit';
      if (reason !== null) {
        if (turned.shortResidual <= (1 + sameResidual) * step.residual()) {
          vectors.extend(v, { ...turned, u: 0 });
          step.acceptWithoutLast();
        }
        space.release(next);
        break;
      }
      vectors.extend(v, turned);
      step.accept();
      iterations++;
      if (before !== null) space.release(before);
      before = v;
      v = null;
      beta = betaNext;
      if (step.residual() <= rtol * (step.operatorNorm() * step.norm() + length)) {
        // sₖ₊₁ is not known without a further product; γ and β bound it.
        curvedResidual = step.residual() * step.operatorNorm();
        reason = 'residual';
        space.release(next);
      } else v = space.scale(next, 1 / betaNext);
    }
    const value: LeastSquaresSolution<V> = {
      x: vectors.solution(),
      residual: step.residual(),
      curvedResidual,
      norm: step.norm(),
      operatorNorm: step.operatorNorm(),
      condition: step.condition(),
      iterations,
      reason: reason ?? 'iterations',
    };
    const seconds = (performance.now() - began) / 1000;
    return { value, status: statusOf[value.reason], stats: { products, gradients: 0, losses: 0, seconds } };
  } finally {
    if (before !== null) space.release(before);
    if (v !== null) space.release(v);
    space.release(...kept);
    vectors.release();
  }
}

const statusOf: Readonly<Record<LeastSquaresReason, Status>> = {
  residual: 'converged',
  leastSquares: 'converged',
  conditionLimit: 'converged',
  normLimit: 'budgetSpent',
  iterations: 'budgetSpent',
  notFinite: 'notFinite',
  cancelled: 'cancelled',
};
