import { describe, expect, it } from 'vitest';
import { withDotsPerInch } from '../../../core/formats/png-resolution.ts';
import { type LabelWish, unitTitle } from '../../../renderer/scene/axis-labels.ts';
import { anglesAlong, basisOf, poseFrom, viewAngles } from '../../../renderer/scene/camera-pose.ts';
import { drawnSegments } from '../../../renderer/scene/contour-lines.ts';
import { heightScale } from '../../../renderer/scene/height-scale.ts';
import { placedLabels } from '../../../renderer/scene/label-placement.ts';
import { pathPointAt, type ShownPath } from '../../../renderer/scene/path-points.ts';
import { describedPoint, planeDistance } from '../../../renderer/scene/picking.ts';
import { alphaAt, betaAt, type Point, pointOf, yOf } from '../../../renderer/scene/scene-box.ts';
import { legendSentences } from '../../../renderer/scene/scene-legend.ts';
import { type SceneContent, sceneModel } from '../../../renderer/scene/scene-model.ts';
import { surfaceKinds } from '../../../renderer/scene/surface-arrays.ts';
import { colourScale, colourShare, surfaceTable } from '../../../renderer/scene/surface-colours.ts';
import { gifDelay } from '../../../renderer/scene/turntable-gif.ts';
import { sampled } from './shapes.ts';

const paraboloid = (a: number, b: number) => a * a + b * b;
const contentOf = (given: Partial<SceneContent> = {}): SceneContent => ({
  grid: sampled(paraboloid, 41, 41),
  norms: [1, 1],
  titles: ['α', 'β'],
  path: null,
  height: 'linear',
  flat: false,
  ...given,
});
const texts = (content: SceneContent) => legendSentences(sceneModel(content, null)!).map(({ text }) => text);

describe('a surface that is cut off', () => {
  const model = sceneModel(contentOf({ clip: 1 }), null)!;
  const { surface, box, edge } = model;
  const corners = (i: number) => [0, 1, 2].map((k) => surface.index[i + k]!);

  it('is nowhere higher than the clip, and ends there in a circle', () => {
    const top = yOf(box, 1);
    const used = new Set(surface.index.subarray(0, surface.indexLength));
    for (const vertex of used) expect(surface.positions[3 * vertex + 1]).toBeLessThanOrEqual(top + 1e-6);
    expect(edge.length).toBeGreaterThan(300);
    for (let i = 0; i < edge.length; i += 3) {
      expect(Math.hypot(alphaAt(box, edge[i]!), betaAt(box, edge[i + 2]!))).toBeCloseTo(1, 2);
      expect(edge[i + 1]).toBeCloseTo(top, 9);
    }
  });

  it('has stripes and upright normals on the plateau, colours on the slope, and covers the same area', () => {
    let [plateau, slope] = [0, 0];
    for (let i = 0; i < surface.indexLength; i += 3) {
      const [a, b, c] = corners(i) as [number, number, number];
      if (a === b) continue;
      const at = (v: number) => [surface.positions[3 * v]!, -surface.positions[3 * v + 2]!] as const;
      const [[ax, ay], [bx, by], [cx, cy]] = [at(a), at(b), at(c)];
      const area = ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2;
      expect(area).toBeGreaterThan(-1e-9);
      const kinds = new Set([a, b, c].map((v) => surface.colourCoordinates[2 * v + 1]));
      expect(kinds.size).toBe(1);
      if (kinds.has(Math.fround(surfaceKinds.clipped))) {
        plateau += area;
        for (const v of [a, b, c]) expect(surface.normals[3 * v + 1]).toBeCloseTo(1, 5);
      } else slope += area;
    }
    // Of the square of side 2 the disc of radius 1 is left; triangles miss the circle by the square of the spacing.
    expect(slope).toBeCloseTo(Math.PI, 2);
    expect(plateau + slope).toBeCloseTo(4, 5);
  });

  it('says how many points and checkpoints are higher', () => {
    const higher = Array.from(contentOf().grid.loss).filter((loss) => loss > 1).length;
    expect(model.clipped).toBe(higher);
    const path: ShownPath = {
      steps: [0, 1],
      alpha: [1, 0],
      beta: [1, 0],
      distance: [0, 0],
      length: [0, 0],
      trueLoss: [5, 0.5],
    };
    expect(texts(contentOf({ clip: 1, path }))).toEqual([
      `cut off at 1: ${higher} points of 1681 above it, and 1 checkpoint of the path`,
    ]);
  });

  it('is cut by a clip between the lowest and the highest loss only', () => {
    const { grid } = contentOf();
    expect(heightScale(grid, [], 'linear', 5)?.clip).toBeUndefined();
    expect(heightScale(grid, [], 'linear', -1)?.clip).toBeUndefined();
    expect(heightScale(grid, [], 'linear', Number.NaN)?.clip).toBeUndefined();
    const decades = { loss: [0.01, 1, 100], computed: [1, 1, 1] };
    expect(heightScale(decades, [], 'log', 10)).toMatchObject({ clip: 1, high: 1, top: 1, low: -2 });
    expect(heightScale(decades, [], 'log', 0)?.clip).toBeUndefined();
  });
});

