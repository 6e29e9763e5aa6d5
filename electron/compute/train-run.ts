import os from 'node:os';
import { packState } from '../../core/experiment/packed-state.ts';
import type { Provenance } from '../../core/experiment/run-folder.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import { createProbes, defaultProbeSettings } from '../../core/training/probes.ts';
import type { TrainingRecord } from '../../core/training/records.ts';
import type { RunControl } from '../../core/training/run-control.ts';
import { type RunOutcome, runTraining } from '../../core/training/run-training.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import { createTrainer, restoreTrainer } from '../../core/training/trainer.ts';
import {
  createRunFolder,
  experimentHash,
  openMetricsLog,
  writeCheckpoint,
  writeResume,
  writeStoredExperiment,
} from '../host/run-folder.ts';
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
}

/** Settles after the event loop has turned: signals and timers were served. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

function provenanceOf({ opened, command, version }: TrainRunOptions): Provenance {
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
  };
}

/**
 * Trains into a run folder: records, the trajectory at its cadence, and every ten seconds a state from which `resume`
 * goes on. What a state says has been measured lies in metrics.jsonl before the state is written.
 */
export async function trainRun(options: TrainRunOptions): Promise<RunOutcome> {
  const { opened, folder, start, control, onRecord } = options;
  const { experiment, objective, test, rng } = opened;
  const { state: left, nextTurn: turn, isNew } = await startingPoint(opened, folder, start);
  let nextTurn = turn;
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
  // Everything that can be refused has been refused by now: from here on there is a folder.
  if (isNew) await createRunFolder(folder, options.yaml, experiment, provenanceOf(options));
  else await writeStoredExperiment(folder, experiment);
  const log = openMetricsLog(folder);
  options.onStart?.(trainer.step);
  const at = () => new Date().toISOString();
  log.append({ record: 'run', event: isNew ? 'started' : 'resumed', step: trainer.step, at: at() });
  try {
    const outcome = await runTraining(trainer, {
      steps: experiment.steps,
      probes,
      stopWhen: experiment.stopWhen,
      control,
      breathe,
      checkpointEvery: experiment.checkpoints.every,
      onRecord(record) {
        log.append(record);
        onRecord(record);
      },
      async onCheckpoint(state) {
        const { tensors, state: text } = checkpointTensors(objective.layout, state.trainer);
        await writeCheckpoint(folder, state.trainer.step, tensors, text);
      },
      async onResumePoint(state) {
        log.flush();
        const packed = packState(state);
        await writeResume(folder, nextTurn, { step: state.trainer.step, vectors: packed.vectors, state: packed.text });
        nextTurn = 1 - nextTurn;
      },
    });
    const event = { steps: 'finished', condition: 'finished', stopped: 'stopped', diverged: 'diverged' } as const;
    log.append({ record: 'run', event: event[outcome.reason], step: outcome.step, at: at(), details: outcome.status });
    return outcome;
  } finally {
    log.close();
  }
}
