import { create } from 'zustand';

/** One step axis and one cursor for all charts. */
export interface Time {
  /** The step that is looked at; null follows the newest step of the current run. */
  readonly cursor: number | null;
  /** The step under the pointer, for reading off; null elsewhere. */
  readonly hover: number | null;
  /** The steps shown; null shows all. */
  readonly range: readonly [number, number] | null;
}

export const useTime = create<Time>(() => ({ cursor: null, hover: null, range: null }));
