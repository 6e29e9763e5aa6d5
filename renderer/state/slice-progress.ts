import { create } from 'zustand';
import type { PlaneKind } from './plane-kind.ts';

/** A slice that was stopped before it was whole; the same question goes on with it. */
export interface Pause {
  readonly run: string;
  readonly plane: PlaneKind;
  /** Values that are there, of so many: as many as points where there is one quantity. */
  readonly done: number;
  readonly total: number;
  readonly quantities: number;
}

/** Slices that were asked for by hand, by run and name: those that are computed, and those that were stopped. */
export const useSliceProgress = create<{
  readonly running: Readonly<Record<string, { cancel(): void }>>;
  readonly pauses: Readonly<Record<string, Pause>>;
}>(() => ({ running: {}, pauses: {} }));

export const sliceKey = (run: string, plane: PlaneKind): string => `${run} ${plane}`;

const without = <T>(table: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(table).filter(([name]) => name !== key));

/** Null: it has ended. */
export function setSliceJob(run: string, plane: PlaneKind, job: { cancel(): void } | null): void {
  const key = sliceKey(run, plane);
  useSliceProgress.setState(({ running }) => ({
    running: job === null ? without(running, key) : { ...running, [key]: job },
  }));
}

export function setPause(pause: Pause): void {
  useSliceProgress.setState(({ pauses }) => ({ pauses: { ...pauses, [sliceKey(pause.run, pause.plane)]: pause } }));
}

export function forgetPause(run: string, plane: PlaneKind): void {
  useSliceProgress.setState(({ pauses }) => ({ pauses: without(pauses, sliceKey(run, plane)) }));
}
