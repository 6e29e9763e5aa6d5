import { blockAt, blocksOf, type ContourLines, contourLines, drawContours } from './contour-lines.ts';
import { contourStep } from './contour-step.ts';
import { lossOnSurface } from './height-field-ray.ts';
import { type HeightScale, heightScale, type ScaleReach } from './height-scale.ts';
import { type Holes, holesOf } from './holes.ts';
import { pathOver, pathSegments, type ShownPath, shadowSegments, stalkSegments } from './path-points.ts';
import { type SceneBox, sceneBox, yOf } from './scene-box.ts';
import { knownSquares, type SliceGrid, type Square } from './slice-grid.ts';
import {
  type Colouring,
  colourVertices,
  emptySurface,
  placeSurface,
  type SurfaceArrays,
  sumNormals,
} from './surface-arrays.ts';
import { moveVertices } from './surface-change.ts';
import { type ColourScale, colourScale, heightColours, type SurfaceColour } from './surface-colours.ts';
import { cutSurface } from './surface-cut.ts';

/** A point that is worth a sign: minimum ○, saddle ◇, maximum △, otherwise found □; filled where it is certified. */
export interface SceneMark {
  readonly alpha: number;
  readonly beta: number;
  readonly value: number;
  readonly kind: 'minimum' | 'saddle' | 'maximum' | 'found';
  readonly certified: boolean;
  readonly label: string;
}

/** The path of another run, in a colour as CSS writes it. */
export interface NamedPath {
  readonly path: ShownPath;
  readonly colour: string;
  readonly name: string;
  /** It is what the scene is about: seen through the surface where it runs below it, with lines to it. */
  readonly isMain?: boolean;
}

/** What is to be drawn. */
export interface SceneContent {
  readonly grid: SliceGrid;
  /** Lengths of one unit of α and β in parameter space. */
  readonly norms: readonly [number, number];
  readonly titles: readonly [alpha: string, beta: string];
  readonly path: ShownPath | null;
  /** Lines from the path to the surface; drawn unless said. */
  readonly stalks?: boolean;
  /** Other runs on the same plane. */
  readonly paths?: readonly NamedPath[];
  readonly height: 'log' | 'linear';
  /** Seen as a map: no heights. */
  readonly flat: boolean;
  /** What is drawn upwards, for its axis and its colours; `loss L` unless said. */
  readonly quantity?: string;
  /** Another quantity that colours the surface. */
  readonly colour?: SurfaceColour | null;
  /** The highest value that is drawn at its height. */
  readonly clip?: number | null;
  /** What the scale reaches at least: it is that of the scenes beside this one. */
  readonly reach?: ScaleReach | null;
  /** Lines along the triangles, or along the squares of the grid. */
  readonly outlines?: 'triangles' | 'cells' | null;
  readonly marks?: readonly SceneMark[];
  /** Between the two directions; 0 unless said. */
  readonly cosine?: number;
}

/** Everything that a scene draws, as numbers in the coordinates of its box. */
export interface SceneModel {
  readonly content: SceneContent;
  readonly box: SceneBox;
  readonly squares: readonly Square[];
  readonly surface: SurfaceArrays;
  readonly colours: ColourScale;
  /** Points of the surface without a colour, and points above the clip. */
  readonly unknownColours: number;
  readonly clipped: number;
  /** Between two contours, in decades or in losses; 0 without contours. */
  readonly step: number;
  /** In the darker and in the lighter part of the colours, as high as the surface also where the scene is flat. */
  readonly contours: readonly [dark: ContourLines, light: ContourLines];
  /** Heights in the box of both. */
  readonly levels: readonly [dark: readonly number[], light: readonly number[]];
  /** Border of what is cut off. */
  readonly edge: readonly number[];
  readonly holes: Holes;
  readonly path: readonly number[];
  readonly shadow: readonly number[];
  readonly stalks: readonly number[];
  /** Of other runs, as far as they lie over the plane. */
  readonly others: readonly {
    readonly colour: string;
    readonly segments: readonly number[];
    /** Drawn as a thin line where the surface is in front of it. */
    readonly isSeenThrough: boolean;
  }[];
  /** What the next model of a grid of this size is compared with. */
  readonly held: Held;
}

