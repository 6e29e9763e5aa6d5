import { describe, expect, it } from 'vitest';
import {
  axisLabels,
  axisTitle,
  facingEdges,
  heightTicks,
  labelHeight,
  linearTicks,
  solidMargins,
} from '../../../renderer/scene/axis-labels.ts';
import { boxLines } from '../../../renderer/scene/box-lines.ts';
import { type CameraPose, framing, viewAngles } from '../../../renderer/scene/camera-pose.ts';
import { contourStep, contourText } from '../../../renderer/scene/contour-step.ts';
import { mostLabels, overlap, placedLabels } from '../../../renderer/scene/label-placement.ts';
import { cornersOf, sceneBox } from '../../../renderer/scene/scene-box.ts';

const scale = { logarithmic: true, low: -1.3, high: 0.6, bottom: -1.3, top: 0.6 };
const box = sceneBox([-8, 8], [-6, 6], [1, 1], scale, false);
const size = { width: 660, height: 435 };
const titles = ['α along PC 1 (81.4 %)', 'β along PC 2 (9.7 %)', 'loss L'] as const;
const width = (_: string, text: string) => 7 * text.length;
const poseAt = (azimuth: number, elevation: number): CameraPose =>
  framing(cornersOf(box), { azimuth, elevation }, size, solidMargins);
const labelsAt = (pose: CameraPose) =>
  placedLabels(axisLabels(box, titles, pose, size, width), size, ({ kind, text }) => [width(kind, text), labelHeight]);

describe('ticks', () => {
  it('are round and inside the ends, with zero among them', () => {
    expect(linearTicks([-8, 8]).map(({ text }) => text)).toEqual(['−5', '0', '5']);
    expect(linearTicks([-0.91, 4.55]).map(({ at }) => at)).toEqual([0, 2, 4]);
    expect(linearTicks([0.101, 0.109]).map(({ text }) => text)).toEqual(['0.102', '0.104', '0.106', '0.108']);
    expect(linearTicks([1, 1])).toEqual([]);
  });

  it('of heights stand at round losses', () => {
    for (const { at, text } of heightTicks(box)) expect(10 ** at).toBeCloseTo(Number(text), 9);
    const decades = { ...box, scale: { ...scale, bottom: -3.2, top: 2.1 } };
    expect(heightTicks(decades).map(({ text }) => text)).toEqual(['10⁻³', '10⁻²', '10⁻¹', '10⁰', '10¹', '10²']);
  });
});

describe('titles', () => {
  const direction = { norm: 1, eigenvalue: null, residual: null, explained: null };
  it('say what an axis is and how much it holds', () => {
    expect(axisTitle('α', { ...direction, kind: 'principal direction', explained: 0.814 })).toBe('α along PC 1 (81 %)');
    expect(axisTitle('β', { ...direction, kind: 'Hessian eigenvector', eigenvalue: 40.12 })).toBe(
      'β along v₂ (λ = 40.1)',
    );
    expect(axisTitle('α', { ...direction, kind: 'filter-normalised random' })).toBe(
      'α along random direction 1 (filter-normalised)',
    );
    expect(axisTitle('α', { ...direction, kind: 'random' })).toBe('α along random direction 1');
  });

  it('of the legend name the step of the contours', () => {
    expect(contourText(contourStep(-1.3, 0.6).step, true)).toBe('contours every 0.1 decades');
    expect(contourText(1, true)).toBe('contours every 1 decade');
    expect(contourText(0.05, false)).toBe('contours every 0.05');
    expect(contourText(0, true)).toBe('');
  });
});

