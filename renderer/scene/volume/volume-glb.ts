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
import { colourTables } from '../../../core/figures/colour-tables.ts';
import { boxLines } from '../box-lines.ts';
import { dot, viewAngles } from '../camera-pose.ts';
import { lossAt } from '../height-scale.ts';
import type { SceneStyle } from '../painter.ts';
import type { Point } from '../scene-box.ts';
import { planeDirections } from './box-planes.ts';
import { heightInBox } from './height-in-volume.ts';
import type { SoupPart } from './surface-soup.ts';
import type { ShownPlane, VolumeModel } from './volume-model.ts';

/** Points along the longer side of a section in the file. */
const sectionPoints = 129;

/**
 * Isosurfaces, sections, path and box as binary glTF 2.0 in the coordinates of the box. Surfaces are whole, whatever clip
 * planes leave of them on the screen. `notes` are kept as extras of the scene.
 */
export async function volumeGlb(
  model: VolumeModel,
  style: SceneStyle,
  notes: Readonly<Record<string, unknown>>,
): Promise<Uint8Array> {
  // The exporter is large, and seldom wanted.
  const { GLTFExporter } = await import('three/examples/jsm/exporters/GLTFExporter.js');
  const scene = new Scene();
  scene.name = 'volume';
  scene.userData = { ...notes };
  const { edges } = boxLines(model.box, viewAngles.home);
  scene.add(
    ...model.parts.flatMap((part, i) => surfaceOf(part, lossAt(model.levels[i]!, model.known.scale), style)),
    ...model.sections.flatMap((section) => sectionOf(model, section, style)),
    ...linesOf('path', model.path, style.path),
    ...linesOf('box', edges, style.axis),
  );
  const made = await new GLTFExporter().parseAsync(scene, { binary: true });
  if (!(made instanceof ArrayBuffer)) throw new Error('The scene was not written as binary glTF.');
  return new Uint8Array(made);
}

function surfaceOf({ surface, opacity }: SoupPart, level: number, style: SceneStyle): Mesh[] {
  if (surface.triangles.length === 0) return [];
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(surface.positions.slice(), 3));
  geometry.setAttribute('normal', new BufferAttribute(surface.normals.slice(), 3));
  geometry.setAttribute('color', new BufferAttribute(coloursOf(surface.colours, style), 3));
  geometry.setIndex(new BufferAttribute(surface.triangles.slice(), 1));
  const see = opacity < 0.995 ? { transparent: true, opacity } : {};
  const material = new MeshStandardMaterial({
    vertexColors: true,
    side: DoubleSide,
    roughness: 1,
    metalness: 0,
    ...see,
  });
  const mesh = new Mesh(geometry, material);
  mesh.name = `level ${Number(level.toPrecision(6))}`;
  return [mesh];
}

/** Triangles of a raster whose three corners lie in the box and are finite. */
export function sectionTriangles(model: VolumeModel, { plane, polygon }: ShownPlane) {
  const [u, v] = planeDirections(plane.normal);
  const range = (direction: Point): readonly [number, number] => {
    const along = polygon.map((point) => dot(point, direction));
    return [Math.min(...along), Math.max(...along)];
  };
  const [us, vs] = [range(u), range(v)];
  const unit = Math.max(us[1] - us[0], vs[1] - vs[0]) / (sectionPoints - 1);
  const [columns, rows] = [us, vs].map(([low, high]) => Math.max(2, Math.round((high - low) / unit) + 1)) as [
    number,
    number,
  ];
  const positions = new Float32Array(3 * columns * rows);
  const heights = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const s = us[0] + (column / (columns - 1)) * (us[1] - us[0]);
      const t = vs[0] + (row / (rows - 1)) * (vs[1] - vs[0]);
      const point = [0, 1, 2].map((k) => plane.distance * plane.normal[k]! + s * u[k]! + t * v[k]!);
      const at = row * columns + column;
      positions.set(point, 3 * at);
      heights[at] = heightInBox(model.known, model.box, point as unknown as Point);
    }
  const triangles: number[] = [];
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const a = row * columns + column;
      const [b, c, d] = [a + 1, a + columns + 1, a + columns];
      for (const triangle of [
        [a, b, c],
        [a, c, d],
      ])
        if (triangle.every((corner) => Number.isFinite(heights[corner]))) triangles.push(...triangle);
    }
  return { positions, heights, triangles };
}

function sectionOf(model: VolumeModel, section: ShownPlane, style: SceneStyle): Mesh[] {
  const { positions, heights, triangles } = sectionTriangles(model, section);
  if (triangles.length === 0) return [];
  const { low, high } = model.known.scale;
  const shares = Float32Array.from(heights, (height) => (Number.isFinite(height) ? (height - low) / (high - low) : 0));
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('color', new BufferAttribute(coloursOf(shares, style), 3));
  geometry.setIndex(triangles);
  const mesh = new Mesh(geometry, new MeshBasicMaterial({ vertexColors: true, side: DoubleSide }));
  mesh.name = section.id;
  return [mesh];
}

/** glTF wants linear colours. */
function coloursOf(shares: Float32Array, { colourMap }: SceneStyle): Float32Array {
  const table = colourTables[colourMap];
  const colour = new Color();
  const colours = new Float32Array(3 * shares.length);
  shares.forEach((share, vertex) => {
    const entry = 3 * Math.round(255 * Math.min(1, Math.max(0, share)));
    colour.setRGB(table[entry]! / 255, table[entry + 1]! / 255, table[entry + 2]! / 255, SRGBColorSpace);
    colour.toArray(colours, 3 * vertex);
  });
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
