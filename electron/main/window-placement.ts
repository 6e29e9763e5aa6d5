import type { WindowState } from './stored-files.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const smallest = { width: 900, height: 600 } as const;
const usual = { width: 1600, height: 1000 } as const;
/** So much of the window's upper edge must be on a display that it can be seen and dragged. */
const graspable = { width: 120, height: 40 } as const;

export interface Placement {
  readonly width: number;
  readonly height: number;
  /** Absent: the system places the window. */
  readonly x?: number;
  readonly y?: number;
}

const overlap = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.min(a + aLength, b + bLength) - Math.max(a, b);

/** Where the window goes: as it was, where that place is still on a display; else in its usual size. */
export function windowPlacement(saved: WindowState | null, workAreas: readonly Rectangle[]): Placement {
  const first = workAreas[0] ?? { x: 0, y: 0, ...usual };
  const size = {
    width: Math.max(smallest.width, Math.min(usual.width, first.width)),
    height: Math.max(smallest.height, Math.min(usual.height, first.height)),
  };
  if (saved === null) return size;
  const { x, y, width, height } = saved.bounds;
  const isSeen = workAreas.some(
    (area) =>
      overlap(x, width, area.x, area.width) >= graspable.width &&
      overlap(y, graspable.height, area.y, area.height) >= graspable.height / 2,
  );
  if (!isSeen || width < smallest.width || height < smallest.height) return size;
  return { x, y, width, height };
}
