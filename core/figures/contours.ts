import { contours } from 'd3-contour';

/** Values on a rectangular grid; the cell (row, column) lies at y[row], x[column]. NaN where there is no value. */
export interface ContourGrid {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Row-major, y.length × x.length. */
  readonly values: ArrayLike<number>;
}

export interface ContourLine {
  readonly level: number;
  /** First point again at the end. */
  readonly closed: boolean;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Level lines by marching squares: crossings by linear interpolation along the edges of the grid, joined to polylines.
 * A cell with a corner that is not finite is left out, so that lines end at what is not known. At a saddle of a cell
 * the mean of its corners decides which crossings belong together. Error for a smooth function: O(h²) of the spacing.
 *
 * Not by d3-contour, which `contourBands` uses: its rings run along borders and around what is unknown, and with those
 * parts cut off it still joins every saddle in one fixed way. On fields of independent values one in seven cells that
 * a line enters is a saddle, and half of them come out against the mean of their corners; the tests measure it.
 *
 * Source: Lorensen and Cline (1987), in two dimensions.
 */
export function contourLines(grid: ContourGrid, levels: readonly number[]): ContourLine[] {
  return levels.flatMap((level) => joined(segmentsAt(grid, level), grid, level));
}

/** An edge of the grid: 2·(row·columns + column) to the right of a node, + 1 for the one above it. */
type Edge = number;

function segmentsAt({ x, y, values }: ContourGrid, level: number): [Edge, Edge][] {
  const [columns, rows] = [x.length, y.length];
  const segments: [Edge, Edge][] = [];
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const node = row * columns + column;
      const corners = [values[node]!, values[node + 1]!, values[node + columns + 1]!, values[node + columns]!] as const;
      const [a, b, c, d] = [corners[0] > level, corners[1] > level, corners[2] > level, corners[3] > level];
      // Most cells lie on one side of the level: they cost no more than this.
      if ((a === b && b === c && c === d) || !corners.every(Number.isFinite)) continue;
      const [bottom, right, top, left] = [2 * node, 2 * (node + 1) + 1, 2 * (node + columns), 2 * node + 1];
      const crossed = [a !== b && bottom, b !== c && right, c !== d && top, d !== a && left].filter(
        (edge) => edge !== false,
      );
      if (crossed.length === 2) segments.push([crossed[0]!, crossed[1]!]);
      if (crossed.length === 4) {
        const middleIsHigh = (corners[0] + corners[1] + corners[2] + corners[3]) / 4 > level;
        // The two corners unlike the middle are cut off one by one.
        if (a === middleIsHigh) segments.push([bottom, right], [top, left]);
        else segments.push([bottom, left], [right, top]);
      }
    }
  return segments;
}

function joined(segments: readonly [Edge, Edge][], grid: ContourGrid, level: number): ContourLine[] {
  const at = new Map<Edge, number[]>();
  segments.forEach((segment, i) => {
    for (const edge of segment) at.set(edge, [...(at.get(edge) ?? []), i]);
  });
  const used = new Uint8Array(segments.length);
  const follow = (from: Edge): Edge[] => {
    const found: Edge[] = [];
    for (let edge = from; ; ) {
      const next = at.get(edge)?.find((i) => !used[i]);
      if (next === undefined) return found;
      used[next] = 1;
      const [a, b] = segments[next]!;
      edge = a === edge ? b : a;
      found.push(edge);
    }
  };
  const lines: ContourLine[] = [];
  segments.forEach(([start], i) => {
    if (used[i]) return;
    const ahead = [start, ...follow(start)];
    const closed = ahead.length > 2 && ahead.at(-1) === start;
    const edges = closed ? ahead : [...follow(start).reverse(), ...ahead];
    const points = edges.map((edge) => crossing(edge, grid, level));
    lines.push({ level, closed, x: points.map(([x]) => x), y: points.map(([, y]) => y) });
  });
  return lines;
}

function crossing(edge: Edge, { x, y, values }: ContourGrid, level: number): readonly [number, number] {
  const node = edge >> 1;
  const columns = x.length;
  const [row, column] = [Math.floor(node / columns), node % columns];
  const upwards = (edge & 1) === 1;
  const [from, to] = [values[node]!, values[upwards ? node + columns : node + 1]!];
  const share = (level - from) / (to - from);
  return upwards
    ? [x[column]!, y[row]! + share * (y[row + 1]! - y[row]!)]
    : [x[column]! + share * (x[column + 1]! - x[column]!), y[row]!];
}

export interface ContourRing {
  /** First point again at the end. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Where low ≤ f < high: a point belongs to it that an odd number of rings go around (SVG's and canvas's `evenodd`). */
export interface ContourBand {
  readonly low: number;
  readonly high: number;
  readonly rings: readonly ContourRing[];
}

/**
 * Filled bands between levels in rising order, and one below the first and above the last, by d3-contour on the indices
 * of the grid, carried to its axes. They end at the outermost known points: a cell with one unknown corner is filled up to
 * the diagonal of the three others, never beyond. At a saddle of a cell the higher corners are kept apart, whatever the
 * mean: there a band may differ from `contourLines` within one cell. Empty bands are left out.
 */
export function contourBands({ x, y, values }: ContourGrid, levels: readonly number[]): ContourBand[] {
  const [columns, rows] = [x.length, y.length];
  if (columns < 2 || rows < 2) return [];
  const generator = contours().size([columns, rows]);
  const known = Array.from(values, (value) => (Number.isFinite(value) ? value : Number.NaN));
  // What is not finite counts as below everything, so that rings stop at the known points.
  const ringsAbove = (level: number): ContourRing[] =>
    generator
      .contour(known, level)
      .coordinates.flat()
      .map((ring) => ({ x: ring.map(([at]) => along(x, at! - 0.5)), y: ring.map(([, at]) => along(y, at! - 0.5)) }));
  const lowest = known.reduce((least, value) => (value < least ? value : least), Number.POSITIVE_INFINITY);
  const bounds = [lowest, ...levels.filter((level) => level > lowest), Number.POSITIVE_INFINITY];
  const above = bounds.map((bound) => (bound < Number.POSITIVE_INFINITY ? ringsAbove(bound) : []));
  return bounds
    .slice(1)
    .map((high, i) => ({ low: bounds[i]!, high, rings: [...above[i]!, ...above[i + 1]!] }))
    .filter(({ rings }) => rings.length > 0);
}

/** The coordinate at a place between two entries of an axis; rings around the whole grid lie half a cell outside it. */
function along(axis: ArrayLike<number>, place: number): number {
  const within = Math.min(Math.max(place, 0), axis.length - 1);
  const cell = Math.min(Math.floor(within), axis.length - 2);
  return axis[cell]! + (within - cell) * (axis[cell + 1]! - axis[cell]!);
}

export interface Levels {
  readonly step: number;
  readonly levels: readonly number[];
}

/** Multiples of a round step (1, 2 or 5 times a power of ten) between low and high, about `count` of them. */
export function evenLevels(low: number, high: number, count: number): Levels {
  if (!(high > low) || !Number.isFinite(high - low)) return { step: 0, levels: [] };
  const raw = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = Number((([1, 2, 5].find((factor) => factor * unit >= raw) ?? 10) * unit).toPrecision(12));
  const first = Math.floor(low / step) + 1;
  const levels: number[] = [];
  for (let k = first; k * step < high; k++) levels.push(Number((k * step).toPrecision(12)));
  return { step, levels };
}
