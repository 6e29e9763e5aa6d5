import { nameOfSlice } from '../../core/experiment/slice-name.ts';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { ExperimentSource, RunSummary } from '../../core/protocol/methods.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import {
  forgetResults,
  putLandscape,
  putModes,
  putOverlap,
  putSampling,
  putSpectrum,
  putStructure,
} from '../state/results.ts';
import { addRun, chooseRun, isAlive, type RunState, removeRun, runOf, updateRun, useRuns } from '../state/runs.ts';
import { announce, useSession } from '../state/session.ts';
import { failureOf, report, reporting } from './failures.ts';
import { refreshRecent } from './recent.ts';
import { flushChanges, receiveStoredRecords } from './record-flow.ts';
import { forgetSaddles, putStoredSearch } from './saddle-actions.ts';
import { forgetTraining, groupOf, sourceOf, steer, stop, train } from './training.ts';
import { watchRun } from './watched-run.ts';

/**
 * Trains an experiment into a new run folder; it becomes the current run. Answers its id, before training has begun: what
 * is wrong with the experiment becomes the failure of the run. Rejects where there can be no folder.
 */
export async function startRun(
  source: ExperimentSource,
  title: string,
  purpose: 'start-up' | 'kept' = 'kept',
): Promise<string> {
  const file = await newRun(title, purpose);
  const id = file.reference;
  addRun({ id, file, title, yaml: source.yaml, state: 'opening' });
  train(id, source, { kind: 'new' });
  return id;
}

async function newRun(title: string, purpose: 'start-up' | 'kept'): Promise<GrantedFile> {
  try {
    return await bridge.newRun(title, purpose);
  } catch (problem) {
    report(problem);
    throw problem;
  } finally {
    void refreshRecent();
  }
}

export const pauseRun = (id: string): void => steer(id, { command: 'pause' });

export const resumeRun = (id: string): void => steer(id, { command: 'resume' });

/** One update, then the run waits. */
export const stepRun = (id: string): void => steer(id, { command: 'step' });

/** Settles when the run has written its last state. */
export const stopRun = (id: string): Promise<void> => stop(id);

/** From the next update on; the run says when. */
export const setLearningRate = (id: string, learningRate: number): void =>
  steer(id, { command: 'setLearningRate', learningRate });

/** Largest share of the time that probes may take. */
export function setProbeBudget(id: string, budget: number): void {
  steer(id, { command: 'setProbeBudget', budget });
  updateRun(id, { probeBudget: budget });
}

/** A new run from a checkpoint of another one, with the settings of `yaml`. Answers its id. */
export async function branchRun(id: string, step: number, yaml: string, title: string): Promise<string> {
  const file = await newRun(title, 'kept');
  const branch = file.reference;
  addRun({ id: branch, file, title, yaml, state: 'opening', step, branchedFrom: { run: id, step } });
  train(branch, { yaml, file: sourceOf(id)?.file ?? null }, { kind: 'branch', from: id, step });
  return branch;
}

const stateOfSummary: Readonly<Record<RunSummary['state'], RunState>> = {
  finished: 'finished',
  stopped: 'stopped',
  diverged: 'diverged',
  killed: 'killed',
  'running elsewhere': 'elsewhere',
};

/** Opens a run folder: its records and results appear as they are read. A run that is there already is chosen, also while it is trained. */
export async function openRun(file: GrantedFile): Promise<string> {
  const id = file.reference;
  const known = runOf(id);
  // One that could not be opened is tried again.
  if (known && !(known.state === 'failed' && known.description === null)) {
    chooseRun(id);
    return id;
  }
  addRun({ id, file, title: file.name, yaml: '', state: 'opening' });
  const call = compute.call('openRun', { run: id }, { onPartial: (records) => receiveStoredRecords(id, records) });
  try {
    const { value } = await call.outcome;
    flushChanges();
    const { yaml, description, checkpoints, step } = value;
    const { experiment } = description;
    const branchedFrom = branchPoint(value);
    updateRun(id, {
      yaml,
      description,
      checkpoints,
      step,
      steps: experiment.steps,
      // What its records say of it, where somebody has changed it.
      probeBudget: runOf(id)?.probeBudget ?? experiment.probes.budget,
      branchedFrom,
      group: branchedFrom ? id : groupOf(experiment),
    });
    await readResults(id);
    updateRun(id, { state: stateOfSummary[value.state] });
    if (value.state === 'running elsewhere') void watchRun(id, value.recordsEnd);
    announce(`“${file.name}” is open: ${step} steps, ${checkpoints.length} checkpoints.`);
  } catch (problem) {
    updateRun(id, { state: 'failed', failure: failureOf(problem) });
    report(problem);
  }
  return id;
}

/** Where a run left another one that is on the screen. */
function branchPoint({ provenance }: RunSummary): { run: string; step: number } | null {
  const point = provenance.branchedFrom;
  const from = point && useRuns.getState().runs.find(({ file }) => file.name === point.folder);
  return point && from ? { run: from.id, step: point.step } : null;
}

/** What lies computed in the folder of a run. */
async function readResults(id: string): Promise<void> {
  await reporting(async () => {
    const { value } = await compute.call('storedResults', { run: id }).outcome;
    for (const spectrum of value.spectra) putSpectrum(id, spectrum);
    for (const overlap of value.overlaps ?? []) putOverlap(id, overlap);
    for (const sampling of value.samplings ?? []) putSampling(id, sampling);
    for (const structure of value.structures ?? []) putStructure(id, structure);
    for (const modes of value.modes ?? []) putModes(id, modes);
    for (const search of value.searches ?? []) putStoredSearch(id, search);
    for (const slice of value.slices) putLandscape(id, nameOfSlice(slice), { slice, complete: true, newer: null });
  });
}

/** Goes on with a run that was stopped, killed or interrupted, in its folder. */
export async function continueRun(id: string): Promise<void> {
  const run = runOf(id);
  if (!run || isAlive(run.state)) return;
  const source = sourceOf(id) ?? { yaml: run.yaml, file: null };
  updateRun(id, { state: 'opening', failure: null });
  if (useSession.getState().compute.state === 'stopped') await reporting(() => bridge.restartCompute());
  train(id, source, { kind: 'resume' });
}

/** Takes a run off the screen; its folder stays. One that is being trained is stopped first. */
export async function closeRun(id: string): Promise<void> {
  await stop(id);
  removeRun(id);
  forgetResults(id);
  forgetSaddles(id);
  forgetTraining(id);
}
