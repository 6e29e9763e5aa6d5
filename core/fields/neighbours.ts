import type { Axes } from './grid.ts';
import { stridesOf } from './interpolate.ts';

/**
 * Which points of a grid touch: `faces` = one step along one axis (4 on a plane, 6 in a volume), `all` = at most one step
 * along each (8, 26).
 */
export type Neighbourhood = 'faces' | 'all';

export interface Neighbours {
  /** Writes the neighbours of a point within the grid into `list` and returns their number. No allocation. */
  readonly into: (list: Int32Array, point: number) => number;
  /** Of a point that no border cuts. */
  readonly most: number;
}

export function neighboursOf(axes: Axes, neighbourhood: Neighbourhood): Neighbours {
  const strides = stridesOf(axes);
  const steps = Array.from({ length: 3 ** axes.length }, (_, code) =>
    axes.map((__, k) => (Math.floor(code / 3 ** k) % 3) - 1),
  ).filter((step) => {
    const moved = step.filter((one) => one !== 0).length;
    return (
      moved > 0 && (neighbourhood === 'all' || moved === 1) && step.every((one, k) => one === 0 || axes[k]!.length > 1)
    );
  });
  const offsets = Int32Array.from(steps, (step) => step.reduce((sum, one, k) => sum + one * strides[k]!, 0));
  const lengths = Int32Array.from(axes, ({ length }) => length);
  const place = new Int32Array(axes.length);
  const into = (list: Int32Array, point: number): number => {
    let inner = true;
    for (let k = 0; k < lengths.length; k++) {
      const at = Math.floor(point / strides[k]!) % lengths[k]!;
      place[k] = at;
      if (lengths[k]! > 1 && (at === 0 || at === lengths[k]! - 1)) inner = false;
    }
    let count = 0;
    for (let n = 0; n < offsets.length; n++) {
      if (!inner) {
        const step = steps[n]!;
        let within = true;
        for (let k = 0; k < lengths.length && within; k++) {
          const at = place[k]! + step[k]!;
          within = at >= 0 && at < lengths[k]!;
        }
        if (!within) continue;
      }
      list[count++] = point + offsets[n]!;
    }
    return count;
  };
  return { into, most: offsets.length };
}
