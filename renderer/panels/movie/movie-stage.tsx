import { type KeyboardEvent, useEffect, useRef } from 'react';
import { setCursor } from '../../state/time.ts';
import { movieDrawing } from './movie-drawing.ts';
import type { MovieMatrix } from './movie-frame.ts';
import { moveFrames, pauseMovie, toggleMovie } from './player.ts';

/** Frames that an arrow with Shift, Page Up and Page Down move by. */
const leap = 10;

const actions: Readonly<Record<string, (frames: number) => void>> = {
  ' ': toggleMovie,
  ArrowLeft: (frames) => moveFrames(-frames),
  ArrowRight: moveFrames,
  PageDown: () => moveFrames(-leap),
  PageUp: () => moveFrames(leap),
  Home: () => {
    pauseMovie();
    setCursor(0);
  },
  End: () => {
    pauseMovie();
    setCursor(null);
  },
};

function onKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  action(event.shiftKey ? leap : 1);
}

/** The frame at the time cursor with its numbers. By keyboard: space plays, arrows go from frame to frame. */
export function MovieStage({ matrix }: { readonly matrix: MovieMatrix }) {
  const figure = useRef<HTMLDivElement>(null);
  const numbers = useRef<HTMLParagraphElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!figure.current || !numbers.current || !plot.current || !canvas.current) return;
    return movieDrawing({
      matrix,
      canvas: canvas.current,
      element: plot.current,
      figure: figure.current,
      numbers: numbers.current,
    });
  }, [matrix]);
  useEffect(() => pauseMovie, []);
  return (
    <>
      <p className="movie-numbers" ref={numbers} />
      <div
        className="movie-figure"
        ref={figure}
        role="img"
        aria-label="Hessian movie"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: by keyboard it is reached to be played and scrubbed.
        tabIndex={0}
        data-figure="movie"
        onKeyDown={onKeyDown}
      >
        <div className="movie-plot" ref={plot}>
          <canvas ref={canvas} />
        </div>
      </div>
    </>
  );
}
