import { create } from 'zustand';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { Failure } from '../../core/protocol/messages.ts';
import type { ExperimentDescription } from '../../core/protocol/methods.ts';
import type { RunOutcome } from '../../core/training/run-training.ts';
import { emptySeries, type RunSeries } from './run-series.ts';

/**
 * `interrupted`: the process that computed ended; the run is taken up again from its folder. `killed`: an opened run over
 * which some process died. `elsewhere`: another process trains it.
 */
export type RunState =
  | 'opening'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'interrupted'
  | 'stopped'
  | 'finished'
  | 'diverged'
  | 'failed'
  | 'killed'
  | 'elsewhere';

export const isAlive = (state: RunState): boolean =>
  state === 'opening' || state === 'running' || state === 'paused' || state === 'stopping' || state === 'interrupted';

/** One run on the screen: being trained here, or opened from its folder. */
export interface Run {
  readonly id: string;
  readonly file: GrantedFile;
  readonly title: string;
  readonly yaml: string;
  /** Null until the compute side has loaded it. */
  readonly description: ExperimentDescription | null;
  readonly state: RunState;
  /** Updates made, and to be made. */
  readonly step: number;
  readonly steps: number;
  /** Of the last update. */
  readonly learningRate: number | null;
  readonly probeBudget: number | null;
  /** Steps that have a checkpoint, ascending. */
  readonly checkpoints: readonly number[];
  /** Updates a second, over the last seconds. */
  readonly speed: number | null;
  readonly branchedFrom: { readonly run: string; readonly step: number } | null;
  /** Index into the series colours. */
  readonly colour: number;
  readonly visible: boolean;
  /** Runs that differ in nothing but their seed have the same group: drawn as a mean with a band. */
  readonly group: string;
  /** Changed in place; `version` below says when. */
  readonly series: RunSeries;
  readonly version: number;
  readonly outcome: RunOutcome | null;
  readonly failure: Failure | null;
  /** When this process heard last from it, milliseconds of the page's clock. */
  readonly heardAt: number;
}

export interface Runs {
  readonly runs: readonly Run[];
  /** The run that is studied: its experiment on the left, its landscape in the centre. */
  readonly current: string | null;
}

export const useRuns = create<Runs>(() => ({ runs: [], current: null }));

export const runOf = (id: string | null): Run | null => useRuns.getState().runs.find((run) => run.id === id) ?? null;

export const currentRun = (): Run | null => runOf(useRuns.getState().current);

const seriesColours = 6;

export function addRun(given: Pick<Run, 'id' | 'file' | 'title' | 'yaml' | 'state'> & Partial<Run>): void {
  useRuns.setState(({ runs }) => {
    const used = new Set(runs.map(({ colour }) => colour));
    const free = Array.from({ length: seriesColours }, (_, i) => i).find((i) => !used.has(i));
    const run: Run = {
      description: null,
      step: 0,
      steps: 0,
      learningRate: null,
      probeBudget: null,
      checkpoints: [],
      speed: null,
      branchedFrom: null,
      colour: free ?? runs.length % seriesColours,
      visible: true,
      group: given.id,
      series: emptySeries(),
      version: 0,
      outcome: null,
      failure: null,
      heardAt: performance.now(),
      ...given,
    };
    return { runs: [...runs.filter(({ id }) => id !== run.id), run], current: run.id };
  });
}

export function updateRun(id: string, change: Partial<Run>): void {
  useRuns.setState(({ runs }) => ({ runs: runs.map((run) => (run.id === id ? { ...run, ...change } : run)) }));
}

export function removeRun(id: string): void {
  useRuns.setState(({ runs, current }) => {
    const left = runs.filter((run) => run.id !== id);
    return { runs: left, current: current === id ? (left[left.length - 1]?.id ?? null) : current };
  });
}

export const chooseRun = (id: string): void => useRuns.setState({ current: id });
