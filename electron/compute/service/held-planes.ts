import type { HeldPlane } from './worker-messages.ts';

/** The planes used last, by their names; directions are as long as θ, so few are kept. */
export interface HeldPlanes {
  hold(planeId: string, plane: HeldPlane): void;
  find(planeId: string): HeldPlane | null;
}

export const mostPlanes = 12;

export function createHeldPlanes(): HeldPlanes {
  const planes = new Map<string, HeldPlane>();
  const touch = (planeId: string, plane: HeldPlane) => {
    planes.delete(planeId);
    planes.set(planeId, plane);
  };
  return {
    hold(planeId, plane) {
      touch(planeId, plane);
      const [oldest] = planes.keys();
      if (planes.size > mostPlanes && oldest !== undefined) planes.delete(oldest);
    },
    find(planeId) {
      const plane = planes.get(planeId);
      if (plane) touch(planeId, plane);
      return plane ?? null;
    },
  };
}
