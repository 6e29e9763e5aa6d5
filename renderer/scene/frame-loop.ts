import { pacing } from './pacing.ts';

/** Asks for frames when something has changed, one at a time, and watches how long those of a motion take. */
export interface FrameLoop {
  /** Milliseconds between the last two frames of a motion. */
  readonly gapMs: number;
  /** A frame has been asked for. */
  readonly isDue: boolean;
  invalidate(): void;
  /** A frame of a motion: as fine as the machine allows, and fine again when it is over. */
  motion(): void;
  /** In this task, instead of the frame that was asked for. */
  drawNow(): void;
  stop(): void;
}

/** After a motion: this long without another frame of it, and the picture is drawn at its full resolution. */
const stillAfterMs = 180;
/** Slow machines take their time between two frames of one motion. */
const longestGapMs = 1000;

/** `draw`: `scale` is 1 for a still picture, less for a coarser one. */
export function frameLoop(draw: (now: number, scale: number, isMoving: boolean) => void): FrameLoop {
  const pace = pacing();
  let [frame, gapMs, lastAt, moving, stopped] = [0, 0, 0, false, false];
  let still: ReturnType<typeof setTimeout> | undefined;

  function run(now: number): void {
    frame = 0;
    if (moving) {
      if (lastAt > 0 && now - lastAt < longestGapMs) {
        gapMs = now - lastAt;
        pace.frame(gapMs);
      }
      lastAt = now;
    }
    draw(now, moving ? pace.scale : 1, moving);
  }
  function invalidate(): void {
    if (frame === 0 && !stopped) frame = requestAnimationFrame(run);
  }
  return {
    get gapMs() {
      return gapMs;
    },
    get isDue() {
      return frame !== 0;
    },
    invalidate,
    motion() {
      if (!moving) {
        moving = true;
        lastAt = 0;
        pace.begin();
      }
      clearTimeout(still);
      still = setTimeout(
        () => {
          moving = false;
          invalidate();
        },
        Math.max(stillAfterMs, Math.min(longestGapMs, 2 * gapMs)),
      );
      invalidate();
    },
    drawNow() {
      cancelAnimationFrame(frame);
      frame = 0;
      if (!stopped) draw(performance.now(), moving ? pace.scale : 1, moving);
    },
    stop() {
      stopped = true;
      cancelAnimationFrame(frame);
      clearTimeout(still);
    },
  };
}
