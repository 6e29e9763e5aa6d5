import { heightOf } from './height-scale.ts';
import { type SceneBox, xOf, yOf, zOf } from './scene-box.ts';
import type { SliceGrid, Square } from './slice-grid.ts';
import { type ColourScale, colourShare, heightColours, type SurfaceColour } from './surface-colours.ts';

/**
 * A surface as buffers, kept in place while the grid keeps its size: one vertex for each point of the grid, then those
 * where the surface is cut. The two triangles of each cell of the grid have a place of their own in the index, so that
 * a change of a few cells changes few of its entries; triangles of a larger square lie in the places of its cells, and
 * places not in use hold the triangle (0, 0, 0).
 */
export interface SurfaceArrays {
  readonly columns: number;
  readonly rows: number;
  positions: Float32Array;
  normals: Float32Array;
  /** (share of the colour scale, what kind of surface it is: `surfaceKinds`) for each vertex. */
  colourCoordinates: Float32Array;
  index: Uint32Array;
  /** Entries of `index` in use. */
  indexLength: number;
  /** Of them, those that are drawn: triangles with an area. */
  triangles: number;
  /** For each cell of the grid the lower left point of the square that covers it, −1 in holes. */
  readonly owner: Int32Array;
}

/** Second colour coordinate: rows of the table that the surface looks its colours up in, eight of them. */
export const surfaceKinds = {
  coloured: 0.5 / 8,
  clipped: 1.5 / 8,
  missing: 2.5 / 8,
  nan: 3.5 / 8,
  infinite: 4.5 / 8,
  /** Cut off, in the colours of another quantity than the height. */
  pale: 5.5 / 8,
};
/** So far beyond the last row that a triangle with one such corner is grey all over: no colour is made up for it. */
export const unknownKind = 1000;

export function emptySurface(columns: number, rows: number): SurfaceArrays {
  const points = columns * rows;
  const cells = Math.max(0, columns - 1) * Math.max(0, rows - 1);
  return {
    columns,
    rows,
    positions: new Float32Array(3 * points),
    normals: new Float32Array(3 * points),
    colourCoordinates: new Float32Array(2 * points),
    index: new Uint32Array(6 * cells),
    indexLength: 0,
    triangles: 0,
    owner: new Int32Array(cells).fill(-1),
  };
}

export interface Colouring {
  readonly colour: SurfaceColour;
  readonly scale: ColourScale;
}

/**
 * A vertex that no square uses lies on the floor and is never drawn. Vertices above the clip of the box stand at their
 * own heights: `cutSurface` cuts them off, `sumNormals` comes last.
 */
export function placeSurface(
  arrays: SurfaceArrays,
  grid: SliceGrid,
  squares: readonly Square[],
  box: SceneBox,
  colouring: Colouring | null = null,
): void {
  placeVertices(arrays, grid, box);
  colourVertices(arrays, grid, box, colouring);
  joinSquares(arrays, squares);
}

/** The whole surface where nothing is cut off. */
export function fillSurface(arrays: SurfaceArrays, grid: SliceGrid, squares: readonly Square[], box: SceneBox): void {
  placeSurface(arrays, grid, squares, box);
  sumNormals(arrays);
}

function placeVertices(
  { columns, rows, positions }: SurfaceArrays,
  { alpha, beta, loss, computed }: SliceGrid,
  box: SceneBox,
) {
  const { clip: _, ...uncut } = box.scale;
  for (let row = 0, point = 0; row < rows; row++) {
    const z = zOf(box, beta[row]!);
    for (let column = 0; column < columns; column++, point++) {
      const value = loss[point]!;
      const known = computed[point] === 1 && Number.isFinite(value);
      positions[3 * point] = xOf(box, alpha[column]!);
      positions[3 * point + 1] = known ? yOf(box, heightOf(value, uncut)) : 0;
      positions[3 * point + 2] = z;
    }
  }
}

export function colourVertices(
  { columns, rows, colourCoordinates }: SurfaceArrays,
  { loss, computed }: SliceGrid,
  box: SceneBox,
  colouring: Colouring | null,
) {
  const scale = colouring?.scale ?? heightColours(box.scale, '');
  const values = colouring?.colour.values ?? loss;
  const mask = colouring?.colour.computed ?? computed;
  for (let point = 0; point < columns * rows; point++) {
    const share = mask[point] === 1 ? colourShare(values[point]!, scale) : Number.NaN;
    const known = Number.isFinite(share);
    colourCoordinates[2 * point] = known ? share : 0;
    colourCoordinates[2 * point + 1] = known ? surfaceKinds.coloured : unknownKind;
  }
}

