import { denseMatrix } from '../../linalg/dense/dense-symmetric.ts';
import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import { matrixOperator } from '../../linalg/matrix-operator.ts';
import type { Status } from '../../linalg/result.ts';
import { hostFloat64Space } from '../../linalg/spaces/float64-space.ts';
import { gaussNewtonOperator } from '../../objective/curvature/gauss-newton.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Linearization, Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { approximationQuality, denseTruth } from './approximation-quality.ts';
import { type BlockMatrix, blockRanges, diagonalBlocks, diagonalRanges, layerRanges } from './block-matrix.ts';
import { type Kfac, kfacFactors, kfacMatrix } from './kfac.ts';
import type { ApproximationName, ApproximationQuality, Approximations } from './structure.ts';

export interface ApproximationOptions {
  /** Null: a hundredth of the largest eigenvalue of G, or of H where there is no G. */
  readonly damping: number | null;
  readonly kfacExamples: number;
}

export interface ApproximationsFound {
  readonly value: Approximations | null;
  readonly status: Status;
  readonly notices: readonly string[];
  readonly products: number;
  readonly gradients: number;
  readonly losses: number;
}

const definitions: Readonly<Record<Exclude<ApproximationName, 'kfac'>, string>> = {
  diagonal: 'the diagonal of M',
  blocks: 'the diagonal blocks of M, one for each tensor of parameters',
  layers: 'the diagonal blocks of M, one for each layer',
};
const kfacDefinition = 'A ⊗ B a layer, A = E[a aᵀ], B = E[g gᵀ] over labels of the model (Martens, Grosse 2015)';

/**
 * Diagonal, block-diagonal and K-FAC approximations measured against the dense H and G: the errors of the matrices, of
 * their traces, of the leading eigenpair and of the damped step. Where there is no G (a function of θ alone), H only.
 *
 * Cost: p products with each, those of K-FAC (see `kfacFactors`), and about ten Cholesky decompositions, p³/3 operations
 * each, and a loss between them. BadInput where p is above the limit of dense matrices. Status: `converged`, `cancelled`, `notFinite`.
 */
export async function measureApproximations<V>(
  objective: Objective<V>,
  theta: V,
  linearization: Linearization<V>,
  { damping, kfacExamples }: ApproximationOptions,
  { rng, signal, onProgress }: AnalysisContext,
): Promise<ApproximationsFound> {
  const { space, layout } = objective;
  const dense = (stage: string, operator: LinearOperator<V>) =>
    denseMatrix(operator, {
      signal,
      onProgress: ({ products, limit }) => onProgress?.({ stage, done: products, total: limit, unit: 'products' }),
    });
  const unfinished = (status: Status, products: number): ApproximationsFound => {
    return { value: null, status, notices: [], products, gradients: 0, losses: 0 };
  };
  const hessian = await dense('dense Hessian', hessianOperator(space, linearization));
  if (hessian.status !== 'converged') return unfinished(hessian.status, hessian.stats.products);
  const hasG = linearization.gaussNewtonProduct !== undefined;
  const gaussNewton = hasG ? await dense('dense G', gaussNewtonOperator(space, linearization)) : null;
  let products = hessian.stats.products + (gaussNewton?.stats.products ?? 0);
  if (gaussNewton !== null && gaussNewton.status !== 'converged') return unfinished(gaussNewton.status, products);

  const notices: string[] = [];
  let losses = 0;
  const kfac =
    gaussNewton === null
      ? null
      : await kfacAt(objective, theta, linearization, kfacExamples, notices, { rng, signal, onProgress });
  if (kfac === 'cancelled') return unfinished('cancelled', products);
  products += kfac?.kfac.products ?? 0;
  losses += kfac === null ? 0 : 1;

  const sigma =
    damping ?? 0.01 * (await largestEigenvalue((gaussNewton ?? hessian).value.matrix, rng.split('damping')));
  const gradient = Float64Array.from(await space.toHost(linearization.gradient));
  const ranges = { diagonal: diagonalRanges(layout), blocks: blockRanges(layout), layers: layerRanges(layout) };
  const kfacOf = gaussNewton && kfac && kfacMatrix(kfac.kfac, diagonalBlocks(gaussNewton.value.matrix, ranges.layers));
  const qualities: ApproximationQuality[] = [];
  const truths = [
    ...(gaussNewton === null ? [] : [{ of: 'gaussNewton' as const, matrix: gaussNewton.value.matrix }]),
    { of: 'hessian' as const, matrix: hessian.value.matrix },
  ];
  for (const { of, matrix } of truths) {
    const stream = rng.split(of);
    const truth = await denseTruth(of, matrix, gradient, sigma, stream.split('truth'));
    const measure = async (name: ApproximationName, definition: string, approximation: BlockMatrix) => {
      // Dense work never leaves the thread: with a loss in between, an objective that breathes lets signals be seen.
      await objective.evaluate(theta);
      losses++;
      if (signal?.aborted) return;
      onProgress?.({ stage: `${name} approximation`, done: qualities.length, total: 8, unit: 'products' });
      const own = stream.split(name);
      qualities.push(await approximationQuality(truth, name, definition, approximation, gradient, sigma, own));
    };
    for (const name of ['diagonal', 'blocks', 'layers'] as const)
      await measure(name, definitions[name], diagonalBlocks(matrix, ranges[name]));
    if (kfacOf) await measure('kfac', kfacDefinition, kfacOf);
    if (truth.step === null)
      notices.push(
        `${of === 'hessian' ? 'H' : 'G'} + σI is not positive definite at σ = ${sigma.toPrecision(3)}: its damped steps are not compared. A larger damping makes it so.`,
      );
  }
  const value: Approximations = {
    damping: sigma,
    asymmetry: Math.max(hessian.value.asymmetry, gaussNewton?.value.asymmetry ?? 0),
    qualities,
    kfac: kfac && {
      examples: kfac.examples,
      layers: kfac.kfac.factors.map(({ layer }) => layer),
      notCovered: kfac.kfac.notCovered,
    },
  };
  const gradients = kfac?.kfac.gradients ?? 0;
  const status = signal?.aborted ? 'cancelled' : 'converged';
  return { value, status, notices, products, gradients, losses };
}

