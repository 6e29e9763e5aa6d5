import type { AutomaticPlane } from '../state/plane-kind.ts';

/** Principal directions of fewer points say nothing. */
export const fewestForPca = 3;
const growth = 1.5;

export interface PlaneSituation {
  readonly wanted: AutomaticPlane;
  /** Checkpoints there are. */
  readonly checkpoints: number;
  /** Nothing more comes. */
  readonly ended: boolean;
  /** How many checkpoints there were when a plane was computed, or failed. */
  readonly countAt: Partial<Readonly<Record<AutomaticPlane, number>>>;
}

/**
 * The plane to be computed by itself now, or null: the wanted one once it can be had, again when the checkpoints have
 * grown by half, and at the end; a random one until then, so that there is something to see at once.
 */
export function duePlane({ wanted, checkpoints, ended, countAt }: PlaneSituation): AutomaticPlane | null {
  if (checkpoints === 0) return null;
  if (wanted === 'pca' && checkpoints < fewestForPca) return countAt.random === undefined ? 'random' : null;
  const before = countAt[wanted];
  if (before === undefined) return wanted;
  const due = checkpoints >= growth * before || (ended && checkpoints > before);
  return due && checkpoints > before ? wanted : null;
}

/** Points a side so that a plane takes no longer than this. */
const longestSeconds = 20;
const coarsest = 13;

/** The wanted grid, or one that is not out of proportion where a loss takes long. Odd, so that the centre is a point. */
export function affordableGrid(wanted: number, secondsPerLoss: number | null): number {
  if (secondsPerLoss === null || wanted * wanted * secondsPerLoss <= longestSeconds) return wanted;
  const side = Math.floor(Math.sqrt(longestSeconds / secondsPerLoss));
  return Math.min(wanted, Math.max(coarsest, side - (side % 2 === 0 ? 1 : 0)));
}
