import {
  ClampToEdgeWrapping,
  Color,
  DataTexture,
  LinearFilter,
  Mesh,
  RGBAFormat,
  Scene,
  SRGBColorSpace,
  type Vector2,
  type Vector3,
  Vector4,
} from 'three';
import { type ColourMap, colourTables } from '../../../core/figures/colour-tables.ts';
import { boxLines } from '../box-lines.ts';
import { basisOf, type CameraPose, eyeOf } from '../camera-pose.ts';
import { thickLines, thinLines } from '../lines.ts';
import { keyLight, type SceneStyle } from '../painter.ts';
import type { SceneBox } from '../scene-box.ts';
import { pathDots } from './path-dots.ts';
import { mostLevelLines, sectionUniforms } from './section-material.ts';
import { everyHeight, sectionMeshes } from './section-meshes.ts';
import { soupMesh } from './soup-mesh.ts';
import { mostClips, noClip, surfaceMaterials } from './surface-material.ts';
import { boxEnds, placeInBox } from './volume-box.ts';
import type { ShownPlane, VolumeModel } from './volume-model.ts';
import { volumeTexture } from './volume-texture.ts';

export type VolumeParts = ReturnType<typeof volumeParts>;

/** What a volume's painter draws: opaque things first, then shells from far to near. */
export function volumeParts() {
  const scene = new Scene();
  const background = new Color();
  scene.background = background;
  const table = tableTexture();
  const texture = volumeTexture((volume, places) => {
    uniforms.volume!.value = volume;
    uniforms.places!.value = places;
  });
  const uniforms = sectionUniforms({ table, volume: texture.volume, places: texture.places });
  const clips = Array.from({ length: mostClips }, noClip);
  const [sections, caps] = [sectionMeshes(uniforms), sectionMeshes(uniforms)];
  const [opaque, shells] = [
    soupMesh(surfaceMaterials(table, clips, false)),
    soupMesh(surfaceMaterials(table, clips, true)),
  ];
  const [walls, edges, top, frames, held, origin] = [
    thinLines(0.5),
    thinLines(1),
    thinLines(0.45),
    thinLines(0.9),
    thickLines(2.5),
    thickLines(1.75),
  ];
  const [hiddenCase, hidden, casing, path] = [thickLines(3.5), thickLines(1.75), thickLines(5.5), thickLines(2.75)];
  // A path inside of shells or behind a section shows through as a thinner line.
  for (const { material } of [hiddenCase, hidden]) {
    material.depthTest = false;
    material.transparent = true;
    material.opacity = 0.6;
  }
  for (const { material } of [hiddenCase, hidden, casing]) material.depthWrite = false;
  const dots = pathDots();
  const order = [
    sections,
    caps,
    opaque,
    casing,
    path,
    origin,
    walls,
    edges,
    top,
    frames,
    held,
    shells,
    hiddenCase,
    hidden,
    dots,
  ];
  order.forEach(({ object }, place) => {
    object.renderOrder = place;
    // Of the things in a group each is ordered by its own.
    object.traverse((one) => {
      one.renderOrder = place;
    });
    scene.add(object);
  });
  let shown: VolumeModel | null = null;
  let facing = '';
  let heldPlane: ShownPlane['id'] | null = null;

  function frame(pose: CameraPose): void {
    const quarter = quarterOf(pose);
    if (shown === null || quarter === facing) return;
    facing = quarter;
    const lines = boxLines(shown.box, pose);
    edges.show(lines.edges);
    walls.show(lines.walls);
    top.show(topEdges(shown.box));
    origin.show(originCross(shown.box));
  }
  function showPlanes({ sections: cut, clips: cutting, look, levels, known }: VolumeModel): void {
    const planes = cutting.map(({ plane }) => new Vector4(...plane.normal, plane.distance));
    clips.forEach((clip, i) => {
      clip.copy(planes[i] ?? noClip());
    });
    sections.show(cut, everyHeight, () => []);
    const isFilled = look.caps === 'filled' && levels.length > 0;
    caps.show(isFilled ? cutting : [], Math.max(known.scale.low, ...levels), (i) => planes.filter((_, k) => k !== i));
    const all = [...cut, ...cutting];
    frames.show(all.filter(({ id }) => id !== heldPlane).flatMap(outlineOf));
    held.show(all.filter(({ id }) => id === heldPlane).flatMap(outlineOf));
  }
  return {
    scene,
    kinds: [sections.object, opaque.object, shells.object, edges.object, path.object, dots.object] as const,
    get triangles() {
      return opaque.triangles + shells.triangles;
    },
    style(style: SceneStyle, far: string) {
      scene.background = style.background === 'transparent' ? null : background.set(style.background);
      fillTable(table, style.colourMap);
      walls.material.color.set(style.wall);
      top.material.color.set(style.axis);
      edges.material.color.set(style.axis);
      frames.material.color.set(style.quietText);
      held.material.color.set(style.accent);
      hidden.material.color.set(style.path);
      path.material.color.set(style.path);
      hiddenCase.material.color.set(style.pathCase);
      casing.material.color.set(style.pathCase);
      origin.material.color.set(style.text);
      dots.style(style.path, far, style.pathCase);
      (uniforms.hatch!.value as Vector3).set(...linear(style.quietText));
    },
    show(model: VolumeModel | null) {
      const isOtherBox = model?.box !== shown?.box;
      shown = model;
      if (isOtherBox) facing = '';
      scene.visible = model !== null;
      if (model === null) return;
      const { box, known, step, levels } = model;
      texture.show(known);
      (uniforms.side!.value as Vector3).set(box.width, box.height, box.depth);
      (uniforms.ends!.value as Vector2).set(known.scale.low, known.scale.high);
      uniforms.even!.value = known.axes.every(isEven);
      uniforms.contourStep!.value = step;
      (uniforms.levels!.value as Float32Array).set(levels.slice(0, mostLevelLines));
      uniforms.levelCount!.value = Math.min(mostLevelLines, levels.length);
      showPlanes(model);
      opaque.show(model.parts.filter(({ opacity }) => opacity >= 0.995));
      shells.show(model.parts.filter(({ opacity }) => opacity < 0.995));
      for (const line of [hiddenCase, hidden, casing, path]) line.show(model.path);
      dots.show(model.points, model.hidden);
    },
    /** The plane that the pointer is on or drags. */
    hold(id: ShownPlane['id'] | null) {
      heldPlane = id;
      if (shown) showPlanes(shown);
    },
    /** While software draws a volume that turns. */
    hurry(isHurried: boolean) {
      opaque.hurry(isHurried);
      shells.hurry(isHurried);
    },
    /** What depends on where the viewer stands. `pixels`: of the picture, for each of the page. */
    face(pose: CameraPose, pixels: number) {
      frame(pose);
      shells.sort(eyeOf(pose));
      const { back } = basisOf({ azimuth: pose.azimuth + keyLight.azimuth, elevation: keyLight.elevation });
      for (const { object } of [opaque, shells])
        if (object instanceof Mesh && 'uniforms' in object.material)
          (object.material.uniforms as { key: { value: Vector3 } }).key.value.set(...back);
      uniforms.pixels!.value = pixels;
      dots.material.uniforms.size!.value = 11 * pixels;
    },
    dispose() {
      for (const part of order) part.dispose();
      texture.dispose();
      table.dispose();
    },
  };
}

