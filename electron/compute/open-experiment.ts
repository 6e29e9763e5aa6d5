import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { type AnyDataset, type Dataset, inMemory } from '../../core/data/dataset.ts';
import { lossOnData } from '../../core/experiment/closed-form.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import type { DataProvenance } from '../../core/experiment/run-folder.ts';
import { readNpz } from '../../core/formats/npz.ts';
import { readSafetensors } from '../../core/formats/safetensors.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import type { ClosedFormSettings } from '../../core/models/closed-form/closed-form-settings.ts';
import { initialTheta as initialMlpTheta } from '../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../core/models/closed-form/mlp.ts';
import { type MlpDescription, mlpFromSpecification } from '../../core/models/closed-form/mlp-description.ts';
import { withDefaultInitializer } from '../../core/models/default-initializer.ts';
import { isFloat64Realm } from '../../core/models/tensorflow/float64-realm.ts';
import { weightsFromOutside } from '../../core/models/weights-from-outside.ts';
import { createGate, type Gate } from '../../core/objective/gate.ts';
import type { Objective } from '../../core/objective/objective.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import type { Random } from '../../core/random/random.ts';
import { namingFile, readBoundedFile } from '../host/read-dataset.ts';
import { wantedThreads } from '../host/threads.ts';
import { NeedsFloat64Realm } from './float64-realm.ts';
import { gpuRoad, hasGpuDoor } from './gpu/gpu-door.ts';
import { gpuModel } from './gpu/gpu-model.ts';
import { dataProvenance, functionProvenance, loadData } from './load-data.ts';
import { type OpenedClosedForm, openClosedForm } from './open-closed-form.ts';
import { canBeSharded, openShards } from './shards/open-shards.ts';
import { bundledShardThreads } from './shards/shard-threads.ts';
import { nativeVersion, startEngine } from './start-engine.ts';
import type { OpenedModel } from './tensor-model.ts';
import { turnOfEventLoop } from './turn-of-event-loop.ts';

/** An experiment with everything that is needed to compute on it. */
export interface OpenedExperiment {
  readonly experiment: Experiment;
  readonly baseFolder: string;
  readonly objective: Objective<HostVector>;
  readonly test: Objective<HostVector> | null;
  /** Sets what is no part of θ but belongs to a point (running statistics) before θ is looked at. */
  settle(theta: HostVector): Promise<void>;
  /** θ₀ in the precision of the objective, in ordinary memory. */
  readonly initialTheta: HostVector;
  /** Calls that take long stop between two parts of the data once its signal is aborted. */
  readonly gate: Gate;
  /** The root of all streams: `model`, `data`, `training`, `probes` and the analyses hold streams of their own below it. */
  readonly rng: Random;
  readonly train: DataProvenance;
  readonly testProvenance: DataProvenance | null;
  readonly precision: 'float32' | 'float64';
  readonly tfjs: string | null;
  /** Of a function of θ alone; null for layers on data. */
  readonly closedForm: OpenedClosedForm | null;
  dispose(): void;
}

const nothingToSettle = async (): Promise<void> => {};

/** Dense chains in float64 have closed forms: exact, and many times faster than tensors in float64. */
function closedForm(description: MlpDescription, experiment: Experiment, data: Dataset, rng: Random): OpenedModel {
  const objective = mlpObjective(description, {
    data,
    loss: lossOnData(experiment),
    overExamples: experiment.reduction,
  });
  return {
    objective,
    initialTheta: initialMlpTheta(description, rng),
    tfjs: null,
    onTestSet: (test) => objective.withData?.(inMemory(test)) ?? null,
    settle: nothingToSettle,
    dispose: () => objective.dispose(),
  };
}

/** Loaded when it is needed and not at the top: for float64 the realm must be entered first. */
const tensors = () => import('./tensor-model.ts');

/** Loads and starts what the first experiment on tensors would have to wait for. */
export async function prepareTensors(): Promise<void> {
  await tensors();
  await startEngine('auto');
}

async function modelOnTensors(experiment: Experiment, data: AnyDataset, rng: Random, gate: Gate): Promise<OpenedModel> {
  const { model, reduction } = experiment;
  const specification = withDefaultInitializer(model, model.initializer);
  const wanted = { specification, mode: model.mode, loss: lossOnData(experiment), reduction };
  if ((await startEngine(experiment.engine)) === 'webgpu' && hasGpuDoor())
    return gpuModel({ model: wanted, data, seed: experiment.seed, gate, connect: gpuRoad });
  const { tensorModel } = await tensors();
  return tensorModel(wanted, data, rng, gate);
}

function openModel(
  experiment: Experiment,
  data: AnyDataset,
  rng: Random,
  gate: Gate,
): Promise<OpenedModel> | OpenedModel {
  if (experiment.precision === 'float32') return modelOnTensors(experiment, data, rng, gate);
  const specification = withDefaultInitializer(experiment.model, experiment.model.initializer);
  const description = mlpFromSpecification(specification, data.inputShape);
  if (description && experiment.engine !== 'tensorflow')
    return closedForm(description, experiment, inMemory(data), rng);
  if (experiment.engine === 'wasm' || experiment.engine === 'webgpu')
    throw new BadInput(
      `The engine ${experiment.engine} computes in float32 only.`,
      'Use --engine tensorflow or cpu for float64, or --precision float32.',
    );
  if (!isFloat64Realm()) throw new NeedsFloat64Realm();
  return modelOnTensors(experiment, data, rng, gate);
}