describe('colours of another quantity', () => {
  const computed = new Uint8Array(3).fill(1);
  it('have zero in the middle of a diverging scale, and signs equally far from it', () => {
    const scale = colourScale({ values: [-1, 0, 4], computed, title: 'λ_min', scale: 'diverging' })!;
    expect([-4, -1, 0, 4].map((value) => colourShare(value, scale))).toEqual([0, 0.375, 0.5, 1]);
    const table = surfaceTable('viridis', scale);
    const [red, , blue] = [table[0]!, 0, table[2]!];
    expect(blue).toBeGreaterThan(red);
    expect(table[3 * 255]!).toBeGreaterThan(table[3 * 255 + 2]!);
    for (let k = 0; k < 3; k++) expect(table[3 * 128 + k]).toBeGreaterThan(240);
  });
  it('are logarithmic where all of them are positive', () => {
    const scale = colourScale({ values: [0.01, 1, 100], computed, title: 'λ', scale: 'log' })!;
    expect([scale.low, scale.high, colourShare(1, scale)]).toEqual([-2, 2, 0.5]);
    expect(colourScale({ values: [-1, 1, 100], computed, title: 'λ', scale: 'log' })?.logarithmic).toBe(false);
    expect(colourScale({ values: [Number.NaN, 1, 2], computed: [1, 0, 0], title: 'λ', scale: 'log' })).toBeNull();
  });
  it('are none at points without a finite value, which the legend counts', () => {
    const values = Float64Array.from({ length: 41 * 41 }, (_, i) => (i < 5 ? Number.NaN : i));
    const known = Uint8Array.from({ length: 41 * 41 }, (_, i) => (i < 40 && i > 36 ? 0 : 1));
    const content = contentOf({ colour: { values, computed: known, title: 'index', scale: 'linear' } });
    const { surface, colours } = sceneModel(content, null)!;
    expect(surface.colourCoordinates.filter((kind, i) => i % 2 === 1 && kind > 1).length).toBe(8);
    expect(colours.title).toBe('index');
    expect(texts(content)).toEqual(['grey: index not known at 8 points']);
  });
  it('leave the heights as they are', () => {
    const values = new Float64Array(41 * 41).fill(7);
    const colour = { values, computed: new Uint8Array(41 * 41).fill(1), title: 'index', scale: 'linear' } as const;
    const [plain, coloured] = [sceneModel(contentOf(), null)!, sceneModel(contentOf({ colour }), null)!];
    expect(coloured.surface.positions).toEqual(plain.surface.positions);
    expect(new Set(coloured.surface.colourCoordinates.filter((_, i) => i % 2 === 0))).toEqual(new Set([0.5]));
  });
});

