import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { ExperimentSource } from '../../core/protocol/methods.ts';

/** Trains an experiment into a new run folder; it becomes the current run. Answers its id. */
export async function startRun(
  source: ExperimentSource,
  _title: string,
  _purpose?: 'start-up' | 'kept',
): Promise<string> {
  throw new Error('not yet');
}
export function pauseRun(_id: string): void {}
export function resumeRun(_id: string): void {}
/** One update, then the run waits. */
export function stepRun(_id: string): void {}
/** Settles when the run has written its last state. */
export async function stopRun(_id: string): Promise<void> {}
export function setLearningRate(_id: string, _learningRate: number): void {}
export function setProbeBudget(_id: string, _budget: number): void {}
/** A new run from a checkpoint of another one, with the settings of `yaml`. Answers its id. */
export async function branchRun(_id: string, _step: number, _yaml: string, _title: string): Promise<string> {
  throw new Error('not yet');
}
/** Opens a run folder: its records and results appear as they are read. */
export async function openRun(_file: GrantedFile): Promise<string> {
  throw new Error('not yet');
}
/** Goes on with a run that was stopped or killed, in its folder. */
export async function continueRun(_id: string): Promise<void> {}
/** Takes a run off the screen; its folder stays. */
export async function closeRun(_id: string): Promise<void> {}
