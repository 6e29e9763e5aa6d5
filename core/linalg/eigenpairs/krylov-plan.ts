import type { Random } from '../../random/random.ts';
import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { KrylovRun } from './krylov-run.ts';
import type { RitzValues, Tolerances } from './ritz-values.ts';
import type { Wanted } from './wanted.ts';

export interface SearchPlan<V> {
  readonly operator: LinearOperator<V>;
  readonly wanted: Wanted;
  /** Start vectors of a run. */
  readonly width: number;
  readonly tolerances: Tolerances;
  readonly rng: Random;
  /** A run from the start vectors, or, after the first, from random ones; null where nothing of them is left. */
  readonly startRun: (search: Search<V>) => Promise<KrylovRun<V> | null>;
  readonly productLimit: number;
  /** On the clock of `performance.now`. */
  readonly deadline: number;
  readonly maxBasis: number;
  readonly symmetryTol: number;
  readonly verifyMultiplicity: boolean;
  readonly keepVectors: boolean;
  /** `each`: products are kept back to compute every residual; `combination`: one a run bounds those of its pairs. */
  readonly certify: 'each' | 'combination' | false;
  readonly signal: { readonly aborted: boolean } | undefined;
  readonly report: (products: number, ritz: RitzValues) => void;
  /** Sets the search to a stored one and gives back the run under way. */
  readonly resume: ((search: Search<V>) => KrylovRun<V> | null) | undefined;
  readonly snapshot: ((search: Search<V>, run: KrylovRun<V> | null) => Promise<void>) | undefined;
  readonly stateEvery: number;
}

export interface FoundPair<V> {
  readonly value: number;
  readonly estimate: number;
  /** At most how far the true residual is from the estimate, at 95 %; null where no product has told. */
  readonly deviation: number | null;
  /** Distance to the other Ritz values of the same run. */
  readonly gap: number;
  /** Number of its run, from 0. */
  readonly run: number;
  vector: V | null;
}

export interface Search<V> {
  readonly plan: SearchPlan<V>;
  /** Wanted pairs of all runs together. */
  readonly found: FoundPair<V>[];
  /** What further runs stay orthogonal to: vectors of `found` and of `closedBases`. */
  readonly locked: V[];
  readonly closedBases: V[];
  products: number;
  scale: number;
  asymmetry: number;
  restarts: number;
  /** Runs after the first. */
  furtherStarts: number;
  firstRunProducts: number;
  /** Products before the run under way. */
  runStart: number;
  /** Basis size at which convergence is tested next. */
  nextCheck: number;
  /** Products at the last state handed out. */
  stateAt: number;
  /** Ritz values of the last run, and the places of those in `found`. */
  lastRitz: RitzValues;
  lastTaken: readonly number[];
}

/** In machine epsilons times ‖A‖: estimated residuals below it say no more. */
const estimateFactor = 4;
/** In machine epsilons times ‖A‖: rounding in the products of two programs makes their eigenvalues differ by this. */
export const floorFactor = 16;

export function newSearch<V>(plan: SearchPlan<V>): Search<V> {
  return {
    plan,
    found: [],
    locked: [],
    closedBases: [],
    products: 0,
    scale: 0,
    asymmetry: 0,
    restarts: 0,
    furtherStarts: 0,
    firstRunProducts: 0,
    runStart: 0,
    nextCheck: 1,
    stateAt: 0,
    lastRitz: { values: new Float64Array(0), estimates: new Float64Array(0) },
    lastTaken: [],
  };
}

/** What the arithmetic leaves uncertain of an eigenvalue: a few machine epsilons of ‖A‖. */
export function precisionFloor<V>(search: Search<V>): number {
  return floorFactor * machineEpsilon(search.plan.operator.space.precision) * search.scale;
}

/** Below it an estimated residual says nothing about the true one. */
export function estimateFloor<V>(search: Search<V>): number {
  return (estimateFactor / floorFactor) * precisionFloor(search);
}
