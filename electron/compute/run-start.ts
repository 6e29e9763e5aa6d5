import { BadInput } from '../../core/bad-input.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { unpackState } from '../../core/experiment/packed-state.ts';
import type { RunState } from '../../core/training/run-training.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import { branchState } from '../../core/training/trainer.ts';
import { experimentHash, isRunFolder, readCheckpoint, readResume, readStoredExperiment } from '../host/run-folder.ts';
import { stateOfCheckpoint } from './checkpoint-state.ts';
import type { OpenedExperiment } from './open-experiment.ts';

/** Where a run begins: at its θ₀, where it was left, or at a checkpoint of another run with the present settings. */
export type RunStart =
  | { readonly kind: 'new' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'branch'; readonly from: string; readonly step: number };

/** Two experiments continue one another when they differ in nothing but how long they run. */
const sameButLength = (a: Experiment, b: Experiment): boolean =>
  experimentHash({ ...a, steps: 0 }) === experimentHash({ ...b, steps: 0 });

async function resumedState(
  opened: OpenedExperiment,
  folder: string,
): Promise<{ state: RunState; nextTurn: number } | null> {
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

export interface StartingPoint {
  /** Null: at θ₀. */
  readonly state: RunState | null;
  /** Which of the two resume files is written next. */
  readonly nextTurn: number;
  /** Whether the folder is still to be made. */
  readonly isNew: boolean;
}

/** Where a run begins; reads only. A folder to be resumed that holds no run yet is begun anew. */
export async function startingPoint(opened: OpenedExperiment, folder: string, start: RunStart): Promise<StartingPoint> {
  if (start.kind === 'resume' && (await isRunFolder(folder))) {
    const resumed = await resumedState(opened, folder);
    return { state: resumed?.state ?? null, nextTurn: resumed?.nextTurn ?? 0, isNew: false };
  }
  if (start.kind !== 'branch') return { state: null, nextTurn: 0, isNew: true };
  const { kind, settings } = opened.experiment.optimizer;
  const left = stateOfCheckpoint(await readCheckpoint(start.from, start.step), opened);
  const state = { trainer: branchState(left, trainingSettings(kind, settings)), probes: null };
  return { state, nextTurn: 0, isNew: true };
}
