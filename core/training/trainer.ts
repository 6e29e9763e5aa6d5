import { BadInput } from '../bad-input.ts';
import type { LinearOperator } from '../linalg/linear-operator.ts';
import type { Status } from '../linalg/result.ts';
import type { HostVector } from '../linalg/vector-space.ts';
import { epochBatches } from '../objective/mini-batched-keys.ts';
import type { BatchKey, Linearization, Objective } from '../objective/objective.ts';
import { restoreRandom } from '../random/philox.ts';
import type { Random, RandomState } from '../random/random.ts';
import { type Curvature, followSharpness } from './flow-step.ts';
import type { OptimizerState, TrainingSettings } from './optimizers/optimizer.ts';
import { optimizers } from './optimizers.ts';
import type { StepRecord } from './records.ts';
import { learningRateAt } from './schedules.ts';

/** A learning rate set by hand: from update `step` on it holds, whatever the schedule says, until the next one. */
export interface LearningRateChange {
  readonly step: number;
  readonly learningRate: number;
}

/**
 * Everything a run needs to go on bit for bit, as plain data: typed arrays, numbers and strings. The order of the
 * mini-batches is a function of (stream, epoch), so its state is the stream and the place in the epoch.
 */
export interface TrainerState<V extends HostVector = HostVector> {
  readonly format: 1;
  readonly settings: TrainingSettings;
  /** Updates made. */
  readonly step: number;
  readonly epoch: number;
  /** Batches of this epoch already used. */
  readonly batch: number;
  /** Σ η over the updates made. */
  readonly time: number;
  readonly theta: V;
  readonly optimizer: OptimizerState<V>;
  readonly rng: RandomState;
  readonly learningRateChanges: readonly LearningRateChange[];
  /** The loss of the first step, from which divergence is judged; null before it. */
  readonly firstLoss: number | null;
  /** The last measurement of λ_max that sets the step of the gradient flow. */
  readonly curvature: Curvature<V> | null;
  /** Set when the run cannot go on from here with these settings. */
  readonly status: Status | null;
}

/** A loss above firstLoss + divergenceFactor · max(|firstLoss|, 1) has left every bound of interest. */
export const divergenceFactor = 1e6;

export interface Trainer<V extends HostVector> {
  readonly objective: Objective<V>;
  readonly settings: TrainingSettings;
  /** Updates made so far. */
  readonly step: number;
  /** θ after `step` updates: to look at, not to change; it is overwritten by the next update. */
  readonly theta: V;
  readonly status: Status | null;
  /** η of the next update (of the flow: the longest it may be). */
  readonly learningRate: number;
  /** P of Adam at this point, the diagonal that preconditions the Hessian; null for other optimisers. */
  preconditioner(): Float64Array | null;
  /** One update. Cost: one gradient of the batch, four for the gradient flow; for Newton's methods products beside it. */
  advance(): Promise<StepRecord>;
  /** What the last `advance` took, without measurements of the flow's step. */
  readonly cost: { readonly gradients: number; readonly products: number; readonly losses: number };
  /** From the next update on. */
  setLearningRate(learningRate: number): void;
  /** A copy. */
  state(): TrainerState<V>;
  /** Goes to a state, of this run or another on the same objective. */
  restore(state: TrainerState<V>): void;
}

/**
 * A run at its start. θ is copied; of the stream only the key matters. `now` (milliseconds) times the records.
 */
export function createTrainer<V extends HostVector>(
  objective: Objective<V>,
  settings: TrainingSettings,
  start: { readonly theta: V; readonly rng: Random; readonly now?: () => number },
): Trainer<V> {
  return trainerAt(
    objective,
    {
      format: 1,
      settings,
      step: 0,
      epoch: 0,
      batch: 0,
      time: 0,
      theta: start.theta,
      optimizer: emptyMemory(settings, start.theta),
      rng: start.rng.state(),
      learningRateChanges: [],
      firstLoss: null,
      curvature: null,
      status: null,
    },
    start.now,
  );
}

/** A run from a state that `state()` gave: the same numbers follow as if it had never stopped. */
export function restoreTrainer<V extends HostVector>(
  objective: Objective<V>,
  state: TrainerState<V>,
  now?: () => number,
): Trainer<V> {
  return trainerAt(objective, state, now);
}

/**
 * The state from which a run goes on with other settings. What the new optimiser remembers under the same name is kept,
 * the rest starts empty; a new learning rate or schedule ends what was set by hand; another batch size starts a new
 * epoch. With no changes the branch equals the run.
 */
export function branchState<V extends HostVector>(
  state: TrainerState<V>,
  changes: Partial<TrainingSettings>,
): TrainerState<V> {
  const settings = { ...state.settings, ...changes };
  const rate = ({ learningRate, schedule }: TrainingSettings) => JSON.stringify([learningRate, schedule]);
  const keepsRate = rate(settings) === rate(state.settings);
  const sameBatches = settings.batchSize === state.settings.batchSize;
  return {
    ...state,
    settings,
    epoch: sameBatches ? state.epoch : state.epoch + 1,
    batch: sameBatches ? state.batch : 0,
    optimizer: inheritedMemory(state, settings),
    learningRateChanges: keepsRate ? state.learningRateChanges : [],
    status: null,
  };
}

