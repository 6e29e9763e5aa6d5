import os from 'node:os';
import { BadInput } from '../../core/bad-input.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { packState, unpackState } from '../../core/experiment/packed-state.ts';
import type { Provenance } from '../../core/experiment/run-folder.ts';
import type { NumericArray } from '../../core/formats/numeric-array.ts';
import type { Safetensors } from '../../core/formats/safetensors.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import { weightsToOutside } from '../../core/models/weights-from-outside.ts';
import type { ParameterLayout } from '../../core/objective/parameter-layout.ts';
import { createProbes, defaultProbeSettings } from '../../core/training/probes.ts';
import type { TrainingRecord } from '../../core/training/records.ts';
import type { RunControl } from '../../core/training/run-control.ts';
import { type RunOutcome, type RunState, runTraining } from '../../core/training/run-training.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import { branchState, createTrainer, restoreTrainer, type TrainerState } from '../../core/training/trainer.ts';
import {
  createRunFolder,
  experimentHash,
  isRunFolder,
  openMetricsLog,
  readCheckpoint,
  readResume,
  readStoredExperiment,
  writeCheckpoint,
  writeResume,
} from '../host/run-folder.ts';
import type { OpenedExperiment } from './open-experiment.ts';

/** Where a run begins: at its θ₀, where it was left, or at a checkpoint of another run with the present settings. */
export type RunStart =
  | { readonly kind: 'new' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'branch'; readonly from: string; readonly step: number };

export interface TrainRunOptions {
  readonly opened: OpenedExperiment;
  /** The experiment as its file gave it. */
  readonly yaml: string;
  readonly folder: string;
  readonly start: RunStart;
  readonly command: string;
  readonly version: string;
  readonly control: RunControl;
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

/** θ by its blocks, and beside it what a branch needs: the state of the trainer without θ. */
function checkpointTensors(
  layout: ParameterLayout,
  state: TrainerState,
): { tensors: Map<string, NumericArray>; state: string } {
  const { theta, ...rest } = state;
  const packed = packState(rest);
  const tensors = new Map(weightsToOutside(theta, layout, theta.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32'));
  for (const [name, vector] of packed.vectors) tensors.set(`state/${name}`, vector);
  return { tensors, state: packed.text };
}

/** θ of a checkpoint file, in the order of the layout. */
export function thetaOfCheckpoint(file: Safetensors, layout: ParameterLayout): Float64Array {
  const theta = new Float64Array(layout.dim);
  for (const block of layout.blocks) {
    const tensor = file.tensors.get(block.name);
    if (!tensor || tensor.data.length !== block.size)
      throw new BadInput(
        `The checkpoint has no tensor ${block.name} of ${block.shape.join(' × ')}.`,
        'Use the checkpoints of this run as it wrote them.',
      );
    theta.set(tensor.data, block.offset);
  }
  return theta;
}

function stateOfCheckpoint(file: Safetensors, opened: OpenedExperiment): TrainerState {
  const vectors = new Map(
    [...file.tensors]
      .filter(([name]) => name.startsWith('state/'))
      .map(([name, tensor]) => [name.slice('state/'.length), tensor]),
  );
  const rest = unpackState({ text: file.metadata.get('state') ?? '{}', vectors }) as Omit<TrainerState, 'theta'>;
  const theta = thetaOfCheckpoint(file, opened.objective.layout);
  return { ...rest, theta: opened.precision === 'float64' ? theta : Float32Array.from(theta) };
}

/** Two experiments continue one another when they differ in nothing but how long they run. */
const sameButLength = (a: Experiment, b: Experiment): boolean =>
  experimentHash({ ...a, steps: 0 }) === experimentHash({ ...b, steps: 0 });

async function resumedState({
  opened,
  folder,
}: TrainRunOptions): Promise<{ state: RunState; nextTurn: number } | null> {
  const stored = await readStoredExperiment(folder);
  if (!sameButLength(stored.experiment, opened.experiment))
    throw new BadInput(
      `The run in ${folder} was started from another experiment.`,
      'Resume it with the experiment it was started from; to go on with other settings, branch it: saddlescope train RUN --at STEP --set … --out NEW.',
    );
  const found = await readResume(folder);
  if (found === null) return null;
  return { state: unpackState({ text: found.state, vectors: found.vectors }) as RunState, nextTurn: found.nextTurn };
}

async function startingPoint(options: TrainRunOptions): Promise<{ run: RunState | null; nextTurn: number }> {
  const { opened, folder, start, yaml } = options;
  if (start.kind === 'resume' && (await isRunFolder(folder))) {
    const resumed = await resumedState(options);
    return { run: resumed?.state ?? null, nextTurn: resumed?.nextTurn ?? 0 };
  }
  const branched =
    start.kind === 'branch' ? stateOfCheckpoint(await readCheckpoint(start.from, start.step), opened) : null;
  await createRunFolder(folder, yaml, opened.experiment, provenanceOf(options));
  if (branched === null) return { run: null, nextTurn: 0 };
  const { kind, settings } = opened.experiment.optimizer;
  return { run: { trainer: branchState(branched, trainingSettings(kind, settings)), probes: null }, nextTurn: 0 };
}

/**
 * Trains into a run folder: records, the trajectory at its cadence, and every ten seconds a state from which `resume`
 * goes on. What a state says has been measured lies in metrics.jsonl before the state is written.
 */
export async function trainRun(options: TrainRunOptions): Promise<RunOutcome> {
  const { opened, folder, start, control, onRecord } = options;
  const { experiment, objective, test, rng } = opened;
  let { run, nextTurn } = await startingPoint(options);
  const { kind, settings } = experiment.optimizer;
  const trainer = run
    ? restoreTrainer<HostVector>(objective, run.trainer)
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
    from: run?.probes ?? null,
  });
  const log = openMetricsLog(folder);
  const at = () => new Date().toISOString();
  log.append({ record: 'run', event: start.kind === 'resume' ? 'resumed' : 'started', step: trainer.step, at: at() });
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
