/** Chooses how fine the picture is while it moves, from how long its frames take. */
export interface Pacing {
  /** Pixels of the picture for each pixel of the page, relative to the still picture. */
  readonly scale: number;
  /** A frame of a motion, `gapMs` after the one before it. */
  frame(gapMs: number): void;
  /** A new motion begins: one step finer than the last one ended. */
  begin(): void;
}

const slowMs = 34;
const [coarsest, step] = [0.45, 0.75];
const framesPerChoice = 3;

/** Coarser by a quarter whenever three frames took more than 34 ms each in the mean; never coarser than 0.45. */
export function pacing(): Pacing {
  let [scale, frames, total] = [1, 0, 0];
  return {
    get scale() {
      return scale;
    },
    frame(gapMs) {
      frames++;
      total += gapMs;
      if (frames < framesPerChoice) return;
      if (total / frames > slowMs) scale = Math.max(coarsest, scale * step);
      [frames, total] = [0, 0];
    },
    begin() {
      scale = Math.min(1, scale / step);
      [frames, total] = [0, 0];
    },
  };
}
