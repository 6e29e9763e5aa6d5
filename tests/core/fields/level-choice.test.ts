import { describe, expect, it } from 'vitest';
import { isosurface } from '../../../core/fields/isosurface.ts';
import { levelChoice } from '../../../core/fields/level-choice.ts';
import { evenAxis, openEdges, sampled } from './surface-measures.ts';

const cube = (count: number, reach: number) => [0, 1, 2].map(() => evenAxis(count, -reach, reach));

describe('levels for isosurfaces', () => {
  it('of a bowl lie at equal distances from each other', () => {
    const axes = cube(41, 1);
    // A bowl of the maximum norm fills its box: the share of the volume below r² is r³.
    const field = sampled(axes, (...at) => Math.max(...at.map(Math.abs)) ** 2 - 1);
    const { levels, spacing } = levelChoice(axes, field, 4);
    expect(spacing).toBe('quantile');
    levels.forEach((level, m) => {
      expect(Math.abs(Math.sqrt(level + 1) - (0.95 * (m + 1)) / 5)).toBeLessThan(0.06);
    });
    expect(levels).toHaveLength(4);
  });

  it('of positive values over many decades have equal ratios', () => {
    const axes = cube(21, 1);
    const { levels, spacing } = levelChoice(
      axes,
      sampled(axes, (x) => 10 ** (4 * x!)),
      3,
    );
    expect(spacing).toBe('logarithmic');
    // Inner points reach 10^±3.6.
    levels.forEach((level, m) => {
      expect(Math.log10(level)).toBeCloseTo(-3.6 + (7.2 * (m + 1)) / 4, 2);
    });
  });

  it('each have a surface away from the border, and closed ones below the level that is said', () => {
    const axes = cube(21, 1);
    const field = sampled(axes, (x, y, z) => {
      const border = [x!, y!, z!].some((at) => Math.abs(at) > 0.99);
      return border ? 1e9 * (1 + x!) + 5 : x! * x! + 2 * y! * y! + z! * z!;
    });
    const { levels, closedBelow } = levelChoice(axes, field, 5);
    expect(levels).toHaveLength(5);
    expect(Math.max(...levels)).toBeLessThan(4);
    expect(closedBelow).toBe(5);
    for (const level of levels) {
      const surface = isosurface(axes, field, level);
      expect(surface.indices.length).toBeGreaterThan(0);
      expect(openEdges(surface)).toBe(0);
    }
  });

  it('of flat, empty and unknown fields are none, of two values one', () => {
    const axes = cube(5, 1);
    expect(
      levelChoice(
        axes,
        sampled(axes, () => 1),
        4,
      ).levels,
    ).toEqual([]);
    const unknown = sampled(axes, (x) => x!);
    unknown.computed.fill(0);
    expect(levelChoice(axes, unknown, 4)).toEqual({
      levels: [],
      spacing: 'quantile',
      closedBelow: Number.POSITIVE_INFINITY,
    });
    const nearly = levelChoice(
      axes,
      sampled(axes, (x) => 1e6 + 1e-3 * x!),
      4,
    ).levels;
    expect(nearly.length).toBeGreaterThan(0);
    for (const level of nearly) expect(Math.abs(level - 1e6)).toBeLessThan(1e-3);
    const stepped = levelChoice(
      axes,
      sampled(axes, (x) => (x! > 0 ? 1 : 0)),
      5,
    ).levels;
    for (const level of stepped) expect(level > 0 && level < 1).toBe(true);
  });
});
