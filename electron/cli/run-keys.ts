import type { RunControl } from '../../core/training/run-control.ts';

export const keyHelp = 'keys: p pause · space one step · + − learning rate · q stop';

interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  off(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
}

/** One press changes the learning rate by this factor: eight presses are about a doubling. */
const pressFactor = 1.1;

/**
 * Steers a run by single keys while it is watched on a terminal; without one nothing is read. `learningRate` tells the
 * value now. Returns what gives the keyboard back.
 */
export function steerByKeys(keyboard: Keyboard, control: RunControl, learningRate: () => number): () => void {
  if (!keyboard.isTTY || !keyboard.setRawMode) return () => {};
  let paused = false;
  const listener = (bytes: Uint8Array) => {
    for (const key of new TextDecoder().decode(bytes)) {
      if (key === 'p') {
        if (paused) control.resume();
        else control.pause();
        paused = !paused;
      } else if (key === ' ') {
        control.step();
        paused = true;
      } else if (key === '+') control.setLearningRate(learningRate() * pressFactor);
      else if (key === '-') control.setLearningRate(learningRate() / pressFactor);
      // In raw mode an interrupt is a character like any other.
      else if (key === 'q' || key === '\u0003') control.stop();
    }
  };
  keyboard.setRawMode(true);
  keyboard.resume();
  keyboard.on('data', listener);
  return () => {
    keyboard.off('data', listener);
    keyboard.setRawMode?.(false);
    keyboard.pause();
  };
}
