import { BadInput } from '../../bad-input.ts';
import type { Random } from '../../random/random.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Result, Status } from '../result.ts';
import { meanInterval } from './mean-interval.ts';
import { type Estimate, sampleMean } from './sample-mean.ts';

/** Consecutive coordinates, such as the block of a layer. */
export interface CoordinateRange {
  readonly offset: number;
  readonly size: number;
}

export interface DiagonalOptions {
  readonly rng: Random;
  /** Default 30. */
  readonly probes?: number | undefined;
  /** Ranges whose traces are wanted. Default: none. */
  readonly ranges?: readonly CoordinateRange[] | undefined;
  /** Entries of the probes: ±1 has the smallest variance of all independent entries. Default rademacher. */
  readonly distribution?: 'rademacher' | 'normal' | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?:
    | ((progress: { readonly products: number; readonly limit: number; readonly value: number }) => void)
    | undefined;
}

/** Trace of the diagonal block of a range. */
export interface RangeTrace extends Estimate, CoordinateRange {
  readonly degreesOfFreedom: number;
  /** Ends of the 95 % interval (`meanInterval`); infinite with a single probe. */
  readonly low95: number;
  readonly high95: number;
  /** One estimate a probe. */
  readonly samples: Float64Array;
}

export interface DiagonalEstimate {
  readonly diagonal: Float64Array;
  /** Of each coordinate; NaN with a single probe. With few probes take Student's t for n − 1 degrees of freedom. */
  readonly standardError: Float64Array;
  /** In the order of the ranges asked for. */
  readonly ranges: readonly RangeTrace[];
  /** Trace of the whole. */
  readonly trace: RangeTrace;
  readonly probes: number;
}

/**
 * diag A ≈ mean of z ⊙ A z (Bekas, Kokiopoulou and Saad 2007), and the sums of it over ranges: the traces of all diagonal
 * blocks from one set of probes. Unbiased; with ±1 the variance of coordinate i a probe is Σ_{j≠i} aᵢⱼ², so entries off
 * the diagonal are its noise: the error of a coordinate falls as 1/√probes, that of a sum over many far faster.
 *
 * Cost: one product and two copies to the host a probe; four arrays of p numbers. Probe k depends on the generator's key
 * and k only. Status: `converged`, `notFinite`, `cancelled`: the estimate is then over the probes before.
 *
 * @example
 * const { value } = await hutchinsonDiagonal(hessian, { ranges: [{ offset: 0, size: 100 }], rng: randomFromSeed(1) });
 */
export async function hutchinsonDiagonal<V>(
  operator: LinearOperator<V>,
  options: DiagonalOptions,
): Promise<Result<DiagonalEstimate>> {
  const began = performance.now();
  const { dim } = operator.space;
  const limit = options.probes ?? 30;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new BadInput(`The number of probes is ${limit}.`, 'Give a whole number, 1 or more.');
  }
  const ranges = [...(options.ranges ?? []), { offset: 0, size: dim }];
  for (const range of ranges) requireWithin(range, dim);
  const diagonal = new Float64Array(dim);
  const squares = new Float64Array(dim);
  const samples: number[][] = ranges.map(() => []);
  let probes = 0;
  let products = 0;
  let status: Status = 'converged';
  while (probes < limit) {
    if (options.signal?.aborted) {
      status = 'cancelled';
      break;
    }
    const sample = await diagonalSample(operator, options, probes);
    products++;
    const sums = ranges.map((range) => rangeSum(sample, range));
    if (!sums.every(Number.isFinite)) {
      status = 'notFinite';
      break;
    }
    probes++;
    addSample(diagonal, squares, sample, probes);
    sums.forEach((sum, i) => {
      samples[i]!.push(sum);
    });
    options.onProgress?.({ products, limit, value: sampleMean(samples[ranges.length - 1]!).value });
  }
  const standardError = squares.map((square) => Math.sqrt(square / (probes - 1) / probes));
  if (probes < 2) standardError.fill(Number.NaN);
  if (probes === 0) diagonal.fill(Number.NaN);
  const traces = ranges.map((range, i) => rangeTrace(range, samples[i]!));
  const value = { diagonal, standardError, ranges: traces.slice(0, -1), trace: traces[ranges.length - 1]!, probes };
  const seconds = (performance.now() - began) / 1000;
  return { value, status, stats: { products, gradients: 0, losses: 0, seconds } };
}

function requireWithin({ offset, size }: CoordinateRange, dim: number): void {
  const isUsable = Number.isInteger(offset) && Number.isInteger(size) && offset >= 0 && size >= 0;
  if (isUsable && offset + size <= dim) return;
  throw new BadInput(
    `The range of ${size} coordinates from ${offset} is not within ${dim}.`,
    'Give whole numbers with offset + size at most the dimension.',
  );
}

/** z ⊙ A z on the host. */
async function diagonalSample<V>(
  { space, apply }: LinearOperator<V>,
  options: DiagonalOptions,
  probe: number,
): Promise<Float64Array> {
  const z = space.random(options.rng.split(`diagonal probe ${probe}`), options.distribution ?? 'rademacher');
  const product = await apply(z);
  const [left, right] = [await space.toHost(z), await space.toHost(product)];
  space.release(z, product);
  return right.map((entry, i) => entry * left[i]!);
}

function rangeSum(sample: Float64Array, { offset, size }: CoordinateRange): number {
  let sum = 0;
  for (let i = offset; i < offset + size; i++) sum += sample[i]!;
  return sum;
}

/** Means and sums of squared deviations of all coordinates after one more sample (Welford 1962). */
function addSample(mean: Float64Array, squares: Float64Array, sample: Float64Array, count: number): void {
  for (let i = 0; i < mean.length; i++) {
    const deviation = sample[i]! - mean[i]!;
    mean[i] = mean[i]! + deviation / count;
    squares[i] = squares[i]! + deviation * (sample[i]! - mean[i]!);
  }
}

function rangeTrace(range: CoordinateRange, samples: readonly number[]): RangeTrace {
  const { low, high } = meanInterval(samples);
  return {
    ...range,
    ...sampleMean(samples),
    degreesOfFreedom: Math.max(0, samples.length - 1),
    low95: low,
    high95: high,
    samples: Float64Array.from(samples),
  };
}
