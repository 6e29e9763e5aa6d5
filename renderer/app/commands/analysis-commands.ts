import { runCheck, runSlice, runSpectrum } from '../../actions/analysis-actions.ts';
import { parametersOf } from '../../actions/slice-job.ts';
import { checkpointFor } from '../../panels/inspector/reading.ts';
import { useJobs } from '../../state/jobs.ts';
import { currentRun, type Run } from '../../state/runs.ts';
import { openDialog } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { stepLookedAt, useTime } from '../../state/time.ts';
import type { Command } from '../command.ts';

const needsCheckpoint = (): boolean | string => {
  const run = currentRun();
  if (run === null) return 'Open or start a run first.';
  return run.checkpoints.length > 0 || 'The run has no checkpoint yet.';
};

/** Does it with the run that is studied, at the last checkpoint at or before the cursor. */
function atCursor(work: (run: Run, step: number | null) => void): () => void {
  return () => {
    const run = currentRun();
    if (run) work(run, checkpointFor(run.checkpoints, stepLookedAt(useTime.getState(), run)));
  };
}

const busyJobs = () => useJobs.getState().jobs.filter(({ state }) => state === 'running' || state === 'waiting');

export const analysisCommands: readonly Command[] = [
  {
    id: 'analysis.spectrum',
    title: 'Compute spectrum…',
    menu: 'Analyse',
    section: 1,
    keys: '$mod+e',
    available: needsCheckpoint,
    run: () => openDialog('analysis', { id: 'spectrum' }),
  },
  {
    id: 'analysis.slice',
    title: 'New slice…',
    menu: 'Analyse',
    section: 1,
    keys: '$mod+l',
    available: needsCheckpoint,
    run: () => openDialog('analysis', { id: 'slice' }),
  },
  {
    id: 'analysis.sampling',
    title: 'Compute sampling error…',
    menu: 'Analyse',
    section: 1,
    keys: null,
    available: needsCheckpoint,
    run: () => openDialog('analysis', { id: 'sampling' }),
  },
  {
    id: 'analysis.structure',
    title: 'Compute structure…',
    menu: 'Analyse',
    section: 1,
    keys: null,
    available: needsCheckpoint,
    run: () => openDialog('analysis', { id: 'structure' }),
  },
  {
    id: 'analysis.top',
    title: 'Top eigenvalues at the cursor',
    menu: 'Analyse',
    section: 2,
    keys: '$mod+Shift+e',
    available: needsCheckpoint,
    run: atCursor((run, step) => runSpectrum(run.id, step, { top: 5 })),
  },
  {
    id: 'analysis.density',
    title: 'Spectral density at the cursor',
    menu: 'Analyse',
    section: 2,
    keys: '$mod+Shift+d',
    available: needsCheckpoint,
    run: atCursor((run, step) => runSpectrum(run.id, step, { density: true })),
  },
  {
    id: 'analysis.plane',
    title: 'Plane at the cursor',
    menu: 'Analyse',
    section: 2,
    keys: '$mod+Shift+l',
    available: needsCheckpoint,
    run: atCursor((run, step) => {
      const { plane, grid } = useSettings.getState().landscape;
      runSlice(run.id, step, parametersOf(run.id, plane) ?? { plane, grid: String(grid) });
    }),
  },
  {
    id: 'analysis.check',
    title: 'Check the model at the cursor',
    menu: 'Analyse',
    section: 3,
    keys: '$mod+Shift+k',
    available: needsCheckpoint,
    run: atCursor((run, step) => runCheck(run.id, step)),
  },
  {
    id: 'analysis.cancel',
    title: 'Cancel all jobs',
    menu: 'Analyse',
    section: 4,
    keys: '$mod+.',
    available: () => busyJobs().length > 0 || 'No job is under way.',
    run: () => {
      for (const job of busyJobs()) job.cancel();
    },
  },
];
