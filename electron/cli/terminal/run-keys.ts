import { readFileSync } from 'node:fs';
import type { RunControl } from '../../../core/training/run-control.ts';

export const keyHelp = 'keys: p pause · space one step · + − learning rate · q stop';

interface Keyboard {
  setRawMode?(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  off(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
}

interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/** One press changes the learning rate by this factor: eight presses are about a doubling. */
const pressFactor = 1.1;

/**
 * Whether the process group of a line of `/proc/PID/stat` holds the terminal: its fields 5 and 8. The second field, the
 * name of the program in brackets, may hold anything.
 */
export function holdsTerminal(stat: string): boolean {
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return group === foreground;
}

/** Linux tells; elsewhere a process with a terminal is taken to be in its foreground. */
function isInForeground(): boolean {
  try {
    return holdsTerminal(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return true;
  }
}

/**
 * Whether somebody can watch the run and press keys: both streams are terminals, and the process is not in the background
 * (`&`), where touching the keyboard stops it.
 */
export const isWatched = (keyboard: MaybeTerminal, screen: MaybeTerminal): boolean =>
  keyboard.isTTY === true && screen.isTTY === true && isInForeground();

/**
 * Steers a run by single keys. `learningRate` tells the value now; `interrupt` is called for ^C, which in raw mode is a
 * character like any other. Returns what gives the keyboard back.
 */
export function steerByKeys(
  keyboard: Keyboard,
  control: RunControl,
  learningRate: () => number,
  interrupt: () => void,
): () => void {
  try {
    keyboard.setRawMode?.(true);
  } catch {
    // The terminal has gone meanwhile: the run goes on without keys.
    return () => {};
  }
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
      else if (key === 'q') control.stop();
      else if (key === '\u0003') interrupt();
    }
  };
  keyboard.resume();
  keyboard.on('data', listener);
  return () => {
    keyboard.off('data', listener);
    keyboard.setRawMode?.(false);
    keyboard.pause();
  };
}