function tableTexture(): DataTexture {
  const texture = new DataTexture(new Uint8Array(4 * 256), 256, 1, RGBAFormat);
  texture.colorSpace = SRGBColorSpace;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.wrapS = ClampToEdgeWrapping;
  return texture;
}

function fillTable(texture: DataTexture, map: ColourMap): void {
  const table = colourTables[map];
  const data = texture.image.data as Uint8Array;
  for (let i = 0; i < 256; i++) data.set([table[3 * i]!, table[3 * i + 1]!, table[3 * i + 2]!, 255], 4 * i);
  texture.needsUpdate = true;
}

function isEven(axis: Float64Array): boolean {
  const [first, last] = [axis[0]!, axis[axis.length - 1]!];
  const step = (last - first) / (axis.length - 1);
  return axis.every((at, i) => Math.abs(at - first - i * step) <= 1e-6 * Math.abs(step));
}

const linear = (colour: string): [number, number, number] => {
  const { r, g, b } = new Color(colour);
  return [r, g, b];
};

const outlineOf = ({ polygon }: ShownPlane): number[] =>
  polygon.flatMap((point, i) => [...point, ...polygon[(i + 1) % polygon.length]!]);

const crossSize = 0.05;

/** Three short lines along the axes through the point that the volume is taken around; none outside. */
function originCross(box: SceneBox): number[] {
  if (([0, 1, 2] as const).some((axis) => boxEnds(box, axis)[0] > 0 || boxEnds(box, axis)[1] < 0)) return [];
  const [x, y, z] = placeInBox(box, 0, 0, 0);
  const s = crossSize;
  return [x - s, y, z, x + s, y, z, x, y - s, z, x, y + s, z, x, y, z - s, x, y, z + s];
}

function topEdges({ width, depth, height }: SceneBox): number[] {
  const [x, z] = [width / 2, depth / 2];
  const corners = [
    [-x, -z],
    [x, -z],
    [x, z],
    [-x, z],
  ] as const;
  return [
    ...corners.flatMap(([a, b], i) => [a, height, b, corners[(i + 1) % 4]![0], height, corners[(i + 1) % 4]![1]]),
    ...corners.flatMap(([a, b]) => [a, 0, b, a, height, b]),
  ];
}

const quarterOf = ({ azimuth }: CameraPose): string => {
  const [s, c] = [Math.sin(azimuth), Math.cos(azimuth)];
  return `${c >= -1e-9}${s > 1e-9}${Math.abs(s) > Math.abs(c)}`;
};
