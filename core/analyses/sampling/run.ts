import { BadInput } from '../../bad-input.ts';
import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { Result, Status } from '../../linalg/result.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { BatchKey, Linearization, Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import { ladderShares, type SamplingParameters, samplingDescriptor } from './descriptor.ts';
import { fittedBias, proposedSize } from './proposed-size.ts';
import type { BatchDistribution, BatchSharpness, LadderRow, Sampling, ScatteredCurvature } from './sampling.ts';
import { perExampleDeviation, spread } from './scatter.ts';

/** Fewer examples in a batch say little of its scatter. */
const leastBatch = 2;

/**
 * The error that sharpness and trace have because they are of these examples and not of all there could be.
 *
 * The examples are split at random into K batches of equal size; vᵀH_Bv and zᵀH_Bz over the batches, with the top
 * eigenvector v and probes z of all examples, show how single examples scatter (first-order perturbation: the standard
 * error of λ_max is that of vᵀHv). Random subsets of growing size show what the first order does not: the bias of a
 * largest eigenvalue, of order 1/n. Both together propose a size for a wanted accuracy.
 *
 * Cost: K (1 + probes) products on 1/K of the examples each, a search for λ_max on all and on each subset and mini-batch.
 * Status: that of the worst search.
 */
export async function runSampling<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<SamplingParameters> | Readonly<Record<string, unknown>>,
  context: AnalysisContext,
): Promise<Result<Sampling>> {
  const began = performance.now();
  const parameters = readParameters(samplingDescriptor.parameters, given) as unknown as SamplingParameters;
  const { examples, space } = objective;
  requireExamples(examples, parameters);
  const ledger: Ledger = {
    products: 0,
    gradients: 0,
    status: 'converged',
    total: samplingDescriptor.cost({ ...parameters }, space.dim).products,
  };
  const work: Work<V> = { objective, theta, parameters, context, ledger };
  const whole = await topPair(work, undefined, context.rng.split('all'));
  if (whole.vector === null)
    throw new BadInput('The Hessian has no top eigenvector here.', 'Check the loss at this point for NaN.');
  const scatter = await scatterOfBatches(work, whole.value, whole.residual, whole.vector);
  space.release(whole.vector);
  const ladder: LadderRow[] = [];
  for (const share of ladderShares) {
    const row = await ladderRow(
      work,
      Math.max(1, Math.floor(share * examples)),
      whole.value,
      scatter.sharpness.perExample,
    );
    if (row) ladder.push(row);
  }
  const biasConstant = fittedBias(ladder, examples);
  const value: Sampling = {
    examples,
    ...scatter,
    ladder,
    biasConstant,
    proposals: [
      proposedSize('sharpness', scatter.sharpness, biasConstant.value, parameters.accuracy, examples),
      proposedSize('trace', scatter.trace, 0, parameters.accuracy, examples),
    ],
    batchSharpness: parameters.batchSize === null ? null : await batchSharpness(work, parameters.batchSize),
    dim: space.dim,
    convention: objective.convention,
    engine: objective.engine,
    precision: space.precision,
  };
  const { products, gradients, status } = ledger;
  const seconds = (performance.now() - began) / 1000;
  return { value, status, stats: { products, gradients, losses: 0, seconds } };
}

interface Ledger {
  products: number;
  gradients: number;
  status: Status;
  readonly total: number;
}

interface Work<V> {
  readonly objective: Objective<V>;
  readonly theta: V;
  readonly parameters: SamplingParameters;
  readonly context: AnalysisContext;
  readonly ledger: Ledger;
}

function requireExamples(examples: number, { batches, batchSize }: SamplingParameters): void {
  if (examples < batches * leastBatch)
    throw new BadInput(
      `${examples} examples cannot be split into ${batches} batches.`,
      `Take more examples, or at most ${Math.floor(examples / leastBatch)} batches.`,
    );
  if (batchSize !== null && batchSize >= examples)
    throw new BadInput(`A mini-batch of ${batchSize} holds all ${examples} examples.`, 'Give a smaller size.');
}

async function withLinearization<V, T>(
  { objective, theta, ledger }: Work<V>,
  batch: BatchKey | undefined,
  work: (linearization: Linearization<V>) => Promise<T>,
): Promise<T> {
  const linearization = await objective.linearize(theta, batch);
  ledger.gradients++;
  try {
    return await work(linearization);
  } finally {
    linearization.dispose();
  }
}

function searched<V>(
  { objective, parameters, context, ledger }: Work<V>,
  linearization: Linearization<V>,
  rng: Random,
  eigenvectors: boolean,
) {
  const { residualTol, maxProducts } = parameters;
  return lanczos(hessianOperator(objective.space, linearization), {
    top: 1,
    residualTol,
    maxProducts,
    eigenvectors,
    rng,
    signal: context.signal,
  }).then((result) => {
    ledger.products += result.stats.products;
    if (result.status !== 'converged' && result.status !== 'invariantSubspace') ledger.status = result.status;
    context.onProgress?.({ stage: 'sampling', done: ledger.products, total: ledger.total, unit: 'products' });
    return result.value.top[0];
  });
}

async function topPair<V>(work: Work<V>, batch: BatchKey | undefined, rng: Random) {
  const pair = await withLinearization(work, batch, (linearization) => searched(work, linearization, rng, true));
  return { value: pair?.value ?? Number.NaN, residual: pair?.residual ?? Number.NaN, vector: pair?.vector ?? null };
}

