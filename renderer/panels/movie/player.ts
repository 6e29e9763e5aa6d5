import { create } from 'zustand';
import { currentRun } from '../../state/runs.ts';
import { setCursor, stepLookedAt, useTime } from '../../state/time.ts';
import { filmedMatrices, frameSteps, type MovieMatrix } from './movie-frame.ts';

/** The movie moves the time cursor of the whole app, so that everything else goes along. */
export const usePlayer = create<{
  readonly isPlaying: boolean;
  /** The one that was chosen; another is shown where this run has none of it. */
  readonly wanted: MovieMatrix;
}>(() => ({ isPlaying: false, wanted: 'hessian' }));

/** What is filmed of the run that is studied; null where nothing was measured. */
export function matrixShown(wanted: MovieMatrix): MovieMatrix | null {
  const run = currentRun();
  const matrices = run ? filmedMatrices(run.series) : [];
  return matrices.includes(wanted) ? wanted : (matrices[0] ?? null);
}

/** The frames of the run that is studied. */
export function framesNow(): readonly number[] {
  const [run, matrix] = [currentRun(), matrixShown(usePlayer.getState().wanted)];
  return run && matrix ? frameSteps(run.series, matrix) : [];
}

const framesPerSecond = 20;
const [shortest, longest] = [4, 30];

/** How long a movie of so many frames takes, in seconds. */
export const movieSeconds = (frames: number): number =>
  Math.round(Math.min(longest, Math.max(shortest, frames / framesPerSecond)));

/** The frame at or before a step, as a place in the list; −1 before the first. */
export function frameIndex(frames: readonly number[], step: number): number {
  let [low, high] = [-1, frames.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle]! <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** By so many frames; beyond the last one the cursor follows the run. */
export function moveFrames(by: number): void {
  const frames = framesNow();
  if (frames.length === 0) return;
  pauseMovie();
  const next = frameIndex(frames, stepLookedAt(useTime.getState(), currentRun())) + by;
  if (next >= frames.length) setCursor(null);
  else setCursor(frames[Math.max(0, next)] ?? 0);
}

let request = 0;

export function pauseMovie(): void {
  cancelAnimationFrame(request);
  if (usePlayer.getState().isPlaying) usePlayer.setState({ isPlaying: false });
}

/**
 * From the cursor to the newest frame, from the beginning where it is there already. Who moves the cursor meanwhile, or
 * studies another run, takes over. What is measured while it plays is shown at its end.
 */
export function playMovie(): void {
  const frames = framesNow();
  const run = currentRun();
  if (frames.length < 2 || run === null) return;
  pauseMovie();
  const at = frameIndex(frames, stepLookedAt(useTime.getState(), run));
  const first = at >= frames.length - 1 ? 0 : Math.max(0, at);
  const ms = (1000 * movieSeconds(frames.length)) / (frames.length - 1);
  let began: number | null = null;
  let shown: number | null = frames[first] ?? 0;
  usePlayer.setState({ isPlaying: true });
  setCursor(shown);
  const next = (now: number) => {
    began ??= now;
    if (useTime.getState().cursor !== shown || currentRun()?.id !== run.id) return pauseMovie();
    const index = first + Math.floor((now - began) / ms);
    if (index >= frames.length - 1) {
      setCursor(null);
      return pauseMovie();
    }
    shown = frames[index] ?? 0;
    setCursor(shown);
    request = requestAnimationFrame(next);
  };
  request = requestAnimationFrame(next);
}

export const toggleMovie = (): void => (usePlayer.getState().isPlaying ? pauseMovie() : playMovie());
