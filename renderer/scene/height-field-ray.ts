import type { Point } from './scene-box.ts';
import { lossBetween, type SliceGrid, type Square } from './slice-grid.ts';
import type { SurfaceArrays } from './surface-arrays.ts';

/**
 * The nearest crossing of a ray with a surface over a grid, in lengths of `direction`; null where it misses. Only cells
 * under the ray are looked at (Amanatides and Woo 1987), so that it costs O(rows + columns), and the triangles along a
 * cut, all of them.
 */
export function surfaceHit(surface: SurfaceArrays, eye: Point, direction: Point): number | null {
  const { columns, rows, positions, owner, indexLength } = surface;
  let nearest = inRange(surface, 6 * owner.length, indexLength, eye, direction, Number.POSITIVE_INFINITY);
  if (columns < 2 || rows < 2) return null;
  const x = (column: number) => positions[3 * column]!;
  const z = (row: number) => positions[3 * row * columns + 2]!;
  // α ascends with x, β descends with z.
  const span = clipped(eye, direction, [x(0), x(columns - 1)], [z(rows - 1), z(0)]);
  if (span === null) return Number.isFinite(nearest) ? nearest : null;
  const [enter, leave] = span;
  const cellAt = (t: number): [number, number] => [
    cellOf(x, columns, eye[0] + t * direction[0], 1),
    cellOf(z, rows, eye[2] + t * direction[2], -1),
  ];
  let [column, row] = cellAt(enter);
  const [right, up] = [direction[0] >= 0 ? 1 : 0, direction[2] <= 0 ? 1 : 0];
  for (let steps = 0; steps < 2 * (columns + rows); steps++) {
    const cell = row * (columns - 1) + column;
    const hit = inSquare(surface, cell, eye, direction, nearest);
    if (hit < nearest) nearest = hit;
    const tx = direction[0] === 0 ? Number.POSITIVE_INFINITY : (x(column + right) - eye[0]) / direction[0];
    const tz = direction[2] === 0 ? Number.POSITIVE_INFINITY : (z(row + up) - eye[2]) / direction[2];
    const next = Math.min(tx, tz);
    // A little beyond the cell: what lies on its border is found from both sides.
    if (nearest < next - 1e-9 || next > leave) break;
    if (tx <= tz) column += right === 1 ? 1 : -1;
    else row += up === 1 ? 1 : -1;
    if (column < 0 || row < 0 || column > columns - 2 || row > rows - 2) break;
  }
  return Number.isFinite(nearest) ? nearest : null;
}

/** The square that covers a cell; null in holes. */
function squareAt({ owner, columns }: SurfaceArrays, cell: number): Square | null {
  const point = owner[cell]!;
  if (point < 0) return null;
  const width = columns - 1;
  const [row, column] = [Math.floor(point / columns), point % columns];
  let stride = 1;
  while (column + stride < width && owner[row * width + column + stride] === point) stride++;
  return { row, column, stride };
}

/** The loss at (α, β) between the points of the square that is drawn there, as `lossBetween`, but found at once. */
export function lossOnSurface(surface: SurfaceArrays, grid: SliceGrid, alpha: number, beta: number): number {
  const [columns, rows] = [grid.alpha.length, grid.beta.length];
  if (columns < 2 || rows < 2) return Number.NaN;
  const row = cellOf((i) => grid.beta[i]!, rows, beta, 1);
  const column = cellOf((i) => grid.alpha[i]!, columns, alpha, 1);
  // On the border of a hole the square on the other side may be the one that is drawn.
  for (const i of [row, row - 1])
    for (const j of [column, column - 1]) {
      const square = i >= 0 && j >= 0 ? squareAt(surface, i * (columns - 1) + j) : null;
      const loss = square ? lossBetween(grid, [square], alpha, beta) : Number.NaN;
      if (!Number.isNaN(loss)) return loss;
    }
  return Number.NaN;
}

/** The part of a ray in front of the eye that is over the floor. */
function clipped(
  eye: Point,
  direction: Point,
  xs: readonly [number, number],
  zs: readonly [number, number],
): readonly [number, number] | null {
  let [enter, leave] = [0, Number.POSITIVE_INFINITY];
  for (const [from, by, [low, high]] of [
    [eye[0], direction[0], xs],
    [eye[2], direction[2], zs],
  ] as const) {
    if (by === 0) {
      if (from < low || from > high) return null;
      continue;
    }
    const [a, b] = [(low - from) / by, (high - from) / by];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter <= leave ? [enter, leave] : null;
}

/** The interval between two of `count` places that holds `value`; `sign`: whether they ascend. */
function cellOf(place: (i: number) => number, count: number, value: number, sign: 1 | -1): number {
  let [low, high] = [0, count - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sign * (value - place(middle)) >= 0) low = middle;
    else high = middle;
  }
  return low;
}

/** All triangles of the square that covers a cell: those of a large one may lie in any of its cells. */
function inSquare(surface: SurfaceArrays, cell: number, eye: Point, direction: Point, nearest: number): number {
  const square = squareAt(surface, cell);
  if (square === null) return nearest;
  const { row, column, stride } = square;
  let found = nearest;
  for (let i = 0; i < stride; i++) {
    const from = 6 * ((row + i) * (surface.columns - 1) + column);
    found = inRange(surface, from, from + 6 * stride, eye, direction, found);
  }
  return found;
}

/** Möller and Trumbore (1997), written out. */
function inRange(
  { positions, index }: SurfaceArrays,
  from: number,
  to: number,
  [ox, oy, oz]: Point,
  [dx, dy, dz]: Point,
  limit: number,
): number {
  let nearest = limit;
  for (let i = from; i < to; i += 3) {
    const [a, b, c] = [3 * index[i]!, 3 * index[i + 1]!, 3 * index[i + 2]!];
    if (a === b) continue;
    const [ax, ay, az] = [positions[a]!, positions[a + 1]!, positions[a + 2]!];
    const [ux, uy, uz] = [positions[b]! - ax, positions[b + 1]! - ay, positions[b + 2]! - az];
    const [vx, vy, vz] = [positions[c]! - ax, positions[c + 1]! - ay, positions[c + 2]! - az];
    const [px, py, pz] = [dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx];
    const determinant = ux * px + uy * py + uz * pz;
    if (determinant === 0) continue;
    const [tx, ty, tz] = [ox - ax, oy - ay, oz - az];
    const u = (tx * px + ty * py + tz * pz) / determinant;
    if (u < 0 || u > 1) continue;
    const [qx, qy, qz] = [ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux];
    const v = (dx * qx + dy * qy + dz * qz) / determinant;
    if (v < 0 || u + v > 1) continue;
    const t = (vx * qx + vy * qy + vz * qz) / determinant;
    if (t > 0 && t < nearest) nearest = t;
  }
  return nearest;
}
