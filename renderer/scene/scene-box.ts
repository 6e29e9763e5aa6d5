import { type HeightScale, heightOf } from './height-scale.ts';

export type Point = readonly [x: number, y: number, z: number];

/**
 * The box that the scene stands in. Its centre is over the origin, its floor at y = 0; α runs along x, heights along y,
 * β along −z, so that seen from above β points upwards. The longer side of the floor is two units.
 */
export interface SceneBox {
  readonly width: number;
  readonly depth: number;
  readonly height: number;
  /** y of the lowest drawn height: the surface floats above the contours on the floor. */
  readonly base: number;
  readonly alpha: readonly [number, number];
  readonly beta: readonly [number, number];
  readonly scale: HeightScale;
}

const longerSide = 2;
/** A narrower strip could not be read; the numbers along the edges say what the sides are. */
const leastRatio = 0.55;
const relief = 0.58;
const gap = 0.34;

/** `norms`: lengths of one unit of α and of β in parameter space; sides are drawn in proportion to real lengths. */
export function sceneBox(
  alpha: ArrayLike<number>,
  beta: ArrayLike<number>,
  norms: readonly [number, number],
  scale: HeightScale,
  flat: boolean,
): SceneBox {
  const ends = (values: ArrayLike<number>): readonly [number, number] => {
    const [low, high] = [values[0] ?? 0, values[values.length - 1] ?? 0];
    return high > low ? [low, high] : [low - 0.5, low + 0.5];
  };
  const [a, b] = [ends(alpha), ends(beta)];
  // Without known lengths, units along both axes are drawn alike.
  const units = norms[1] / norms[0];
  const ratio = ((b[1] - b[0]) / (a[1] - a[0])) * (Number.isFinite(units) ? units : 1);
  const bounded = Number.isFinite(ratio) ? Math.min(1 / leastRatio, Math.max(leastRatio, ratio)) : 1;
  return {
    width: bounded > 1 ? longerSide / bounded : longerSide,
    depth: bounded > 1 ? longerSide : longerSide * bounded,
    height: flat ? 0 : gap + relief,
    base: flat ? 0 : gap,
    alpha: a,
    beta: b,
    scale,
  };
}

export const xOf = ({ alpha: [low, high], width }: SceneBox, alpha: number): number =>
  ((alpha - low) / (high - low) - 0.5) * width;

export const zOf = ({ beta: [low, high], depth }: SceneBox, beta: number): number =>
  (0.5 - (beta - low) / (high - low)) * depth;

/** Of a height: log₁₀ L or L. */
export const yOf = ({ scale: { bottom, top }, base, height }: SceneBox, at: number): number =>
  base + ((at - bottom) / (top - bottom)) * (height - base);

export const pointOf = (box: SceneBox, alpha: number, beta: number, loss: number): Point => [
  xOf(box, alpha),
  yOf(box, heightOf(loss, box.scale)),
  zOf(box, beta),
];

export const alphaAt = ({ alpha: [low, high], width }: SceneBox, x: number): number =>
  low + (x / width + 0.5) * (high - low);

export const betaAt = ({ beta: [low, high], depth }: SceneBox, z: number): number =>
  low + (0.5 - z / depth) * (high - low);

/** The eight corners. */
export function cornersOf({ width, depth, height }: SceneBox): Point[] {
  return [-0.5, 0.5].flatMap((x) =>
    [0, height].flatMap((y) => [-0.5, 0.5].map((z): Point => [x * width, y, z * depth])),
  );
}
