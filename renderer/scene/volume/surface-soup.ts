import type { Point } from '../scene-box.ts';

/** One isosurface in the coordinates of the box. */
export interface LevelSurface {
  /** Three numbers a vertex. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Shares of the colour scale, one a vertex. */
  readonly colours: Float32Array;
  readonly triangles: Uint32Array;
}

export interface SoupPart {
  readonly surface: LevelSurface;
  readonly opacity: number;
}

/** All isosurfaces as one mesh, whose triangles can be put in the order of their distance from the viewer. */
export interface SurfaceSoup {
  vertices: number;
  indices: number;
  positions: Float32Array;
  normals: Float32Array;
  /** (share of the colour scale, opacity) a vertex. */
  tints: Float32Array;
  index: Uint32Array;
  /** Middles of the triangles, in the order of `source`. */
  middles: Float32Array;
  source: Uint32Array;
}

export const emptySoup = (): SurfaceSoup => ({
  vertices: 0,
  indices: 0,
  positions: new Float32Array(0),
  normals: new Float32Array(0),
  tints: new Float32Array(0),
  index: new Uint32Array(0),
  middles: new Float32Array(0),
  source: new Uint32Array(0),
});

/** Buffers grow by doubling and are filled again otherwise. Whether they are other buffers than before. */
export function fillSoup(soup: SurfaceSoup, parts: readonly SoupPart[]): boolean {
  const vertices = parts.reduce((sum, { surface }) => sum + surface.positions.length / 3, 0);
  const indices = parts.reduce((sum, { surface }) => sum + surface.triangles.length, 0);
  const grown = 3 * vertices > soup.positions.length || indices > soup.index.length;
  if (grown) {
    const [room, places] = [capacity(vertices), 3 * capacity(indices / 3)];
    soup.positions = new Float32Array(3 * room);
    soup.normals = new Float32Array(3 * room);
    soup.tints = new Float32Array(2 * room);
    soup.index = new Uint32Array(places);
    soup.source = new Uint32Array(places);
    soup.middles = new Float32Array(places);
  }
  let [vertex, entry] = [0, 0];
  for (const { surface, opacity } of parts) {
    soup.positions.set(surface.positions, 3 * vertex);
    soup.normals.set(surface.normals, 3 * vertex);
    const count = surface.positions.length / 3;
    for (let i = 0; i < count; i++) {
      soup.tints[2 * (vertex + i)] = surface.colours[i]!;
      soup.tints[2 * (vertex + i) + 1] = opacity;
    }
    for (let i = 0; i < surface.triangles.length; i++) soup.source[entry + i] = surface.triangles[i]! + vertex;
    vertex += count;
    entry += surface.triangles.length;
  }
  soup.vertices = vertices;
  soup.indices = indices;
  soup.index.set(soup.source.subarray(0, indices));
  placeMiddles(soup);
  return grown;
}

const capacity = (count: number): number => 2 ** Math.ceil(Math.log2(Math.max(256, count)));

function placeMiddles({ positions, source, middles, indices }: SurfaceSoup): void {
  for (let i = 0; i < indices; i += 3) {
    const [a, b, c] = [3 * source[i]!, 3 * source[i + 1]!, 3 * source[i + 2]!];
    for (let axis = 0; axis < 3; axis++)
      middles[i + axis] = (positions[a + axis]! + positions[b + axis]! + positions[c + axis]!) / 3;
  }
}

const buckets = 1 << 14;
const [counts, keys] = [new Uint32Array(buckets + 1), { held: new Uint16Array(0) }];

/**
 * Puts the triangles in order, the farthest from the eye first: surfaces of different levels never cross, so that
 * blending in this order is right wherever triangles are smaller than what lies between them. Counting sort, O(n).
 */
export function sortSoup({ index, source, middles, indices }: SurfaceSoup, eye: Point): void {
  const triangles = indices / 3;
  if (triangles === 0) return;
  if (keys.held.length < triangles) keys.held = new Uint16Array(capacity(triangles));
  let [nearest, farthest] = [Number.POSITIVE_INFINITY, 0];
  const distanceOf = (i: number) =>
    Math.sqrt(
      (middles[3 * i]! - eye[0]) ** 2 + (middles[3 * i + 1]! - eye[1]) ** 2 + (middles[3 * i + 2]! - eye[2]) ** 2,
    );
  for (let i = 0; i < triangles; i++) {
    const distance = distanceOf(i);
    if (distance < nearest) nearest = distance;
    if (distance > farthest) farthest = distance;
  }
  const scale = (buckets - 1) / (farthest - nearest || 1);
  counts.fill(0);
  for (let i = 0; i < triangles; i++) {
    const key = Math.floor((farthest - distanceOf(i)) * scale);
    keys.held[i] = key;
    counts[key + 1] = counts[key + 1]! + 1;
  }
  for (let key = 0; key < buckets; key++) counts[key + 1] = counts[key + 1]! + counts[key]!;
  for (let i = 0; i < triangles; i++) {
    const place = 3 * counts[keys.held[i]!]!;
    counts[keys.held[i]!] = counts[keys.held[i]!]! + 1;
    index[place] = source[3 * i]!;
    index[place + 1] = source[3 * i + 1]!;
    index[place + 2] = source[3 * i + 2]!;
  }
}