interface Held {
  /** Of each point: 0 not computed, 1 finite, 2 not finite. */
  readonly states: Uint8Array;
  readonly losses: Float64Array;
  readonly heights: Float32Array;
  /** What every height depends on besides its loss. */
  readonly key: string;
  /** All squares are of one cell. */
  readonly isFine: boolean;
  readonly isOwnColour: boolean;
}

/**
 * Null where no loss is known yet. `before`: a model whose buffers are filled again where the grid has kept its size; it
 * is not to be used afterwards. Of its contours those are drawn anew that lie where heights have changed.
 */
export function sceneModel(content: SceneContent, before: SceneModel | null): SceneModel | null {
  const { grid, path, flat, norms } = content;
  const scale = heightScale(grid, lossesOfPaths(content), content.height, content.clip ?? null, content.reach ?? null);
  if (scale === null) return null;
  const [columns, rows] = [grid.alpha.length, grid.beta.length];
  const reused = before?.surface.columns === columns && before.surface.rows === rows ? before : null;
  const surface = reused?.surface ?? emptySurface(columns, rows);
  const relief = sceneBox(grid.alpha, grid.beta, norms, scale, false);
  const states = statesOf(grid);
  const isSameShape =
    reused !== null && grid.isFinal === reused.content.grid.isFinal && isEqual(states, reused.held.states);
  const squares = isSameShape ? reused.squares : knownSquares(grid);
  const colouring = colouringOf(content.colour ?? null);
  const isFine = isSameShape ? reused.held.isFine : squares.every(({ stride }) => stride === 1);
  const key = JSON.stringify([relief, Array.from(grid.alpha), Array.from(grid.beta)]);
  const isComparable = isSameShape && isFine && scale.clip === undefined && key === reused.held.key;
  // Colours of another quantity are few numbers; heights take a logarithm each.
  const isMovable = isComparable && !flat && !reused.content.flat && (colouring === null) === reused.held.isOwnColour;
  const losses = isMovable ? reused.held.losses : new Float64Array(grid.loss);
  if (isMovable) {
    const changed = takeChanges(losses, grid.loss);
    moveVertices(surface, grid, changed, relief, colouring === null);
    if (colouring) colourVertices(surface, grid, relief, colouring);
  } else placeSurface(surface, grid, squares, relief, colouring);
  const edge = scale.clip === undefined ? [] : cutSurface(surface, yOf(relief, scale.clip), colouring === null);
  if (!isMovable) sumNormals(surface);
  const heights = heightsOf(surface);
  const dirty = isComparable ? changedBlocks(surface, reused.held.heights, heights) : null;
  const { step, dark, light } = splitLevels(scale);
  const contours = reused?.contours ?? [contourLines(columns, rows), contourLines(columns, rows)];
  const places = (levels: readonly number[]) => levels.map((level) => yOf(relief, level));
  const levels = [places(dark), places(light)] as const;
  levels.forEach((heights, i) => {
    drawContours(contours[i as 0 | 1], surface, heights, dirty);
  });
  if (flat) for (let i = 1; i < surface.positions.length; i += 3) surface.positions[i] = 0;
  const box = flat ? sceneBox(grid.alpha, grid.beta, norms, scale, true) : relief;
  return {
    content,
    box,
    squares,
    surface,
    colours: colouring?.scale ?? heightColours(scale, titleOf(content)),
    unknownColours: colouring ? unknownCount(states, colouring) : 0,
    clipped: scale.clip === undefined ? 0 : higherCount(grid, scale),
    step,
    contours,
    levels,
    edge: flat ? onFloor(edge) : edge,
    holes: holesOf(surface, grid, box),
    path: path ? pathSegments(path, box) : [],
    shadow: path && !flat ? shadowSegments(path, box) : [],
    stalks:
      flat || content.stalks === false
        ? []
        : stalkedPaths(content).flatMap((one) =>
            stalkSegments(one, box, (alpha, beta) => lossOnSurface(surface, grid, alpha, beta)),
          ),
    others: (content.paths ?? []).map((other) => ({
      colour: other.colour,
      segments: pathSegments(pathOver(other.path, grid), box),
      isSeenThrough: other.isMain === true && !flat,
    })),
    held: { states, losses, heights, key, isFine, isOwnColour: colouring === null },
  };
}

