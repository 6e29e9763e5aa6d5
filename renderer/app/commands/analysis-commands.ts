import { runCheck, runSlice, runSpectrum } from '../../actions/analysis-actions.ts';
import { followEscape, nameOfPoint } from '../../actions/saddle-actions.ts';
import { parametersOf } from '../../actions/slice-job.ts';
import { checkpointFor } from '../../panels/inspector/reading.ts';
import { useJobs } from '../../state/jobs.ts';
import { currentRun, type Run } from '../../state/runs.ts';
import { saddleSubject } from '../../state/saddle-form.ts';
import { useSaddleScenes } from '../../state/saddle-scenes.ts';
import { selectedPoint, shownSearch, useSearches } from '../../state/searches.ts';
import { openDialog } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { stepLookedAt, useTime } from '../../state/time.ts';
import type { Command } from '../command.ts';
import { goTo } from '../workspaces.ts';

const needsCheckpoint = (): boolean | string => {
  const run = currentRun();
  if (run === null) return 'Open or start a run first.';
  return run.checkpoints.length > 0 || 'The run has no checkpoint yet.';
};

const isDeepLinear = (): boolean | string =>
  currentRun()?.description?.experiment.model.closedForm?.kind === 'deepLinear'
    ? needsCheckpoint()
    : 'Modes with an exact solution are those of deep linear networks.';

/** Does it with the run that is studied, at the last checkpoint at or before the cursor. */
function atCursor(work: (run: Run, step: number | null) => void): () => void {
  return () => {
    const run = currentRun();
    if (run) work(run, checkpointFor(run.checkpoints, stepLookedAt(useTime.getState(), run)));
  };
}

/** The point that is selected in the Saddles workspace, where the side that computes knows it. */
function selectedSaddle() {
  const key = saddleSubject()?.key ?? '';
  const searches = useSearches.getState();
  const point = selectedPoint(searches, key);
  const name = nameOfPoint(key, shownSearch(searches, key), point);
  return name && { name, isSaddle: (point?.index?.negative ?? 0) >= 0.5 };
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
    id: 'analysis.modes',
    title: 'Compute learning modes…',
    menu: 'Analyse',
    section: 1,
    keys: null,
    available: isDeepLinear,
    run: () => openDialog('analysis', { id: 'modes' }),
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
    id: 'analysis.saddles',
    title: 'Find critical points…',
    menu: 'Analyse',
    section: 1,
    keys: null,
    run: () => goTo('saddles'),
  },
  {
    id: 'analysis.escape',
    title: 'Follow the escape',
    menu: 'Analyse',
    section: 1,
    keys: null,
    available: () => {
      const point = selectedSaddle();
      if (point === null) return 'Select a point of a search that a run keeps first.';
      return point.isSaddle || 'The selected point has no negative direction.';
    },
    run: () => {
      const point = selectedSaddle();
      if (point === null) return;
      goTo('saddles');
      void followEscape(point.name, useSaddleScenes.getState().plane);
    },
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
