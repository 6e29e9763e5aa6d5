import { useMemo } from 'react';
import { usePlaneShown, useResults } from '../../state/results.ts';
import type { Run } from '../../state/runs.ts';
import { readEveryMs, useStudiedRunEvery } from '../../state/shown-run.ts';
import { newestStep, useTime } from '../../state/time.ts';
import { distanceAt, type PlaneDistance, readingAt, type StepReading } from './reading.ts';

export interface ShownReading {
  readonly run: Run;
  readonly reading: StepReading;
  /** Whether the cursor follows the run. */
  readonly follows: boolean;
  readonly newest: number;
}

/** What is known of the run that is studied at the cursor; null without a run. Follows a training run five times a second. */
export function useReading(): ShownReading | null {
  const run = useStudiedRunEvery(readEveryMs);
  const cursor = useTime((time) => time.cursor);
  return useMemo(() => {
    if (run === null) return null;
    const newest = newestStep(run.series);
    return { run, reading: readingAt(run, cursor ?? newest), follows: cursor === null, newest };
  }, [run, cursor]);
}

/** How far θ lies from the plane that is shown; null without a plane or a path on it. */
export function useDistance(run: Run, { step }: StepReading): PlaneDistance | null {
  const plane = usePlaneShown(run.id);
  const landscape = useResults((results) => results.landscapes[run.id]?.[plane]);
  return useMemo(() => distanceAt(landscape, step), [landscape, step]);
}
