import { describe, expect, it } from 'vitest';
import { knownStride, knownVolume } from '../../../../renderer/scene/volume/known-volume.ts';
import { levelStore } from '../../../../renderer/scene/volume/level-store.ts';
import { emptySoup, fillSoup, sortSoup } from '../../../../renderer/scene/volume/surface-soup.ts';
import { coordinatesInBox, volumeBox } from '../../../../renderer/scene/volume/volume-box.ts';
import { volumeModel } from '../../../../renderer/scene/volume/volume-model.ts';
import { level, lookOf, sampledVolume } from './shapes.ts';

const squares = (a: number, b: number, c: number) => a * a + b * b + c * c;

describe('an isosurface in its box', () => {
  // Not cubic, sides of different lengths: axes that were exchanged would be seen.
  const content = sampledVolume((a, b, c) => squares(a, b / 2, c / 1.5), {
    points: [41, 37, 33],
    ends: [
      [-1.2, 1.2],
      [-2.4, 2.4],
      [-1.8, 1.8],
    ],
  });
  const box = volumeBox(content.axes, content.norms);
  const store = levelStore();
  const { parts } = store.surfaces(content, lookOf({ levels: [level(0.64)] }), box, 1);
  const { surface } = parts[0]!;

  it('lies on the ellipsoid, to the square of the spacing', () => {
    let worst = 0;
    for (let i = 0; i < surface.positions.length; i += 3) {
      const at = [surface.positions[i]!, surface.positions[i + 1]!, surface.positions[i + 2]!] as const;
      const [a, b, c] = coordinatesInBox(box, at);
      worst = Math.max(worst, Math.abs(squares(a, b / 2, c / 1.5) - 0.64));
    }
    expect(surface.positions.length).toBeGreaterThan(3 * 1000);
    expect(worst).toBeLessThan(0.004);
  });

  it('has the normals of the ellipsoid in the box: of unit length, along the gradient there', () => {
    const scales = [2.4 / box.width, 4.8 / box.depth, 3.6 / box.height] as const;
    let worst = 0;
    for (let i = 0; i < surface.positions.length; i += 3) {
      const at = [surface.positions[i]!, surface.positions[i + 1]!, surface.positions[i + 2]!] as const;
      const [a, b, c] = coordinatesInBox(box, at);
      const exact = [2 * a * scales[0], ((2 * c) / 2.25) * scales[2], ((-2 * b) / 4) * scales[1]];
      const length = Math.hypot(...exact);
      const cosine = exact.reduce((sum, value, k) => sum + (value / length) * surface.normals[i + k]!, 0);
      worst = Math.max(worst, 1 - cosine);
    }
    expect(worst).toBeLessThan(0.002);
  });

  it('encloses the volume of the ellipsoid', () => {
    const { positions: p, triangles } = surface;
    let six = 0;
    for (let t = 0; t < triangles.length; t += 3) {
      const [i, j, k] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
      six +=
        p[i]! * (p[j + 1]! * p[k + 2]! - p[j + 2]! * p[k + 1]!) -
        p[i + 1]! * (p[j]! * p[k + 2]! - p[j + 2]! * p[k]!) +
        p[i + 2]! * (p[j]! * p[k + 1]! - p[j + 1]! * p[k]!);
    }
    const unit = (box.width / 2.4) * (box.depth / 4.8) * (box.height / 3.6);
    const exact = (4 / 3) * Math.PI * 0.8 ** 3 * 2 * 1.5 * unit;
    // Positive: the triangles face the higher side, outwards.
    expect(six / 6 / exact).toBeGreaterThan(0.99);
    expect(six / 6 / exact).toBeLessThan(1);
  });

  it('is triangulated again only where its level has moved', () => {
    const first = store.surfaces(content, lookOf({ levels: [level(0.5), level(0.9)] }), box, 1).parts;
    const second = store.surfaces(content, lookOf({ levels: [level(0.5, 0.2), level(0.91)] }), box, 1).parts;
    expect(second[0]!.surface).toBe(first[0]!.surface);
    expect(second[1]!.surface).not.toBe(first[1]!.surface);
  });

  it('takes its colours from another quantity, sampled where it lies', () => {
    const [loss] = content.fields;
    const other = { ...loss, quantity: 'alpha', values: Float64Array.from(loss.values) };
    const columns = content.axes[0]!.length;
    other.values.forEach((_, point) => {
      other.values[point] = content.axes[0]![point % columns]!;
    });
    const painted = { ...content, fields: [loss, other] as const };
    const shown = levelStore().surfaces(painted, lookOf({ levels: [level(0.64)], colouredBy: 1 }), box, 1);
    const { positions, colours } = shown.parts[0]!.surface;
    for (let i = 0; i < colours.length; i++) {
      const [a] = coordinatesInBox(box, [positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!]);
      expect(colours[i]).toBeCloseTo((a + 1.2) / 2.4, 5);
    }
  });
});

