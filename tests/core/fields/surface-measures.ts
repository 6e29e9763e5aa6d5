import type { Axes, Field } from '../../../core/fields/grid.ts';
import type { Isosurface } from '../../../core/fields/isosurface.ts';

export const evenAxis = (count: number, low: number, high: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/** A function at every point of a grid, all of it computed. */
export function sampled(axes: Axes, f: (...at: number[]) => number): Field {
  const count = axes.reduce((product, { length }) => product * length, 1);
  const values = Float64Array.from({ length: count }, (_, point) => {
    let rest = point;
    return f(
      ...axes.map((axis) => {
        const at = axis[rest % axis.length]!;
        rest = Math.floor(rest / axis.length);
        return at;
      }),
    );
  });
  return { values, computed: new Uint8Array(count).fill(1) };
}

/** Area by cross products, volume by the divergence theorem: positive where triangles are seen from outside. */
export function areaAndVolume({ positions, indices }: Isosurface): { area: number; volume: number } {
  let [area, volume] = [0, 0];
  for (let n = 0; n < indices.length; n += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => positions.subarray(3 * indices[n + k]!, 3 * indices[n + k]! + 3));
    const [p, q] = [b!, c!].map((corner) => [0, 1, 2].map((k) => corner[k]! - a![k]!));
    const normal = [
      p![1]! * q![2]! - p![2]! * q![1]!,
      p![2]! * q![0]! - p![0]! * q![2]!,
      p![0]! * q![1]! - p![1]! * q![0]!,
    ];
    area += Math.hypot(...normal) / 2;
    volume += (a![0]! * normal[0]! + a![1]! * normal[1]! + a![2]! * normal[2]!) / 6;
  }
  return { area, volume };
}

/** Directed edges that do not have exactly one partner in the opposite direction. */
export function openEdges({ indices }: Isosurface): number {
  const directed = new Map<string, number>();
  for (let n = 0; n < indices.length; n += 3)
    for (let k = 0; k < 3; k++) {
      const key = `${indices[n + k]!} ${indices[n + ((k + 1) % 3)]!}`;
      directed.set(key, (directed.get(key) ?? 0) + 1);
    }
  let open = 0;
  for (const [key, times] of directed) {
    const [from, to] = key.split(' ');
    if (times !== 1 || directed.get(`${to} ${from}`) !== 1) open++;
  }
  return open;
}

/** Vertices whose triangles are not one fan: a manifold has none. */
export function pinchedVertices({ indices, positions }: Isosurface): number {
  const links = new Map<number, Map<number, number>>();
  for (let n = 0; n < indices.length; n += 3)
    for (let k = 0; k < 3; k++) {
      const at = indices[n + k]!;
      if (!links.has(at)) links.set(at, new Map());
      links.get(at)!.set(indices[n + ((k + 1) % 3)]!, indices[n + ((k + 2) % 3)]!);
    }
  let pinched = 0;
  for (const link of links.values()) {
    const [first] = link.keys();
    let length = 0;
    let at: number | undefined = first;
    do {
      at = link.get(at!);
      length++;
    } while (at !== undefined && at !== first && length <= link.size);
    if (at !== first || length !== link.size) pinched++;
  }
  return pinched + (links.size === positions.length / 3 ? 0 : 1);
}

/** V − E + F, and the number of connected components. */
export function topology({ positions, indices }: Isosurface): { euler: number; components: number } {
  const root = Int32Array.from({ length: positions.length / 3 }, (_, i) => i);
  const find = (at: number): number => {
    let top = at;
    while (root[top] !== top) top = root[top]!;
    root[at] = top;
    return top;
  };
  const edges = new Set<string>();
  for (let n = 0; n < indices.length; n += 3)
    for (let k = 0; k < 3; k++) {
      const [a, b] = [indices[n + k]!, indices[n + ((k + 1) % 3)]!];
      edges.add(a < b ? `${a} ${b}` : `${b} ${a}`);
      root[find(a)] = find(b);
    }
  const components = root.filter((top, i) => top === i).length;
  return { euler: root.length - edges.size + indices.length / 3, components };
}
