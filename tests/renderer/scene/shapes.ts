import { heightScale } from '../../../renderer/scene/height-scale.ts';
import { sceneBox } from '../../../renderer/scene/scene-box.ts';
import { knownSquares, type SliceGrid } from '../../../renderer/scene/slice-grid.ts';
import { emptySurface, fillSurface } from '../../../renderer/scene/surface-arrays.ts';

/** A function of (α, β) on n × m points of [−1, 1]². */
export function sampled(
  loss: (alpha: number, beta: number) => number,
  columns: number,
  rows: number,
  isComputed: (row: number, column: number) => boolean = () => true,
): SliceGrid {
  const even = (count: number) => Float64Array.from({ length: count }, (_, i) => -1 + (2 * i) / (count - 1));
  const [alpha, beta] = [even(columns), even(rows)];
  const points = Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns] as const);
  return {
    alpha,
    beta,
    loss: Float64Array.from(points, ([row, column]) =>
      isComputed(row, column) ? loss(alpha[column]!, beta[row]!) : Number.NaN,
    ),
    computed: Uint8Array.from(points, ([row, column]) => (isComputed(row, column) ? 1 : 0)),
  };
}

/** Its surface in a box, drawn linearly. */
export function surfaceOf(grid: SliceGrid) {
  const scale = heightScale(grid, [], 'linear')!;
  const box = sceneBox(grid.alpha, grid.beta, [1, 1], scale, false);
  const surface = emptySurface(grid.alpha.length, grid.beta.length);
  const squares = knownSquares(grid);
  fillSurface(surface, grid, squares, box);
  return { scale, box, surface, squares };
}
