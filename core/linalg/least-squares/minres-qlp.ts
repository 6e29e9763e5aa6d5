import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { Result, Status } from '../result.ts';
import { lanczosColumns } from './lanczos-columns.ts';
import { type StepRotations, stepRotations, type TurnedStep } from './qlp-rotations.ts';
import { type QlpVectors, qlpVectors } from './qlp-vectors.ts';

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
 * Cost of an iteration: one product, about 10 vector operations, and 4 k p operations for k vectors that are kept orthogonal.
 * Status: `converged` (`residual`, `leastSquares`, `conditionLimit`: the solution on what is not noise), `budgetSpent`
 * (`iterations`, `normLimit`), `notFinite`, `cancelled`.
 *
 * Departures from the authors' code:
 * 1. Reorthogonalisation, see the option.
 * 2. QLP from the first step, without the phase of plain MINRES and the TranCond that ends it: it saves vector operations,
 *    which are nothing beside a Hessian product.
 * 3. The tests that mean "one step back" (‖A r‖, condition, length) come before x is changed; then only the rotations of
 *    that step are taken, where they leave ‖r‖ as it is: they make x the shortest, which the last least-squares solution of
 *    an incompatible system is not.
 * 4. No preconditioner, no shift: `shiftedOperator` has it.
 */
export async function minresQlp<V>(
  operator: LinearOperator<V>,
  b: V,
  options: MinresQlpOptions = {},
): Promise<Result<LeastSquaresSolution<V>>> {
  const began = performance.now();
  const { space } = operator;
  const length = Math.sqrt((await space.dots([b], b))[0]!);
  const steps = stepRotations(length);
  const vectors = qlpVectors(space);
  const nothing = { iterations: 0, products: 0, curvedResidual: 0 };
  try {
    const ended =
      length > 0 && Number.isFinite(length)
        ? await iterate(operator, b, { length, steps, vectors, options })
        : { ...nothing, reason: length === 0 ? ('residual' as const) : ('notFinite' as const) };
    const { iterations, products, curvedResidual, reason } = ended;
    const value: LeastSquaresSolution<V> = {
      x: vectors.solution(),
      residual: steps.residual(),
      curvedResidual,
      norm: steps.norm(),
      operatorNorm: steps.operatorNorm(),
      condition: steps.condition(),
      iterations,
      reason,
    };
    const seconds = (performance.now() - began) / 1000;
    return { value, status: statusOf[reason], stats: { products, gradients: 0, losses: 0, seconds } };
  } finally {
    vectors.release();
  }
}

interface Work<V> {
  readonly length: number;
  readonly steps: StepRotations;
  readonly vectors: QlpVectors<V>;
  readonly options: MinresQlpOptions;
}

interface Ended {
  readonly iterations: number;
  readonly products: number;
  readonly curvedResidual: number;
  readonly reason: LeastSquaresReason;
}

async function iterate<V>(operator: LinearOperator<V>, b: V, work: Work<V>): Promise<Ended> {
  const { length, steps, vectors, options } = work;
  const { maxIterations = 4 * operator.space.dim, reorthogonalize = true, signal } = options;
  const limits = limitsOf(operator.space.precision, options);
  const columns = lanczosColumns(operator, b, length, reorthogonalize);
  let iterations = 0;
  let products = 0;
  let curvedResidual = 0;
  const ended = (reason: LeastSquaresReason): Ended => ({ iterations, products, curvedResidual, reason });
  try {
    for (;;) {
      if (signal?.aborted) return ended('cancelled');
      if (iterations >= maxIterations) return ended('iterations');
      const column = await columns.column();
      products++;
      if (column === null) return ended('notFinite');
      const turned = steps.rotate(column.alpha, column.beta, column.betaNext);
      curvedResidual = turned.rootLength * steps.residual();
      const back = reasonToStepBack(turned, steps.operatorNorm(), limits);
      if (back !== null) {
        if (turned.shortResidual <= (1 + sameResidual) * steps.residual()) {
          vectors.extend(columns.current(), { ...turned, u: 0 });
          steps.acceptWithoutLast();
        }
        return ended(back);
      }
      vectors.extend(columns.current(), turned);
      steps.accept();
      iterations++;
      if (steps.residual() <= limits.rtol * (steps.operatorNorm() * steps.norm() + length)) {
        // That of this residual would cost a further product; this is about its upper bound.
        curvedResidual = steps.residual() * steps.operatorNorm();
        return ended('residual');
      }
      columns.advance();
    }
  } finally {
    columns.release();
  }
}

interface Limits {
  readonly rtol: number;
  readonly curvedRtol: number;
  readonly maxNorm: number;
  readonly conditionLimit: number;
}

function limitsOf(precision: 'float64' | 'float32', options: MinresQlpOptions): Limits {
  const double = precision === 'float64';
  const { maxNorm = 1e12, conditionLimit = double ? 1e14 : 1e6 } = options;
  const rtol = Math.max(machineEpsilon(precision), options.rtol ?? 1e-10);
  return { rtol, curvedRtol: Math.max(double ? 1.5e-8 : 1e-5, rtol), maxNorm, conditionLimit };
}

function reasonToStepBack(
  { rootLength, condition, norm }: TurnedStep,
  operatorNorm: number,
  { curvedRtol, conditionLimit, maxNorm }: Limits,
): LeastSquaresReason | null {
  if (rootLength <= curvedRtol * operatorNorm) return 'leastSquares';
  // Not `≥`: a pivot of zero makes both of them no numbers.
  if (!(condition < conditionLimit)) return 'conditionLimit';
  return norm < maxNorm ? null : 'normLimit';
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
