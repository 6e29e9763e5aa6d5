import { useRef } from 'react';
import type { PlaneKind, ShownLandscape } from '../../state/results.ts';
import { useResults } from '../../state/results.ts';

export interface HeldLandscape {
  readonly shown: ShownLandscape | null;
  /** The one that is computed while an older one stays on the screen. */
  readonly coming: ShownLandscape | null;
}

/** The plane to show: a whole one stays until the next is whole, a first one appears as it is computed. */
export function useHeldLandscape(run: string | null, plane: PlaneKind): HeldLandscape {
  const latest = useResults(({ landscapes }) => (run === null ? null : (landscapes[run]?.[plane] ?? null)));
  const held = useRef<{ readonly key: string; readonly whole: ShownLandscape } | null>(null);
  const key = `${run} ${plane}`;
  if (latest?.complete) held.current = { key, whole: latest };
  const whole = held.current?.key === key && latest !== null ? held.current.whole : null;
  if (latest === null || latest.complete || whole === null) return { shown: latest, coming: null };
  return { shown: whole, coming: latest };
}
