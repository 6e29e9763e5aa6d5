/**
 * What a surface does in one cell, for every pattern of corners above the level and every decision at ambiguous faces.
 * Corner c of a cell lies at (c & 1, c >> 1 & 1, c >> 2 & 1). The table is not typed in but follows from the rule, once
 * for each case that occurs: on each face the crossings are joined so that the higher side lies to the left of a
 * segment seen from outside; the segments of six faces close to loops; each loop is a disc. Neighbouring cells see the
 * same segments from opposite sides, so surfaces are closed and oriented by construction.
 */
export interface CellCase {
  /** Three vertices a triangle: 0–11 a crossed edge of the cell, 12 + m the middle of loop m of `middles`. */
  readonly triangles: Uint8Array;
  /** The crossed edges whose mean is that middle. */
  readonly middles: readonly Uint8Array[];
}

/** The corners of each edge, lower first: four edges along each axis. */
export const edgeCorners: readonly (readonly [number, number])[] = [0, 1, 2].flatMap((axis) =>
  [0, 1, 2, 3, 4, 5, 6, 7]
    .filter((corner) => ((corner >> axis) & 1) === 0)
    .map((corner) => [corner, corner | (1 << axis)] as const),
);

/** The corners of each face, counterclockwise seen from outside. */
export const faceCorners: readonly (readonly number[])[] = [0, 1, 2].flatMap((axis) => {
  const [b, c] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)];
  const around = [0, b, b | c, c];
  return [[...around].reverse(), around.map((corner) => corner | (1 << axis))];
});

const edgeBetween = (one: number, other: number): number =>
  edgeCorners.findIndex(([low, high]) => low === Math.min(one, other) && high === Math.max(one, other));

const faceEdges = faceCorners.map((corners) => corners.map((corner, i) => edgeBetween(corner, corners[(i + 1) % 4]!)));

const shareAFace = (one: number, other: number): boolean =>
  faceEdges.some((edges) => edges.includes(one) && edges.includes(other));

/** The faces whose corners lie above and below in turn, for each of the 256 patterns; bit c is corner c. */
export const ambiguousFaces: readonly (readonly number[])[] = Array.from({ length: 256 }, (_, pattern) =>
  [0, 1, 2, 3, 4, 5].filter((face) => {
    const above = faceCorners[face]!.map((corner) => (pattern >> corner) & 1);
    return above[0] === above[2] && above[1] === above[3] && above[0] !== above[1];
  }),
);

const made: (CellCase | undefined)[] = new Array<CellCase | undefined>(256 * 64);

/** `joined`: bit f is set where the higher corners of the ambiguous face f are connected across it. */
export function cellCase(pattern: number, joined: number): CellCase {
  const key = pattern | (joined << 8);
  made[key] ??= caseOf(pattern, joined);
  return made[key];
}

function caseOf(pattern: number, joined: number): CellCase {
  const next = new Int8Array(12).fill(-1);
  faceCorners.forEach((corners, face) => {
    const above = corners.map((corner) => (pattern >> corner) & 1);
    const edges = faceEdges[face]!;
    const leaving = [0, 1, 2, 3].filter((i) => above[i] === 1 && above[(i + 1) % 4] === 0);
    const entering = [0, 1, 2, 3].filter((i) => above[i] === 0 && above[(i + 1) % 4] === 1);
    for (const out of leaving) {
      // Back to where this stretch of higher corners began, or across to where the other one begins.
      const own = entering.length === 1 ? entering[0]! : (out + 3) % 4;
      const into = entering.length === 2 && (joined >> face) & 1 ? (out + 1) % 4 : own;
      next[edges[out]!] = edges[into]!;
    }
  });
  const triangles: number[] = [];
  const middles: Uint8Array[] = [];
  const seen = new Uint8Array(12);
  for (let first = 0; first < 12; first++) {
    if (next[first]! < 0 || seen[first]) continue;
    const loop: number[] = [];
    for (let edge = first; !seen[edge]; edge = next[edge]!) {
      seen[edge] = 1;
      loop.push(edge);
    }
    const discs = cutWithoutFaceDiagonals(loop);
    if (discs) triangles.push(...discs);
    else {
      loop.forEach((edge, i) => {
        triangles.push(edge, loop[(i + 1) % loop.length]!, 12 + middles.length);
      });
      middles.push(Uint8Array.from(loop));
    }
  }
  return { triangles: Uint8Array.from(triangles), middles };
}

/**
 * A polygon cut into triangles so that no diagonal joins two edges of one face: the neighbour could draw the same
 * diagonal, and four triangles would meet there. Null where there is no such cut.
 */
function cutWithoutFaceDiagonals(loop: readonly number[]): number[] | null {
  const cut = (first: number, last: number): number[] | null => {
    if (last - first < 2) return [];
    for (let middle = first + 1; middle < last; middle++) {
      const free = (one: number, other: number) => other - one < 2 || !shareAFace(loop[one]!, loop[other]!);
      if (!free(first, middle) || !free(middle, last)) continue;
      const [left, right] = [cut(first, middle), cut(middle, last)];
      if (left && right) return [...left, loop[first]!, loop[middle]!, loop[last]!, ...right];
    }
    return null;
  };
  return cut(0, loop.length - 1);
}
