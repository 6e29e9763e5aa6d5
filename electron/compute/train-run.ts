import os from 'node:os';
import { packState } from '../../core/experiment/packed-state.ts';
import type { BranchPoint, Provenance } from '../../core/experiment/run-folder.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import { createProbes, defaultProbeSettings, type Probes } from '../../core/training/probes.ts';
import type { TrainingRecord } from '../../core/training/records.ts';
import type { RunControl } from '../../core/training/run-control.ts';
import { type RunOutcome, type RunState, runTraining } from '../../core/training/run-training.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import type { MetCondition } from '../../core/training/stop-conditions.ts';
import { createTrainer, restoreTrainer, type Trainer } from '../../core/training/trainer.ts';
import {
  createRunFolder,
  experimentHash,
  isRunFolder,
  type MetricsLog,
  openMetricsLog,
  type ResumeState,
  removeCheckpointsAfter,
  removeLeftOvers,
  writeCheckpoint,
  writeResume,
  writeStoredExperiment,
} from '../host/run-folder.ts';
import { lockRun, type RunLock } from '../host/run-lock.ts';
import { checkpointTensors } from './checkpoint-state.ts';
import type { OpenedExperiment } from './open-experiment.ts';
import { type RunStart, startingPoint } from './run-start.ts';

export interface TrainRunOptions {
  readonly opened: OpenedExperiment;
  /** The experiment as its file gave it. */
  readonly yaml: string;
  readonly folder: string;
  readonly start: RunStart;
  readonly command: string;
  readonly version: string;
  readonly control: RunControl;
  /** Once nothing can be refused any more, with the step at which training begins. */
  readonly onStart?: (step: number) => void;
  readonly onRecord: (record: TrainingRecord) => void;
  /** Once the checkpoint of a step lies in the folder. */
  readonly onCheckpoint?: (step: number) => void;
}

/** Settles after the event loop has turned: signals and timers were served. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

function provenanceOf({ opened, command, version }: TrainRunOptions, branchedFrom: BranchPoint | null): Provenance {
  const { experiment, objective } = opened;
  return {
    saddlescope: version,
    experimentHash: experimentHash(experiment),
    startedAt: new Date().toISOString(),
    command,
    node: process.version,
    platform: `${os.platform()} ${os.arch()}`,
    processor: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    tfjs: opened.tfjs,
    engine: objective.engine,
    precision: opened.precision,
    baseFolder: opened.baseFolder,
    seed: experiment.seed,
    parameters: objective.layout.dim,
    train: opened.train,
    test: opened.testProvenance,
    branchedFrom,
  };
}

/**
 * Seconds between two states for resuming. Tests want them shorter and slow disks longer: SADDLESCOPE_RESUME_SECONDS. It is
 * no part of the experiment, for no number depends on it.
 */
function resumeEverySeconds(): number {
  const wanted = Number(process.env.SADDLESCOPE_RESUME_SECONDS ?? 10);
  return wanted > 0 ? wanted : 10;
}

function resumeStateOf(state: RunState): ResumeState {
  const { text, vectors } = packState(state);
  return { step: state.trainer.step, vectors, state: text };
}

interface Begun {
  readonly trainer: Trainer<HostVector>;
  readonly probes: Probes<HostVector>;
  readonly met: MetCondition | null;
  readonly event: 'started' | 'resumed';
  /** Of the next state for resuming. */
  readonly turn: number;
  readonly lock: RunLock;
}

/** Everything up to the first step. Once nothing can be refused any more there is a folder, and this process writes it. */
async function begin(options: TrainRunOptions): Promise<Begun> {
  const { opened, folder, start } = options;
  const { experiment, objective, test, rng } = opened;
  // A run is locked before anything of it is read.
  const held = start.kind === 'resume' && (await isRunFolder(folder)) ? await lockRun(folder) : null;
  try {
    const { state: left, nextTurn, branchedFrom } = await startingPoint(opened, folder, start);
    const { kind, settings } = experiment.optimizer;
    const trainer = left
      ? restoreTrainer<HostVector>(objective, left.trainer)
      : createTrainer<HostVector>(objective, trainingSettings(kind, settings), {
          theta: opened.initialTheta,
          rng: rng.split('training'),
        });
    const probes = createProbes<HostVector>({
      train: objective,
      test: test ?? undefined,
      settings: { ...defaultProbeSettings, ...experiment.probes },
      rng: rng.split('probes'),
      run: { steps: experiment.steps, settings: trainer.settings },
      from: left?.probes ?? null,
    });
    const met = left?.met ?? null;
    if (held === null) {
      const first = resumeStateOf({ trainer: trainer.state(), probes: probes.state(), met });
      const provenance = provenanceOf(options, branchedFrom);
      const lock = await createRunFolder(folder, { yaml: options.yaml, experiment, provenance, first });
      return { trainer, probes, met, event: 'started', turn: 1, lock };
    }
    await removeLeftOvers(folder);
    await removeCheckpointsAfter(folder, trainer.step);
    await writeStoredExperiment(folder, experiment);
    return { trainer, probes, met, event: 'resumed', turn: nextTurn, lock: held };
  } catch (problem) {
    held?.release();
    throw problem;
  }
}

/**
 * Trains into a run folder: records, the trajectory at its cadence, and every ten seconds a state from which `resume`
 * goes on. What a state says has been measured lies in metrics.jsonl before the state is written. One process at a time
 * writes a run: any other is refused with BadInput.
 */
export async function trainRun(options: TrainRunOptions): Promise<RunOutcome> {
  const begun = await begin(options);
  try {
    const log = openMetricsLog(options.folder);
    let outcome: RunOutcome;
    try {
      outcome = await trainInto(log, begun, options);
    } catch (problem) {
      log.close('abandoned');
      throw problem;
    }
    log.close();
    return outcome;
  } finally {
    begun.lock.release();
  }
}

async function trainInto(log: MetricsLog, begun: Begun, options: TrainRunOptions): Promise<RunOutcome> {
  const { trainer, probes, met, event } = begun;
  const { folder, control, onRecord } = options;
  const { experiment, objective } = options.opened;
  const at = () => new Date().toISOString();
  let { turn } = begun;
  options.onStart?.(trainer.step);
  log.append({ record: 'run', event, step: trainer.step, at: at() });
  const outcome = await runTraining(trainer, {
    steps: experiment.steps,
    probes,
    stopWhen: experiment.stopWhen,
    met,
    control,
    breathe,
    checkpointEvery: experiment.checkpoints.every,
    resumeEverySeconds: resumeEverySeconds(),
    onRecord(record) {
      log.append(record);
      onRecord(record);
    },
    async onCheckpoint(state) {
      const { tensors, state: text } = checkpointTensors(objective.layout, state.trainer);
      await writeCheckpoint(folder, state.trainer.step, tensors, text);
      options.onCheckpoint?.(state.trainer.step);
    },
    async onResumePoint(state) {
      log.sync();
      await writeResume(folder, turn, resumeStateOf(state));
      turn++;
    },
  });
  const ending = { steps: 'finished', condition: 'finished', stopped: 'stopped', diverged: 'diverged' } as const;
  log.append({ record: 'run', event: ending[outcome.reason], step: outcome.step, at: at(), details: outcome.status });
  return outcome;
}