describe('the edges with numbers', () => {
  it('face the viewer from every side', () => {
    expect(facingEdges(viewAngles.home)).toEqual({ front: 1, side: -1, corner: [1, 1] });
    expect(facingEdges({ azimuth: 0.5, elevation: 0.5 })).toMatchObject({ front: 1, side: 1 });
    expect(facingEdges({ azimuth: Math.PI - 0.5, elevation: 0.5 })).toMatchObject({ front: -1, side: 1 });
    expect(facingEdges({ azimuth: Math.PI + 0.5, elevation: 0.5 })).toMatchObject({ front: -1, side: -1 });
  });

  it('have walls behind them, never in front of the surface', () => {
    for (let azimuth = -3; azimuth < 3; azimuth += 0.5) {
      const { front, side } = facingEdges({ azimuth, elevation: 0.5 });
      const { walls } = boxLines(box, { azimuth, elevation: 0.5 });
      const lines = walls.slice(18);
      for (let i = 0; i < lines.length; i += 12) {
        expect(lines[i + 2]).toBe((-front * box.depth) / 2);
        expect(lines[i + 6]).toBe((-side * box.width) / 2);
      }
    }
  });
});

describe('labels', () => {
  const poses = [-3, -2, -1, -0.58, 0, 0.3, 1.5, 2.7].flatMap((azimuth) =>
    [0.06, 0.3, 0.576, 1, Math.PI / 2].map((elevation) => poseAt(azimuth, elevation)),
  );

  it('never overlap, never leave the picture, never stand on their heads', () => {
    for (const pose of poses) {
      const labels = labelsAt(pose);
      labels.forEach((label, i) => {
        for (const other of labels.slice(i + 1)) expect(overlap(label, other)).toBe(false);
        expect(Math.cos(label.angle)).toBeGreaterThan(-1e-6);
        expect(label.centreX).toBeGreaterThan(0);
        expect(label.centreX).toBeLessThan(size.width);
      });
    }
  });

  it('are all there in the view that one starts with', () => {
    const texts = labelsAt(poseAt(viewAngles.home.azimuth, viewAngles.home.elevation)).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining([...titles, '−5', '0', '5', '0.1', '1']));
  });

  it('name both axes of the floor in every view', () => {
    for (const pose of poses) {
      if (pose.elevation < 0.2) continue;
      const texts = labelsAt(pose).map(({ text }) => text);
      expect(texts.some((text) => text.startsWith('α'))).toBe(true);
      expect(texts.some((text) => text.startsWith('β'))).toBe(true);
    }
  });

  it('keep off a place that is taken', () => {
    const taken = { centreX: 50, centreY: 40, width: 60, height: 30, angle: 0 };
    const wishes = [45, 120].map((x) => ({
      id: `${x}`,
      text: 'a',
      kind: 'tick' as const,
      x,
      y: 40,
      outward: [0, 0] as const,
      angle: 0,
    }));
    const placed = placedLabels(wishes, { width: 200, height: 100 }, () => [8, 16], [taken]);
    expect(placed.map(({ id }) => id)).toEqual(['120']);
  });

  it('are at most sixty', () => {
    const wish = { kind: 'tick', outward: [0, 0], angle: 0 } as const;
    const wishes = Array.from({ length: 200 }, (_, i) => ({
      ...wish,
      id: `${i}`,
      text: 'a',
      x: 10 + 12 * (i % 50),
      y: 20 + 30 * Math.floor(i / 50),
    }));
    expect(placedLabels(wishes, size, () => [7, 16]).length).toBe(mostLabels);
  });

  it('overlap exactly where turned boxes do', () => {
    const label = (centreX: number, centreY: number, angle: number) => ({
      id: '',
      text: '',
      kind: 'title' as const,
      x: 0,
      y: 0,
      outward: [0, 0] as const,
      angle,
      centreX,
      centreY,
      width: 100,
      height: 10,
    });
    // Their upright boxes overlap; the strips run beside each other.
    expect(overlap(label(0, 0, Math.PI / 4), label(14, -14, Math.PI / 4))).toBe(false);
    expect(overlap(label(0, 0, Math.PI / 4), label(14, 14, Math.PI / 4))).toBe(true);
    expect(overlap(label(0, 0, 0), label(0, 12.9, 0))).toBe(true);
    expect(overlap(label(0, 0, 0), label(0, 13.1, 0))).toBe(false);
  });
});