describe('what is known of a volume', () => {
  const size = { points: [9, 9, 5] as const };

  it('is drawn on the finest grid whose points are all there, until it is complete', () => {
    const every = (stride: number) => (i: number, j: number, k: number) =>
      i % stride === 0 && j % stride === 0 && k % stride === 0;
    for (const stride of [1, 2, 4]) {
      const content = sampledVolume(squares, { ...size, isComputed: every(stride), complete: false });
      expect(knownStride(content.axes, content.fields[0].computed, false)).toBe(stride);
      const known = knownVolume(content, 0, 'linear')!;
      expect(known.axes.map(({ length }) => length)).toEqual([8 / stride + 1, 8 / stride + 1, 4 / stride + 1]);
      expect([...known.computed].every((one) => one === 1)).toBe(true);
    }
    // Some points of the next grid are not enough.
    const more = sampledVolume(squares, {
      ...size,
      complete: false,
      isComputed: (i, j, k) => every(2)(i, j, k) || (k === 0 && j === 0),
    });
    expect(knownStride(more.axes, more.fields[0].computed, false)).toBe(2);
  });

  it('keeps holes as holes where nothing more will come', () => {
    const content = sampledVolume(squares, { ...size, isComputed: (i) => i !== 3 });
    const known = knownVolume(content, 0, 'linear')!;
    expect(known.stride).toBe(1);
    expect(known.computed[3]).toBe(0);
    expect(known.heights[3]).toBeNaN();
  });

  it('keeps what is not finite apart from what is not known', () => {
    const content = sampledVolume((a, b, c) => (a === 0 ? Number.POSITIVE_INFINITY : squares(a, b, c)), size);
    const known = knownVolume(content, 0, 'linear')!;
    expect(known.computed[4]).toBe(1);
    expect(known.heights[4]).toBeNaN();
  });

  it('is nothing without a finite value, and linear where there is no logarithm', () => {
    expect(
      knownVolume(
        sampledVolume(() => Number.NaN, size),
        0,
        'log',
      ),
    ).toBeNull();
    expect(
      knownVolume(
        sampledVolume((a) => a, size),
        0,
        'log',
      )!.scale.logarithmic,
    ).toBe(false);
    expect(
      volumeModel(
        sampledVolume(() => Number.NaN, size),
        lookOf(),
        levelStore(),
      ),
    ).toBeNull();
  });
});

describe('triangles in the order of their distance', () => {
  const content = sampledVolume(squares, { points: [13, 13, 13] });
  const box = volumeBox(content.axes, content.norms);
  const { parts } = levelStore().surfaces(content, lookOf({ levels: [level(0.2), level(0.6)] }), box, 1);
  const soup = emptySoup();
  fillSoup(soup, parts);

  it('come farthest first, each of them once', () => {
    const eye = [3, 2, 4] as const;
    sortSoup(soup, eye);
    const used = soup.index.subarray(0, soup.indices);
    const distances: number[] = [];
    for (let i = 0; i < used.length; i += 3) {
      const middle = [0, 1, 2].map(
        (k) => [0, 1, 2].reduce((sum, corner) => sum + soup.positions[3 * used[i + corner]! + k]!, 0) / 3,
      );
      distances.push(Math.hypot(...middle.map((value, k) => value - eye[k]!)));
    }
    const range = Math.max(...distances) - Math.min(...distances);
    // To the width of a bucket.
    for (let i = 1; i < distances.length; i++) expect(distances[i]! - distances[i - 1]!).toBeLessThan(range / 16000);
    const sorted = (index: Uint32Array) =>
      Array.from({ length: index.length / 3 }, (_, i) => index.slice(3 * i, 3 * i + 3).join(' ')).sort();
    expect(sorted(used)).toEqual(sorted(soup.source.slice(0, soup.indices)));
  });

  it('are put into the same buffers again while there is room', () => {
    const { positions, index } = soup;
    expect(fillSoup(soup, parts.slice(0, 1))).toBe(false);
    expect(soup.positions).toBe(positions);
    expect(soup.index).toBe(index);
    expect(soup.indices).toBe(parts[0]!.surface.triangles.length);
  });
});
