import type { Advance } from './lanczos-process.ts';
import type { RecurrencePair } from './residual-certificate.ts';
import type { RitzValues } from './ritz-values.ts';

/** What a search needs of a Krylov process with one start vector or with several. */
export interface KrylovRun<V> {
  readonly products: number;
  /** Basis vectors of the projected problem. */
  readonly size: number;
  /** Largest ‖A v‖ seen. */
  readonly scale: number;
  /** Largest asymmetry of a product relative to `scale`. */
  readonly asymmetry: number;
  /** One product and its orthogonalisation. */
  advance(): Promise<Advance>;
  ritz(): RitzValues;
  /** Shrinks the basis to the span of the Ritz vectors at these ascending places. No products. */
  restart(kept: readonly number[]): void;
  /** Ritz pairs at these places with their residuals in the coordinates of `outside`; the vectors are the caller's. */
  ritzPairs(places: readonly number[]): RecurrencePair<V>[];
  /** Unit vectors that the basis is coupled to: the next of the process. They stay its own. */
  outside(): readonly V[];
  /** The basis, from now on the caller's. */
  takeBasis(): V[];
  release(): void;
}
