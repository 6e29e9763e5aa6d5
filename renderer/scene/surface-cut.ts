import { type SurfaceArrays, surfaceKinds } from './surface-arrays.ts';

/** Width of a stripe of what is cut off, in lengths of the box. */
const stripe = 0.045;

/**
 * Cuts a surface off at the height y: what is above becomes a flat plateau, and triangles that cross the height are
 * divided along it, so that the border is where the drawn surface reaches the height. `striped`: the plateau has stripes
 * in place of colours, which are paler otherwise. Answers the border as pairs of points.
 */
export function cutSurface(arrays: SurfaceArrays, y: number, striped: boolean): number[] {
  const { columns, rows, index } = arrays;
  const own = 6 * arrays.owner.length;
  const cut = crossings(arrays, y, striped);
  for (let i = 0; i < own; i += 3) {
    const [a, b, c] = [index[i]!, index[i + 1]!, index[i + 2]!];
    if (a === b) continue;
    const above = [a, b, c].map((corner) => arrays.positions[3 * corner + 1]! > y);
    const count = Number(above[0]) + Number(above[1]) + Number(above[2]);
    if (count === 0 || count === 3) continue;
    // The corner that is alone on its side of the height comes first; the way round stays.
    const first = above.indexOf(count === 1);
    const corners = [a, b, c];
    cut.divide(corners[first]!, corners[(first + 1) % 3]!, corners[(first + 2) % 3]!, count === 1);
    index.fill(0, i, i + 3);
    arrays.triangles += 2;
  }
  cut.write();
  for (let point = 0; point < columns * rows; point++) {
    if (arrays.positions[3 * point + 1]! <= y) continue;
    arrays.positions[3 * point + 1] = y;
    if (striped) stripeAt(arrays, point);
    else arrays.colourCoordinates[2 * point + 1] = paler(arrays.colourCoordinates[2 * point + 1]!);
  }
  return cut.border;
}

/** A point without a colour has none here either. */
const paler = (kind: number): number => (kind === Math.fround(surfaceKinds.coloured) ? surfaceKinds.pale : kind);

function stripeAt({ positions, colourCoordinates }: SurfaceArrays, vertex: number): void {
  colourCoordinates[2 * vertex] = (positions[3 * vertex]! + positions[3 * vertex + 2]!) / stripe;
  colourCoordinates[2 * vertex + 1] = surfaceKinds.clipped;
}

/** Each edge that crosses the height has two vertices there: one of the slope, one of the plateau. */
function crossings(arrays: SurfaceArrays, y: number, striped: boolean) {
  const points = arrays.columns * arrays.rows;
  const known = new Map<number, number>();
  const positions: number[] = [];
  const colours: number[] = [];
  const triangles: number[] = [];
  const border: number[] = [];
  const crossing = (from: number, to: number): number => {
    const [low, high] = from < to ? [from, to] : [to, from];
    const key = low * points + high;
    const found = known.get(key);
    if (found !== undefined) return found;
    const slope = points + positions.length / 3;
    known.set(key, slope);
    const mixed = (values: Float32Array, size: number, k: number) => {
      const [start, end] = [values[size * low + k]!, values[size * high + k]!];
      return start + share * (end - start);
    };
    const [start, end] = [arrays.positions[3 * low + 1]!, arrays.positions[3 * high + 1]!];
    const share = (y - start) / (end - start);
    const [x, z] = [mixed(arrays.positions, 3, 0), mixed(arrays.positions, 3, 2)];
    const colour = [mixed(arrays.colourCoordinates, 2, 0), mixed(arrays.colourCoordinates, 2, 1)];
    positions.push(x, y, z, x, y, z);
    colours.push(...colour, ...(striped ? [(x + z) / stripe, surfaceKinds.clipped] : [colour[0]!, paler(colour[1]!)]));
    return slope;
  };
  return {
    border,
    divide(alone: number, second: number, third: number, isPeak: boolean): void {
      const [p, q] = [crossing(alone, second), crossing(alone, third)];
      // Of the two vertices of a crossing the plateau has the second one.
      const [tip, rest] = isPeak ? [1, 0] : [0, 1];
      triangles.push(alone, p + tip, q + tip, p + rest, second, third, p + rest, third, q + rest);
      const at = (vertex: number) => positions.slice(3 * (vertex - points), 3 * (vertex - points) + 3);
      border.push(...at(p), ...at(q));
    },
    write(): void {
      const own = 6 * arrays.owner.length;
      const vertices = points + positions.length / 3;
      arrays.positions = grown(arrays.positions, 3 * vertices);
      arrays.normals = grown(arrays.normals, 3 * vertices);
      arrays.colourCoordinates = grown(arrays.colourCoordinates, 2 * vertices);
      arrays.index = grown(arrays.index, own + triangles.length);
      arrays.positions.set(positions, 3 * points);
      arrays.colourCoordinates.set(colours, 2 * points);
      arrays.index.set(triangles, own);
      arrays.indexLength = own + triangles.length;
    },
  };
}

/** The same array where it is long enough; else a copy with room for half as much again. */
function grown<A extends Float32Array | Uint32Array>(array: A, length: number): A {
  if (array.length >= length) return array;
  const larger = new (array.constructor as new (length: number) => A)(6 * Math.ceil(length / 4));
  larger.set(array);
  return larger;
}
