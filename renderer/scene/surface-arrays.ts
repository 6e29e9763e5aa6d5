import { heightOf } from './height-scale.ts';
import { type SceneBox, xOf, yOf, zOf } from './scene-box.ts';
import type { SliceGrid, Square } from './slice-grid.ts';

/** A surface as buffers: one vertex for each point of the grid, kept in place while the grid keeps its size. */
export interface SurfaceArrays {
  readonly columns: number;
  readonly rows: number;
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** (share of the colour scale, ½) for each vertex. */
  readonly colourCoordinates: Float32Array;
  readonly index: Uint32Array;
  /** Entries of `index` in use. */
  indexLength: number;
}

export function emptySurface(columns: number, rows: number): SurfaceArrays {
  const points = columns * rows;
  return {
    columns,
    rows,
    positions: new Float32Array(3 * points),
    normals: new Float32Array(3 * points),
    colourCoordinates: new Float32Array(2 * points),
    index: new Uint32Array(6 * Math.max(0, columns - 1) * Math.max(0, rows - 1)),
    indexLength: 0,
  };
}

/** A vertex that no square uses lies on the floor and is never drawn. */
export function fillSurface(arrays: SurfaceArrays, grid: SliceGrid, squares: readonly Square[], box: SceneBox): void {
  placeVertices(arrays, grid, box);
  joinSquares(arrays, squares);
  sumNormals(arrays);
}

function placeVertices({ columns, rows, positions, colourCoordinates }: SurfaceArrays, grid: SliceGrid, box: SceneBox) {
  const { low, high } = box.scale;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const point = row * columns + column;
      const loss = grid.loss[point]!;
      const known = grid.computed[point] === 1 && Number.isFinite(loss);
      const height = known ? heightOf(loss, box.scale) : low;
      positions[3 * point] = xOf(box, grid.alpha[column]!);
      positions[3 * point + 1] = known ? yOf(box, height) : 0;
      positions[3 * point + 2] = zOf(box, grid.beta[row]!);
      colourCoordinates[2 * point] = (height - low) / (high - low);
      colourCoordinates[2 * point + 1] = 0.5;
    }
}

/** Two triangles a square; more where a neighbour is finer, so that no gap opens between them. */
function joinSquares(arrays: SurfaceArrays, squares: readonly Square[]): void {
  const { columns, rows, index } = arrays;
  const isCorner = new Uint8Array(columns * rows);
  for (const square of squares) for (const corner of cornersOf(square, columns)) isCorner[corner] = 1;
  let length = 0;
  for (const square of squares) {
    const border = square.stride === 1 ? [] : borderOf(square, columns).filter((point) => isCorner[point] === 1);
    const triangles = border.length > 4 ? fan(arrays, square, border) : halves(arrays, square);
    index.set(triangles, length);
    length += triangles.length;
  }
  arrays.indexLength = length;
}

/** Counter-clockwise, as seen from above, from the lower left. */
function cornersOf({ row, column, stride }: Square, columns: number): readonly [number, number, number, number] {
  const a = row * columns + column;
  const d = a + stride * columns;
  return [a, a + stride, d + stride, d];
}

/** All points of the grid on the sides of a square, in the order of its corners. */
function borderOf(square: Square, columns: number): number[] {
  const corners = cornersOf(square, columns);
  const steps = [1, columns, -1, -columns];
  return corners.flatMap((corner, side) => Array.from({ length: square.stride }, (_, i) => corner + i * steps[side]!));
}

/** The diagonal joins the two corners that differ less, which keeps valleys and ridges whole. */
function halves({ columns, positions }: SurfaceArrays, square: Square): number[] {
  const [a, b, c, d] = cornersOf(square, columns);
  const y = (point: number) => positions[3 * point + 1]!;
  return Math.abs(y(a) - y(c)) <= Math.abs(y(b) - y(d)) ? [a, b, c, a, c, d] : [a, b, d, b, c, d];
}

/** From every point of the border to the middle, which lies where the corners have their mean: nobody else draws it. */
function fan({ columns, positions, colourCoordinates }: SurfaceArrays, square: Square, border: number[]): number[] {
  const middle = (square.row + square.stride / 2) * columns + square.column + square.stride / 2;
  const mean = (values: Float32Array, size: number, at: number) =>
    cornersOf(square, columns).reduce((sum, corner) => sum + values[size * corner + at]! / 4, 0);
  positions[3 * middle + 1] = mean(positions, 3, 1);
  colourCoordinates[2 * middle] = mean(colourCoordinates, 2, 0);
  return border.flatMap((point, i) => [middle, point, border[(i + 1) % border.length]!]);
}

/** The normal of a vertex: of the triangles around it, weighted by their areas. */
function sumNormals({ positions, normals, index, indexLength }: SurfaceArrays): void {
  normals.fill(0);
  for (let i = 0; i < indexLength; i += 3) {
    const [a, b, c] = [3 * index[i]!, 3 * index[i + 1]!, 3 * index[i + 2]!];
    const [ux, uy, uz] = difference(positions, b, a);
    const [vx, vy, vz] = difference(positions, c, a);
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx] as const;
    for (const vertex of [a, b, c])
      for (let axis = 0; axis < 3; axis++) normals[vertex + axis] = normals[vertex + axis]! + normal[axis]!;
  }
  for (let vertex = 0; vertex < normals.length; vertex += 3) {
    const length = Math.hypot(normals[vertex]!, normals[vertex + 1]!, normals[vertex + 2]!);
    if (length === 0) normals[vertex + 1] = 1;
    else for (let axis = 0; axis < 3; axis++) normals[vertex + axis] = normals[vertex + axis]! / length;
  }
}

const difference = (positions: Float32Array, to: number, from: number): readonly [number, number, number] => [
  positions[to]! - positions[from]!,
  positions[to + 1]! - positions[from + 1]!,
  positions[to + 2]! - positions[from + 2]!,
];
