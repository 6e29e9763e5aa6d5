import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DoubleSide,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  Scene,
  SRGBColorSpace,
} from 'three';
import { boxLines } from './box-lines.ts';
import { viewAngles } from './camera-pose.ts';
import { drawnSegments } from './contour-lines.ts';
import { contourInk, type SceneStyle } from './painter.ts';
import { onFloor, type SceneModel } from './scene-model.ts';
import { type SurfaceArrays, surfaceKinds } from './surface-arrays.ts';
import { clippedStripes, surfaceTable, unknownColour } from './surface-colours.ts';

/**
 * The scene as binary glTF 2.0: the surface with a colour for each vertex, contours, path, shadow, stalks and box as
 * lines, in the coordinates of its box. `notes` are kept as extras of the scene.
 */
export async function sceneGlb(
  model: SceneModel,
  style: SceneStyle,
  notes: Readonly<Record<string, unknown>>,
): Promise<Uint8Array> {
  // The exporter is large, and seldom wanted.
  const { GLTFExporter } = await import('three/examples/jsm/exporters/GLTFExporter.js');
  const scene = new Scene();
  scene.name = 'landscape';
  scene.userData = { ...notes };
  const { edges } = boxLines(model.box, viewAngles.home);
  const { flat } = model.content;
  const [dark, light] = model.contours.map((lines) => {
    const points = drawnSegments(lines);
    return flat ? onFloor(points) : points;
  }) as [number[], number[]];
  scene.add(
    surfaceOf(model, style),
    ...linesOf('contours on dark', dark, contourInk.dark.colour),
    ...linesOf('contours on light', light, contourInk.light.colour),
    ...linesOf('contours on the floor', flat ? [] : onFloor([...dark, ...light]), style.floor),
    ...linesOf('border of what is cut off', model.edge, style.text),
    ...linesOf('borders of holes', model.holes.outline, style.quietText),
    ...linesOf('path', model.path, style.path),
    ...linesOf('shadow of the path', model.shadow, style.quietText),
    ...linesOf('stalks', model.stalks, style.stalk),
    ...linesOf('box', edges, style.axis),
  );
  const made = await new GLTFExporter().parseAsync(scene, { binary: true });
  if (!(made instanceof ArrayBuffer)) throw new Error('The scene was not written as binary glTF.');
  return new Uint8Array(made);
}

function surfaceOf({ surface, colours }: SceneModel, style: SceneStyle): Mesh {
  const { positions, normals, colourCoordinates } = surface;
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions.slice(), 3));
  geometry.setAttribute('normal', new BufferAttribute(normals.slice(), 3));
  geometry.setAttribute(
    'color',
    new BufferAttribute(vertexColours(colourCoordinates, surfaceTable(style.colourMap, colours)), 3),
  );
  geometry.setIndex(new BufferAttribute(drawnTriangles(surface), 1));
  const material = new MeshStandardMaterial({ vertexColors: true, side: DoubleSide, roughness: 1, metalness: 0 });
  const mesh = new Mesh(geometry, material);
  mesh.name = 'loss surface';
  return mesh;
}

/** glTF wants linear colours. */
function vertexColours(coordinates: Float32Array, table: Uint8Array): Float32Array {
  const colour = new Color();
  const colours = new Float32Array((3 * coordinates.length) / 2);
  for (let vertex = 0; vertex < coordinates.length / 2; vertex++) {
    const entry = 3 * Math.round(255 * Math.min(1, Math.max(0, coordinates[2 * vertex]!)));
    const kind = coordinates[2 * vertex + 1]!;
    const own = [table[entry]!, table[entry + 1]!, table[entry + 2]!] as const;
    const [red, green, blue] =
      kind > 1 ? unknownColour : kind === Math.fround(surfaceKinds.clipped) ? clippedStripes[0] : own;
    colour.setRGB(red / 255, green / 255, blue / 255, SRGBColorSpace);
    colour.toArray(colours, 3 * vertex);
  }
  return colours;
}

/** Without the places that are not in use. */
function drawnTriangles({ index, indexLength, triangles }: SurfaceArrays): Uint32Array {
  const drawn = new Uint32Array(3 * triangles);
  for (let i = 0, length = 0; i < indexLength; i += 3) {
    if (index[i] === index[i + 1]) continue;
    drawn.set(index.subarray(i, i + 3), length);
    length += 3;
  }
  return drawn;
}

/** None where there is nothing to draw: glTF knows no empty lines. */
function linesOf(name: string, points: readonly number[], colour: string): LineSegments[] {
  if (points.length === 0) return [];
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(points), 3));
  const lines = new LineSegments(geometry, new MeshBasicMaterial({ color: colour }));
  lines.name = name;
  return [lines];
}
