import { BadInput } from '../../bad-input.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { blockOfOperator, extracted } from '../../linalg/operators/block-of-operator.ts';
import { hostFloat32Space } from '../../linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../linalg/spaces/float64-space.ts';
import type { HostVector, VectorSpace } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';
import { chosenBlocks } from '../chosen-blocks.ts';
import type { LossName } from '../loss-convention.ts';
import type { Ask, BatchKey, Evaluation, Linearization, Objective, Outputs } from '../objective.ts';
import type { ParameterBlock } from '../parameter-layout.ts';
import { type CurvatureKind, curvatureDescriptions, overExamples } from './curvature-kinds.ts';
import { fisherOperator } from './fisher.ts';
import { fisherEmpiricalOperator } from './fisher-empirical.ts';
import { fisherMonteCarloOperator } from './fisher-monte-carlo.ts';
import { gaussNewtonOperator } from './gauss-newton.ts';
import { gradientCovarianceOperator } from './gradient-covariance.ts';
import { hessianOperator } from './hessian.ts';
import { neuralTangentKernelOperator } from './neural-tangent-kernel.ts';
import { refuseCoupledExamples } from './notices.ts';
import { preconditionedOperator } from './preconditioned.ts';
import { residualOperator } from './residual.ts';

/** Where the curvature is asked for. All of it stays the caller's, who ends the linearization after the operators. */
export interface CurvaturePoint<V> {
  readonly objective: Objective<V>;
  readonly theta: V;
  /** The examples of the linearization; all without it. */
  readonly batch?: BatchKey | undefined;
  /** `objective.linearize(theta, batch)`. */
  readonly linearization: Linearization<V>;
}

export interface CurvatureRequest<V> {
  readonly kind: CurvatureKind;
  /** Only the diagonal block of these blocks of θ, by name; for `ntk` the kernel of these parameters. Null: all. */
  readonly blocks?: readonly string[] | null | undefined;
  /** For `fisherMonteCarlo`: labels are drawn from a stream split from it, which leaves it as it was. */
  readonly rng?: Random | undefined;
  /** For `fisherMonteCarlo`: labels drawn for each example. Default 1. */
  readonly samples?: number | undefined;
  /** For `preconditioned`: the diagonal of P for all of θ, from `Trainer.preconditioner()`. Positive. */
  readonly preconditioner?: Float64Array | undefined;
  /** Spaces of other dimensions, for blocks and `ntk`. Default: the space of the objective's precision on the host. */
  readonly makeSpace?: ((dim: number) => VectorSpace<V>) | undefined;
}

/** A matrix of the curvature as an operator, with what has to be said of it wherever its eigenvalues are printed. */
export interface CurvatureOperator<V> {
  readonly kind: CurvatureKind;
  /** On θ, on the chosen blocks one after another, or for `ntk` on the outputs, example by example. */
  readonly operator: LinearOperator<V>;
  /** For people: `Gauss–Newton`. */
  readonly name: string;
  /** In plain Unicode: `H − G = (1/N) Σᵢ Σ_c (∂ℓᵢ/∂f_c) ∇²f_ic`. */
  readonly formula: string;
  /** What it is divided by, and what has no part in it. */
  readonly scale: string;
  /** The chosen blocks in the order of the layout; null for all of θ. */
  readonly blocks: readonly string[] | null;
  /** As `counted` counts them. */
  readonly productsPerApply: number;
  /** Frees what the operator holds; the linearization stays its owner's. */
  dispose(): void;
}

/**
 * The matrix of a kind at a point, as an operator. Cost: none, one loss evaluation for `ntk` and the Fisher matrices of
 * labels or targets, whose outputs or slopes it needs.
 *
 * BadInput for blocks that the layout does not have, for what a model without outputs has not, and for what is made of
 * single examples where a layer couples them (batch normalisation with the statistics of the batch).
 */
export async function curvatureOperator<V>(
  point: CurvaturePoint<V>,
  request: CurvatureRequest<V>,
): Promise<CurvatureOperator<V>> {
  const { objective } = point;
  const { kind } = request;
  const description = curvatureDescriptions[kind];
  if (description.perExample) refuseCoupledExamples(objective.graph, description.name);
  const chosen = request.blocks ? chosenBlocks(objective.layout, request.blocks) : null;
  return {
    kind,
    operator: await operatorOf(point, request, chosen),
    name: description.name,
    formula: description.formula(overExamples(objective.convention)),
    scale: description.scale,
    blocks: chosen?.map((block) => block.name) ?? null,
    productsPerApply: description.productsPerApply,
    dispose() {},
  };
}

async function operatorOf<V>(
  point: CurvaturePoint<V>,
  request: CurvatureRequest<V>,
  chosen: readonly ParameterBlock[] | null,
): Promise<LinearOperator<V>> {
  if (request.kind === 'ntk') return kernelOf(point, request, chosen);
  if (request.kind === 'preconditioned') return preconditionedOf(point, request, chosen);
  if (request.kind === 'hessian') return hessianOf(point, request, chosen);
  const whole = await wholeOperator(point, request);
  return chosen === null ? whole : blockOfOperator(whole, chosen, spaceLike(point, request, sizeOf(chosen)));
}

