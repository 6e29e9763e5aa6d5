import { BadInput } from '../../../bad-input.ts';
import type { Random } from '../../../random/random.ts';
import type { Result, Status } from '../../result.ts';
import { meanInterval } from '../mean-interval.ts';
import { type Estimate, sampleMean } from '../sample-mean.ts';

export type TraceMethod = 'hutchinson' | 'hutch++' | 'xtrace';

/** What all estimators of a trace understand. */
export interface TraceOptions {
  readonly rng: Random;
  /**
   * How many random probes; with a tolerance the most that may be spent. A probe costs 1 product by Hutchinson, 2 by
   * XTrace, 3 by Hutch++ (one of the sketch, one of its image, one of the remainder). Default 30, 15 and 10, 30 products
   * each; with a tolerance 1000, 100 and 300.
   */
  readonly probes?: number | undefined;
  /** Limit of products; with `probes` as well the smaller of the two counts. */
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

/** Probes that the options allow to a method whose probes cost that many products each. */
export function probeLimit(options: TraceOptions, cost: number, usual: number, withTolerance: number): number {
  for (const [name, value] of [
    ['probes', options.probes],
    ['products', options.maxProducts],
  ] as const) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    throw new BadInput(`The number of ${name} is ${value}.`, 'Give a whole number, 1 or more.');
  }
  const affordable = options.maxProducts === undefined ? undefined : Math.floor(options.maxProducts / cost);
  if (affordable === 0) {
    throw new BadInput(`${options.maxProducts} products pay for no probe.`, `Allow at least ${cost}.`);
  }
  const asked = options.probes ?? affordable ?? (hasTolerance(options) ? withTolerance : usual);
  return Math.min(asked, affordable ?? asked);
}

export function hasTolerance({ relativeTol, absoluteTol }: TraceOptions): boolean {
  return relativeTol !== undefined || absoluteTol !== undefined;
}

/** Whether an estimate is as sure as was asked; never without a tolerance. */
export function isSureEnough({ value, standardError }: Estimate, { relativeTol, absoluteTol }: TraceOptions): boolean {
  return standardError <= (relativeTol ?? Number.NaN) * Math.abs(value) || standardError <= (absoluteTol ?? Number.NaN);
}

/**
 * The next number of probes after which to look whether to stop: half as many again each time. Looking after every
 * probe would stop at the moments when the spread looks small by chance.
 */
export function nextLook(probes: number, { minimumProbes }: TraceOptions): number {
  return Math.max(2, minimumProbes ?? 10, Math.ceil(1.5 * probes));
}

export interface SampledTrace {
  readonly samples: readonly number[];
  readonly status: Status;
}

/** Draws until the limit, or until a look finds the estimate sure enough. */
export async function drawSamples(
  options: TraceOptions,
  limit: number,
  draw: (probe: number) => Promise<number>,
): Promise<SampledTrace> {
  const samples: number[] = [];
  let look = nextLook(0, options);
  while (samples.length < limit) {
    if (options.signal?.aborted) return { samples, status: 'cancelled' };
    const sample = await draw(samples.length);
    if (!Number.isFinite(sample)) return { samples, status: 'notFinite' };
    samples.push(sample);
    if (samples.length === limit || samples.length === look) {
      look = nextLook(samples.length, options);
      const due = samples.length >= nextLook(0, options);
      if (due && isSureEnough(sampleMean(samples), options)) return { samples, status: 'converged' };
    }
  }
  return { samples, status: hasTolerance(options) ? 'budgetSpent' : 'converged' };
}

/** The estimate of independent samples of the trace. */
export function traceResult(
  method: TraceMethod,
  { samples, status }: SampledTrace,
  products: number,
  began: number,
): Result<TraceEstimate> {
  const { low, high } = meanInterval(samples);
  const value: TraceEstimate = {
    ...sampleMean(samples),
    degreesOfFreedom: Math.max(0, samples.length - 1),
    low95: low,
    high95: high,
    products,
    method,
    probes: samples.length,
    samples: Float64Array.from(samples),
  };
  const seconds = (performance.now() - began) / 1000;
  return { value, status, stats: { products, gradients: 0, losses: 0, seconds } };
}