function trainerAt<V extends HostVector>(
  objective: Objective<V>,
  start: TrainerState<V>,
  now: () => number = () => performance.now(),
): Trainer<V> {
  let state = working(objective, start);
  let order: { epoch: number; batches: readonly BatchKey[] } | null = null;
  let cost = { gradients: 0, products: 0, losses: 0 };

  function currentBatch(): BatchKey | undefined {
    const { batchSize } = state.settings;
    if (batchSize === null) return undefined;
    if (order?.epoch !== state.epoch) {
      const stream = restoreRandom(state.rng).split('batches');
      order = { epoch: state.epoch, batches: epochBatches(objective.examples, batchSize, stream, state.epoch) };
    }
    return order.batches[state.batch];
  }

  function learningRate(): number {
    const byHand = state.learningRateChanges.at(-1);
    if (byHand !== undefined) return byHand.learningRate;
    return learningRateAt(state.settings.learningRate, state.settings.schedule, state.step);
  }

  /** The gradient that is descended: of the batch, clipped, with coupled decay. In memory that the caller may change. */
  async function descended(theta: V, batch: BatchKey | undefined, at?: Linearization<V>) {
    cost.gradients++;
    const { loss, gradient } = at
      ? { loss: at.loss, gradient: objective.space.copy(at.gradient) }
      : await objective.gradient(theta, batch);
    const norm = euclideanNorm(gradient);
    const { clipNorm, weightDecay, decay } = state.settings;
    if (clipNorm !== null && norm > clipNorm) scaleInPlace(gradient, clipNorm / norm);
    if (decay === 'coupled' && weightDecay > 0) addInPlace(gradient, weightDecay, theta);
    return { loss, norm, gradient };
  }

  /** L of the batch, with ½w‖θ‖² where the decay is coupled. */
  async function descendedLoss(theta: V, batch: BatchKey | undefined): Promise<number> {
    cost.losses++;
    const { loss } = await objective.evaluate(theta, batch ? { batch } : {});
    const { weightDecay, decay } = state.settings;
    return decay === 'coupled' && weightDecay > 0 ? loss + 0.5 * weightDecay * euclideanNorm(theta) ** 2 : loss;
  }

  /** The Hessian of what is descended, every product counted. */
  function descendedHessian(at: Linearization<V>): LinearOperator<V> {
    const { space } = objective;
    const { weightDecay, decay } = state.settings;
    const shift = decay === 'coupled' ? weightDecay : 0;
    return {
      space,
      symmetric: true,
      positiveSemidefinite: false,
      async apply(v) {
        cost.products++;
        const product = await at.hessianProduct(v);
        return shift === 0 ? product : space.addScaled(product, shift, v);
      },
    };
  }

  function verdict(loss: number, norm: number): Status | null {
    const first = state.firstLoss;
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) return first === null ? 'notFinite' : 'diverged';
    if (first !== null && loss > first + divergenceFactor * Math.max(Math.abs(first), 1)) return 'diverged';
    return null;
  }

  async function advance(): Promise<StepRecord> {
    const began = now();
    const optimizer = optimizers[state.settings.optimizer];
    const batch = currentBatch();
    let rate = learningRate();
    if (optimizer.id === 'gradientFlow' && state.settings.sharpnessEvery > 0) {
      state.curvature = await followSharpness(objective, {
        theta: state.theta,
        step: state.step,
        last: state.curvature,
        every: state.settings.sharpnessEvery,
        rng: restoreRandom(state.rng),
      });
      rate = Math.min(rate, state.curvature.value > 0 ? 1 / state.curvature.value : rate);
    }
    cost = { gradients: 0, products: 0, losses: 0 };
    const linearized = optimizer.productsPerStep ? await objective.linearize(state.theta, batch) : undefined;
    const { loss, norm, gradient } = await descended(state.theta, batch, linearized);
    state.status = verdict(loss, norm);
    const { step, epoch, batch: place, time } = state;
    try {
      if (state.status === null) {
        state.firstLoss ??= loss;
        if (state.settings.decay === 'decoupled') scaleInPlace(state.theta, 1 - rate * state.settings.weightDecay);
        const inner: V[] = [];
        await optimizer.update({
          theta: state.theta,
          gradient,
          state: state.optimizer,
          learningRate: rate,
          settings: state.settings,
          ...(linearized
            ? { hessian: descendedHessian(linearized), lossAt: (theta: V) => descendedLoss(theta, batch) }
            : {}),
          gradientAt: async (theta: V) => {
            const stage = (await descended(theta, batch)).gradient;
            inner.push(stage);
            return stage;
          },
        });
        objective.space.release(...inner);
        state.optimizer.updates++;
        state.time += rate;
        state.step++;
        moveOn();
      }
    } finally {
      linearized?.dispose();
    }
    objective.space.release(gradient);
    return {
      record: 'step',
      step,
      epoch,
      batch: place,
      examples: batch?.length ?? objective.examples,
      loss,
      gradientNorm: norm,
      learningRate: rate,
      time,
      seconds: (now() - began) / 1000,
      status: state.status,
    };
  }

  /** Without batches every step is an epoch. */
  function moveOn(): void {
    state.batch++;
    if (state.settings.batchSize === null || order === null || state.batch >= order.batches.length) {
      state.batch = 0;
      state.epoch++;
    }
  }

  return {
    objective,
    get settings() {
      return state.settings;
    },
    get step() {
      return state.step;
    },
    get theta() {
      return state.theta;
    },
    get status() {
      return state.status;
    },
    get learningRate() {
      return learningRate();
    },
    preconditioner: () =>
      optimizers[state.settings.optimizer].preconditioner?.(state.optimizer, state.settings) ?? null,
    advance,
    get cost() {
      return cost;
    },
    setLearningRate(value) {
      if (!Number.isFinite(value) || value < 0)
        throw new BadInput(`The learning rate ${value} is not usable.`, 'Give a number of at least 0.');
      state.learningRateChanges = [...state.learningRateChanges, { step: state.step, learningRate: value }];
      state.status = null;
    },
    state: () => copyOf(state),
    restore(other) {
      state = working(objective, other);
      order = null;
    },
  };
}

