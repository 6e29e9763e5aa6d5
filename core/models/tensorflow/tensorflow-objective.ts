import type { LayersModel } from '@tensorflow/tfjs-layers';
import { BadInput } from '../../bad-input.ts';
import type { AnyDataset } from '../../data/dataset.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Gate } from '../../objective/gate.ts';
import { type LossName, lossConvention } from '../../objective/loss-convention.ts';
import type { Objective } from '../../objective/objective.ts';
import { valuesUnderCrossEntropy } from '../class-numbers.ts';
import { engineName } from './engine-name.ts';
import { evaluate } from './evaluate.ts';
import { examplesOf } from './examples.ts';
import { type FunctionalModel, functionalModel, type Mode } from './functional-model.ts';
import { layerGraphOfModel } from './layer-graph-of-model.ts';
import { gradient, linearize } from './linearize.ts';
import { tapeCopies } from './linearized-part.ts';
import { evaluationsOnPoints } from './losses-on-points.ts';
import type { Setting } from './objective-setting.ts';
import { parameterLayoutOfModel } from './parameter-layout-of-model.ts';
import { programCache } from './plan/program-cache.ts';
import { installSecondOrder } from './second-order/install.ts';
import type { TensorVector } from './tensor-space.ts';
import { hostHome, tensorHome, type VectorHome } from './vector-home.ts';

export interface TensorflowObjectiveOptions {
  /** Any tf.layers model with one input and one output; stays the caller's, who disposes it after the objective. */
  readonly model: LayersModel;
  /** In memory, or rows that are read when they are needed. */
  readonly data: AnyDataset;
  readonly loss: LossName;
  /** Default `mean`. */
  readonly overExamples?: 'mean' | 'sum';
  /**
   * `inference` (default): batch normalisation uses its running statistics, dropout is off. `training`: statistics of
   * the batch, and dropout with a mask that follows from the examples of the batch.
   */
  readonly mode?: Mode;
  /** Memory that one recorded part of the data may take, in bytes; more data is worked through in parts. Default 512 MiB. */
  readonly memoryBytes?: number;
  /** Bytes of linearisations that are held at a point; default 2 GiB. Data beyond cost a gradient more at each product. */
  readonly heldBytes?: number;
  /** Passed between parts of the data and between points: where others have their turn, and work that is not wanted ends. */
  readonly gate?: Gate;
  /** Default true: programs use forms that pay on the engine, with a bound on their memory. */
  readonly patterns?: boolean;
  /** Default `compiled`; `tape` walks the tape at each product: slower, and the twin of what is compiled. */
  readonly products?: 'compiled' | 'tape';
}

/**
 * L(θ) of a tf.layers model on a data set: (1/N) Σᵢ ℓ(f_θ(xᵢ), yᵢ) or the sum, plus the penalties of the layers.
 * Exact first and second derivatives by reverse over reverse (`linearizeTape`); nothing of the model is changed.
 *
 * Vectors live on the host (float32, or float64 in a realm whose tensors are float64) or on the device (`tensor`).
 * Losses are averaged in float64 over per-example losses of the realm's precision.
 *
 * Data above `memoryBytes` is worked through in parts whose sums are exact; in training mode with batch normalisation or
 * dropout the loss is no sum over parts, and such data is refused with `BadInput`, as are data that do not fit the model.
 */
export function tensorflowObjective(
  options: TensorflowObjectiveOptions & { readonly space: 'tensor' },
): Objective<TensorVector>;
export function tensorflowObjective(
  options: TensorflowObjectiveOptions & { readonly space: 'host' },
): Objective<HostVector>;
export function tensorflowObjective(
  options: TensorflowObjectiveOptions & { readonly space: 'host' | 'tensor' },
): Objective<TensorVector> | Objective<HostVector> {
  installSecondOrder();
  const functional = functionalModel(options.model);
  const shapes = functional.variables.map(({ shape }) => shape);
  return options.space === 'tensor'
    ? objectiveIn(tensorHome(shapes), functional, options)
    : objectiveIn(hostHome(shapes), functional, options);
}

function objectiveIn<V>(
  home: VectorHome<V>,
  functional: FunctionalModel,
  options: TensorflowObjectiveOptions,
): Objective<V> {
  const { model, data, loss, overExamples = 'mean', mode = 'inference' } = options;
  if (loss === 'softmaxCrossEntropy' && data.targets.kind !== 'classes') throw valuesUnderCrossEntropy(data);
  const { products = 'compiled', patterns = true, heldBytes = 2 ** 31, gate = null } = options;
  const size = partSize(functional, options);
  const examples = examplesOf(data, functional.inputShape, functional.outputWidth, size, { gate });
  const setting: Setting<V> = {
    ...{ functional, examples, home, loss, overExamples, mode, products, patterns, heldBytes, gate },
    programs: programCache(),
    drawsMasks: mode === 'training' && functional.drawsMasks,
  };
  return {
    space: home.space,
    layout: parameterLayoutOfModel(model),
    graph: layerGraphOfModel(model, mode),
    convention: lossConvention(loss, overExamples),
    engine: engineName(),
    examples: data.examples,
    batches: [Int32Array.from({ length: data.examples }, (_, i) => i)],
    evaluate: (theta, ask = {}) => evaluate(setting, theta, ask),
    gradient: (theta, batch) => gradient(setting, theta, batch),
    losses: async (origin, directions, coefficients, batch) =>
      (await evaluationsOnPoints(setting, origin, directions, coefficients, {}, batch)).losses,
    evaluations: (origin, directions, coefficients, ask, batch) =>
      evaluationsOnPoints(setting, origin, directions, coefficients, ask, batch),
    linearize: (theta, batch) => linearize(setting, theta, batch),
    withData: (other) => objectiveIn(home, functional, { ...options, data: other }),
    dispose() {
      setting.programs.dispose();
      examples.dispose();
    },
  };
}

function partSize(functional: FunctionalModel, options: TensorflowObjectiveOptions): number {
  const { data, mode = 'inference', memoryBytes = 512 * 2 ** 20 } = options;
  const bytes = functional.activations * tapeCopies * Float32Array.BYTES_PER_ELEMENT;
  const size = Math.max(1, Math.floor(memoryBytes / bytes));
  if (size >= data.examples || mode === 'inference') return size;
  if (functional.batchDependent === null) return size;
  throw new BadInput(
    `${data.examples} examples need about ${Math.ceil((bytes * data.examples) / 2 ** 20)} MiB, and in training mode the layer ${functional.batchDependent} sees the whole batch, so that it cannot be split.`,
    'Use fewer examples, mini-batches, inference mode or more memory.',
  );
}
