import { valueAt, valuesOfText, withSetting } from '../../../core/experiment/experiment-text.ts';
import type { Run } from '../../state/runs.ts';
import { givenOptimizer } from './optimizer-fields.tsx';
import { wantedLearningRate } from './run-words.ts';

/** What the dialog is opened with. */
export interface BranchRequest {
  readonly run: string | null;
  readonly step: number | null;
  /** Changed settings to begin with. */
  readonly yaml: string | null;
  /** With half of the step size. */
  readonly gentler: boolean;
}

export function branchRequest(about: unknown): BranchRequest {
  const [run, step, yaml] = ['run', 'step', 'yaml'].map((key) => valueAt(about, [key]));
  return {
    run: typeof run === 'string' ? run : null,
    step: typeof step === 'number' ? step : null,
    yaml: typeof yaml === 'string' ? yaml : null,
    gentler: valueAt(about, ['gentler']) === true,
  };
}

/** The last checkpoint at or before a step, else the first one. */
export function checkpointBefore(checkpoints: readonly number[], step: number): number {
  const before = checkpoints.filter((checkpoint) => checkpoint <= step);
  return before[before.length - 1] ?? checkpoints[0] ?? 0;
}

/** The nearest ten of many checkpoints, with the first and the last. */
export function offeredCheckpoints(checkpoints: readonly number[], step: number): readonly number[] {
  const nearest = [...checkpoints].sort((a, b) => Math.abs(a - step) - Math.abs(b - step)).slice(0, 10);
  const offered = new Set([...checkpoints.slice(0, 1), ...nearest, ...checkpoints.slice(-1)]);
  return [...offered].sort((a, b) => a - b);
}

function withRate(yaml: string, rate: number | null): string {
  const { values } = valuesOfText(yaml);
  if (values === null || rate === null) return yaml;
  const path = ['optimizer', givenOptimizer(values), 'learningRate'];
  return valueAt(values, path) === rate ? yaml : withSetting(yaml, path, rate);
}

/** The experiment of a run with half of the η that it had last. */
export function gentler(run: Run): string {
  const rate = wantedLearningRate(run);
  return withRate(run.yaml, rate === null ? null : Number((rate / 2).toPrecision(6)));
}

/** The experiment of a run as it was under way at a step: with the η that was set by hand. */
export const asUnderWay = (run: Run, step: number): string => withRate(run.yaml, wantedLearningRate(run, step));
