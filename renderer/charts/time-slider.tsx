import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { currentRun, useRuns } from '../state/runs.ts';
import { moveCursor, newestStep, setCursor, stepLookedAt, type Time, useTime } from '../state/time.ts';
import { stepText } from './value-axis.ts';
import './time-slider.css';

/** Records that Page Up, Page Down and Shift with an arrow move by. */
const leap = 10;

/** All steps of the run that is studied: those that are made, how far it is looked at, and those still to come. */
export function TimeSlider() {
  const track = useRef<HTMLDivElement>(null);
  const number = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    let frame = 0;
    const draw = () => {
      frame = 0;
      if (track.current && number.current) show(track.current, number.current);
    };
    const schedule = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const scheduleCursor = (time: Time, before: Time) => {
      if (time.cursor !== before.cursor) schedule();
    };
    draw();
    const stops = [useRuns.subscribe(schedule), useTime.subscribe(scheduleCursor)];
    return () => {
      for (const stop of stops) stop();
      cancelAnimationFrame(frame);
    };
  }, []);

  const scrub = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const { newest, end } = extent();
    const step = Math.round(((event.clientX - left) / (width || 1)) * end);
    setCursor(Math.min(newest, Math.max(0, step)));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const by = movement(event);
    if (by === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (by === 'first') setCursor(0);
    else if (by === 'last') setCursor(null);
    else moveCursor(by);
  };

  return (
    <>
      <div
        className="time-slider"
        ref={track}
        role="slider"
        tabIndex={0}
        aria-label="Step"
        aria-valuemin={0}
        aria-valuemax={0}
        aria-valuenow={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          scrub(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) scrub(event);
        }}
      >
        <span className="time-slider-track" />
        <span className="time-slider-made" />
        <span className="time-slider-played" />
        <span className="time-slider-thumb" />
      </div>
      <span className="time-slider-step">
        <span ref={number} />
      </span>
    </>
  );
}

function extent(): { readonly newest: number; readonly end: number } {
  const run = currentRun();
  const newest = run ? newestStep(run.series) : 0;
  return { newest, end: Math.max(1, newest, run?.steps ?? 0) };
}

/** Straight into the page: a run makes hundreds of steps a second. */
function show(track: HTMLElement, number: HTMLElement): void {
  const time = useTime.getState();
  const { newest, end } = extent();
  const at = stepLookedAt(time, currentRun());
  track.style.setProperty('--played', `${Math.min(1, at / end)}`);
  track.style.setProperty('--made', `${newest / end}`);
  const text = `step ${stepText(at)}`;
  if (number.textContent !== text) number.textContent = text;
  track.setAttribute('aria-valuemax', String(newest));
  track.setAttribute('aria-valuenow', String(Math.round(at)));
  track.setAttribute(
    'aria-valuetext',
    time.cursor === null ? `${text}, following the run` : `${text} of ${stepText(newest)}`,
  );
}

function movement({ key, shiftKey }: KeyboardEvent): number | 'first' | 'last' | null {
  const single = shiftKey ? leap : 1;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return -single;
    case 'ArrowRight':
    case 'ArrowUp':
      return single;
    case 'PageDown':
      return -leap;
    case 'PageUp':
      return leap;
    case 'Home':
      return 'first';
    case 'End':
      return 'last';
    default:
      return null;
  }
}
