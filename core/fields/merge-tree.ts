import type { Axes, Field } from './grid.ts';
import { type Neighbourhood, neighboursOf } from './neighbours.ts';
import { risingPoints } from './rising-points.ts';

/** One extremum, from where its component of a sublevel set appears to where an older one takes it in. */
export interface Branch {
  readonly extremum: number;
  /** The pass where it merges; of the oldest of a connected part of the grid the last point, its other extreme. */
  readonly end: number;
  /** The branch that goes on; −1 where there is none. Always later in the list. */
  readonly into: number;
  /** Points of the grid in the component just before it ends. */
  readonly size: number;
}

/**
 * `join`: components of {f ≤ t} for rising t: minima, merging at passes. `split`: components of {f ≥ t} for falling t:
 * maxima, merging at passes.
 */
export interface MergeTree {
  readonly kind: 'join' | 'split';
  readonly neighbourhood: Neighbourhood;
  /** In the order in which they end. */
  readonly branches: readonly Branch[];
}

/** A point of the tree, and the next one on the way to the root. */
export interface MergeNode {
  readonly point: number;
  readonly role: 'extremum' | 'saddle' | 'root';
  /** Its place in the list of nodes; −1 for a root. */
  readonly parent: number;
  /** Places in the list of branches: of an extremum and a root its own, of a saddle those that end there. */
  readonly branches: readonly number[];
}

/**
 * The merge tree of a field on one to three axes as its branch decomposition by the elder rule: where components meet,
 * the one with the deeper extremum goes on. Points that were not computed or are not finite are no part of the grid.
 * Equal values are ordered by the number of their point (simulation of simplicity): on a plateau pairs of persistence zero
 * may appear, never a tie.
 *
 * Neighbours are `all` unless told: with `faces` a narrow valley that runs askew to the axes falls apart into minima
 * that are not there, while `all` calls a point extreme only if no point around it is beyond it. So fewer features are
 * told rather than more. Minima and maxima are then not duals of each other on the grid.
 *
 * O(n log n) for n points. Source: Carr, Snoeyink and Axen (2003); Edelsbrunner and Mücke (1990) for ties.
 */
export function mergeTree(
  axes: Axes,
  field: Field,
  kind: MergeTree['kind'],
  neighbourhood: Neighbourhood = 'all',
): MergeTree {
  const order = risingPoints(field);
  if (kind === 'split') order.reverse();
  const neighbours = neighboursOf(axes, neighbourhood);
  const list = new Int32Array(neighbours.most);
  const root = new Int32Array(field.values.length).fill(-1);
  const size = new Int32Array(field.values.length);
  /** Of the component of a root point: its extremum's place in the order, and its last point. */
  const oldest = new Int32Array(field.values.length);
  const last = new Int32Array(field.values.length);
  const find = (point: number): number => {
    let at = point;
    while (root[at] !== at) {
      root[at] = root[root[at]!]!;
      at = root[at]!;
    }
    return at;
  };
  const deaths: { extremum: number; end: number; into: number; size: number }[] = [];
  const met = new Int32Array(neighbours.most);
  for (let turn = 0; turn < order.length; turn++) {
    const point = order[turn]!;
    root[point] = point;
    size[point] = 1;
    oldest[point] = turn;
    last[point] = point;
    const count = neighbours.into(list, point);
    let [components, before] = [0, -1];
    for (let n = 0; n < count; n++) {
      // Most neighbours hang from one root: they cost no search.
      const above = root[list[n]!]!;
      if (above < 0 || above === before) continue;
      const one = find(list[n]!);
      before = one;
      let seen = false;
      for (let m = 0; m < components && !seen; m++) seen = met[m] === one;
      if (!seen) met[components++] = one;
    }
    if (components === 0) continue;
    let elder = met[0]!;
    for (let m = 1; m < components; m++) if (oldest[met[m]!]! < oldest[elder]!) elder = met[m]!;
    for (let m = 0; m < components; m++) {
      const one = met[m]!;
      if (one === elder) continue;
      deaths.push({ extremum: order[oldest[one]!]!, end: point, into: order[oldest[elder]!]!, size: size[one]! });
    }
    join(met, components, point, elder, root, size);
    const top = root[point]!;
    oldest[top] = oldest[elder]!;
    last[top] = point;
  }
  const roots = new Set<number>();
  for (const point of order) if (root[point] === point) roots.add(point);
  for (const top of [...roots].sort((a, b) => oldest[a]! - oldest[b]!))
    deaths.push({ extremum: order[oldest[top]!]!, end: last[top]!, into: -1, size: size[top]! });
  const placeOf = new Map(deaths.map(({ extremum }, i) => [extremum, i]));
  const branches = deaths.map((one) => ({ ...one, into: one.into < 0 ? -1 : placeOf.get(one.into)! }));
  return { kind, neighbourhood, branches };
}

/** All of them under the root of the largest: logarithmic depth. */
function join(met: Int32Array, components: number, point: number, elder: number, root: Int32Array, size: Int32Array) {
  let top = elder;
  for (let m = 0; m < components; m++) if (size[met[m]!]! > size[top]!) top = met[m]!;
  let total = 1;
  for (let m = 0; m < components; m++) {
    total += size[met[m]!]!;
    root[met[m]!] = top;
  }
  root[point] = top;
  size[top] = total;
}

/** |f(end) − f(extremum)|; 0 for a branch of one point. */
export const persistenceOf = ({ values }: Field, { extremum, end }: Branch): number =>
  Math.abs(values[end]! - values[extremum]!);

/**
 * The tree without the branches of less persistence than the threshold. The roots stay. An older branch that takes
 * another in begins deeper and ends later, so it is at least as persistent: what is left is again a merge tree, the one
 * of a field that differs by less than the threshold.
 */
export function simplified(tree: MergeTree, field: Field, threshold: number): MergeTree {
  const kept = tree.branches.map((branch) => branch.into < 0 || persistenceOf(field, branch) >= threshold);
  const places = new Int32Array(kept.length);
  let count = 0;
  kept.forEach((keep, i) => {
    places[i] = keep ? count++ : -1;
  });
  return {
    ...tree,
    branches: tree.branches
      .filter((_, i) => kept[i])
      .map((branch) => ({ ...branch, into: branch.into < 0 ? -1 : places[branch.into]! })),
  };
}

/** The same tree as nodes: extrema are leaves, a pass has as many children as components meet there. O(branches). */
export function mergeNodes({ branches }: MergeTree): MergeNode[] {
  const nodes: { point: number; role: MergeNode['role']; parent: number; branches: number[] }[] = branches.map(
    ({ extremum }, i) => ({ point: extremum, role: 'extremum', parent: -1, branches: [i] }),
  );
  /** The highest node of each branch so far. */
  const top = branches.map((_, i) => i);
  const passes = new Map<number, number>();
  branches.forEach(({ end, into, extremum }, i) => {
    if (into < 0) {
      if (end === extremum) return;
      nodes[top[i]!]!.parent = nodes.length;
      nodes.push({ point: end, role: 'root', parent: -1, branches: [i] });
      return;
    }
    const pass = passes.get(end) ?? nodes.length;
    if (pass === nodes.length) {
      nodes.push({ point: end, role: 'saddle', parent: -1, branches: [] });
      passes.set(end, pass);
    }
    nodes[pass]!.branches.push(i);
    nodes[top[i]!]!.parent = pass;
    if (top[into] !== pass) nodes[top[into]!]!.parent = pass;
    top[into] = pass;
  });
  return nodes;
}
