import { leaveTurns, takeTurn } from '../../charts/turns.ts';
import type { Run } from '../../state/runs.ts';
import { currentRun, useRuns } from '../../state/runs.ts';
import { stepLookedAt, useTime } from '../../state/time.ts';
import { themeColours } from '../../widgets/theme-colours.ts';
import { type MovieAxes, movieAxes } from './movie-axes.ts';
import { frameAt, type MovieFrame, type MovieMatrix } from './movie-frame.ts';
import { paintFrame } from './movie-painting.ts';
import { frameNumbers, frameSentence } from './movie-sentence.ts';
import { usePlayer } from './player.ts';

export interface MovieDrawingOptions {
  readonly matrix: MovieMatrix;
  readonly canvas: HTMLCanvasElement;
  /** Its size is the picture's. */
  readonly element: HTMLElement;
  /** Gets the picture in words. */
  readonly figure: HTMLElement;
  /** Gets the numbers of the frame. */
  readonly numbers: HTMLElement;
}

/** While the run moves on by itself nobody listens to each of its frames. */
const sentenceEveryMs = 3000;

/**
 * The movie on the page: drawn from the stores at most once a frame and only when something of it has changed, without
 * React. Answers how to stop.
 */
export function movieDrawing({ matrix, canvas, element, figure, numbers }: MovieDrawingOptions): () => void {
  let size = { width: 0, height: 0 };
  let axes: MovieAxes | null = null;
  let [axesStamp, frameStamp, saidAt, request] = ['', '', Number.NEGATIVE_INFINITY, 0];
  let paintedContent = '';
  let later: ReturnType<typeof setTimeout> | undefined;

  const schedule = () => {
    if (request === 0)
      request = requestAnimationFrame(() => {
        request = 0;
        draw();
      });
  };
  const drawRecords = () => draw();

  function draw(): void {
    const run = currentRun();
    if (run === null || size.width < 40 || size.height < 40) return;
    const step = stepLookedAt(useTime.getState(), run);
    const data = `${run.id} ${run.series.version} ${run.description === null}`;
    const view = `${size.width} ${size.height} ${devicePixelRatio} ${document.documentElement.dataset.theme}`;
    const stamp = `${data} ${step} ${view}`;
    if (stamp === frameStamp) return;
    if (data !== axesStamp) axes = movieAxes(run, matrix);
    [axesStamp, frameStamp] = [data, stamp];
    const frame = frameAt(run, matrix, step);
    const content = `${view} ${JSON.stringify(axes)} ${contentOf(frame)}`;
    const context = content === paintedContent ? null : sized(canvas, size).getContext('2d');
    if (context && axes) {
      paintedContent = content;
      paintFrame(
        { context, ...pixels(size), ratio: devicePixelRatio, colours: themeColours(), caption: [] },
        frame,
        axes,
      );
    }
    writeNumbers(numbers, frameNumbers(frame));
    say(run);
  }

  /** At once where somebody has moved the cursor; never while it plays. */
  function say(run: Run): void {
    clearTimeout(later);
    if (usePlayer.getState().isPlaying) return;
    const now = performance.now();
    const time = useTime.getState();
    const wait = time.cursor === null && run.state === 'running' ? saidAt + sentenceEveryMs - now : 0;
    if (wait > 0) {
      later = setTimeout(() => say(run), wait);
      return;
    }
    saidAt = now;
    const sentence = frameSentence(frameAt(run, matrix, stepLookedAt(time, run)));
    if (figure.getAttribute('aria-label') !== sentence) figure.setAttribute('aria-label', sentence);
  }

  const observer = new ResizeObserver(() => {
    size = { width: element.clientWidth, height: element.clientHeight };
    schedule();
  });
  observer.observe(element);
  const themes = new MutationObserver(schedule);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const stops = [
    useRuns.subscribe(() => takeTurn(drawRecords)),
    useTime.subscribe(schedule),
    usePlayer.subscribe(() => {
      frameStamp = '';
      schedule();
    }),
  ];
  size = { width: element.clientWidth, height: element.clientHeight };
  schedule();
  return () => {
    for (const stop of stops) stop();
    observer.disconnect();
    themes.disconnect();
    clearTimeout(later);
    cancelAnimationFrame(request);
    leaveTurns(drawRecords);
  };
}

/** Between two measurements steps pass of which only the numbers over the picture tell. */
function contentOf({ density, top, sharpness, lowest, threshold, before }: MovieFrame): string {
  const parts = [
    density,
    top[0],
    sharpness,
    lowest,
    ...before.densities,
    ...before.sharpnesses,
    ...before.tops.map(([first]) => first),
  ];
  return [...parts.map((part) => part?.step ?? '-'), threshold?.name, threshold?.value].join(' ');
}

const pixels = ({ width, height }: { readonly width: number; readonly height: number }) => ({
  width: Math.round(width * devicePixelRatio),
  height: Math.round(height * devicePixelRatio),
});

function sized(canvas: HTMLCanvasElement, size: { readonly width: number; readonly height: number }) {
  const { width, height } = pixels(size);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return canvas;
}

/** Straight into the page: names and numbers change many times a second. */
function writeNumbers(element: HTMLElement, numbers: readonly (readonly [name: string, text: string])[]): void {
  while (element.children.length > numbers.length) element.lastElementChild?.remove();
  numbers.forEach(([name, text], i) => {
    let entry = element.children[i];
    if (entry === undefined) {
      entry = document.createElement('span');
      entry.append(document.createElement('small'), document.createElement('b'));
      element.append(entry);
    }
    const [label, value] = entry.children;
    if (label && label.textContent !== name) label.textContent = name;
    if (value && value.textContent !== text) value.textContent = text;
  });
}
