import type { Matrix } from '../../linalg/matrix.ts';
import { addProduct, multiply, type ResidentMatrix, transposed } from '../../linalg/spaces/float64-gemm.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { LossName } from '../../objective/loss-convention.ts';
import type { Linearization } from '../../objective/objective.ts';
import { exampleLosses, outputCurvatureProduct, outputGradient, softmaxRows } from '../../objective/output-losses.ts';
import { hessianColumns } from './hessian-columns.ts';
import type { MlpDescription } from './mlp-description.ts';
import {
  affine,
  backward,
  forwardKeeping,
  gradientInto,
  multiplyEntries,
  type Scope,
  type Weights,
  weightsOf,
  withScope,
} from './mlp-passes.ts';
import type { MlpBatch, MlpPoint } from './mlp-point.ts';
import { sizeOfResponses } from './unit-responses.ts';

/** Numbers that may be kept for the columns of the Hessian: 32 MiB. With more, columns are products. */
const mostResponses = 2 ** 22;

/**
 * Gradient and products of a chain of dense layers at θ by Pearlmutter's R-operator, "Fast exact multiplication by the
 * Hessian" (Neural Computation 6, 1994). With R{·} = ∂/∂ε at θ + εv, kernels W, biases b, their parts V, c of v, and
 * E = ∂L/∂A, δ = ∂L/∂Z = E∘φ′(Z):
 *
 *   R{Z} = A V + R{A} W + 1cᵀ      R{A} = φ′(Z)∘R{Z}      R{E_last} = S R{A_last}, S the Hessian of the loss in the outputs
 *   R{δ} = φ′(Z)∘R{E} + E∘φ″(Z)∘R{Z}          R{∂W} = AᵀR{δ} + R{A}ᵀδ          R{E_before} = R{δ} Wᵀ + δ Vᵀ
 *
 * The Gauss–Newton product is the same without the terms that hold E, δ: it linearises the network and keeps S.
 * Everything kept for the products lives in `scope`, which ends with the linearization. Cost of a product: that of two gradients at most, one where the first layer dominates (its R{A} is zero).
 */
export function linearizeMlp(
  model: MlpDescription,
  loss: LossName,
  space: VectorSpace<Float64Array>,
  theta: Float64Array,
  batch: MlpBatch,
  scope: Scope,
): Linearization<Float64Array> {
  const weights = weightsOf(model, scope.vector(theta), batch.kept, scope);
  const states = forwardKeeping(model.dense, weights, batch.x, scope);
  const { lossValue, probabilities, error } = lossAtOutputs(states.at(-1)!.value, loss, batch, scope);
  const gradient = space.zeros();
  const out = gradientInto(model, gradient, batch.kept, scope);
  const deltas = backward(model, weights, batch.x, states, error, out, true, scope);
  out.finish();
  const point: MlpPoint = { model, loss, batch, weights, states, deltas, probabilities };
  let disposed = false;

  /** Runs `use` with the parts of v, wherever v lives. */
  const withParts = <T>(v: Float64Array, use: (parts: Weights, scratch: Scope) => T): T => {
    if (disposed) throw new Error('This linearization was disposed of.');
    return withScope((scratch) => use(weightsOf(model, scratch.vector(v), batch.kept, scratch), scratch));
  };
  const product = (v: Float64Array, curvature: boolean): Float64Array =>
    withParts(v, (parts, scratch) => {
      const into = space.zeros();
      directionalGradient(point, parts, curvature, into, scratch);
      return into;
    });

  let columns: ReturnType<typeof hessianColumns> | undefined;

  return {
    loss: lossValue,
    gradient,
    exact: true,
    hessianProduct: async (v) => product(v, true),
    ...(sizeOfResponses(point) <= mostResponses && {
      async hessianColumns(from: number, to: number) {
        if (disposed) throw new Error('This linearization was disposed of.');
        columns ??= hessianColumns(point, scope);
        return columns(from, to);
      },
    }),
    gaussNewtonProduct: async (v) => product(v, false),
    jacobianProduct: async (v) =>
      withParts(v, (parts, scratch): Matrix => {
        const { rows, columns, data } = directionalForward(point, parts, scratch).at(-1)!.value;
        return { rows, columns, data: Float64Array.from(data) };
      }),
    async jacobianTransposeProduct(u) {
      if (disposed) throw new Error('This linearization was disposed of.');
      return transposeProduct(point, u, space);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      scope.release();
      space.release(gradient);
    },
  };
}