/** Two triangles a square; more where a neighbour is finer, so that no gap opens between them. */
function joinSquares(arrays: SurfaceArrays, squares: readonly Square[]): void {
  const { columns, index, owner } = arrays;
  index.fill(0);
  owner.fill(-1);
  arrays.indexLength = 6 * owner.length;
  arrays.triangles = 0;
  const isFine = squares.every(({ stride }) => stride === 1);
  const isCorner = isFine ? null : cornerMask(arrays, squares);
  for (const square of squares) {
    const { row, column, stride } = square;
    const point = row * columns + column;
    if (stride === 1) {
      owner[row * (columns - 1) + column] = point;
      halves(arrays, point, 1, 6 * (row * (columns - 1) + column));
      arrays.triangles += 2;
      continue;
    }
    for (let i = 0; i < stride; i++)
      for (let j = 0; j < stride; j++) owner[(row + i) * (columns - 1) + column + j] = point;
    const border = borderOf(square, columns).filter((at) => isCorner?.[at] === 1);
    if (border.length > 4) fan(arrays, square, border);
    else {
      halves(arrays, point, stride, 6 * (row * (columns - 1) + column));
      arrays.triangles += 2;
    }
  }
}

function cornerMask({ columns, rows }: SurfaceArrays, squares: readonly Square[]): Uint8Array {
  const isCorner = new Uint8Array(columns * rows);
  for (const square of squares) for (const corner of cornersOf(square, columns)) isCorner[corner] = 1;
  return isCorner;
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
export function halves({ columns, positions, index }: SurfaceArrays, a: number, stride: number, at: number): void {
  const [b, c, d] = [a + stride, a + stride * columns + stride, a + stride * columns];
  const rising = Math.abs(positions[3 * a + 1]! - positions[3 * c + 1]!);
  const falling = Math.abs(positions[3 * b + 1]! - positions[3 * d + 1]!);
  const isRising = rising <= falling;
  index[at] = a;
  index[at + 1] = b;
  index[at + 2] = isRising ? c : d;
  index[at + 3] = isRising ? a : b;
  index[at + 4] = c;
  index[at + 5] = d;
}

/** From every point of the border to the middle, which lies where the corners have their mean: nobody else draws it. */
function fan(arrays: SurfaceArrays, square: Square, border: readonly number[]): void {
  const { columns, positions, colourCoordinates, index } = arrays;
  const { row, column, stride } = square;
  const middle = (row + stride / 2) * columns + column + stride / 2;
  const corners = cornersOf(square, columns);
  const mean = (values: Float32Array, size: number, at: number) =>
    corners.reduce((sum, corner) => sum + values[size * corner + at]! / 4, 0);
  positions[3 * middle + 1] = mean(positions, 3, 1);
  colourCoordinates[2 * middle] = mean(colourCoordinates, 2, 0);
  colourCoordinates[2 * middle + 1] = mean(colourCoordinates, 2, 1);
  border.forEach((point, i) => {
    const at = slotOf(square, columns, i);
    index[at] = middle;
    index[at + 1] = point;
    index[at + 2] = border[(i + 1) % border.length]!;
  });
  arrays.triangles += border.length;
}

/** Where triangle t of a square is in the index: two in each of its cells. */
export function slotOf({ row, column, stride }: Square, columns: number, t: number): number {
  const cell = t >> 1;
  return 6 * ((row + Math.floor(cell / stride)) * (columns - 1) + column + (cell % stride)) + 3 * (t & 1);
}

/** The normal of a vertex: of the triangles around it, weighted by their areas. */
export function sumNormals({ positions, normals, index, indexLength }: SurfaceArrays): void {
  normals.fill(0);
  for (let i = 0; i < indexLength; i += 3) {
    const [a, b, c] = [3 * index[i]!, 3 * index[i + 1]!, 3 * index[i + 2]!];
    if (a === b) continue;
    const [ax, ay, az] = [positions[a]!, positions[a + 1]!, positions[a + 2]!];
    const [ux, uy, uz] = [positions[b]! - ax, positions[b + 1]! - ay, positions[b + 2]! - az];
    const [vx, vy, vz] = [positions[c]! - ax, positions[c + 1]! - ay, positions[c + 2]! - az];
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    normals[a] = normals[a]! + x;
    normals[a + 1] = normals[a + 1]! + y;
    normals[a + 2] = normals[a + 2]! + z;
    normals[b] = normals[b]! + x;
    normals[b + 1] = normals[b + 1]! + y;
    normals[b + 2] = normals[b + 2]! + z;
    normals[c] = normals[c]! + x;
    normals[c + 1] = normals[c + 1]! + y;
    normals[c + 2] = normals[c + 2]! + z;
  }
  for (let vertex = 0; vertex < normals.length; vertex += 3) {
    const [x, y, z] = [normals[vertex]!, normals[vertex + 1]!, normals[vertex + 2]!];
    // Upwards also where rounding has turned a sliver along a cut over.
    const length = (y < 0 ? -1 : 1) * Math.sqrt(x * x + y * y + z * z);
    if (length === 0) {
      normals[vertex + 1] = 1;
      continue;
    }
    normals[vertex] = x / length;
    normals[vertex + 1] = y / length;
    normals[vertex + 2] = z / length;
  }
}
