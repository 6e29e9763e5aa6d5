import { BadInput } from '../../bad-input.ts';
import type { Random } from '../../random/random.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Result, Status } from '../result.ts';
import { sampleMean } from './sample-mean.ts';

export interface TraceOptions {
  readonly rng: Random;
  /** How many probes; with `relativeTol` the most that may be spent. Default 30, with `relativeTol` 1000. */
  readonly probes?: number | undefined;
  /** Stop once the standard error is below this share of the mean. */
  readonly relativeTol?: number | undefined;
  /** Fewer probes than this never stop the work: a standard error from few draws is itself a guess. Default 10. */
  readonly minimumProbes?: number | undefined;
  /** Entries of the probes: ±1 has the smallest variance of all independent entries. Default rademacher. */
  readonly distribution?: 'rademacher' | 'normal' | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?:
    | ((progress: { readonly products: number; readonly limit: number; readonly value: number }) => void)
    | undefined;
}

export interface TraceEstimate {
  readonly value: number;
  /** Over the probes; NaN from a single one. */
  readonly standardError: number;
  readonly probes: number;
  /** zᵀAz of every probe. */
  readonly samples: Float64Array;
}

/**
 * tr A = E zᵀAz for independent entries of z with mean 0 and variance 1 (Hutchinson 1990), for any square operator.
 * Unbiased; the variance a probe is 2 Σ_{i≠j} aᵢⱼ² for ±1 and 2 ‖A‖_F² for normal entries (A symmetric).
 * Cost: one product a probe.
 *
 * Probe k depends on the generator's key and k only, so that more probes continue the same sequence. A stop by
 * `relativeTol` looks at the data, so its standard error is a little optimistic; `minimumProbes` limits that.
 *
 * Status: `converged` (all probes done, or the wanted standard error reached), `budgetSpent` (it was not reached),
 * `notFinite`, `cancelled`: the estimate is then over the probes before.
 *
 * @example
 * const { value } = await hutchinsonTrace(hessian, { probes: 30, rng: randomFromSeed(1) });
 */
export async function hutchinsonTrace<V>(
  operator: LinearOperator<V>,
  options: TraceOptions,
): Promise<Result<TraceEstimate>> {
  const began = performance.now();
  const { relativeTol, signal } = options;
  const limit = options.probes ?? (relativeTol === undefined ? 30 : 1000);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new BadInput(`The number of probes is ${limit}.`, 'Give a whole number, 1 or more.');
  }
  const minimum = Math.max(2, options.minimumProbes ?? 10);
  const samples: number[] = [];
  let status: Status = relativeTol === undefined ? 'converged' : 'budgetSpent';
  let products = 0;
  while (samples.length < limit) {
    if (signal?.aborted) {
      status = 'cancelled';
      break;
    }
    const sample = await quadraticForm(operator, options, samples.length);
    products++;
    if (!Number.isFinite(sample)) {
      status = 'notFinite';
      break;
    }
    samples.push(sample);
    const { value, standardError } = sampleMean(samples);
    options.onProgress?.({ products, limit, value });
    if (relativeTol !== undefined && samples.length >= minimum && standardError <= relativeTol * Math.abs(value)) {
      status = 'converged';
      break;
    }
  }
  const seconds = (performance.now() - began) / 1000;
  const value = { ...sampleMean(samples), probes: samples.length, samples: Float64Array.from(samples) };
  return { value, status, stats: { products, gradients: 0, losses: 0, seconds } };
}

async function quadraticForm<V>(operator: LinearOperator<V>, options: TraceOptions, probe: number): Promise<number> {
  const { space } = operator;
  const z = space.random(options.rng.split(`trace probe ${probe}`), options.distribution ?? 'rademacher');
  const product = await operator.apply(z);
  const [value] = await space.dots([z], product);
  space.release(z, product);
  return value!;
}
