import { currentRun } from '../state/runs.ts';
import { moveCursor, setCursor, stepLookedAt, useTime, zoomBack, zoomTo } from '../state/time.ts';
import { zoomedRange } from './gestures.ts';

/** Records that an arrow with Shift, Page Up and Page Down move by. */
const leap = 10;
const zoomFactor = 0.7;

type Range = readonly [number, number];

/**
 * Keys on a chart that has the focus: arrows move the cursor by a record, plus and minus zoom about it, Home shows all
 * steps, End follows the run, Escape goes back to what was shown before. Answers how to stop.
 */
export function listenToKeys(element: HTMLElement, shown: () => Range, all: () => Range): () => void {
  const zoom = (factor: number) =>
    zoomTo(zoomedRange(shown(), all(), stepLookedAt(useTime.getState(), currentRun()), factor));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action(event.shiftKey ? leap : 1);
  };
  const actions: Readonly<Record<string, (records: number) => void>> = {
    ArrowLeft: (records) => moveCursor(-records),
    ArrowRight: moveCursor,
    PageDown: () => moveCursor(-leap),
    PageUp: () => moveCursor(leap),
    Home: () => zoomTo(null),
    End: () => setCursor(null),
    Escape: zoomBack,
    '+': () => zoom(zoomFactor),
    '=': () => zoom(zoomFactor),
    '-': () => zoom(1 / zoomFactor),
  };
  element.addEventListener('keydown', onKeyDown);
  return () => element.removeEventListener('keydown', onKeyDown);
}