describe('holes', () => {
  const holed = (a: number, b: number) =>
    a === 0.5 && b === 0 ? Number.NaN : a === -0.5 && b === 0 ? Number.POSITIVE_INFINITY : paraboloid(a, b);
  const content = contentOf({ grid: sampled(holed, 21, 21, (row, column) => !(row > 18 && column > 18)) });
  const { holes, box } = sceneModel(content, null)!;

  it('tell apart what was not computed, what is not a number and what is infinite', () => {
    expect(holes.counts).toEqual({ missing: 4, nan: 1, infinite: 1 });
    expect(texts(content)).toEqual(['not computed: 4 points', 'not a number: 1 point', 'infinite: 1 point']);
  });

  it('have tiles on the floor around their points, as large as what is nearest to them', () => {
    const area = (kind: string) =>
      holes.tiles
        .filter((tile) => tile.kind === kind)
        .reduce((sum, { x, z }) => sum + Math.abs((x[1] - x[0]) * (z[1] - z[0])), 0);
    const cell = (box.width / 20) * (box.depth / 20);
    expect(area('nan')).toBeCloseTo(cell, 9);
    expect(area('infinite')).toBeCloseTo(cell, 9);
    // The corner of the plane: one and a half cells each way.
    expect(area('missing')).toBeCloseTo(2.25 * cell, 9);
    const [tile] = holes.tiles.filter(({ kind }) => kind === 'nan');
    expect(alphaAt(box, (tile!.x[0] + tile!.x[1]) / 2)).toBeCloseTo(0.5, 9);
  });

  it('have an outline where the surface ends, but not at the border of the plane', () => {
    // Eight sides around each lone point, two cells each way at the corner.
    expect(holes.outline.length / 6).toBe(8 + 8 + 4);
    expect(sceneModel(contentOf(), null)!.holes.outline).toEqual([]);
  });
});

describe('a change of some cells', () => {
  it('gives bit for bit what the whole surface anew would give', () => {
    const content = contentOf({ grid: sampled((a, b) => 0.1 + paraboloid(a, b), 41, 37), height: 'log' });
    let model = sceneModel(content, null)!;
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    for (let round = 0; round < 20; round++) {
      const loss = Float64Array.from(model.content.grid.loss);
      for (let k = 0; k < 12; k++) {
        const point = Math.floor(random() * loss.length);
        // The box stays as it is while the ends of the scale do.
        if (loss[point]! > 0.12 && loss[point]! < 2) loss[point] = 0.12 + 1.8 * random();
      }
      const next = { ...content, grid: { ...content.grid, loss } };
      model = sceneModel(next, model)!;
      const whole = sceneModel(next, null)!;
      for (const name of ['positions', 'normals', 'colourCoordinates', 'index'] as const)
        expect(model.surface[name]).toEqual(whole.surface[name]);
      for (const i of [0, 1] as const) {
        const sorted = (given: typeof model) => {
          const points = drawnSegments(given.contours[i]);
          return Array.from({ length: points.length / 6 }, (_, k) => points.slice(6 * k, 6 * k + 6).join()).sort();
        };
        expect(sorted(model)).toEqual(sorted(whole));
      }
    }
  });
});

describe('a point that is picked', () => {
  it('has the length of α d₁ + β d₂ from the origin, also where directions are not orthogonal', () => {
    const [d1, d2] = [
      [2, 0],
      [1.5, 2],
    ] as const;
    const cosine = (2 * 1.5) / (2 * 2.5);
    expect(planeDistance(0.3, -0.7, [2, 2.5], cosine)).toBeCloseTo(
      Math.hypot(0.3 * d1[0] - 0.7 * d2[0], 0.3 * d1[1] - 0.7 * d2[1]),
      12,
    );
  });
  it('knows the nearest point of the grid and the loss between its points', () => {
    const content = contentOf({ grid: sampled((a, b) => 2 + a - b, 9, 5) });
    const { surface } = sceneModel(content, null)!;
    expect(describedPoint(content, surface, { alpha: 0.3, beta: -0.4 })).toMatchObject({
      loss: expect.closeTo(2.7, 12),
      column: 5,
      row: 1,
    });
  });
});