/** Paths with lines to the surface. */
const stalkedPaths = ({ grid, path, paths = [] }: SceneContent): ShownPath[] => [
  ...(path ? [path] : []),
  ...paths.filter(({ isMain }) => isMain).map((other) => pathOver(other.path, grid)),
];

/** The true losses that the box has to hold. */
export const lossesOfPaths = ({ grid, path, paths = [] }: Pick<SceneContent, 'grid' | 'path' | 'paths'>): number[] => [
  ...(path?.trueLoss ?? []),
  ...paths.flatMap((other) => pathOver(other.path, grid).trueLoss),
];

/** `Loss L`, for colours. */
const titleOf = ({ quantity = 'loss L' }: SceneContent): string =>
  quantity.replace(/^[a-z]/, (letter) => letter.toUpperCase());

function colouringOf(colour: SurfaceColour | null): Colouring | null {
  const scale = colour && colourScale(colour);
  return colour && scale && { colour, scale };
}

function statesOf({ loss, computed }: SliceGrid): Uint8Array {
  const states = new Uint8Array(loss.length);
  for (let point = 0; point < states.length; point++)
    if (computed[point] === 1) states[point] = Number.isFinite(loss[point]) ? 1 : 2;
  return states;
}

/** Points whose loss is another one than before; it is the one before from now on. */
function takeChanges(losses: Float64Array, now: ArrayLike<number>): number[] {
  const changed: number[] = [];
  for (let point = 0; point < losses.length; point++) {
    const [old, loss] = [losses[point]!, now[point]!];
    if (Object.is(old, loss)) continue;
    losses[point] = loss;
    changed.push(point);
  }
  return changed;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

function unknownCount(states: Uint8Array, { colour: { values, computed } }: Colouring): number {
  let count = 0;
  for (let point = 0; point < states.length; point++)
    if (states[point] === 1 && !(computed[point] === 1 && Number.isFinite(values[point]))) count++;
  return count;
}

function higherCount(
  { loss, computed }: SliceGrid,
  { clip = Number.POSITIVE_INFINITY, logarithmic }: HeightScale,
): number {
  let count = 0;
  for (let point = 0; point < loss.length; point++) {
    const height = logarithmic ? Math.log10(loss[point]!) : loss[point]!;
    if (computed[point] === 1 && Number.isFinite(height) && height > clip) count++;
  }
  return count;
}

function heightsOf({ columns, rows, positions }: SurfaceArrays): Float32Array {
  const heights = new Float32Array(columns * rows);
  for (let point = 0; point < heights.length; point++) heights[point] = positions[3 * point + 1]!;
  return heights;
}

/** Blocks of contours with a cell at a point whose height is another one than before. */
function changedBlocks({ columns, rows }: SurfaceArrays, before: Float32Array, now: Float32Array): Uint8Array {
  const [across, up] = blocksOf(columns, rows);
  const dirty = new Uint8Array(across * up + 1);
  for (let point = 0; point < now.length; point++) {
    if (now[point] === before[point]) continue;
    const [row, column] = [Math.floor(point / columns), point % columns];
    for (const i of [row - 1, row])
      for (const j of [column - 1, column])
        if (i >= 0 && j >= 0 && i < rows - 1 && j < columns - 1) dirty[blockAt(i, j, across)] = 1;
  }
  return dirty;
}

/** Light lines are seen on the darker two thirds of the colours, dark lines on the rest. */
function splitLevels({ low, high }: HeightScale) {
  const { step, levels } = contourStep(low, high);
  const border = low + 0.62 * (high - low);
  return { step, dark: levels.filter((level) => level < border), light: levels.filter((level) => level >= border) };
}

export const onFloor = (points: readonly number[]): number[] => points.map((value, i) => (i % 3 === 1 ? 0 : value));
