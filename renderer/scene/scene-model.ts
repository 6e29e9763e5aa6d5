import { contourStep } from './contour-step.ts';
import { type HeightScale, heightScale } from './height-scale.ts';
import { levelSegments } from './level-segments.ts';
import { pathSegments, type ShownPath, shadowSegments, stalkSegments } from './path-points.ts';
import { type SceneBox, sceneBox, yOf } from './scene-box.ts';
import { knownSquares, lossBetween, type SliceGrid, type Square } from './slice-grid.ts';
import { emptySurface, fillSurface, type SurfaceArrays } from './surface-arrays.ts';

/** What is to be drawn. */
export interface SceneContent {
  readonly grid: SliceGrid;
  /** Lengths of one unit of α and β in parameter space. */
  readonly norms: readonly [number, number];
  readonly titles: readonly [alpha: string, beta: string];
  readonly path: ShownPath | null;
  readonly height: 'log' | 'linear';
  /** Seen as a map: no heights. */
  readonly flat: boolean;
}

/** Everything that a scene draws, as numbers in the coordinates of its box. */
export interface SceneModel {
  readonly content: SceneContent;
  readonly box: SceneBox;
  readonly squares: readonly Square[];
  readonly surface: SurfaceArrays;
  /** Between two contours, in decades or in losses; 0 without contours. */
  readonly step: number;
  /** On the surface: in the darker and in the lighter part of the colours. */
  readonly contours: readonly [dark: readonly number[], light: readonly number[]];
  readonly floor: readonly number[];
  readonly path: readonly number[];
  readonly shadow: readonly number[];
  readonly stalks: readonly number[];
}

/** Null where no loss is known yet. `reused`: buffers that are filled again where the grid has kept its size. */
export function sceneModel(content: SceneContent, reused: SurfaceArrays | null): SceneModel | null {
  const { grid, path, flat } = content;
  const scale = heightScale(grid, path?.trueLoss ?? [], content.height);
  if (scale === null) return null;
  const [columns, rows] = [grid.alpha.length, grid.beta.length];
  const fits = reused !== null && reused.columns === columns && reused.rows === rows;
  const surface = fits ? reused : emptySurface(columns, rows);
  const relief = sceneBox(grid.alpha, grid.beta, content.norms, scale, false);
  const squares = knownSquares(grid);
  fillSurface(surface, grid, squares, relief);
  const { step, dark, light } = splitLevels(scale);
  const at = (levels: readonly number[]) =>
    levelSegments(
      surface,
      levels.map((level) => yOf(relief, level)),
    );
  const contours = [at(dark), at(light)] as const;
  const floor = onFloor([...contours[0], ...contours[1]]);
  if (flat) for (let i = 1; i < surface.positions.length; i += 3) surface.positions[i] = 0;
  const box = flat ? sceneBox(grid.alpha, grid.beta, content.norms, scale, true) : relief;
  return {
    content,
    box,
    squares,
    surface,
    step,
    contours: flat ? [onFloor(contours[0]), onFloor(contours[1])] : contours,
    floor: flat ? [] : floor,
    path: path ? pathSegments(path, box) : [],
    shadow: path && !flat ? shadowSegments(path, box) : [],
    stalks: path && !flat ? stalkSegments(path, box, (alpha, beta) => lossBetween(grid, squares, alpha, beta)) : [],
  };
}

/** Light lines are seen on the darker two thirds of the colours, dark lines on the rest. */
function splitLevels({ low, high }: HeightScale) {
  const { step, levels } = contourStep(low, high);
  const border = low + 0.62 * (high - low);
  return { step, dark: levels.filter((level) => level < border), light: levels.filter((level) => level >= border) };
}

const onFloor = (points: readonly number[]): number[] => points.map((value, i) => (i % 3 === 1 ? 0 : value));
