import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Axes } from '../../../core/fields/grid.ts';
import { type Isosurface, isosurface } from '../../../core/fields/isosurface.ts';
import { areaAndVolume, evenAxis, openEdges, pinchedVertices, sampled, topology } from './surface-measures.ts';

const cube = (count: number, reach: number): Axes => [0, 1, 2].map(() => evenAxis(count, -reach, reach));

const expectManifold = (surface: Isosurface) => {
  expect(openEdges(surface)).toBe(0);
  expect(pinchedVertices(surface)).toBe(0);
};

const sphere = (axes: Axes) =>
  isosurface(
    axes,
    sampled(axes, (x, y, z) => x! * x! + y! * y! + z! * z!),
    1,
  );

describe('a sphere', () => {
  it('has area 4π and volume 4π/3 with an error of second order', () => {
    const errors = [17, 33, 65].map((count) => {
      const surface = sphere(cube(count, 1.5));
      expectManifold(surface);
      expect(topology(surface)).toEqual({ euler: 2, components: 1 });
      const { area, volume } = areaAndVolume(surface);
      return [Math.abs(area / (4 * Math.PI) - 1), Math.abs(volume / ((4 * Math.PI) / 3) - 1)] as const;
    });
    expect(errors[2]![0]).toBeLessThan(2e-3);
    expect(errors[2]![1]).toBeLessThan(2e-3);
    for (const k of [0, 1] as const)
      for (const n of [0, 1] as const) {
        const order = Math.log2(errors[n]![k] / errors[n + 1]![k]);
        expect(order).toBeGreaterThan(1.7);
        expect(order).toBeLessThan(2.3);
      }
  });

  it('is seen counterclockwise from the higher side, with normals along the gradient', () => {
    const { positions, normals, indices } = sphere(cube(33, 1.5));
    expect(areaAndVolume({ positions, indices } as Isosurface).volume).toBeGreaterThan(0);
    for (let v = 0; v < positions.length; v += 3)
      for (let k = 0; k < 3; k++) {
        // Central differences of x² are exact; along an edge the linear gradient is interpolated exactly.
        const radius = Math.hypot(positions[v]!, positions[v + 1]!, positions[v + 2]!);
        expect(Math.abs(normals[v + k]! - positions[v + k]! / radius)).toBeLessThan(1e-5);
      }
    // The field upside down: the same surface seen from the other side.
    const axes = cube(33, 1.5);
    const inverted = isosurface(
      axes,
      sampled(axes, (x, y, z) => -(x! * x! + y! * y! + z! * z!)),
      -1,
    );
    expect(areaAndVolume(inverted).volume).toBeCloseTo(-areaAndVolume({ positions, indices } as Isosurface).volume, 6);
  });

  it('keeps its measures on axes of unlike and uneven spacing', () => {
    const axes = [
      evenAxis(41, -1.5, 1.5).map((t) => t * (0.7 + 0.2 * t * t)),
      evenAxis(61, -1.4, 1.6),
      evenAxis(35, -1.2, 1.3),
    ];
    const surface = sphere(axes);
    expectManifold(surface);
    const { area, volume } = areaAndVolume(surface);
    expect(Math.abs(area / (4 * Math.PI) - 1)).toBeLessThan(5e-3);
    expect(Math.abs(volume / ((4 * Math.PI) / 3) - 1)).toBeLessThan(5e-3);
    for (let v = 0; v < surface.positions.length; v += 3) {
      const [x, y, z] = surface.positions.subarray(v, v + 3);
      expect(Math.abs(Math.hypot(x!, y!, z!) - 1)).toBeLessThan(5e-3);
    }
  });
});

