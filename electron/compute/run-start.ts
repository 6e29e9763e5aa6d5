import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { canonicalJson, type Experiment } from '../../core/experiment/experiment.ts';
import { unpackState } from '../../core/experiment/packed-state.ts';
import type { BranchPoint, Provenance } from '../../core/experiment/run-folder.ts';
import type { RunState } from '../../core/training/run-training.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import { branchState } from '../../core/training/trainer.ts';
import {
  experimentHash,
  isRunFolder,
  readCheckpoint,
  readProvenance,
  readResume,
  readStoredExperiment,
} from '../host/run-folder.ts';
import { stateOfCheckpoint } from './checkpoint-state.ts';
import type { OpenedExperiment } from './open-experiment.ts';

/** Where a run begins: at its θ₀, where it was left, or at a checkpoint of another run with the present settings. */
export type RunStart =
  | { readonly kind: 'new' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'branch'; readonly from: string; readonly step: number };

/** Two experiments continue one another when they differ in nothing but how long they run. */
const sameButLength = (a: Experiment, b: Experiment): boolean =>
  experimentHash({ ...a, steps: 0, stopWhen: [] }) === experimentHash({ ...b, steps: 0, stopWhen: [] });

/** The examples are no part of a state: training goes on with those that are there now, so they must be the same. */
function refuseOtherData(what: string, now: OpenedExperiment['train'] | null, then: Provenance['train'] | null): void {
  if (now?.sha256 === then?.sha256) return;
  throw new BadInput(
    `The ${what} set is not the one that the run was trained with: ${now?.source ?? 'none'}, ${now?.examples ?? 0} examples, and another SHA-256.`,
    'Bring back the data that the provenance of the run names, or start a new run with the present ones.',
  );
}

export interface StartingPoint {
  /** Null: at θ₀. */
  readonly state: RunState | null;
  /** Counts the states that the run has written for resuming. */
  readonly nextTurn: number;
  readonly branchedFrom: BranchPoint | null;
}

async function resumed(opened: OpenedExperiment, folder: string): Promise<StartingPoint> {
  const { experiment: before } = await readStoredExperiment(folder);
  if (!sameButLength(before, opened.experiment))
    throw new BadInput(
      `The run in ${folder} was started from another experiment.`,
      'Resume it with the experiment it was started from; to go on with other settings, branch it: saddlescope train RUN --at STEP --set … --out NEW.',
    );
  const { train, test } = await readProvenance(folder);
  refuseOtherData('training', opened.train, train);
  refuseOtherData('test', opened.testProvenance, test);
  const found = await readResume(folder);
  const state = unpackState({ text: found.state, vectors: found.vectors }) as RunState;
  if (opened.experiment.steps < state.trainer.step)
    throw new BadInput(
      `The run has made ${state.trainer.step} steps, and ${opened.experiment.steps} are asked for.`,
      'Ask for more, or branch it at an earlier checkpoint with --at STEP --out NEW.',
    );
  // A condition that ended the run holds as long as it is asked for.
  const sameConditions = canonicalJson(before.stopWhen) === canonicalJson(opened.experiment.stopWhen);
  return {
    state: sameConditions ? state : { ...state, met: null },
    nextTurn: found.turn + 1,
    branchedFrom: null,
  };
}

/**
 * A branch goes on with the place in the data and the random streams of its run, so it has the same training set and the
 * same seed; its test set, like all else, may be another.
 */
async function branched(opened: OpenedExperiment, from: string, step: number): Promise<StartingPoint> {
  const { hash, experiment: before } = await readStoredExperiment(from);
  if (before.seed !== opened.experiment.seed)
    throw new BadInput(
      `The run has the seed ${before.seed}, and the branch would have ${opened.experiment.seed}.`,
      'Leave the seed as it is: a branch goes on with the random streams of its run; for another seed start a new run.',
    );
  const left = stateOfCheckpoint(await readCheckpoint(from, step), opened);
  refuseOtherData('training', opened.train, (await readProvenance(from)).train);
  const { kind, settings } = opened.experiment.optimizer;
  return {
    state: { trainer: branchState(left, trainingSettings(kind, settings)), probes: null, met: null },
    nextTurn: 0,
    branchedFrom: { folder: path.basename(path.resolve(from)), experimentHash: hash, step },
  };
}

/** Where a run begins; reads only. A folder to be resumed that holds no run yet is begun anew. */
export async function startingPoint(opened: OpenedExperiment, folder: string, start: RunStart): Promise<StartingPoint> {
  if (start.kind === 'branch') return branched(opened, start.from, start.step);
  if (start.kind === 'resume' && (await isRunFolder(folder))) return resumed(opened, folder);
  return { state: null, nextTurn: 0, branchedFrom: null };
}
