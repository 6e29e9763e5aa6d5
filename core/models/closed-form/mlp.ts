import { BadInput } from '../../bad-input.ts';
import { type Dataset, inMemory } from '../../data/dataset.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import { type ResidentMatrix, releaseMatrices, residentMatrix } from '../../linalg/spaces/float64-gemm.ts';
import { hostFloat64Space } from '../../linalg/spaces/float64-space.ts';
import { type LossName, lossConvention } from '../../objective/loss-convention.ts';
import type { Ask, BatchKey, Evaluation, Objective, PointsAsk } from '../../objective/objective.ts';
import { exampleLosses, misclassified, type OutputTargets, outputGradient } from '../../objective/output-losses.ts';
import { otherWidth, valuesUnderCrossEntropy } from '../class-numbers.ts';
import { activate } from './activations.ts';
import { type ExampleNorms, mlpDerivativeBounds } from './mlp-derivative-bounds.ts';
import type { MlpDescription } from './mlp-description.ts';
import { linearizeMlp, lossAtOutputs } from './mlp-linearization.ts';
import {
  backward,
  forward,
  forwardKeeping,
  gatherRows,
  gradientInto,
  matrixScope,
  type Scope,
  weightsOf,
  withScope,
} from './mlp-passes.ts';
import type { MlpBatch } from './mlp-point.ts';
import { evaluationsOverDirections } from './mlp-slice.ts';

export interface MlpOptions {
  readonly data: Dataset;
  readonly loss: LossName;
  /** Default `mean`. */
  readonly overExamples?: 'mean' | 'sum';
}

/**
 * A chain of dense layers on a data set as an objective in float64, with hand-written derivatives: the exact twin of the
 * tf.layers model of the same description, with the same θ. Cost with N examples and P parameters: about 2NP operations
 * for a loss, 4NP + 2N(P − first kernel) for a gradient, 4NP + 8N(P − first kernel) for a product.
 *
 * With ReLU the Hessian is that of the smooth pieces: it is blind to the kinks between them.
 *
 * Throws BadInput where the data do not fit the layers or the loss.
 */
export function mlpObjective(model: MlpDescription, options: MlpOptions): Objective<Float64Array> {
  const { data, loss, overExamples = 'mean' } = options;
  const { dense, layout } = model;
  const targets = outputTargets(model, data, loss);
  const { x, kept } = residentInputs(model, data);
  const space = hostFloat64Space(layout.dim);
  const all = Int32Array.from({ length: data.examples }, (_, i) => i);

  /** The examples of a key; all of them are used where they lie. */
  const batchOf = (key: BatchKey | undefined, scope: Scope): MlpBatch => {
    const whole = key === undefined || key === all;
    if (!whole) checkKey(key, data.examples);
    return {
      x: whole ? x : gatherRows(x, key, scope),
      kept,
      targets: whole ? targets : targetsOf(targets, key),
      scale: overExamples === 'mean' ? 1 / (whole ? data.examples : key.length) : 1,
    };
  };

  const onPlane = (
    origin: Float64Array,
    directions: readonly Float64Array[],
    coefficients: Matrix,
    ask: PointsAsk,
    key: BatchKey | undefined,
  ) =>
    withScope((scope) => {
      const batch = batchOf(key, scope);
      const wanted = { ask, overExamples };
      return evaluationsOverDirections(model, loss, batch, origin, directions, coefficients, wanted, scope);
    });

  return {
    space,
    layout,
    graph: model.graph,
    convention: lossConvention(loss, overExamples),
    engine: 'closed form',
    examples: data.examples,
    batches: [all],

    evaluate: async (theta, ask = {}) =>
      withScope((scope) => {
        const batch = batchOf(ask.batch, scope);
        const weights = weightsOf(model, scope.vector(theta), kept, scope);
        return evaluationOf(forward(dense, weights, batch.x, scope), loss, batch, ask);
      }),

    gradient: async (theta, key) =>
      withScope((scope) => {
        const batch = batchOf(key, scope);
        const weights = weightsOf(model, scope.vector(theta), kept, scope);
        const states = forwardKeeping(dense, weights, batch.x, scope);
        const { lossValue, error } = lossAtOutputs(states.at(-1)!.value, loss, batch, scope);
        const gradient = space.zeros();
        const out = gradientInto(model, gradient, kept, scope);
        backward(model, weights, batch.x, states, error, out, false, scope);
        out.finish();
        return { loss: lossValue, gradient };
      }),

    losses: async (origin, directions, coefficients, key) => onPlane(origin, directions, coefficients, {}, key).losses,

    evaluations: async (origin, directions, coefficients, ask, key) =>
      onPlane(origin, directions, coefficients, ask, key),

    async linearize(theta, key) {
      const scope = matrixScope();
      try {
        return linearizeMlp(model, loss, space, theta, batchOf(key, scope), scope);
      } catch (error) {
        scope.release();
        throw error;
      }
    },

    derivativeBounds: (theta, radius) => {
      const scale = overExamples === 'mean' ? 1 / data.examples : 1;
      return mlpDerivativeBounds(model, loss, theta, radius, exampleNorms(x, targets), scale);
    },

    withData: (other) => mlpObjective(model, { ...options, data: inMemory(other) }),

    dispose: () => releaseMatrices(x),
  };
}

