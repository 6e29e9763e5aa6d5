import { useEffect, useState } from 'react';

export interface Player {
  /** From 0 to 1. */
  readonly share: number;
  readonly isPlaying: boolean;
  play(): void;
  pause(): void;
  seek(share: number): void;
}

const secondsOfWhole = 5;

/** Plays something once whenever `subject` is another thing; at its end at once where motion is reduced. */
export function usePlayer(subject: unknown): Player {
  const [share, setShare] = useState(1);
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (subject === null || document.documentElement.dataset.motion === 'reduced') return;
    setShare(0);
    setPlaying(true);
  }, [subject]);
  useEffect(() => {
    if (!isPlaying) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function next(now) {
      // A page that stood still for long goes on where it was.
      const by = Math.min(0.1, (now - before) / 1000) / secondsOfWhole;
      before = now;
      setShare((at) => Math.min(1, at + by));
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  useEffect(() => {
    if (share >= 1) setPlaying(false);
  }, [share]);
  return {
    share,
    isPlaying,
    play() {
      if (share >= 1) setShare(0);
      setPlaying(true);
    },
    pause: () => setPlaying(false),
    seek(to) {
      setPlaying(false);
      setShare(to);
    },
  };
}
