import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { RunSeries } from './run-series.ts';
import { type Run, runOf, useRuns } from './runs.ts';

/** What each update of a run changes. */
const moving: ReadonlySet<keyof Run> = new Set(['step', 'speed', 'learningRate', 'checkpoints', 'version', 'heardAt']);

interface Settled {
  readonly run: Run;
  readonly events: number;
}

const settled = new WeakMap<RunSeries, Settled>();

const isSettled = ({ run: before, events }: Settled, now: Run): boolean =>
  now.state === 'running' &&
  events === now.series.events.length &&
  before.checkpoints.length > 0 === now.checkpoints.length > 0 &&
  (Object.keys(now) as (keyof Run)[]).every((name) => moving.has(name) || before[name] === now[name]);

/**
 * The run with what lasts: the same object as long as it runs and only its numbers change, so that what shows none of
 * them is not drawn anew with each update. Its step, speed, step size and list of checkpoints may be old while it runs.
 */
export function settledRun(run: Run): Run {
  const before = settled.get(run.series);
  if (before && (before.run === run || isSettled(before, run))) return before.run;
  settled.set(run.series, { run, events: run.series.events.length });
  return run;
}

/** For components that show no number of the run that is studied: `settledRun` of it. */
export const useStudiedRun = (): Run | null =>
  useRuns(({ runs, current }) => {
    const run = runs.find(({ id }) => id === current);
    return run ? settledRun(run) : null;
  });

/** The same for all runs. */
export const useSettledRuns = (): readonly Run[] => useRuns(useShallow(({ runs }) => runs.map(settledRun)));

/**
 * For components that show its numbers: the run as it was up to so many milliseconds ago, and at once when more than its
 * numbers has changed. Numbers that change faster cannot be read, and cost the page its frames.
 */
export function useRunEvery(id: string | null, ms: number): Run | null {
  const [shown, setShown] = useState<Run | null>(() => runOf(id));
  useEffect(() => {
    let [now, at] = [runOf(id), performance.now()];
    let lasting = now && settledRun(now);
    let timer: ReturnType<typeof setTimeout> | null = null;
    const show = () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      [now, at] = [runOf(id), performance.now()];
      lasting = now && settledRun(now);
      setShown(now);
    };
    const hear = () => {
      const next = runOf(id);
      if (next === now) return;
      if ((next && settledRun(next)) !== lasting) show();
      else timer ??= setTimeout(show, Math.max(0, at + ms - performance.now()));
    };
    show();
    const stop = useRuns.subscribe(hear);
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [id, ms]);
  // Until the effect has run for another id, what was shown is of the one before.
  return shown?.id === id ? shown : runOf(id);
}

/** The run that is studied, so often. */
export const useStudiedRunEvery = (ms: number): Run | null =>
  useRunEvery(
    useRuns(({ current }) => current),
    ms,
  );

/** How often numbers that one reads change while a run moves. */
export const readEveryMs = 200;
