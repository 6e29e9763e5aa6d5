import { type SceneBox, xOf, zOf } from './scene-box.ts';
import type { SliceGrid } from './slice-grid.ts';
import type { SurfaceArrays } from './surface-arrays.ts';

/** Why a surface has a hole at a point. */
export type Absence = 'missing' | 'nan' | 'infinite';
export const absences: readonly Absence[] = ['missing', 'nan', 'infinite'];

/** A part of the floor under a hole, nearest to points of one kind. */
export interface Tile {
  readonly kind: Absence;
  readonly x: readonly [number, number];
  readonly z: readonly [number, number];
}

export interface Holes {
  readonly tiles: readonly Tile[];
  /** Where the surface ends at a hole, as pairs of points on it. */
  readonly outline: readonly number[];
  /** Points of each kind that holes are made of. */
  readonly counts: Readonly<Record<Absence, number>>;
}

const none: Holes = { tiles: [], outline: [], counts: { missing: 0, nan: 0, infinite: 0 } };

/** Of a surface that covers the cells that have an owner. */
export function holesOf(surface: SurfaceArrays, grid: SliceGrid, box: SceneBox): Holes {
  if (!surface.owner.includes(-1)) return none;
  const kinds = kindsOf(grid);
  return { tiles: tilesOf(surface, grid, box, kinds), outline: outlineOf(surface), counts: counted(surface, kinds) };
}

/** 0 where there is a height, else one more than the place among `absences`. */
function kindsOf({ loss, computed }: SliceGrid): Uint8Array {
  return Uint8Array.from({ length: loss.length }, (_, point) => {
    if (computed[point] !== 1) return 1;
    const value = loss[point]!;
    return Number.isNaN(value) ? 2 : Number.isFinite(value) ? 0 : 3;
  });
}

function counted({ owner, columns }: SurfaceArrays, kinds: Uint8Array): Holes['counts'] {
  const counts = { missing: 0, nan: 0, infinite: 0 };
  const seen = new Uint8Array(kinds.length);
  owner.forEach((point, cell) => {
    if (point >= 0) return;
    const corner = Math.floor(cell / (columns - 1)) * columns + (cell % (columns - 1));
    for (const at of [corner, corner + 1, corner + columns, corner + columns + 1]) {
      if (seen[at] === 1) continue;
      seen[at] = 1;
      const kind = absences[kinds[at]! - 1];
      if (kind) counts[kind]++;
    }
  });
  return counts;
}

/** Quarters of uncovered cells go to their nearest points; those side by side are one tile. */
function tilesOf(
  { owner, columns, rows }: SurfaceArrays,
  { alpha, beta }: SliceGrid,
  box: SceneBox,
  kinds: Uint8Array,
) {
  const half = (places: ArrayLike<number>, k: number) =>
    k % 2 === 0 ? places[k / 2]! : (places[(k - 1) / 2]! + places[(k + 1) / 2]!) / 2;
  const tiles: Tile[] = [];
  for (let up = 0; up < 2 * (rows - 1); up++) {
    const z = [zOf(box, half(beta, up)), zOf(box, half(beta, up + 1))] as const;
    const kindAt = (across: number): number => {
      if (across >= 2 * (columns - 1)) return 0;
      const cell = (up >> 1) * (columns - 1) + (across >> 1);
      return owner[cell]! >= 0 ? 0 : kinds[((up + 1) >> 1) * columns + ((across + 1) >> 1)]!;
    };
    for (let across = 0; across < 2 * (columns - 1); ) {
      const kind = kindAt(across);
      let end = across + 1;
      while (end < 2 * (columns - 1) && kindAt(end) === kind) end++;
      if (kind > 0)
        tiles.push({ kind: absences[kind - 1]!, x: [xOf(box, half(alpha, across)), xOf(box, half(alpha, end))], z });
      across = end;
    }
  }
  return tiles;
}

function outlineOf({ owner, columns, rows, positions }: SurfaceArrays): number[] {
  const segments: number[] = [];
  const covers = (row: number, column: number) =>
    row >= 0 && column >= 0 && row < rows - 1 && column < columns - 1 && owner[row * (columns - 1) + column]! >= 0;
  const add = (from: number, to: number): void => {
    for (const point of [from, to])
      segments.push(positions[3 * point]!, positions[3 * point + 1]!, positions[3 * point + 2]!);
  };
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const point = row * columns + column;
      const isInnerRow = row > 0 && row < rows - 1;
      const isInnerColumn = column > 0 && column < columns - 1;
      if (column < columns - 1 && isInnerRow && covers(row, column) !== covers(row - 1, column)) add(point, point + 1);
      if (row < rows - 1 && isInnerColumn && covers(row, column) !== covers(row, column - 1))
        add(point, point + columns);
    }
  return segments;
}
