import { create } from 'zustand';
import { BadInput } from '../../core/bad-input.ts';
import { withSetting } from '../../core/experiment/experiment-text.ts';
import { chooseRun, isAlive, type Run, runOf, useRuns } from '../state/runs.ts';
import { announce, reportProblem } from '../state/session.ts';
import { startRun } from './run-actions.ts';
import { sourceOf } from './training.ts';

/** Runs of one experiment with other seeds that wait for their turn. */
export interface WaitingSeeds {
  readonly group: string;
  readonly title: string;
  readonly seeds: readonly number[];
}

export const useWaitingSeeds = create<{ readonly waiting: readonly WaitingSeeds[] }>(() => ({ waiting: [] }));

/** The seed of a run, and those of all runs like it. */
const seedOf = ({ description }: Run): number | null => description?.experiment.seed ?? null;

/** The smallest seeds that no run of the group has. */
export function freeSeeds(group: string, count: number): readonly number[] {
  const taken = new Set(
    useRuns
      .getState()
      .runs.filter((run) => run.group === group)
      .map(seedOf),
  );
  const free: number[] = [];
  for (let seed = 1; free.length < count; seed++) if (!taken.has(seed)) free.push(seed);
  return free;
}

const ended = (id: string): Promise<void> =>
  new Promise((resolve) => {
    const hasEnded = () => {
      const run = runOf(id);
      return run === null || !isAlive(run.state);
    };
    if (hasEnded()) return resolve();
    const stop = useRuns.subscribe(() => {
      if (!hasEnded()) return;
      stop();
      resolve();
    });
  });

function takeNext(group: string): number | null {
  const mine = useWaitingSeeds.getState().waiting.find((one) => one.group === group);
  const [next = null, ...rest] = mine?.seeds ?? [];
  useWaitingSeeds.setState(({ waiting }) => ({
    waiting: waiting
      .map((one) => (one.group === group ? { ...one, seeds: rest } : one))
      .filter((one) => one.seeds.length > 0),
  }));
  return next;
}

/** No further seeds of a group are begun; those under way go on. */
export const forgetWaitingSeeds = (group: string): void =>
  useWaitingSeeds.setState(({ waiting }) => ({ waiting: waiting.filter((one) => one.group !== group) }));

/**
 * Trains the experiment of a run with `count` further seeds, one run after the other, so that each has the machine to
 * itself beside what runs already. The run that is studied stays it. Settles when the last one has ended.
 */
export async function runMoreSeeds(run: Run, count: number): Promise<void> {
  const { group, title, yaml, id, description } = run;
  const file = sourceOf(id)?.file ?? (description === null ? null : id);
  const seeds = freeSeeds(group, count);
  useWaitingSeeds.setState(({ waiting }) => ({
    waiting: [...waiting.filter((one) => one.group !== group), { group, title, seeds }],
  }));
  const name = description?.experiment.name ?? title;
  for (let seed = takeNext(group); seed !== null; seed = takeNext(group)) {
    try {
      const { current } = useRuns.getState();
      const started = await startRun({ yaml: withSetting(yaml, ['seed'], seed), file }, `${name}, seed ${seed}`);
      if (current !== null) chooseRun(current);
      announce(`Seed ${seed} was started.`);
      await ended(started);
    } catch (problem) {
      forgetWaitingSeeds(group);
      if (problem instanceof BadInput)
        reportProblem({ kind: 'badInput', found: problem.found, advice: problem.advice });
      return;
    }
  }
}
