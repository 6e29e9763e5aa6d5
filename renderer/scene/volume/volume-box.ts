import type { Axes } from '../../../core/fields/grid.ts';
import type { Point, SceneBox } from '../scene-box.ts';
import type { AxisIndex } from './volume-content.ts';

const longestSide = 1.7;
/** A thinner box could not be read; the numbers along the edges say what the sides are. */
const leastRatio = 0.5;

/**
 * The box of a volume: α along x, β along −z, γ along y; sides in proportion to real lengths, as far as that can be
 * read. It is a scene's box whose heights are γ, so that cameras, edges and labels are those of landscapes.
 */
export function volumeBox(axes: Axes, norms: readonly [number, number, number]): SceneBox {
  const ends = axes.map(endsOf) as [readonly [number, number], readonly [number, number], readonly [number, number]];
  const lengths = ends.map(([low, high], axis) => (high - low) * (norms[axis] ?? 1));
  const longest = Math.max(...lengths);
  const side = (axis: AxisIndex): number => {
    const ratio = lengths[axis]! / longest;
    return longestSide * (Number.isFinite(ratio) ? Math.max(leastRatio, ratio) : 1);
  };
  const [low, high] = ends[2];
  return {
    width: side(0),
    depth: side(1),
    height: side(2),
    base: 0,
    alpha: ends[0],
    beta: ends[1],
    scale: { logarithmic: false, low, high, bottom: low, top: high },
  };
}

function endsOf(axis: Float64Array): readonly [number, number] {
  const [low, high] = [axis[0] ?? 0, axis[axis.length - 1] ?? 0];
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}

/** The ends of an axis of the box. */
export const boxEnds = ({ alpha, beta, scale }: SceneBox, axis: AxisIndex): readonly [number, number] =>
  axis === 0 ? alpha : axis === 1 ? beta : [scale.bottom, scale.top];

/** Where (α, β, γ) is drawn. */
export const placeInBox = (box: SceneBox, alpha: number, beta: number, gamma: number): Point => [
  (share(alpha, box.alpha) - 0.5) * box.width,
  share(gamma, [box.scale.bottom, box.scale.top]) * box.height,
  (0.5 - share(beta, box.beta)) * box.depth,
];

/** (α, β, γ) of a point of the box. */
export const coordinatesInBox = (
  box: SceneBox,
  [x, y, z]: Point,
): readonly [alpha: number, beta: number, gamma: number] => [
  box.alpha[0] + (x / box.width + 0.5) * (box.alpha[1] - box.alpha[0]),
  box.beta[0] + (0.5 - z / box.depth) * (box.beta[1] - box.beta[0]),
  box.scale.bottom + (y / box.height) * (box.scale.top - box.scale.bottom),
];

const share = (value: number, [low, high]: readonly [number, number]): number => (value - low) / (high - low);

export const boxMiddle = ({ height }: SceneBox): Point => [0, height / 2, 0];
export const halfDiagonal = ({ width, depth, height }: SceneBox): number => Math.hypot(width, depth, height) / 2;
