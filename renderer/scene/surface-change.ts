import { heightOf } from './height-scale.ts';
import { type SceneBox, yOf } from './scene-box.ts';
import type { SliceGrid } from './slice-grid.ts';
import { halves, type SurfaceArrays } from './surface-arrays.ts';
import { colourShare, heightColours } from './surface-colours.ts';

/**
 * Moves the points of a surface whose losses have changed, with the triangles and normals around them: bit for bit what
 * placing all of it anew would give, where all squares are of one cell, nothing is cut off and the box is the same.
 * `isOwnColour`: heights are colours too.
 */
export function moveVertices(
  arrays: SurfaceArrays,
  { loss }: SliceGrid,
  changed: readonly number[],
  box: SceneBox,
  isOwnColour: boolean,
): void {
  const { positions, colourCoordinates, owner } = arrays;
  const scale = heightColours(box.scale, '');
  for (const point of changed) {
    if (!Number.isFinite(loss[point])) continue;
    positions[3 * point + 1] = yOf(box, heightOf(loss[point]!, box.scale));
    if (isOwnColour) colourCoordinates[2 * point] = colourShare(loss[point]!, scale);
  }
  const cells = new Set(changed.flatMap((point) => cellsAround(arrays, point)));
  for (const cell of cells) if (owner[cell]! >= 0) halves(arrays, owner[cell]!, 1, 6 * cell);
  const corners = new Set([...cells].flatMap((cell) => cornersOf(arrays, cell)));
  for (const point of corners) sumNormal(arrays, point);
}

/** Ascending. */
function cellsAround({ columns, rows }: SurfaceArrays, point: number): number[] {
  const [row, column] = [Math.floor(point / columns), point % columns];
  return [row - 1, row].flatMap((i) =>
    [column - 1, column].flatMap((j) =>
      i >= 0 && j >= 0 && i < rows - 1 && j < columns - 1 ? [i * (columns - 1) + j] : [],
    ),
  );
}

function cornersOf({ columns }: SurfaceArrays, cell: number): number[] {
  const corner = Math.floor(cell / (columns - 1)) * columns + (cell % (columns - 1));
  return [corner, corner + 1, corner + columns, corner + columns + 1];
}

/** In the order of `sumNormals`, and in its precision. */
function sumNormal(arrays: SurfaceArrays, point: number): void {
  const { positions, normals, index } = arrays;
  const at = 3 * point;
  normals.fill(0, at, at + 3);
  for (const cell of cellsAround(arrays, point))
    for (let i = 6 * cell; i < 6 * cell + 6; i += 3) {
      const [a, b, c] = [3 * index[i]!, 3 * index[i + 1]!, 3 * index[i + 2]!];
      if (a === b || (a !== at && b !== at && c !== at)) continue;
      const [ax, ay, az] = [positions[a]!, positions[a + 1]!, positions[a + 2]!];
      const [ux, uy, uz] = [positions[b]! - ax, positions[b + 1]! - ay, positions[b + 2]! - az];
      const [vx, vy, vz] = [positions[c]! - ax, positions[c + 1]! - ay, positions[c + 2]! - az];
      normals[at] = normals[at]! + (uy * vz - uz * vy);
      normals[at + 1] = normals[at + 1]! + (uz * vx - ux * vz);
      normals[at + 2] = normals[at + 2]! + (ux * vy - uy * vx);
    }
  const [x, y, z] = [normals[at]!, normals[at + 1]!, normals[at + 2]!];
  const length = Math.sqrt(x * x + y * y + z * z);
  normals[at] = length === 0 ? 0 : x / length;
  normals[at + 1] = length === 0 ? 1 : y / length;
  normals[at + 2] = length === 0 ? 0 : z / length;
}
