import type { LinearOperator } from '../linear-operator.ts';
import type { Result } from '../result.ts';
import type { EigenpairsProgress } from './eigenpairs.ts';
import { type KrylovOptions, type KrylovValue, krylovEigenpairs } from './krylov-eigenpairs.ts';
import type { Search } from './krylov-plan.ts';
import type { KrylovRun } from './krylov-run.ts';
import { type LanczosProcess, startLanczosProcess } from './lanczos-process.ts';
import { lanczosState, restoreLanczosState } from './lanczos-resume.ts';
import { freshened, lanczosRun, randomStart } from './lanczos-run.ts';
import type { LanczosState } from './lanczos-state.ts';

export type { RitzPair } from './eigenpairs.ts';

export type LanczosProgress = EigenpairsProgress;

/**
 * `start` is summed with a tenth of a random vector so that nothing is out of reach: an earlier Ritz basis, or one
 * vector. To follow λ₁ along a run give the two or three leading vectors.
 */
export interface LanczosOptions<V> extends KrylovOptions<V> {
  /**
   * Go on from here: with the other options as they were the rest is bit for bit that of the uninterrupted search; limits
   * and tolerances may change. Throws BadInput where it is the state of another search.
   */
  readonly from?: LanczosState | undefined;
  /** Takes the state of the search: every `stateEvery` products, and when the budget ends or the work is cancelled. */
  readonly onState?: ((state: LanczosState) => void | Promise<void>) | undefined;
  /** Default 50. */
  readonly stateEvery?: number | undefined;
}

export interface LanczosValue<V> extends KrylovValue<V> {
  /** Diagonal and off-diagonal of the last tridiagonal matrix; the last β couples to the outside (0: closed). */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
}

/**
 * The largest, the most negative and the largest eigenvalues in magnitude of a symmetric operator by the Lanczos method
 * (Lanczos 1950) with full reorthogonalisation and thick restarts, each with its residual ‖A y − θ y‖: some eigenvalue of
 * A lies within the residual of θ. All lists come from one Krylov space.
 *
 * What the residual does not say is that none was missed. From a random start that is improbable (Kuczyński and
 * Woźniakowski 1992), except for further copies of a multiple eigenvalue: see `verifyMultiplicity`.
 *
 * Departures from the textbook: (1) block Gram–Schmidt, twice where needed, against the whole basis at every step, so
 * there are no ghost copies; (2) restarts keep T tridiagonal; (3) a closed space is followed by a random start in its
 * complement until the wanted ends are complete; (4) entries of VᵀAv that symmetry makes zero are watched.
 *
 * Cost: one product a step, and for the residuals one a returned pair, or one in all (`trueResiduals`); 4 to 8 m p operations a step for the
 * orthogonality; memory of `maxBasis` vectors.
 *
 * Status: `converged`; `budgetSpent`; `invariantSubspace` (the space closed and the budget ended before the search for
 * further copies); `stagnated` (the computed residuals stay above the tolerance: floor of the precision or noise in the
 * products); `notFinite`; `notSymmetric`; `cancelled`. Whatever was found by then is returned with its residual. The
 * products of a continued search include those before `from`.
 *
 * @example
 * const { value, status } = await lanczos(hessian, { top: 10, bottom: 5, eigenvalueTol: 1e-4, rng: randomFromSeed(1) });
 */
export async function lanczos<V>(
  operator: LinearOperator<V>,
  options: LanczosOptions<V>,
): Promise<Result<LanczosValue<V>>> {
  const { space } = operator;
  const { rng, start = [], from, onState, stateEvery = 50 } = options;
  let latest: LanczosProcess<V> | null = null;
  const runOf = (process: LanczosProcess<V> | null): KrylovRun<V> | null => {
    if (process === null) return null;
    latest = process;
    return lanczosRun(process);
  };
  const result = await krylovEigenpairs(operator, options, {
    width: 1,
    async startRun(search) {
      const fresh = () => randomStart(space, rng, search.furtherStarts);
      const warm = search.furtherStarts === 0 && start.length > 0 ? sumOf(operator, start) : null;
      const vector = warm === null ? null : await freshened(space, warm, fresh);
      return runOf(await startLanczosProcess(operator, vector ?? fresh(), search.locked, search.scale));
    },
    resume: from && ((search) => runOf(restoreLanczosState(search, from))),
    snapshot: onState && (async (search: Search<V>, run) => onState(await lanczosState(search, run && latest))),
    stateEvery: Math.max(1, stateEvery),
  });
  const { alpha, beta } = (latest as LanczosProcess<V> | null) ?? { alpha: [], beta: [] };
  return { ...result, value: { ...result.value, alpha: Float64Array.from(alpha), beta: Float64Array.from(beta) } };
}

function sumOf<V>({ space }: LinearOperator<V>, vectors: readonly V[]): V {
  return space.combine(vectors, new Float64Array(vectors.length).fill(1));
}
