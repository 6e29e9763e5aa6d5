import { describe, expect, it } from 'vitest';
import { eyeOf, projector, rayThrough, viewAngles } from '../../../../renderer/scene/camera-pose.ts';
import { heightInVolume } from '../../../../renderer/scene/volume/height-in-volume.ts';
import { levelStore } from '../../../../renderer/scene/volume/level-store.ts';
import { planeDrag, planeUnder } from '../../../../renderer/scene/volume/plane-drag.ts';
import { placeInBox } from '../../../../renderer/scene/volume/volume-box.ts';
import type { VolumeLook } from '../../../../renderer/scene/volume/volume-content.ts';
import { sectionTriangles } from '../../../../renderer/scene/volume/volume-glb.ts';
import { volumeSigns } from '../../../../renderer/scene/volume/volume-marks.ts';
import { hiddenShares, volumeModel } from '../../../../renderer/scene/volume/volume-model.ts';
import { insideBox, lengthOf, pickedInVolume } from '../../../../renderer/scene/volume/volume-picking.ts';
import { level, lookOf, sampledVolume } from './shapes.ts';

const squares = (a: number, b: number, c: number) => a * a + b * b + c * c;
const content = sampledVolume(squares, {
  points: [41, 33, 25],
  ends: [
    [-1, 1],
    [-0.8, 0.8],
    [-0.6, 0.6],
  ],
  norms: [2, 3, 4],
});
const pose = { ...viewAngles.home, distance: 5, target: [0, 0.4, 0] as const };
const size = { width: 900, height: 600 };
const modelOf = (look: Partial<VolumeLook>) => volumeModel(content, lookOf(look), levelStore())!;
const on = (at: number) => ({ isOn: true, at });
const off = { isOn: false, at: 0 };

/** What is under the pixel at which a point of the volume is seen. */
function pickAt(model: ReturnType<typeof modelOf>, at: readonly [number, number, number]) {
  const { x, y } = projector(pose, size)(placeInBox(model.box, ...at));
  return pickedInVolume(model, eyeOf(pose), rayThrough(pose, size, x, y));
}

describe('under the pointer', () => {
  it('is the point of a section with its value, its cell and its distance from the origin', () => {
    const model = modelOf({ sections: [off, off, on(0.15)] });
    const picked = pickAt(model, [0.31, -0.22, 0.15])!;
    expect(picked.on).toBe('section');
    expect([picked.alpha, picked.beta, picked.gamma].map((value) => Number(value.toFixed(6)))).toEqual([
      0.31, -0.22, 0.15,
    ]);
    // Trilinear between points of spacing 0.05: h²/4 in each direction at most.
    expect(Math.abs(picked.value - squares(0.31, -0.22, 0.15))).toBeLessThan(3 * (0.05 ** 2 / 4));
    expect(picked.cell).toEqual([26, 12, 15]);
    expect(picked.cellValue).toBe(content.fields[0].values[26 + 41 * (12 + 33 * 15)]);
    expect(picked.distance).toBeCloseTo(Math.hypot(0.62, 0.66, 0.6), 6);
  });

  it('is the near side of an isosurface, on the sphere', () => {
    const model = modelOf({ levels: [level(0.25)] });
    const picked = pickAt(model, [0, 0, 0])!;
    expect(picked.on).toBe('surface');
    expect(picked.value).toBe(0.25);
    expect(squares(picked.alpha, picked.beta, picked.gamma)).toBeCloseTo(0.25, 2);
    const eye = eyeOf(pose);
    const away = (at: readonly [number, number, number]) =>
      Math.hypot(...placeInBox(model.box, ...at).map((value, k) => value - eye[k]!));
    expect(away([picked.alpha, picked.beta, picked.gamma])).toBeLessThan(away([0, 0, 0]));
  });

  it('is nothing that a clip plane has taken away, but its cap', () => {
    const clips = [
      { ...off, keeps: 'below' },
      { isOn: true, at: 0, keeps: 'above' },
      { ...off, keeps: 'below' },
    ] as const;
    const filled = modelOf({ levels: [level(0.25)], clips });
    const cap = pickAt(filled, [0.1, 0, 0.05])!;
    expect(cap.on).toBe('cap');
    expect(cap.beta).toBeCloseTo(0, 9);
    expect(cap.value).toBeLessThan(0.25);
    // Outside of the surface the plane is empty.
    expect(pickAt(filled, [0.62, 0, -0.3])).toBeNull();
    const open = pickAt(modelOf({ levels: [level(0.25)], clips, caps: 'open' }), [0.1, 0, 0.05])!;
    expect(open.on).toBe('surface');
    expect(open.beta).toBeGreaterThan(0);
  });

  it('is nothing beside the box', () => {
    const model = modelOf({ sections: [off, off, on(0)] });
    expect(pickedInVolume(model, eyeOf(pose), rayThrough(pose, size, 2, 2))).toBeNull();
    expect(insideBox(model.box, [0, 5, 0], [0, 1, 0])).toBeNull();
    expect(insideBox(model.box, [0, 5, 0], [0, -1, 0])).toEqual([5 - model.box.height, 5]);
  });

  it('has the length of what oblique directions add up to', () => {
    // d₁ = (2, 0), d₂ = 3 (cos 60°, sin 60°): ‖d₁ + d₂‖² = 4 + 9 + 6.
    const given = { norms: [2, 3, 1] as const, cosines: [0.5, 0, 0] as const };
    expect(lengthOf(given, [1, 1, 0])).toBeCloseTo(Math.sqrt(19), 12);
  });
});