describe('cameras', () => {
  it('look along α, along β and along a way', () => {
    const view = (angles: { azimuth: number; elevation: number }) => basisOf(angles).back.map((one) => -one);
    expect(view(viewAngles.alpha)[0]).toBeGreaterThan(0.9);
    // β runs along −z.
    expect(view(viewAngles.beta)[2]).toBeLessThan(-0.9);
    const [from, to]: [Point, Point] = [
      [0.2, 0.9, -0.3],
      [-0.6, 0.1, 0.5],
    ];
    const [x, , z] = view(anglesAlong(from, to)!) as [number, number, number];
    expect(Math.atan2(z, x)).toBeCloseTo(Math.atan2(0.8, -0.8), 9);
    expect(anglesAlong(from, from)).toBeNull();
  });
  it('come back from JSON, and nothing else does', () => {
    const pose = { azimuth: 0.4, elevation: 0.6, distance: 5, target: [0.1, 0.3, -0.2] };
    expect(poseFrom(JSON.parse(JSON.stringify(pose)))).toEqual(pose);
    for (const wrong of [null, 3, {}, { ...pose, distance: 0 }, { ...pose, target: [1, 2] }, { ...pose, azimuth: '1' }])
      expect(poseFrom(wrong)).toBeNull();
    expect(poseFrom({ ...pose, elevation: 9 })?.elevation).toBeCloseTo(Math.PI / 2, 12);
  });
});

describe('the time cursor', () => {
  const path: ShownPath = {
    steps: [0, 40],
    alpha: [-1, 1],
    beta: [0, 1],
    distance: [0, 0],
    length: [0, 0],
    trueLoss: [1, 2],
  };
  const { box } = sceneModel(contentOf({ path }), null)!;
  it('is on the line between two checkpoints', () => {
    const [from, to] = [pointOf(box, -1, 0, 1), pointOf(box, 1, 1, 2)];
    expect(pathPointAt(path, 10, box)).toEqual(from.map((one, i) => expect.closeTo(one + 0.25 * (to[i]! - one), 12)));
    expect(pathPointAt(path, 0, box)).toEqual(from);
    expect([pathPointAt(path, 99, box), pathPointAt(path, null, box)]).toEqual([to, to]);
  });
});

describe('words and files', () => {
  it('say how long a unit of an axis is', () => {
    expect(unitTitle('α along PC 1 (81 %)', 0, 2.3149)).toBe('α along PC 1 (81 %), ‖d₁‖ = 2.31');
  });
  it('put the text of a mark beside it where there is no room above', () => {
    const wish: LabelWish = {
      id: 'm',
      text: 'saddle',
      kind: 'mark',
      x: 100,
      y: 40,
      outward: [0, -1],
      angle: 0,
      others: [{ x: 110, y: 55, outward: [1, 0] }],
    };
    const taken = { centreX: 100, centreY: 30, width: 60, height: 20, angle: 0 };
    const [placed] = placedLabels([wish], { width: 300, height: 100 }, () => [40, 16], [taken]);
    expect([placed?.x, placed?.centreX]).toEqual([110, 130]);
  });
  it('give a PNG its resolution, in a chunk that decoders take', () => {
    const png = new Uint8Array(
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
    );
    const made = Buffer.from(withDotsPerInch(png, 300));
    const at = made.indexOf('pHYs');
    expect([at, made.readUInt32BE(at + 4), made.readUInt32BE(at + 8), made[at + 12]]).toEqual([37, 11811, 11811, 1]);
    // Every 300 dpi file of other programs ends this chunk so.
    expect([made.readUInt32BE(at - 4), made.readUInt32BE(at + 13)]).toEqual([9, 0x78a53f76]);
    expect(made.subarray(at + 17).equals(Buffer.from(png.subarray(33)))).toBe(true);
  });
  it('show pictures of a GIF for whole hundredths of a second, two at least', () => {
    expect([10, 25, 30, 60].map(gifDelay)).toEqual([10, 4, 3, 2]);
  });
});