/** R{Z} and R{A} of a layer; one matrix where the activation is linear. */
interface DirectionalState {
  readonly argument: ResidentMatrix;
  readonly value: ResidentMatrix;
}

/** The loss, its gradient in the outputs, and their softmax where the curvature needs it. */
export function lossAtOutputs(outputs: ResidentMatrix, loss: LossName, { targets, scale }: MlpBatch, scope: Scope) {
  const lossValue = scale * exampleLosses(loss, outputs.data, targets).reduce((sum, one) => sum + one, 0);
  const error = scope.matrix(outputs.rows, outputs.columns);
  error.data.set(outputs.data);
  outputGradient(loss, error.data, targets, scale);
  if (loss !== 'softmaxCrossEntropy') return { lossValue, error, probabilities: null };
  const probabilities = scope.matrix(outputs.rows, outputs.columns);
  probabilities.data.set(outputs.data);
  softmaxRows(probabilities.data, outputs.rows, outputs.columns);
  return { lossValue, error, probabilities };
}

/** R{Z} = A V + R{A} W + 1cᵀ and R{A} = φ′(Z)∘R{Z}, layer by layer; R{A} of the last layer is J v. */
function directionalForward({ batch, weights, states }: MlpPoint, parts: Weights, scratch: Scope): DirectionalState[] {
  const directional: DirectionalState[] = [];
  states.forEach(({ slope }, l) => {
    const before = l > 0 ? states[l - 1]!.value : batch.x;
    const argument = affine(before, parts.kernels[l]!, parts.biases[l]!, scratch);
    if (l > 0) addProduct(argument, directional[l - 1]!.value, weights.kernels[l]!);
    if (!slope) {
      directional.push({ argument, value: argument });
      return;
    }
    const value = scratch.matrix(argument.rows, argument.columns);
    const { data } = value;
    for (let i = 0; i < data.length; i++) data[i] = slope.data[i]! * argument.data[i]!;
    directional.push({ argument, value });
  });
  return directional;
}

/** Adds H v (with `curvature`) or G v to `into`. */
function directionalGradient(
  point: MlpPoint,
  parts: Weights,
  curvature: boolean,
  into: Float64Array,
  scratch: Scope,
): void {
  const { model, batch, weights, states, deltas } = point;
  const directional = directionalForward(point, parts, scratch);
  const out = gradientInto(model, into, batch.kept, scratch);
  const last = directional.at(-1)!.value;
  let error = scratch.matrix(last.rows, last.columns);
  error.data.set(last.data);
  outputCurvatureProduct(point.loss, (point.probabilities ?? error).data, error.data, error.columns, batch.scale);
  for (let l = states.length - 1; l >= 0; l--) {
    const { slope, bend } = states[l]!;
    if (slope) multiplyEntries(error.data, slope.data);
    if (curvature && bend) addProductOfEntries(error.data, bend.data, directional[l]!.argument.data);
    out.addLayer(l, l > 0 ? states[l - 1]!.value : batch.x, error);
    if (l === 0) break;
    if (curvature) out.addKernel(l, directional[l - 1]!.value, deltas[l]!);
    const before = scratch.matrix(error.rows, weights.kernels[l]!.rows);
    multiply(before, error, transposed(weights.kernels[l]!));
    if (curvature) addProduct(before, deltas[l]!, transposed(parts.kernels[l]!));
    error = before;
  }
  out.finish();
}

/** Jᵀu: back-propagation of u in the place of the gradient of the loss. */
function transposeProduct(point: MlpPoint, u: Matrix, space: VectorSpace<Float64Array>): Float64Array {
  const { model, weights, batch, states } = point;
  const last = states.at(-1)!.value;
  if (u.rows !== last.rows || u.columns !== last.columns) {
    throw new RangeError(`A ${u.rows}×${u.columns} matrix where the outputs are ${last.rows}×${last.columns}.`);
  }
  return withScope((scratch) => {
    const error = scratch.matrix(u.rows, u.columns);
    error.data.set(u.data);
    const into = space.zeros();
    const out = gradientInto(model, into, batch.kept, scratch);
    backward(model, weights, batch.x, states, error, out, false, scratch);
    out.finish();
    return into;
  });
}

/** y ← y + a∘x */
function addProductOfEntries(y: Float64Array, a: Float64Array, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = y[i]! + a[i]! * x[i]!;
}