async function wholeOperator<V>(point: CurvaturePoint<V>, request: CurvatureRequest<V>): Promise<LinearOperator<V>> {
  const { objective, linearization } = point;
  const { space } = objective;
  switch (request.kind) {
    case 'gaussNewton':
      return gaussNewtonOperator(space, linearization);
    case 'residual':
      return residualOperator(space, linearization);
    case 'fisher':
      lossOf(point);
      return fisherOperator(space, linearization);
    case 'fisherMonteCarlo': {
      const { rng, samples = 1 } = request;
      if (rng === undefined) throw new RangeError('Labels are drawn from a stream of their own: give one.');
      const loss = lossOf(point);
      const { outputs } = await evaluated(point, { outputs: true });
      const scale = scaleOf(point, outputs!.rows);
      return fisherMonteCarloOperator(space, linearization, { loss, outputs: outputs!, samples, rng, scale });
    }
    case 'fisherEmpirical': {
      const gradients = await outputGradientsAt(point);
      return fisherEmpiricalOperator(space, linearization, gradients, scaleOf(point, gradients.rows));
    }
    case 'gradientCovariance':
      return gradientCovarianceOperator(space, linearization, await outputGradientsAt(point));
    default:
      return hessianOperator(space, linearization);
  }
}

/** The block of the Hessian by products of that block alone, where the linearization has them. */
function hessianOf<V>(
  point: CurvaturePoint<V>,
  request: CurvatureRequest<V>,
  chosen: readonly ParameterBlock[] | null,
): LinearOperator<V> {
  const { objective, linearization } = point;
  const whole = hessianOperator(objective.space, linearization);
  if (chosen === null) return whole;
  const space = spaceLike(point, request, sizeOf(chosen));
  if (!linearization.blockHessianProduct) return blockOfOperator(whole, chosen, space);
  const names = chosen.map((block) => block.name);
  return {
    ...{ space, symmetric: true, positiveSemidefinite: false },
    async apply(v) {
      const entries = await space.toHost(v);
      const sent: HostVector = objective.space.precision === 'float64' ? entries : Float32Array.from(entries);
      return space.fromHost(await linearization.blockHessianProduct!(names, sent));
    },
  };
}

function preconditionedOf<V>(
  point: CurvaturePoint<V>,
  request: CurvatureRequest<V>,
  chosen: readonly ParameterBlock[] | null,
): LinearOperator<V> {
  const { preconditioner } = request;
  const { dim } = point.objective.space;
  if (preconditioner === undefined) {
    throw new BadInput(
      'There is no preconditioner at this point.',
      'Take the point from a run with Adam or RMSProp, after its first update.',
    );
  }
  if (preconditioner.length !== dim) {
    throw new BadInput(
      `The preconditioner has ${preconditioner.length} entries for ${dim} parameters.`,
      'Take the preconditioner of the same run.',
    );
  }
  const wrong = preconditioner.find((p) => !(p > 0 && p < Number.POSITIVE_INFINITY));
  if (wrong !== undefined) {
    throw new BadInput(
      `The preconditioner has the entry ${wrong}.`,
      'Give positive numbers: for Adam the root of the second moment plus its ε.',
    );
  }
  const diagonal = chosen === null ? preconditioner : extracted(preconditioner, chosen);
  return preconditionedOperator(hessianOf(point, request, chosen), diagonal);
}

async function kernelOf<V>(
  point: CurvaturePoint<V>,
  request: CurvatureRequest<V>,
  ranges: readonly ParameterBlock[] | null,
): Promise<LinearOperator<V>> {
  const { outputs } = await evaluated(point, { outputs: true });
  if (outputs === undefined) throw noExamples();
  const space = spaceLike(point, request, outputs.rows * outputs.columns);
  const options = { examples: outputs.rows, outputs: outputs.columns, ranges };
  return neuralTangentKernelOperator(point.objective.space, space, point.linearization, options);
}

function evaluated<V>({ objective, theta, batch }: CurvaturePoint<V>, ask: Ask): Promise<Evaluation> {
  return objective.evaluate(theta, { ...ask, ...(batch && { batch }) });
}

async function outputGradientsAt<V>(point: CurvaturePoint<V>): Promise<Outputs> {
  lossOf(point);
  const { outputGradients } = await evaluated(point, { outputGradients: true });
  if (outputGradients === undefined) throw noExamples();
  return outputGradients;
}

/** The likelihood whose negative logarithm the loss is. */
function lossOf<V>({ objective }: CurvaturePoint<V>): LossName {
  const { loss } = objective.convention;
  if (loss === 'closedForm') throw noExamples();
  return loss;
}

function scaleOf<V>({ objective }: CurvaturePoint<V>, examples: number): number {
  return objective.convention.overExamples === 'mean' ? 1 / examples : 1;
}

function noExamples(): BadInput {
  return new BadInput('This loss is a function of θ alone, without examples and outputs.', 'Ask for the Hessian.');
}

function sizeOf(blocks: readonly ParameterBlock[]): number {
  return blocks.reduce((sum, block) => sum + block.size, 0);
}

/** A space of another dimension for vectors of the same kind. */
function spaceLike<V>(
  { objective, theta }: CurvaturePoint<V>,
  { makeSpace }: CurvatureRequest<V>,
  dim: number,
): VectorSpace<V> {
  if (makeSpace) return makeSpace(dim);
  if (!ArrayBuffer.isView(theta)) throw new RangeError('Vectors that do not live on the host need `makeSpace`.');
  const make = objective.space.precision === 'float64' ? hostFloat64Space : hostFloat32Space;
  return make(dim) as VectorSpace<HostVector> as unknown as VectorSpace<V>;
}