/** Random batches of equal size that have no example in common. */
function disjointBatches(examples: number, batches: number, rng: Random): BatchKey[] {
  const order = rng.permutation(examples);
  const size = Math.floor(examples / batches);
  return Array.from({ length: batches }, (_, k) => order.slice(k * size, (k + 1) * size).sort());
}

async function scatterOfBatches<V>(
  work: Work<V>,
  lambda: number,
  residual: number,
  vector: V,
): Promise<Pick<Sampling, 'sharpness' | 'trace'>> {
  const { objective, parameters, context, ledger } = work;
  const { space, examples, convention } = objective;
  const { batches, traceProbes } = parameters;
  const rng = context.rng.split('trace probes');
  const probes = Array.from({ length: traceProbes }, (_, m) => space.random(rng.split(`probe ${m}`), 'rademacher'));
  const keys = disjointBatches(examples, batches, context.rng.split('batches'));
  const size = keys[0]!.length;
  // A loss that is a sum grows with the batch: then the batch stands for all examples.
  const scale = convention.overExamples === 'sum' ? examples / size : 1;
  const readings = [vector, ...probes].map(() => new Float64Array(batches));
  for (const [k, key] of keys.entries()) {
    if (context.signal?.aborted) break;
    await withLinearization(work, key, async (linearization) => {
      for (const [m, direction] of [vector, ...probes].entries()) {
        const product = await linearization.hessianProduct(direction);
        readings[m]![k] = scale * (await space.dots([direction], product))[0]!;
        space.release(product);
        ledger.products++;
      }
    });
    context.onProgress?.({ stage: 'scatter', done: ledger.products, total: ledger.total, unit: 'products' });
  }
  space.release(...probes);
  if (context.signal?.aborted) ledger.status = 'cancelled';
  const [along, ...each] = readings;
  const traces = each.map((row) => spread(row).mean);
  const trace = spread(traces);
  return {
    sharpness: scattered(lambda, residual, [along!], size, examples),
    trace: scattered(trace.mean, Math.sqrt(trace.variance / traceProbes), each, size, examples),
  };
}

function scattered(
  value: number,
  uncertainty: number,
  readings: readonly ArrayLike<number>[],
  size: number,
  examples: number,
): ScatteredCurvature {
  const deviation = perExampleDeviation(readings, size);
  return { value, uncertainty, ...deviation, standardError: deviation.perExample / Math.sqrt(examples) };
}

async function sharpnessOf<V>(work: Work<V>, batch: BatchKey, rng: Random): Promise<number> {
  const pair = await withLinearization(work, batch, (linearization) => searched(work, linearization, rng, false));
  const { convention, examples } = work.objective;
  return (pair?.value ?? Number.NaN) * (convention.overExamples === 'sum' ? examples / batch.length : 1);
}

async function ladderRow<V>(
  work: Work<V>,
  size: number,
  lambda: number,
  perExample: number,
): Promise<LadderRow | null> {
  const { objective, parameters, context } = work;
  const { examples } = objective;
  const values: number[] = [];
  for (let repeat = 0; repeat < parameters.repeats; repeat++) {
    if (context.signal?.aborted) return null;
    const rng = context.rng.split(`subset ${size} ${repeat}`);
    const batch = rng.permutation(examples).slice(0, size).sort();
    values.push(await sharpnessOf(work, batch, rng));
  }
  const { mean, variance } = spread(values);
  return {
    size,
    repeats: values.length,
    mean,
    standardDeviation: Math.sqrt(variance),
    predictedDeviation: (perExample / Math.sqrt(size)) * Math.sqrt((examples - size) / Math.max(1, examples - 1)),
    bias: mean - lambda,
    biasStandardError: Math.sqrt(variance / values.length),
  };
}

async function batchSharpness<V>(work: Work<V>, batchSize: number): Promise<BatchSharpness> {
  const { objective, parameters, context, ledger } = work;
  const { space, examples, convention } = objective;
  const scale = convention.overExamples === 'sum' ? examples / batchSize : 1;
  const sharpness: number[] = [];
  const along: number[] = [];
  for (let i = 0; i < parameters.miniBatches && !context.signal?.aborted; i++) {
    const rng = context.rng.split(`mini-batch ${i}`);
    const batch = rng.permutation(examples).slice(0, batchSize).sort();
    await withLinearization(work, batch, async (linearization) => {
      const { gradient } = linearization;
      const product = await linearization.hessianProduct(gradient);
      ledger.products++;
      const [square] = await space.dots([gradient], gradient);
      const [form] = await space.dots([gradient], product);
      space.release(product);
      along.push((scale * form!) / square!);
      sharpness.push(scale * ((await searched(work, linearization, rng, false))?.value ?? Number.NaN));
    });
  }
  return {
    batchSize,
    batches: sharpness.length,
    sharpness: distribution(sharpness),
    alongGradient: distribution(along),
  };
}

function distribution(values: readonly number[]): BatchDistribution {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (share: number) => {
    const at = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
    return low + (at - Math.floor(at)) * (high - low);
  };
  const { mean, variance } = spread(values);
  return {
    mean,
    standardError: Math.sqrt(variance / values.length),
    standardDeviation: Math.sqrt(variance),
    quantiles: [quantile(0.05), quantile(0.25), quantile(0.5), quantile(0.75), quantile(0.95)],
    values,
  };
}