interface KfacFound {
  readonly kfac: Kfac;
  readonly examples: number;
}

/** K-FAC's factors over all examples or a random sample, or null with a notice of why not. */
async function kfacAt<V>(
  objective: Objective<V>,
  theta: V,
  { jacobianTransposeProduct }: Linearization<V>,
  most: number,
  notices: string[],
  { rng, signal, onProgress }: AnalysisContext,
): Promise<KfacFound | 'cancelled' | null> {
  const { examples, convention } = objective;
  if (jacobianTransposeProduct === undefined || convention.loss === 'closedForm') {
    notices.push('K-FAC is left out: this model has no products with the Jacobian of its outputs.');
    return null;
  }
  const isSampled = examples > most;
  const keys = isSampled
    ? rng.split('examples of K-FAC').permutation(examples).slice(0, most).sort()
    : Int32Array.from({ length: examples }, (_, i) => i);
  const { outputs } = await objective.evaluate(theta, { batch: keys, outputs: true });
  if (outputs === undefined) {
    notices.push('K-FAC is left out: this engine does not tell the outputs of the model.');
    return null;
  }
  const kfac = await kfacFactors(objective, theta, outputs, keys, signal, (done, total) =>
    onProgress?.({ stage: 'factors of K-FAC', done, total, unit: 'gradients' }),
  );
  if (kfac === 'cancelled') return kfac;
  if (kfac === 'dependent') {
    notices.push(
      'K-FAC is left out: single examples do not add up to the batch. Batch normalisation in training mode does that; look at the model in inference mode.',
    );
    return null;
  }
  if (isSampled) notices.push(`K-FAC is averaged over ${most} of ${examples} examples, drawn at random.`);
  for (const { layer, reason } of kfac.notCovered)
    notices.push(`K-FAC does not cover ${layer}: ${reason}. Its block of G stands in its place.`);
  for (const { layer, unseen } of kfac.factors)
    if (unseen > 0)
      notices.push(
        `K-FAC of ${layer}: no output sees it on ${unseen} of ${keys.length} examples; its A is that of the others.`,
      );
  return { kfac, examples: keys.length };
}

async function largestEigenvalue(matrix: Matrix, rng: AnalysisContext['rng']): Promise<number> {
  const { value } = await lanczos(matrixOperator(hostFloat64Space(matrix.rows), matrix), { top: 1, rng });
  return Math.max(0, value.top[0]?.value ?? 0);
}
