import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Axes, type Field, pointAt, pointCount } from '../../../core/fields/grid.ts';
import { type MergeTree, mergeNodes, mergeTree, persistenceOf, simplified } from '../../../core/fields/merge-tree.ts';
import { type Neighbourhood, neighboursOf } from '../../../core/fields/neighbours.ts';
import { risingPoints } from '../../../core/fields/rising-points.ts';
import { evenAxis, sampled } from './surface-measures.ts';

const square = (count: number, reach: number): Axes => [evenAxis(count, -reach, reach), evenAxis(count, -reach, reach)];

/** Small grids of small integers with holes: many ties, many components. */
const grids = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }))
  .chain(([a, b, c]) => {
    const axes = (c === 1 ? [a, b] : [a, b, c]).map((count) => evenAxis(count, 0, Math.max(1, count - 1)));
    const count = pointCount(axes);
    return fc.record({
      axes: fc.constant(axes),
      values: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: count, maxLength: count }),
      holes: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }),
      neighbourhood: fc.constantFrom<Neighbourhood>('faces', 'all'),
    });
  });

const fieldOf = (values: readonly number[], holes: readonly number[]): Field => ({
  values: Float64Array.from(values),
  computed: Uint8Array.from(holes, (hole) => (hole === 0 ? 0 : 1)),
});

/** Components of {f ≤ level} by flood fill, each as the smallest value in it. Written apart from the tree. */
function floodFill(axes: Axes, { values, computed }: Field, level: number, neighbourhood: Neighbourhood): number[] {
  const seen = new Set<number>();
  const lowest: number[] = [];
  const lengths = [0, 1, 2].map((k) => axes[k]?.length ?? 1) as [number, number, number];
  const inside = (p: number) => computed[p] === 1 && values[p]! <= level;
  for (let start = 0; start < values.length; start++) {
    if (seen.has(start) || !inside(start)) continue;
    let low = values[start]!;
    const queue = [start];
    seen.add(start);
    while (queue.length > 0) {
      const p = queue.pop()!;
      low = Math.min(low, values[p]!);
      const at = [p % lengths[0], Math.floor(p / lengths[0]) % lengths[1], Math.floor(p / lengths[0] / lengths[1])];
      for (let dx = -1; dx <= 1; dx++)
        for (let dy = -1; dy <= 1; dy++)
          for (let dz = -1; dz <= 1; dz++) {
            if (neighbourhood === 'faces' && Math.abs(dx) + Math.abs(dy) + Math.abs(dz) !== 1) continue;
            const [x, y, z] = [at[0]! + dx, at[1]! + dy, at[2]! + dz];
            if (x < 0 || y < 0 || z < 0 || x >= lengths[0] || y >= lengths[1] || z >= lengths[2]) continue;
            const q = x + lengths[0] * (y + lengths[1] * z);
            if (seen.has(q) || !inside(q)) continue;
            seen.add(q);
            queue.push(q);
          }
    }
    lowest.push(low);
  }
  return lowest;
}

const diagram = (tree: MergeTree, { values }: Field) =>
  tree.branches
    .map(({ extremum, end, into }) => [values[extremum]!, into < 0 ? null : values[end]!] as const)
    .filter(([birth, death]) => birth !== death)
    .sort((a, b) => a[0] - b[0] || (a[1] ?? 1e300) - (b[1] ?? 1e300));