type Working<V extends HostVector> = { -readonly [K in keyof TrainerState<V>]: TrainerState<V>[K] };

/** A private copy of a state, checked against the objective: θ and the buffers must fit its space. */
function working<V extends HostVector>(objective: Objective<V>, state: TrainerState<V>): Working<V> {
  const { dim, precision } = objective.space;
  for (const vector of [state.theta, ...Object.values(state.optimizer.buffers)]) {
    const fits = vector.length === dim && vector.BYTES_PER_ELEMENT === (precision === 'float64' ? 8 : 4);
    if (!fits)
      throw new BadInput(
        `The parameters are ${vector.length} numbers of ${vector.BYTES_PER_ELEMENT} bytes; the model has ${dim} in ${precision}.`,
        'Use the model and the precision that the parameters were made with.',
      );
  }
  checkSettings(state.settings);
  return copyOf(state);
}

function checkSettings({ optimizer, batchSize }: TrainingSettings): void {
  if (batchSize !== null && !optimizers[optimizer].parameters.includes('batchSize'))
    throw new BadInput(`${optimizer} descends on all examples and takes no batch size.`, 'Use sgd for mini-batches.');
}

function copyOf<V extends HostVector>(state: TrainerState<V>): Working<V> {
  const buffers = Object.entries(state.optimizer.buffers).map(([name, vector]) => [name, vector.slice()]);
  return {
    ...state,
    theta: state.theta.slice() as V,
    optimizer: {
      updates: state.optimizer.updates,
      scalars: { ...state.optimizer.scalars },
      buffers: Object.fromEntries(buffers) as Record<string, V>,
    },
    // Ritz vectors are replaced whole and never written to, so they may be shared.
    curvature: state.curvature,
  };
}

function emptyMemory<V extends HostVector>(settings: TrainingSettings, theta: V): OptimizerState<V> {
  const optimizer = optimizers[settings.optimizer];
  const buffers = optimizer.buffers(settings).map((name) => [name, theta.slice().fill(0)]);
  return {
    updates: 0,
    scalars: { ...optimizer.initialScalars },
    buffers: Object.fromEntries(buffers) as Record<string, V>,
  };
}

function inheritedMemory<V extends HostVector>(state: TrainerState<V>, settings: TrainingSettings): OptimizerState<V> {
  const empty = emptyMemory(settings, state.theta);
  const had = state.optimizer;
  const inherits = Object.keys(empty.buffers).every((name) => Object.hasOwn(had.buffers, name));
  if (!inherits) return empty;
  const kept = (names: object) => Object.keys(names);
  return {
    updates: had.updates,
    scalars: Object.fromEntries(kept(empty.scalars).map((name) => [name, had.scalars[name]!])),
    buffers: Object.fromEntries(kept(empty.buffers).map((name) => [name, had.buffers[name]!.slice() as V])),
  };
}

/** ‖x‖ summed in float64. */
export function euclideanNorm(x: HostVector): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i]! * x[i]!;
  return Math.sqrt(squares);
}

function scaleInPlace(x: HostVector, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i]! *= factor;
}

function addInPlace(y: HostVector, a: number, x: HostVector): void {
  for (let i = 0; i < y.length; i++) y[i]! += a * x[i]!;
}
