import type { Status } from '../linalg/result.ts';
import type { HostVector } from '../linalg/vector-space.ts';
import { preconditionedOperator } from '../objective/curvature/preconditioned.ts';
import type { Objective } from '../objective/objective.ts';
import type { Random } from '../random/random.ts';
import type { TrainingSettings } from './optimizers/optimizer.ts';
import { optimizers, sharpnessThreshold, stabilityThreshold } from './optimizers.ts';
import { createProbeSchedule, type ProbePlan, type ProbeSchedule, type ProbeScheduleState } from './probe-schedule.ts';
import { hessianDensity } from './probes/density.ts';
import { extremeEigenvalue, type WarmStart } from './probes/extreme-eigenvalue.ts';
import { lossReading } from './probes/loss.ts';
import { noiseScale } from './probes/noise-scale.ts';
import {
  fixedSubset,
  type Interruption,
  type ProbedObjective,
  type ProbePoint,
  probePoint,
} from './probes/probe-point.ts';
import { type TopSubspace, topSubspace } from './probes/top-subspace.ts';
import type { EigenvalueProbe, ProbeBase, ProbeKind, ProbeRecord, ProbeRecordOf } from './records.ts';
import { euclideanNorm, type Trainer } from './trainer.ts';

/** How each kind of probe measures; the fallbacks are `defaultProbeSettings`. */
export interface ProbeSettings extends ProbePlan {
  /** A fixed random part of the examples is probed; null = all of them. */
  readonly examples: number | null;
  /** Wanted ‖H v − λ v‖ / |λ| of the eigenvalues. */
  readonly residualTol: number;
  /** Limit of products of one eigenvalue probe; ten more for each eigenvalue that is followed. */
  readonly maxProducts: number;
  /** How many of the largest eigenvalues the probe `eigenvalues` follows. */
  readonly eigenvalueCount: number;
  readonly densityStarts: number;
  readonly densitySteps: number;
  readonly noiseBatches: number;
  readonly noiseBatchSize: number;
}

export const defaultProbeSettings: ProbeSettings = {
  budget: 0.1,
  every: {},
  examples: null,
  residualTol: 1e-3,
  maxProducts: 100,
  eigenvalueCount: 10,
  densityStarts: 4,
  densitySteps: 60,
  noiseBatches: 16,
  noiseBatchSize: 32,
};

/** Plain data, for a checkpoint. */
export interface ProbesState<V extends HostVector = HostVector> {
  readonly schedule: ProbeScheduleState;
  readonly warm: Partial<Readonly<Record<ProbeKind, WarmStart<V>>>>;
  /** That of the last probe `eigenvalues`; absent or null where there was none. */
  readonly subspace?: TopSubspace<V> | null;
}

export interface ProbesOptions<V extends HostVector> {
  readonly train: Objective<V>;
  readonly test?: Objective<V> | undefined;
  readonly settings: ProbeSettings;
  /** A stream of the probes' own; a probe's draws depend on its key, the kind and the step only. */
  readonly rng: Random;
  /** The whole run, where its length is known: lets the first probes be made on credit. */
  readonly run?: { readonly steps: number; readonly settings: TrainingSettings };
  readonly from?: ProbesState<V> | null;
}

export interface Probes<V extends HostVector> {
  readonly schedule: ProbeSchedule;
  /** Makes one probe at the present point of the trainer; null where the kind has nothing to measure there. */
  measure(kind: ProbeKind, session: ProbeSession<V>): Promise<ProbeRecord | null>;
  /** All probes of one point share its linearization; `dispose` it before the next update. */
  session(trainer: Trainer<V>, interruption: Interruption, seconds: () => number): ProbeSession<V>;
  state(): ProbesState<V>;
}

export interface ProbeSession<V extends HostVector> {
  readonly trainer: Trainer<V>;
  readonly point: ProbePoint<V>;
  /** A clock that stands still while the program breathes. */
  seconds(): number;
  dispose(): void;
}

type EigenvalueKind = EigenvalueProbe['kind'];

/** What only this kind of probe says. */
type Reading<K extends ProbeKind> = Omit<ProbeRecordOf<K>, Exclude<keyof ProbeBase, 'status'> | 'kind'>;

/** Expected cost of a first probe, in gradients; a Hessian product counts as two. */
function expectedGradients(settings: ProbeSettings): Record<ProbeKind, number> {
  return {
    loss: 1,
    gradientNorm: 1,
    sharpness: 60,
    lowestEigenvalue: 80,
    preconditionedSharpness: 60,
    eigenvalues: 10 * (settings.eigenvalueCount + 1),
    noiseScale: settings.noiseBatches,
    density: 2 * settings.densityStarts * settings.densitySteps,
  };
}

