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
import { colourTables } from '../../core/figures/colour-tables.ts';
import { boxLines } from './box-lines.ts';
import { viewAngles } from './camera-pose.ts';
import { contourInk, type SceneStyle } from './painter.ts';
import type { SceneModel } from './scene-model.ts';

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
  scene.add(
    surfaceOf(model, style),
    ...linesOf('contours on dark', model.contours[0], contourInk.dark.colour),
    ...linesOf('contours on light', model.contours[1], contourInk.light.colour),
    ...linesOf('contours on the floor', model.floor, style.floor),
    ...linesOf('path', model.path, style.path),
    ...linesOf('shadow of the path', model.shadow, style.quietText),
    ...linesOf('stalks', model.stalks, style.stalk),
    ...linesOf('box', edges, style.axis),
  );
  const made = await new GLTFExporter().parseAsync(scene, { binary: true });
  if (!(made instanceof ArrayBuffer)) throw new Error('The scene was not written as binary glTF.');
  return new Uint8Array(made);
}

function surfaceOf({ surface }: SceneModel, style: SceneStyle): Mesh {
  const { positions, normals, index, indexLength, colourCoordinates } = surface;
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions.slice(), 3));
  geometry.setAttribute('normal', new BufferAttribute(normals.slice(), 3));
  geometry.setAttribute('color', new BufferAttribute(vertexColours(colourCoordinates, style), 3));
  geometry.setIndex(new BufferAttribute(index.slice(0, indexLength), 1));
  const material = new MeshStandardMaterial({ vertexColors: true, side: DoubleSide, roughness: 1, metalness: 0 });
  const mesh = new Mesh(geometry, material);
  mesh.name = 'loss surface';
  return mesh;
}

/** glTF wants linear colours. */
function vertexColours(coordinates: Float32Array, { colourMap }: SceneStyle): Float32Array {
  const table = colourTables[colourMap];
  const colour = new Color();
  const colours = new Float32Array((3 * coordinates.length) / 2);
  for (let vertex = 0; vertex < coordinates.length / 2; vertex++) {
    const entry = 3 * Math.round(255 * Math.min(1, Math.max(0, coordinates[2 * vertex]!)));
    colour.setRGB(table[entry]! / 255, table[entry + 1]! / 255, table[entry + 2]! / 255, SRGBColorSpace);
    colour.toArray(colours, 3 * vertex);
  }
  return colours;
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
