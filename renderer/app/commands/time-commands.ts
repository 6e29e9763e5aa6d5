import { chartDefinitions, chartIds } from '../../charts/chart-definitions.ts';
import { toggleChart } from '../../panels/time/chart-choice.ts';
import { currentRun } from '../../state/runs.ts';
import { useSettings } from '../../state/settings.ts';
import { setCursor, stepLookedAt, useTime, zoomBack, zoomTo } from '../../state/time.ts';
import type { Command } from '../command.ts';

const hasRun = (): boolean | string => currentRun() !== null || 'No run is open.';

function hasCheckpoints(): boolean | string {
  const run = currentRun();
  if (run === null) return 'No run is open.';
  return run.checkpoints.length > 0 || 'The run has no checkpoint yet.';
}

type Which = 'first' | 'previous' | 'next' | 'last';

/** The checkpoint to go to from a step; the outermost one where there is none further. */
export function checkpointFrom(checkpoints: readonly number[], step: number, which: Which): number | undefined {
  switch (which) {
    case 'first':
      return checkpoints[0];
    case 'last':
      return checkpoints[checkpoints.length - 1];
    case 'previous':
      return checkpoints.filter((one) => one < step).pop() ?? checkpoints[0];
    case 'next':
      return checkpoints.find((one) => one > step) ?? checkpoints[checkpoints.length - 1];
  }
}

function goToCheckpoint(which: Which): void {
  const run = currentRun();
  if (run === null) return;
  const step = checkpointFrom(run.checkpoints, stepLookedAt(useTime.getState(), run), which);
  if (step !== undefined) setCursor(step);
}

const checkpointCommand = (which: Which, keys: string): Command => ({
  id: `time.${which}Checkpoint`,
  title: `Cursor to the ${which} checkpoint`,
  menu: 'View',
  section: 60,
  keys,
  available: hasCheckpoints,
  run: () => goToCheckpoint(which),
});

export const timeCommands: readonly Command[] = [
  {
    id: 'time.follow',
    title: 'Follow the run',
    menu: 'View',
    section: 60,
    keys: '$mod+Shift+F',
    available: hasRun,
    checked: () => useTime.getState().cursor === null,
    run: () => setCursor(useTime.getState().cursor === null ? stepLookedAt(useTime.getState(), currentRun()) : null),
  },
  checkpointCommand('first', 'Alt+Shift+ArrowLeft'),
  checkpointCommand('previous', 'Alt+ArrowLeft'),
  checkpointCommand('next', 'Alt+ArrowRight'),
  checkpointCommand('last', 'Alt+Shift+ArrowRight'),
  {
    id: 'time.showAll',
    title: 'Show all steps',
    menu: 'View',
    section: 61,
    keys: '$mod+Shift+A',
    run: () => zoomTo(null),
  },
  {
    id: 'time.zoomBack',
    title: 'Steps as before the last zoom',
    menu: 'View',
    section: 61,
    keys: null,
    run: zoomBack,
  },
  ...chartIds.map(
    (chart): Command => ({
      id: `time.show.${chart}`,
      title: `Show the chart of the ${chartDefinitions[chart].noun}`,
      menu: null,
      section: 62,
      keys: null,
      checked: () => useSettings.getState().charts.includes(chart),
      run: () => toggleChart(chart),
    }),
  ),
];
