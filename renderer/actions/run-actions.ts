import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { ExperimentSource } from '../../core/protocol/methods.ts';

/** Trains an experiment into a new run folder; it becomes the current run. Answers its id. */
export declare function startRun(
  source: ExperimentSource,
  title: string,
  purpose?: 'start-up' | 'kept',
): Promise<string>;
export declare function pauseRun(id: string): void;
export declare function resumeRun(id: string): void;
/** One update, then the run waits. */
export declare function stepRun(id: string): void;
/** Settles when the run has written its last state. */
export declare function stopRun(id: string): Promise<void>;
export declare function setLearningRate(id: string, learningRate: number): void;
export declare function setProbeBudget(id: string, budget: number): void;
/** A new run from a checkpoint of another one, with the settings of `yaml`. Answers its id. */
export declare function branchRun(id: string, step: number, yaml: string, title: string): Promise<string>;
/** Opens a run folder: its records and results appear as they are read. */
export declare function openRun(file: GrantedFile): Promise<string>;
/** Goes on with a run that was stopped or killed, in its folder. */
export declare function continueRun(id: string): Promise<void>;
/** Takes a run off the screen; its folder stays. */
export declare function closeRun(id: string): Promise<void>;