describe('the join tree', () => {
  it('has at every two levels the persistent components that flood fill finds', () => {
    fc.assert(
      fc.property(grids, ({ axes, values, holes, neighbourhood }) => {
        const field = fieldOf(values, holes);
        const { branches } = mergeTree(axes, field, 'join', neighbourhood);
        for (let level = 0; level <= 6; level++) {
          const components = floodFill(axes, field, level, neighbourhood);
          for (let birth = 0; birth <= level; birth++) {
            // Components at `level` that hold a point not above `birth`: branches born by then and not yet merged.
            const alive = branches.filter(
              ({ extremum, end, into }) => field.values[extremum]! <= birth && (into < 0 || field.values[end]! > level),
            ).length;
            expect(alive).toBe(components.filter((low) => low <= birth).length);
          }
        }
        const known = field.computed.reduce((sum, one) => sum + one, 0);
        const roots = branches.filter(({ into }) => into < 0);
        expect(roots.reduce((sum, { size }) => sum + size, 0)).toBe(known);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same for a field with a constant added or mapped by a rising function, point by point', () => {
    fc.assert(
      fc.property(grids, ({ axes, values, holes, neighbourhood }) => {
        const field = fieldOf(values, holes);
        for (const kind of ['join', 'split'] as const) {
          const { branches } = mergeTree(axes, field, kind, neighbourhood);
          for (const map of [(v: number) => v + 1000, (v: number) => Math.exp(v), (v: number) => v ** 3 - 5]) {
            const mapped = { ...field, values: field.values.map(map) };
            expect(mergeTree(axes, mapped, kind, neighbourhood).branches).toEqual(branches);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has the same diagram with its axes exchanged or reversed', () => {
    fc.assert(
      fc.property(grids, ({ axes, values, holes, neighbourhood }) => {
        const field = fieldOf(values, holes);
        const turned = [...axes].reverse();
        const moved = (read: (point: number) => number, onto: Axes, to: (place: number[]) => number[]) => {
          const out = new Float64Array(values.length);
          for (let p = 0; p < values.length; p++) {
            let rest = p;
            const place = axes.map(({ length }) => {
              const at = rest % length;
              rest = Math.floor(rest / length);
              return at;
            });
            out[pointAt(onto, to(place))] = read(p);
          }
          return out;
        };
        for (const [onto, to] of [
          [turned, (place: number[]) => [...place].reverse()],
          [axes, (place: number[]) => place.map((at, k) => axes[k]!.length - 1 - at)],
        ] as const) {
          const other: Field = {
            values: moved((p) => field.values[p]!, onto, to),
            computed: Uint8Array.from(moved((p) => field.computed[p]!, onto, to)),
          };
          for (const kind of ['join', 'split'] as const)
            expect(diagram(mergeTree(onto, other, kind, neighbourhood), other)).toEqual(
              diagram(mergeTree(axes, field, kind, neighbourhood), field),
            );
        }
      }),
      { numRuns: 100 },
    );
  });

  it('of the field upside down is the split tree', () => {
    fc.assert(
      fc.property(grids, ({ axes, values, holes, neighbourhood }) => {
        const field = fieldOf(values, holes);
        const down = { ...field, values: field.values.map((v) => -v) };
        const negated = diagram(mergeTree(axes, down, 'join', neighbourhood), down)
          .map(([birth, death]) => [0 - birth, death === null ? null : 0 - death])
          .sort();
        expect(
          diagram(mergeTree(axes, field, 'split', neighbourhood), field)
            .map(([birth, death]) => [0 + birth, death])
            .sort(),
        ).toEqual(negated);
      }),
      { numRuns: 100 },
    );
  });

  it('of paraboloids that meet has its passes where they are as high as each other', () => {
    // f = minᵢ |x − cᵢ|² + bᵢ: between two of them the pass is on the straight line, at t with t² + b₁ = (d − t)² + b₂.
    const wells = [
      [-1, -1, 0],
      [1, -1, 0.1],
      [0, 1, 0.25],
    ] as const;
    const axes = square(201, 2);
    const field = sampled(axes, (x, y) => Math.min(...wells.map(([a, b, c]) => (x! - a) ** 2 + (y! - b) ** 2 + c)));
    const { branches } = mergeTree(axes, field, 'join');
    expect(branches).toHaveLength(3);
    const pass = (one: number, other: number) => {
      const [p, q] = [wells[one]!, wells[other]!];
      const d = Math.hypot(p[0] - q[0], p[1] - q[1]);
      return ((d * d + q[2] - p[2]) / (2 * d)) ** 2 + p[2];
    };
    const found = diagram({ kind: 'join', neighbourhood: 'all', branches }, field);
    expect(found[0]).toEqual([0, null]);
    expect(found[1]![0]).toBe(0.1);
    expect(Math.abs(found[1]![1]! - pass(0, 1))).toBeLessThan(0.03);
    expect(found[2]![0]).toBe(0.25);
    expect(Math.abs(found[2]![1]! - Math.min(pass(0, 2), pass(1, 2)))).toBeLessThan(0.03);
  });

  it('has one node with three children where three components meet', () => {
    const axes = square(3, 1);
    const field: Field = { values: Float64Array.of(9, -2, 9, -1, 1, 0, 9, 9, 9), computed: new Uint8Array(9).fill(1) };
    const tree = mergeTree(axes, field, 'join', 'faces');
    expect(tree.branches.filter(({ end }) => end === 4)).toHaveLength(2);
    const nodes = mergeNodes(tree);
    const saddle = nodes.findIndex(({ role }) => role === 'saddle');
    expect(nodes[saddle]!.point).toBe(4);
    expect(
      nodes
        .filter(({ parent }) => parent === saddle)
        .map(({ point }) => point)
        .sort(),
    ).toEqual([1, 3, 5]);
    expect(nodes[nodes[saddle]!.parent]!.role).toBe('root');
  });
});

describe('nodes', () => {
  it('are a forest that rises from extrema to roots, one root for each connected part', () => {
    fc.assert(
      fc.property(grids, ({ axes, values, holes, neighbourhood }) => {
        const field = fieldOf(values, holes);
        const tree = mergeTree(axes, field, 'join', neighbourhood);
        const nodes = mergeNodes(tree);
        const roots = nodes.filter(({ parent }) => parent < 0);
        expect(roots).toHaveLength(floodFill(axes, field, 99, neighbourhood).length);
        for (const { point, parent, role } of nodes) {
          if (parent >= 0) expect(field.values[nodes[parent]!.point]).toBeGreaterThanOrEqual(field.values[point]!);
          if (role !== 'saddle') continue;
          expect(
            nodes.filter((child) => nodes[child.parent]?.point === point && child.parent >= 0).length,
          ).toBeGreaterThan(1);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('of a simplified tree keep the branches beyond the threshold with their passes', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 0, max: 6 }), ({ axes, values, holes, neighbourhood }, threshold) => {
        const field = fieldOf(values, holes);
        const tree = mergeTree(axes, field, 'join', neighbourhood);
        const small = simplified(tree, field, threshold);
        const kept = tree.branches.filter((branch) => branch.into < 0 || persistenceOf(field, branch) >= threshold);
        expect(small.branches.map(({ extremum, end }) => [extremum, end])).toEqual(
          kept.map(({ extremum, end }) => [extremum, end]),
        );
        small.branches.forEach((branch, i) => {
          if (branch.into < 0) return;
          expect(branch.into).toBeGreaterThan(i);
          expect(small.branches[branch.into]!.extremum).toBe(tree.branches[kept[i]!.into]!.extremum);
        });
        expect(mergeNodes(small).filter(({ role }) => role === 'extremum')).toHaveLength(small.branches.length);
      }),
      { numRuns: 100 },
    );
  });
});

it('a narrow valley askew to the axes is one minimum to all neighbours, many to those across faces', () => {
  const axes = square(41, 1);
  const field = sampled(axes, (x, y) => 100 * (x! - y!) ** 2 + 0.01 * (x! + y! - 0.3) ** 2);
  expect(mergeTree(axes, field, 'join', 'all').branches).toHaveLength(1);
  expect(mergeTree(axes, field, 'join', 'faces').branches.length).toBeGreaterThan(10);
});

it('neighbours number 4 and 8 on a plane, 6 and 26 in a volume, fewer at borders, none along an axis of one point', () => {
  const count = (lengths: number[], kind: Neighbourhood, point: number) => {
    const axes = lengths.map((length) => evenAxis(length, 0, 1));
    const { into, most } = neighboursOf(axes, kind);
    return into(new Int32Array(most), point);
  };
  expect([count([3, 3], 'faces', 4), count([3, 3], 'all', 4)]).toEqual([4, 8]);
  expect([count([3, 3, 3], 'faces', 13), count([3, 3, 3], 'all', 13)]).toEqual([6, 26]);
  expect([count([3, 3], 'faces', 0), count([3, 3], 'all', 0), count([3, 3], 'all', 1)]).toEqual([2, 3, 5]);
  expect([count([3, 1], 'all', 1), count([1], 'all', 0)]).toEqual([2, 0]);
});

it('points rise as comparing sorts them, ties by number, without what is unknown or not finite', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, Number.NaN, Number.MAX_VALUE));
  fc.assert(
    fc.property(fc.array(fc.tuple(value, fc.integer({ min: 0, max: 4 })), { maxLength: 60 }), (entries) => {
      const field = fieldOf(
        entries.map(([one]) => one),
        entries.map(([, hole]) => hole),
      );
      const wanted = entries
        .map((_, point) => point)
        .filter((point) => field.computed[point] === 1 && Number.isFinite(field.values[point]))
        .sort((a, b) => field.values[a]! - field.values[b]! || a - b);
      expect([...risingPoints(field)]).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});
