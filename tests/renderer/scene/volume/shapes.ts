import type { VolumeContent, VolumeLook } from '../../../../renderer/scene/volume/volume-content.ts';

type Sides = readonly [number, number, number];

export interface SampledVolume {
  readonly points: Sides;
  readonly ends?: readonly (readonly [number, number])[];
  readonly isComputed?: (i: number, j: number, k: number) => boolean;
  readonly complete?: boolean;
  readonly norms?: Sides;
}

/** A function of (α, β, γ) on a grid, of [−1, 1] along each axis unless said otherwise. */
export function sampledVolume(
  value: (alpha: number, beta: number, gamma: number) => number,
  { points, ends, isComputed = () => true, complete = true, norms = [1, 1, 1] }: SampledVolume,
): VolumeContent {
  const axes = points.map((count, k) => {
    const [low, high] = ends?.[k] ?? [-1, 1];
    return Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  });
  const [columns, rows, layers] = points;
  const values = new Float64Array(columns * rows * layers).fill(Number.NaN);
  const computed = new Uint8Array(values.length);
  for (let k = 0; k < layers; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        if (!isComputed(i, j, k)) continue;
        const point = i + columns * (j + rows * k);
        values[point] = value(axes[0]![i]!, axes[1]![j]!, axes[2]![k]!);
        computed[point] = 1;
      }
  return {
    axes,
    fields: [{ quantity: 'loss', values, computed }],
    norms,
    cosines: [0, 0, 0],
    titles: ['α', 'β', 'γ'],
    path: null,
    marks: [],
    complete,
  };
}

const off = { isOn: false, at: 0 };
const clipOff = { ...off, keeps: 'below' } as const;
const oblique = { isOn: false, azimuth: 0, elevation: 0, offset: 0 };

/** Nothing but what is asked for. */
export const lookOf = (some: Partial<VolumeLook> = {}): VolumeLook => ({
  quantity: 0,
  colouredBy: 'level',
  scale: 'linear',
  levels: [],
  sections: [off, off, off],
  oblique,
  clips: [clipOff, clipOff, clipOff],
  obliqueClip: oblique,
  caps: 'filled',
  contours: true,
  ...some,
});

export const level = (at: number, opacity = 0.5) => ({ id: `${at}`, level: at, opacity, isShown: true });
