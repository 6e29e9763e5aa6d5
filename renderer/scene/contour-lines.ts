import type { SurfaceArrays } from './surface-arrays.ts';

/**
 * Level lines of a surface as pairs of points (x, y, z), in blocks of cells. Each block has a place of its own in the
 * buffer with some room left, so that a change of a few cells moves nothing else; what is not in use is parked.
 */
export interface ContourLines {
  points: Float32Array;
  /** Numbers of `points` in use. */
  length: number;
  readonly start: Int32Array;
  readonly room: Int32Array;
}

/** Cells along a side of a block. */
const side = 8;
/** A segment without length, beyond what any camera sees. */
const parked = 1e4;
const least = 48;

export const blocksOf = (columns: number, rows: number): readonly [across: number, up: number] => [
  Math.ceil(Math.max(0, columns - 1) / side),
  Math.ceil(Math.max(0, rows - 1) / side),
];

/** The block of the cell at a row and a column. */
export const blockAt = (row: number, column: number, across: number): number =>
  Math.floor(row / side) * across + Math.floor(column / side);

/** One block more than the grid has, for the triangles along a cut. */
export function contourLines(columns: number, rows: number): ContourLines {
  const [across, up] = blocksOf(columns, rows);
  const count = across * up + 1;
  return { points: new Float32Array(0), length: 0, start: new Int32Array(count), room: new Int32Array(count) };
}

/**
 * Where the triangles of each block cross the heights y = level: lines that lie on the drawn surface exactly and end at
 * its holes. Error for a smooth function: O(h²) of the spacing. `levels` ascend; `dirty`: which blocks have changed,
 * null for all of them.
 */
export function drawContours(
  lines: ContourLines,
  surface: SurfaceArrays,
  levels: readonly number[],
  dirty: Uint8Array | null,
): void {
  const [across, up] = blocksOf(surface.columns, surface.rows);
  if (dirty === null) {
    lines.length = 0;
    lines.room.fill(0);
  }
  const scratch: number[] = [];
  for (let block = 0; block <= across * up; block++) {
    if (dirty !== null && dirty[block] === 0) continue;
    scratch.length = 0;
    if (block === across * up) addSegments(scratch, surface, levels, 6 * surface.owner.length, surface.indexLength);
    else addBlock(scratch, surface, levels, block % across, Math.floor(block / across));
    put(lines, block, scratch);
  }
}

/** The same lines on triangles of its own choice between the vertices of a surface, as pairs of points. */
export function contoursOn(
  { positions }: Pick<SurfaceArrays, 'positions'>,
  index: Uint32Array,
  levels: readonly number[],
): number[] {
  const segments: number[] = [];
  addSegments(segments, { positions, index }, levels, 0, index.length);
  return segments;
}

function addBlock(into: number[], surface: SurfaceArrays, levels: readonly number[], across: number, up: number) {
  const [width, height] = [surface.columns - 1, surface.rows - 1];
  const last = Math.min(width, (across + 1) * side);
  for (let row = up * side; row < Math.min(height, (up + 1) * side); row++)
    addSegments(into, surface, levels, 6 * (row * width + across * side), 6 * (row * width + last));
}

function addSegments(
  into: number[],
  { positions, index }: Pick<SurfaceArrays, 'positions' | 'index'>,
  levels: readonly number[],
  from: number,
  to: number,
): void {
  const count = levels.length;
  if (count === 0) return;
  const [lowest, highest] = [levels[0]!, levels[count - 1]!];
  const inverse = count > 1 ? (count - 1) / (highest - lowest) : 0;
  for (let i = from; i < to; i += 3) {
    const [a, b, c] = [3 * index[i]!, 3 * index[i + 1]!, 3 * index[i + 2]!];
    if (a === b) continue;
    const [p, q, r] = [positions[a + 1]!, positions[b + 1]!, positions[c + 1]!];
    const low = p < q ? (p < r ? p : r) : q < r ? q : r;
    const high = p > q ? (p > r ? p : r) : q > r ? q : r;
    if (high < lowest || low >= highest) continue;
    // Levels are even up to rounding: the search begins just below the first one.
    let k = Math.max(0, Math.floor((low - lowest) * inverse) - 1);
    while (k < count && levels[k]! <= low) k++;
    for (; k < count && levels[k]! <= high; k++) {
      const level = levels[k]!;
      if (p < level !== q < level) cross(into, positions, a, b, level);
      if (q < level !== r < level) cross(into, positions, b, c, level);
      if (r < level !== p < level) cross(into, positions, c, a, level);
    }
  }
}

function cross(into: number[], positions: Float32Array, from: number, to: number, level: number): void {
  const [start, end] = [positions[from + 1]!, positions[to + 1]!];
  const share = (level - start) / (end - start);
  into.push(
    positions[from]! + share * (positions[to]! - positions[from]!),
    level,
    positions[from + 2]! + share * (positions[to + 2]! - positions[from + 2]!),
  );
}

function put(lines: ContourLines, block: number, segments: readonly number[]): void {
  if (segments.length > lines.room[block]!) {
    const [old, room] = [lines.start[block]!, 6 * Math.ceil(Math.max(least, 1.5 * segments.length) / 6)];
    lines.points.fill(parked, old, old + lines.room[block]!);
    const end = lines.length + room;
    if (end > lines.points.length) {
      const larger = new Float32Array(Math.max(2 * lines.points.length, end, 6 * 512));
      larger.set(lines.points);
      lines.points = larger;
    }
    lines.start[block] = lines.length;
    lines.room[block] = room;
    lines.length = end;
  }
  const start = lines.start[block]!;
  lines.points.set(segments, start);
  lines.points.fill(parked, start + segments.length, start + lines.room[block]!);
}

/** The segments that are drawn, one after the other. */
export function drawnSegments({ points, length }: Pick<ContourLines, 'points' | 'length'>): number[] {
  const drawn: number[] = [];
  for (let i = 0; i < length; i += 6) if (points[i] !== parked) for (let k = 0; k < 6; k++) drawn.push(points[i + k]!);
  return drawn;
}
