import { create } from 'zustand';

/** A point of the plane that the pointer or a key has picked, on whichever picture of it. */
export interface ProbedPoint {
  readonly alpha: number;
  readonly beta: number;
  /** Between the points of the grid, bilinear; NaN where a corner of the cell has no finite loss. */
  readonly loss: number;
  readonly source: 'scene' | 'map';
}

/** What the landscape, its map and its section show together; null while nothing is picked. */
export const useProbe = create<{ readonly point: ProbedPoint | null }>(() => ({ point: null }));

export const probe = (point: ProbedPoint | null): void => {
  if (point !== null || useProbe.getState().point !== null) useProbe.setState({ point });
};