describe('between the points of a volume', () => {
  it('heights that are linear in each coordinate are exact', () => {
    const value = (a: number, b: number, c: number) => 3 + a - 2 * b + 0.5 * c + a * b * c;
    const model = volumeModel(sampledVolume(value, { points: [5, 4, 3] }), lookOf(), levelStore())!;
    expect(heightInVolume(model.known, [0.13, -0.71, 0.4])).toBeCloseTo(value(0.13, -0.71, 0.4), 12);
    expect(heightInVolume(model.known, [1.01, 0, 0])).toBeNaN();
  });
});

describe('a frame', () => {
  const model = modelOf({ sections: [on(0.2), off, off] });
  const [section] = model.sections;
  const corner = projector(pose, size)(section!.polygon[0]!);

  it('is found within a few pixels of its lines', () => {
    expect(planeUnder(model.sections, pose, size, corner.x + 3, corner.y)?.id).toBe('section-0');
    expect(planeUnder(model.sections, pose, size, 3, 3)).toBeNull();
  });

  it('follows the pointer: the point that was taken stays under it', () => {
    const drag = planeDrag(section!, model.box, pose, size, corner.x, corner.y);
    expect(drag.to(corner.x, corner.y)).toBeCloseTo(0.2, 9);
    const shift = (0.5 - 0.2) * (model.box.width / 2);
    const [x, y, z] = section!.polygon[0]!;
    const there = projector(pose, size)([x + shift, y, z]);
    expect(drag.to(there.x, there.y)).toBeCloseTo(0.5, 6);
    expect(drag.to(90000, there.y)).toBeLessThanOrEqual(1);
  });
});

describe('a section in a file', () => {
  it('ends where the volume has no finite value', () => {
    const broken = sampledVolume((a, b, c) => (a > 0.5 ? Number.NaN : squares(a, b, c)), { points: [21, 21, 21] });
    const model = volumeModel(broken, lookOf({ sections: [off, off, on(0)] }), levelStore())!;
    const { positions, triangles } = sectionTriangles(model, model.sections[0]!);
    const most = Math.max(...triangles.map((corner) => positions[3 * corner]!));
    expect(triangles.length).toBeGreaterThan(1000);
    expect(most).toBeLessThanOrEqual(0.25 * model.box.width + 1e-6);
    expect(most).toBeGreaterThan(0.23 * model.box.width);
  });
});

describe('signs', () => {
  const path = {
    steps: [0, 10, 20],
    coordinates: [
      [0.9, 0.5, 0.1],
      [0.1, 0.1, 0],
      [0.2, Number.NaN, 0.1],
    ],
    distance: [1, 0.5, 0],
    length: [2, 2, 0],
    loss: [1, 1, 1],
  } as const;
  const marks = [
    { id: 'a', at: [0, 0, 0], kind: 'minimum', certified: true, label: 'minimum' },
    { id: 'far', at: [4, 0, 0], kind: 'saddle', certified: false, label: 'outside' },
  ] as const;
  const model = volumeModel({ ...content, path, marks }, lookOf({ sections: [off, off, on(0.3)] }), levelStore())!;

  it('are those of the found points inside, the path under the cursor, and the origin', () => {
    const { marks: shown, labels } = volumeSigns(model, { cursor: 20, probe: null }, pose, size);
    expect(shown.map(({ id }) => id)).toEqual(['found-a', 'start', 'current']);
    expect(labels.map(({ text }) => text)).toEqual(['minimum', 'start', 'step 20', 'origin']);
  });

  it('know what a section hides', () => {
    const { marks: shown } = volumeSigns(model, { cursor: 20, probe: [0, 0, 0.5] }, pose, size);
    expect(shown.find(({ id }) => id === 'found-a')?.covered).toBe(true);
    expect(shown.find(({ id }) => id === 'probe')?.covered).toBe(false);
  });

  it('leave a gap where a checkpoint has no finite coordinate, and say what is not shown of each', () => {
    expect(model.points[1]).toBeNull();
    expect(model.path).toEqual([]);
    expect(hiddenShares(path)).toEqual([0.5, 0.25, 0]);
  });
});
