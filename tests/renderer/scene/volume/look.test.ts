import { describe, expect, it } from 'vitest';
import {
  addedLevel,
  firstLook,
  movedPlane,
  proposedLevels,
  scaleOf,
} from '../../../../renderer/panels/volume/volume-look.ts';
import { alternativeText, stateSentences } from '../../../../renderer/panels/volume/volume-text.ts';
import { lookOf, sampledVolume } from './shapes.ts';

const squares = (a: number, b: number, c: number) => a * a + b * b + c * c + 0.01;
const content = sampledVolume(squares, { points: [21, 17, 13] });
const values = content.fields[0].values;
const shareBelow = (level: number) => values.filter((value) => value < level).length / values.length;

describe('levels that are proposed', () => {
  it('enclose 3, 14 and 40 % of the points', () => {
    const shares = proposedLevels(content.fields[0]).map(({ level }) => shareBelow(level));
    expect(shares.map((share) => Math.round(100 * share))).toEqual([3, 14, 40]);
  });

  it('are none where nothing differs or nothing is finite', () => {
    for (const value of [1, Number.NaN])
      expect(proposedLevels(sampledVolume(() => value, { points: [3, 3, 3] }).fields[0])).toEqual([]);
  });

  it('and one that is added lies in the widest gap, in heights', () => {
    const scale = scaleOf(content, { quantity: 0, scale: 'log' })!;
    expect(scale.logarithmic).toBe(true);
    // From 0.01 to 3.01: between 0.01 and 1 lie two decades.
    const level = { id: 'a', level: 1, opacity: 1, isShown: true };
    expect(addedLevel([level], scale).level).toBe(0.1);
  });
});

describe('a volume seen first', () => {
  it('has its sections through the origin, or the middle where that is not inside', () => {
    const away = sampledVolume(squares, {
      points: [3, 3, 3],
      ends: [
        [1, 3],
        [-1, 3],
        [-4, -2],
      ],
    });
    expect(firstLook(away).sections.map(({ at }) => at)).toEqual([2, 0, -3]);
  });

  it('follows planes that are dragged', () => {
    const look = lookOf();
    expect(movedPlane(look, 'section-1', 0.3).sections.map(({ at }) => at)).toEqual([0, 0.3, 0]);
    expect(movedPlane(look, 'clip-2', -0.4).clips.map(({ at }) => at)).toEqual([0, 0, -0.4]);
    expect(movedPlane(look, 'section-oblique', 0.2).oblique.offset).toBe(0.2);
    expect(movedPlane(look, 'clip-oblique', 0.1).obliqueClip.offset).toBe(0.1);
  });
});

describe('words', () => {
  it('say what is seen', () => {
    const look = lookOf({
      levels: [{ id: 'a', level: 0.5, opacity: 1, isShown: true }],
      sections: [
        { isOn: false, at: 0 },
        { isOn: true, at: 0.25 },
        { isOn: false, at: 0 },
      ],
    });
    expect(alternativeText(content, look, 'digits')).toBe(
      'Volume of digits, 21 × 17 × 13 points. Loss L from 0.01 to 3.01. Isosurfaces at 0.5. Sections at β = 0.25.',
    );
  });

  it('say what is missing, and how coarse it is while it is computed', () => {
    const every = (n: number) => (i: number, j: number, k: number) => i % n === 0 && j % n === 0 && k % n === 0;
    const coarse = sampledVolume(squares, { points: [9, 9, 9], isComputed: every(4), complete: false });
    expect(stateSentences(coarse, 0)).toEqual([
      '3.7 % of the points are computed; drawn is every 4th point of each axis.',
    ]);
    const broken = sampledVolume((a) => (a === 1 ? Number.POSITIVE_INFINITY : a), {
      points: [3, 3, 3],
      isComputed: (i) => i > 0,
    });
    expect(stateSentences(broken, 0)).toEqual([
      '9 points are missing: sections are empty there.',
      '9 points are not finite: sections are hatched there.',
    ]);
    expect(stateSentences(content, 0)).toEqual([]);
  });
});
