import { type ContourLine, contourLines } from '../../core/figures/contours.ts';
import { contourStep, contourText } from '../scene/contour-step.ts';
import { type HeightScale, heightOf, heightScale } from '../scene/height-scale.ts';
import { joinedPath, type ShownPath } from '../scene/path-points.ts';
import { knownSquares, type SliceGrid, type Square } from '../scene/slice-grid.ts';
import { hasHoles, type ShownLandscape } from '../state/results.ts';

/** A plane as the map and its section draw it: with the heights, colours and holes of the scene. */
export interface PlaneModel {
  readonly grid: SliceGrid;
  readonly squares: readonly Square[];
  readonly scale: HeightScale;
  readonly contours: readonly ContourLine[];
  /** `contours every 0.2 decades`; empty without contours. */
  readonly contourText: string;
  readonly path: ShownPath | null;
  readonly alpha: readonly [number, number];
  readonly beta: readonly [number, number];
}

/** Null where no loss is known yet. */
export function planeModel(shown: ShownLandscape, height: 'log' | 'linear'): PlaneModel | null {
  const { slice, newer } = shown;
  const [alpha, beta, gamma] = slice.axes;
  if (!alpha || !beta || gamma) return null;
  const { values, computed } = slice.fields[0];
  const grid: SliceGrid = { alpha, beta, loss: values, computed, isFinal: hasHoles(shown) };
  const path = joinedPath(slice.trajectory, newer);
  const scale = heightScale(grid, path?.trueLoss ?? [], height);
  if (scale === null) return null;
  const squares = knownSquares(grid);
  const { step, levels } = contourStep(scale.low, scale.high);
  return {
    grid,
    squares,
    scale,
    contours: contoursOf(grid, squares, scale, levels),
    contourText: contourText(step, scale.logarithmic),
    path,
    alpha: [alpha[0]!, alpha[alpha.length - 1]!],
    beta: [beta[0]!, beta[beta.length - 1]!],
  };
}

/** On the coarsest grid that any square has, so that lines do not break where a finer part is computed. */
function contoursOf(
  { alpha, beta, loss, computed }: SliceGrid,
  squares: readonly Square[],
  scale: HeightScale,
  levels: readonly number[],
): ContourLine[] {
  const stride = squares.reduce((most, square) => Math.max(most, square.stride), 1);
  const every = (length: number) => Array.from({ length: Math.ceil(length / stride) }, (_, i) => i * stride);
  const [columns, rows] = [every(alpha.length), every(beta.length)];
  const values = rows.flatMap((row) =>
    columns.map((column) => {
      const at = row * alpha.length + column;
      return computed[at] === 1 ? heightOf(loss[at]!, scale) : Number.NaN;
    }),
  );
  return contourLines({ x: columns.map((column) => alpha[column]!), y: rows.map((row) => beta[row]!), values }, levels);
}