describe('topology', () => {
  const torusAt = (x: number, y: number, z: number) => (Math.hypot(x, y) - 1) ** 2 + z * z;

  it('of a torus is genus 1, its volume 2π²Rr²', () => {
    const axes = [evenAxis(49, -1.6, 1.6), evenAxis(51, -1.6, 1.6), evenAxis(25, -0.7, 0.7)];
    const surface = isosurface(axes, sampled(axes, torusAt as never), 0.16);
    expectManifold(surface);
    expect(topology(surface)).toEqual({ euler: 0, components: 1 });
    expect(Math.abs(areaAndVolume(surface).volume / (2 * Math.PI ** 2 * 0.16) - 1)).toBeLessThan(1e-2);
  });

  it('of a double torus is genus 2', () => {
    const axes = [evenAxis(81, -2.7, 2.7), evenAxis(49, -1.6, 1.6), evenAxis(25, -0.7, 0.7)];
    const both = (x: number, y: number, z: number) => Math.min(torusAt(x - 1, y, z), torusAt(x + 1, y, z));
    const surface = isosurface(axes, sampled(axes, both as never), 0.09);
    expectManifold(surface);
    expect(topology(surface)).toEqual({ euler: -2, components: 1 });
  });

  it('of two spheres is two components, also one inside the other', () => {
    const axes = cube(31, 2);
    const pair = sampled(axes, (x, y, z) => Math.min(Math.hypot(x! - 1, y!, z!), Math.hypot(x! + 1, y!, z!)));
    const apart = isosurface(axes, pair, 0.7);
    expectManifold(apart);
    expect(topology(apart)).toEqual({ euler: 4, components: 2 });
    const shell = isosurface(
      axes,
      sampled(axes, (x, y, z) => Math.abs(Math.hypot(x!, y!, z!) - 1)),
      0.3,
    );
    expectManifold(shell);
    expect(topology(shell)).toEqual({ euler: 4, components: 2 });
    const volume = ((4 * Math.PI) / 3) * (1.3 ** 3 - 0.7 ** 3);
    expect(Math.abs(areaAndVolume(shell).volume / volume - 1)).toBeLessThan(2e-2);
  });

  it('of any field that stays inside the box is closed, oriented and without pinched vertices', () => {
    const inner = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(inner, inner, inner, fc.infiniteStream(fc.integer({ min: -3, max: 3 })), (a, b, c, stream) => {
        const axes = [a + 2, b + 2, c + 2].map((count) => evenAxis(count, 0, count - 1));
        const values = stream[Symbol.iterator]();
        const field = sampled(axes, (x, y, z) =>
          [x!, y!, z!].some((at, k) => at === 0 || at === axes[k]!.length - 1) ? 9 : values.next().value!,
        );
        // Small integers: the level 0 falls on values of the grid, 0.5 between them.
        for (const level of [0, 0.5]) expectManifold(isosurface(axes, field, level));
      }),
      { numRuns: 300 },
    );
  });

  it('at every pattern of one cell and every decision at its faces', () => {
    const axes = cube(4, 1);
    for (let pattern = 0; pattern < 256; pattern++)
      for (let variant = 0; variant < 8; variant++) {
        let corner = 0;
        const field = sampled(axes, (...at) => {
          if (at.some((one) => Math.abs(one) === 1)) return 1;
          const above = (pattern >> corner) & 1;
          // Sizes of the eight corners in ever other orders of magnitude: the deciders fall either way.
          const size = 10 ** (((corner * (2 * variant + 1) + variant) % 8) - 4);
          corner++;
          return above ? size : -size;
        });
        expect(corner).toBe(8);
        const surface = isosurface(axes, field, 0);
        expect([pattern, variant, openEdges(surface), pinchedVertices(surface)]).toEqual([pattern, variant, 0, 0]);
      }
  });

  it('at an ambiguous face follows the saddle of the bilinear interpolant', () => {
    const axes = [evenAxis(4, 0, 3), evenAxis(4, 0, 3), evenAxis(3, 0, 2)];
    // Two low points across a diagonal, in one layer; the saddle between them is (ac − bd)/(a + c − b − d).
    const components = (low: number, high: number) => {
      const field = sampled(axes, (x, y, z) => {
        if (z !== 1 || x === 0 || y === 0 || x === 3 || y === 3) return 9;
        return x === y ? low : high;
      });
      return topology(isosurface(axes, field, 0)).components;
    };
    expect(components(-2, 1)).toBe(1);
    expect(components(-1, 2)).toBe(2);
  });
});

describe('what is not known', () => {
  it('is never filled: cells with a corner that was not computed, NaN or infinite are left out', () => {
    const axes = cube(21, 1.5);
    for (const spoil of ['mask', 'NaN', 'infinity'] as const) {
      const field = sampled(axes, (x, y, z) => x! * x! + y! * y! + z! * z!);
      const half = axes[0]!.findIndex((x) => x > 0.2);
      for (let point = 0; point < field.values.length; point++)
        if (point % 21 >= half) {
          if (spoil === 'mask') field.computed[point] = 0;
          else field.values[point] = spoil === 'NaN' ? Number.NaN : Number.POSITIVE_INFINITY;
        }
      const surface = isosurface(axes, field, 1);
      let most = -9;
      for (let v = 0; v < surface.positions.length; v += 3) most = Math.max(most, surface.positions[v]!);
      expect(most).toBeCloseTo(axes[0]![half - 1]!, 6);
      expect(openEdges(surface)).toBeGreaterThan(0);
      expect([...surface.normals].every(Number.isFinite)).toBe(true);
      // An area of the sphere up to there: 2πRh.
      const height = 1 + axes[0]![half - 1]!;
      expect(Math.abs(areaAndVolume(surface).area / (2 * Math.PI * height) - 1)).toBeLessThan(1e-2);
    }
  });

  it('has no colour, known neighbours have the linear one', () => {
    const axes = cube(21, 1.5);
    const field = sampled(axes, (x, y, z) => x! * x! + y! * y! + z! * z!);
    const colour = sampled(axes, (x, y, z) => 1 + 2 * x! - y! + 3 * z!);
    const { positions, colours } = isosurface(axes, field, 1, colour);
    colours!.forEach((c, v) => {
      expect(c).toBeCloseTo(1 + 2 * positions[3 * v]! - positions[3 * v + 1]! + 3 * positions[3 * v + 2]!, 5);
    });
    colour.computed.fill(0);
    expect(isosurface(axes, field, 1, colour).colours!.every(Number.isNaN)).toBe(true);
    expect(isosurface(axes, field, 1).colours).toBeNull();
  });

  it('of empty, flat and thin grids is no surface', () => {
    for (const axes of [
      cube(3, 1),
      [evenAxis(3, 0, 1), evenAxis(3, 0, 1), Float64Array.of(0)],
      [[], [], []].map(() => new Float64Array(0)),
    ])
      expect(
        isosurface(
          axes,
          sampled(axes, () => 1),
          1,
        ).indices,
      ).toHaveLength(0);
  });
});

it('values of any size keep vertices on their edges', () => {
  const axes = cube(4, 1);
  const field = sampled(axes, (...at) => (at.some((one) => Math.abs(one) === 1) ? 1.7e308 : -1.7e308));
  const surface = isosurface(axes, field, 0);
  expectManifold(surface);
  expect([...surface.positions].every((x) => Math.abs(x) <= 1)).toBe(true);
});