function evaluationOf(outputs: ResidentMatrix, loss: LossName, batch: MlpBatch, ask: Ask): Evaluation {
  const perExample = exampleLosses(loss, outputs.data, batch.targets);
  const n = perExample.length;
  const sum = perExample.reduce((total, one) => total + one, 0);
  const squares = perExample.reduce((total, one) => total + (one - sum / n) ** 2, 0);
  const { rows, columns, data } = outputs;
  return {
    loss: batch.scale * sum,
    // With s² = squares/(n−1): s/√n for a mean, √n s for a sum, which is scale · √n s in both cases.
    standardError: batch.scale * Math.sqrt((n * squares) / (n - 1)),
    error: misclassified(data, batch.targets),
    ...(ask.perExample ? { perExample } : {}),
    ...(ask.outputs ? { outputs: { rows, columns, data: Float64Array.from(data) } } : {}),
    ...(ask.outputGradients ? { outputGradients: { rows, columns, data: slopesAt(data, loss, batch.targets) } } : {}),
  };
}

/** ∂ℓᵢ/∂fᵢ, without the 1/N of the mean. */
function slopesAt(outputs: Float64Array, loss: LossName, targets: OutputTargets): Float64Array {
  const slopes = Float64Array.from(outputs);
  outputGradient(loss, slopes, targets, 1);
  return slopes;
}

/** The inputs in the arena, without the columns that are zero in every example, behind the leading activations. */
function residentInputs(model: MlpDescription, data: Dataset): { x: ResidentMatrix; kept: Int32Array | null } {
  const width = model.dense[0]!.inputs;
  if (data.inputShape.join() !== model.inputShape.join() || data.inputs.length !== data.examples * width) {
    throw new BadInput(
      `The examples of ${data.name} have the shape ${data.inputShape.join('×')} where the model takes ${model.inputShape.join('×')}.`,
      'Use data of the shape that the model was made for.',
    );
  }
  if (data.examples === 0) throw new BadInput(`${data.name} holds no examples.`, 'Give at least one.');
  const inputs = Float64Array.from(data.inputs);
  activate(model.inputActivations, inputs);
  const columns = columnsInUse(inputs, width);
  const x = residentMatrix(data.examples, columns.length);
  for (let i = 0; i < data.examples; i++) {
    for (let j = 0; j < columns.length; j++) x.data[i * columns.length + j] = inputs[i * width + columns[j]!]!;
  }
  return { x, kept: columns.length < width ? columns : null };
}

/** The columns with an entry other than zero; one column at least, so that the matrices have a size. */
function columnsInUse(inputs: Float64Array, width: number): Int32Array {
  const used = new Uint8Array(width);
  for (let at = 0; at < inputs.length; at++) if (inputs[at] !== 0) used[at % width] = 1;
  const columns = Int32Array.from({ length: width }, (_, j) => j).filter((j) => used[j] === 1);
  return columns.length > 0 ? columns : Int32Array.of(0);
}

function outputTargets(model: MlpDescription, data: Dataset, loss: LossName): OutputTargets {
  const { name, examples, targets } = data;
  const width = model.dense.at(-1)!.units;
  if (targets.kind === 'values') {
    if (loss === 'softmaxCrossEntropy') throw valuesUnderCrossEntropy(data);
    if (targets.width !== width || targets.values.length !== examples * width) throw otherWidth(data, width);
    return { rows: examples, width, labels: null, values: Float64Array.from(targets.values) };
  }
  if (targets.classes !== width || targets.labels.length !== examples) throw otherWidth(data, width);
  const wrong = targets.labels.findIndex((label) => label < 0 || label >= width);
  if (wrong >= 0) {
    throw new BadInput(
      `Example ${wrong} of ${name} has the label ${targets.labels[wrong]} where there are ${width} classes.`,
      'Number the classes from 0.',
    );
  }
  return { rows: examples, width, labels: targets.labels, values: null };
}

function targetsOf({ width, labels, values }: OutputTargets, key: BatchKey): OutputTargets {
  const rows = key.length;
  if (labels) return { rows, width, labels: Int32Array.from(key, (i) => labels[i]!), values: null };
  const own = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) own.set(values!.subarray(key[i]! * width, (key[i]! + 1) * width), i * width);
  return { rows, width, labels: null, values: own };
}

/** ‖xᵢ‖ and ‖yᵢ‖ of every example. */
function exampleNorms({ rows, columns, data }: ResidentMatrix, { values, width }: OutputTargets): ExampleNorms[] {
  return Array.from({ length: rows }, (_, i) => ({
    input: Math.hypot(...data.subarray(i * columns, (i + 1) * columns)),
    target: values ? Math.hypot(...values.subarray(i * width, (i + 1) * width)) : 1,
  }));
}

function checkKey(key: BatchKey, examples: number): void {
  if (key.length === 0) throw new RangeError('A batch without examples has no loss.');
  const wrong = key.find((i) => i < 0 || i >= examples);
  if (wrong !== undefined) throw new RangeError(`Example ${wrong} of a batch is not among the ${examples} examples.`);
}