/**
 * The same model with its loss computed by threads, each on a share of the examples: for WebAssembly, which has one
 * thread itself. TensorFlow shares its own operations among threads.
 */
async function inThreads(
  whole: OpenedModel,
  experiment: Experiment,
  baseFolder: string,
  threads: number,
  gate: Gate,
): Promise<OpenedModel> {
  const start = bundledShardThreads();
  if (threads < 2 || start === null || whole.objective.engine !== 'wasm' || !canBeSharded(experiment)) return whole;
  const shards = await openShards({ experiment, baseFolder, whole: whole.objective, threads, start, gate });
  return {
    ...whole,
    objective: shards.objective,
    async settle(theta) {
      await Promise.all([whole.settle(theta), shards.settle(theta)]);
    },
    dispose() {
      shards.objective.dispose();
      whole.dispose();
    },
  };
}

async function outsideWeights(
  experiment: Experiment,
  baseFolder: string,
  objective: Objective<HostVector>,
): Promise<Float64Array | null> {
  const { weights, layout } = experiment.model;
  if (weights === null) return null;
  const read = /\.npz$/i.test(weights)
    ? readNpz
    : /\.safetensors$/i.test(weights)
      ? (bytes: Uint8Array) => readSafetensors(bytes).tensors
      : null;
  if (read === null)
    throw new BadInput(
      `The weights ${weights} are neither .safetensors nor .npz.`,
      'Convert them; files with code in them (.pt, .pkl) are never read.',
    );
  const bytes = await readBoundedFile(path.resolve(baseFolder, weights));
  try {
    return weightsFromOutside(read(bytes), objective.layout, layout);
  } catch (problem) {
    throw namingFile(weights, problem);
  }
}

/** Copies into the precision of an objective. */
export function hostTheta(objective: Objective<HostVector>, theta: ArrayLike<number>): HostVector {
  return objective.space.precision === 'float64' ? Float64Array.from(theta) : Float32Array.from(theta);
}

/** Running statistics are learnt by no gradient: trained in inference mode they would stay at 0 and 1 for ever. */
function refuseFrozenStatistics({ model }: Experiment): void {
  const normalizes = model.layers.some(({ type }) => type === 'batchNormalization');
  if (model.mode === 'inference' && normalizes)
    throw new BadInput(
      'model.mode is inference, in which batch normalisation learns no statistics.',
      'Train with model.mode: training; look at the result with --set model.mode=inference.',
    );
}

/** Without data, engine or threads. */
function openedClosedForm(
  experiment: Experiment,
  settings: ClosedFormSettings,
  baseFolder: string,
  rng: Random,
): OpenedExperiment {
  const { model, closedForm } = openClosedForm(settings, rng);
  return {
    experiment,
    baseFolder,
    objective: model.objective,
    test: null,
    settle: model.settle,
    initialTheta: model.initialTheta,
    rng,
    gate: createGate(turnOfEventLoop),
    train: functionProvenance(settings, experiment.seed),
    testProvenance: null,
    precision: 'float64',
    tfjs: null,
    closedForm,
    dispose: () => model.dispose(),
  };
}

/**
 * Loads the data, makes the model and its objective on the engine that the experiment asks for. `baseFolder` is where its
 * relative paths start. Throws BadInput for what cannot be used, NeedsFloat64Realm where this process cannot compute it.
 */
export async function openExperiment(
  experiment: Experiment,
  baseFolder: string,
  purpose: 'look' | 'train' = 'look',
  { threads = wantedThreads() ?? 1 }: { readonly threads?: number } = {},
): Promise<OpenedExperiment> {
  if (purpose === 'train') refuseFrozenStatistics(experiment);
  const rng = randomFromSeed(experiment.seed);
  const { closedForm } = experiment.model;
  if (closedForm) return openedClosedForm(experiment, closedForm, baseFolder, rng);
  const data = await loadData(experiment, baseFolder, rng.split('data'));
  const gate = createGate(turnOfEventLoop);
  const whole = await openModel(experiment, data.train, rng.split('model'), gate);
  const model = await inThreads(whole, experiment, baseFolder, threads, gate);
  const { objective } = model;
  try {
    const given = await outsideWeights(experiment, baseFolder, objective);
    const test = data.test ? model.onTestSet(data.test) : null;
    return {
      experiment,
      baseFolder,
      objective,
      test,
      settle: model.settle,
      initialTheta: hostTheta(objective, given ?? model.initialTheta),
      rng,
      gate,
      train: dataProvenance(data.train),
      testProvenance: data.test ? dataProvenance(data.test) : null,
      precision: objective.space.precision,
      tfjs: model.tfjs === null ? null : `${model.tfjs}${nativeVersion(objective.engine)}`,
      closedForm: null,
      dispose() {
        test?.dispose();
        model.dispose();
      },
    };
  } catch (problem) {
    model.dispose();
    throw problem;
  }
}
