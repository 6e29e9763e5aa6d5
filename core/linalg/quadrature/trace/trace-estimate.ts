import type { Random } from '../../../random/random.ts';
import type { Estimate } from '../sample-mean.ts';

export type TraceMethod = 'hutchinson' | 'hutch++' | 'xtrace';

/** What all estimators of a trace understand. */
export interface TraceOptions {
  readonly rng: Random;
  /**
   * How many random probes; with a tolerance the most that may be spent. A probe costs 1 product by Hutchinson, 2 by
   * XTrace, 3 by Hutch++ (one of the sketch, one of its image, one of the remainder). Default 30 (10 by Hutch++, 15 by
   * XTrace: 30 products each); with a tolerance 1000, 333 and 100.
   */
  readonly probes?: number | undefined;
  /** Limit of products instead of probes: the smaller of the two counts. */
  readonly maxProducts?: number | undefined;
  /** Stop once the standard error is below this share of the estimate; a trace near 0 never gets there. */
  readonly relativeTol?: number | undefined;
  /** Stop once the standard error is below this; with `relativeTol` either suffices. */
  readonly absoluteTol?: number | undefined;
  /** Fewer probes than this never stop the work: a standard error from few draws is itself a guess. Default 10. */
  readonly minimumProbes?: number | undefined;
  /** Entries of the probes. Default rademacher; XTrace needs rotation-invariant ones and always takes normal. */
  readonly distribution?: 'rademacher' | 'normal' | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?:
    | ((progress: { readonly products: number; readonly limit: number; readonly value: number }) => void)
    | undefined;
}

export interface TraceEstimate extends Estimate {
  readonly value: number;
  /** NaN from a single probe. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Ends of the 95 % interval; infinite where there is no standard error. */
  readonly low95: number;
  readonly high95: number;
  readonly products: number;
  readonly method: TraceMethod;
  readonly probes: number;
  /** One estimate of the trace a probe; their mean is `value`. */
  readonly samples: Float64Array;
}