export function createProbes<V extends HostVector>(options: ProbesOptions<V>): Probes<V> {
  const { train, test, settings, rng, from } = options;
  const trainBatch = fixedSubset(train.examples, settings.examples, rng.split('train'));
  const testBatch = test && fixedSubset(test.examples, settings.examples, rng.split('test'));
  const trained = probed(train, trainBatch);
  const tested = test && probed(test, testBatch);
  const warm = new Map(Object.entries(from?.warm ?? {}) as [ProbeKind, WarmStart<V>][]);
  let subspace = from?.subspace ?? null;
  const prices = {
    gradients: expectedGradients(settings),
    runGradients: trainingGradients(options.run, train) / (trainBatch?.length ?? train.examples),
    stepGradients:
      trainingGradients(options.run && { ...options.run, steps: 1 }, train) / (trainBatch?.length ?? train.examples),
  };
  const schedule = createProbeSchedule(settings, prices, from?.schedule);

  type Measurement<K extends ProbeKind> = (session: ProbeSession<V>, stream: Random) => Promise<Reading<K> | null>;

  const eigenvalue =
    (kind: EigenvalueKind, end: 'top' | 'bottom'): Measurement<EigenvalueKind> =>
    async (session, stream) => {
      const { point, trainer } = session;
      const preconditioner = kind === 'preconditionedSharpness' ? trainer.preconditioner() : null;
      if (kind === 'preconditionedSharpness' && preconditioner === null) return null;
      const hessian = await point.hessian();
      const { value, residual, status, next } = await extremeEigenvalue(
        preconditioner === null ? hessian : preconditionedOperator(hessian, preconditioner),
        {
          end,
          rng: stream,
          start: warm.get(kind) ?? null,
          residualTol: settings.residualTol,
          maxProducts: settings.maxProducts,
          signal: point.interruption.signal,
        },
      );
      if (next !== null && status !== 'cancelled') warm.set(kind, next);
      return { value, residual, status, threshold: thresholdFor(kind, trainer) };
    };

  const measurements: { readonly [K in ProbeKind]: Measurement<K> } = {
    async loss({ point, trainer }) {
      const train = await lossReading(point);
      if (tested === undefined) return { train, test: null, status: finite(train.loss) };
      const other = probePoint(tested, trainer.theta, trainer.step, point.interruption);
      const test = await lossReading(other);
      return { train, test, status: finite(train.loss + test.loss) };
    },
    async gradientNorm({ point }) {
      const { gradient } = await point.linearization();
      const value = euclideanNorm(gradient);
      return { value, status: finite(value) };
    },
    async noiseScale({ point }, stream) {
      const { noiseBatches: batches, noiseBatchSize } = settings;
      const batchSize = Math.min(noiseBatchSize, point.examples);
      const reading = await noiseScale(point, { batch: trainBatch, rng: stream, batches, batchSize });
      if (point.interruption.signal.aborted) return { ...reading, status: 'cancelled' };
      const measured = Number.isFinite(reading.trace + reading.squaredGradient);
      const status = !measured ? 'notFinite' : Number.isFinite(reading.value) ? 'converged' : 'budgetSpent';
      return { ...reading, status };
    },
    async eigenvalues({ point, trainer }, stream) {
      const { eigenvalueCount: count, residualTol } = settings;
      const { gradient } = await point.linearization();
      const { next, ...reading } = await topSubspace(await point.hessian(), {
        step: point.step,
        count,
        gradient,
        rng: stream,
        before: subspace,
        residualTol,
        maxProducts: settings.maxProducts + 10 * count,
        signal: point.interruption.signal,
      });
      if (next !== null && reading.status !== 'cancelled') subspace = next;
      return { ...reading, threshold: thresholdFor('sharpness', trainer) };
    },
    async density({ point }, stream) {
      const { densityStarts: starts, densitySteps: lanczosSteps } = settings;
      const { signal } = point.interruption;
      return hessianDensity(await point.hessian(), { starts, lanczosSteps, rng: stream, signal });
    },
    sharpness: eigenvalue('sharpness', 'top'),
    lowestEigenvalue: eigenvalue('lowestEigenvalue', 'bottom'),
    preconditionedSharpness: eigenvalue('preconditionedSharpness', 'top'),
  };

  return {
    schedule,
    session(trainer, interruption, seconds) {
      const point = probePoint(trained, trainer.theta, trainer.step, interruption);
      return { trainer, point, seconds, dispose: () => point.dispose() };
    },
    async measure(kind, session) {
      const { point } = session;
      const began = session.seconds();
      point.takeStats();
      const reading = await measurements[kind](session, rng.split(kind).split(`step ${point.step}`));
      if (reading === null) return null;
      const base = {
        record: 'probe' as const,
        kind,
        step: point.step,
        askedAt: schedule.waitingSince(kind) ?? point.step,
        examples: point.examples,
        subset: point.subset,
        ...point.takeStats(),
        seconds: session.seconds() - began,
      };
      return { ...base, ...reading } as ProbeRecord;
    },
    state: () => ({ schedule: schedule.state(), warm: Object.fromEntries(warm), subspace }),
  };
}

/** Gradients of single examples that a run takes; a Hessian product counts as two. */
function trainingGradients(
  run: ProbesOptions<HostVector>['run'],
  { examples, space }: Pick<Objective<HostVector>, 'examples' | 'space'>,
): number {
  if (run === undefined) return 0;
  const { batchSize, optimizer } = run.settings;
  const { gradientsPerStep, productsPerStep } = optimizers[optimizer];
  const products = productsPerStep?.(run.settings, space.dim) ?? 0;
  return run.steps * (gradientsPerStep + 2 * products) * (batchSize ?? examples);
}

function probed<V extends HostVector>(objective: Objective<V>, batch: Int32Array | undefined): ProbedObjective<V> {
  return batch === undefined ? { objective } : { objective, batch };
}

function finite(x: number): Status {
  return Number.isFinite(x) ? 'converged' : 'notFinite';
}

function thresholdFor<V extends HostVector>(kind: ProbeKind, { settings, learningRate }: Trainer<V>): number | null {
  if (kind === 'sharpness') return sharpnessThreshold(settings, learningRate);
  const { value, of } = stabilityThreshold(settings, learningRate);
  return kind === 'preconditionedSharpness' && of === 'preconditionedHessian' ? value : null;
}
