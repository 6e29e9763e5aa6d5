import { useEffect, useRef, useState } from 'react';

export interface Steps {
  /** How many are shown. */
  readonly shown: number;
  readonly isRunning: boolean;
  run(): void;
  pause(): void;
  step(): void;
  reset(): void;
}

/** The whole of a run takes so long to be shown. */
const wholeRunMs = 3500;

/** Steps that are shown one after the other; all at once where motion is to be reduced. */
export function useSteps(all: number): Steps {
  const [shown, setShown] = useState(0);
  const [isRunning, setRunning] = useState(false);
  const latest = useRef(shown);
  latest.current = shown;
  useEffect(() => {
    if (!isRunning) return;
    const began = performance.now();
    // A run that has come to its end begins again.
    const from = latest.current >= all ? 0 : latest.current;
    let frame = requestAnimationFrame(function next(now) {
      const to = Math.min(all, from + Math.round((all * (now - began)) / wholeRunMs));
      setShown(to);
      if (to >= all) setRunning(false);
      else frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isRunning, all]);
  return {
    shown,
    isRunning,
    run() {
      if (document.documentElement.dataset.motion === 'reduced') setShown(all);
      else {
        if (shown >= all) setShown(0);
        setRunning(true);
      }
    },
    pause: () => setRunning(false),
    step: () => setShown((at) => Math.min(all, at + 1)),
    reset() {
      setRunning(false);
      setShown(0);
    },
  };
}
