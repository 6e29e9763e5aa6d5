/**
 * Landscapes in closed form, for pictures that are kept: nothing in them is symmetric, no two sides have as many points,
 * and some points are missing, NaN or infinite.
 */
import type { SceneContent, SceneMark } from '../../../renderer/scene/scene-model.ts';
import type { IsoLevel, VolumeContent, VolumeLook } from '../../../renderer/scene/volume/volume-content.ts';

/** Depth, place and widths of each well. */
const wells = [
  [1.9, [-1.25, -0.35, -0.2], [0.55, 0.42, 0.5]],
  [1.35, [0.35, 0.75, 0.35], [0.5, 0.36, 0.45]],
  [1.6, [1.45, -0.25, -0.35], [0.6, 0.45, 0.55]],
  [-0.7, [0.25, -0.5, 0.3], [0.35, 0.3, 0.4]],
] as const;

/** A bowl less a sum of Gaussian wells, and its gradient. */
export function wellsAt(at: readonly number[]): { readonly value: number; readonly gradient: readonly number[] } {
  const gradient = at.map((x) => 0.36 * x);
  let value = 2.02 + 0.18 * at.reduce((sum, x) => sum + x * x, 0);
  for (const [depth, place, width] of wells) {
    const away = at.map((x, k) => (x - place[k]!) / width[k]!);
    const bump = depth * Math.exp(-0.5 * away.reduce((sum, x) => sum + x * x, 0));
    value -= bump;
    for (let k = 0; k < at.length; k++) gradient[k] = gradient[k]! + (bump * away[k]!) / width[k]!;
  }
  return { value, gradient };
}

/** Rosenbrock (1960). */
const rosenbrock = (a: number, b: number): number => (1 - a) ** 2 + 25 * (b - a * a) ** 2;

const even = (low: number, high: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

function gridOf(
  alpha: Float64Array,
  beta: Float64Array,
  value: (a: number, b: number) => number,
  isComputed: (a: number, b: number) => boolean = () => true,
) {
  const points = alpha.length * beta.length;
  const [loss, computed] = [new Float64Array(points).fill(Number.NaN), new Uint8Array(points)];
  for (let i = 0; i < points; i++) {
    const [a, b] = [alpha[i % alpha.length]!, beta[Math.floor(i / alpha.length)]!];
    if (!isComputed(a, b)) continue;
    computed[i] = 1;
    loss[i] = value(a, b);
  }
  return { alpha, beta, loss, computed };
}

const [alpha, beta] = [even(-2.1, 2.4, 91), even(-1.3, 1.6, 61)];
const plane = (a: number, b: number): number => wellsAt([a, b]).value;
/** Holes of each kind. */
const holed = (a: number, b: number): number => {
  if (Math.hypot(a - 2.05, b - 1.3) < 0.36) return Number.NaN;
  if (Math.hypot(a + 1.8, b - 1.35) < 0.3) return Number.POSITIVE_INFINITY;
  if (Math.hypot(a + 0.35, b + 1.1) < 0.22) return Number.NEGATIVE_INFINITY;
  return plane(a, b);
};

/** Gradient descent with momentum from the rim; what it loses in truth lies above its shadow. */
function descent(start: readonly number[], gradient: (at: readonly number[]) => readonly number[], rate: number) {
  const places: (readonly number[])[] = [];
  let [at, speed]: [readonly number[], readonly number[]] = [start, start.map(() => 0)];
  for (let step = 0; step < 60; step++) {
    places.push(at);
    const slope = gradient(at);
    speed = speed.map((v, k) => 0.72 * v - rate * slope[k]!);
    at = at.map((x, k) => x + speed[k]!);
  }
  return places;
}

function pathOf(places: readonly (readonly number[])[], value: (a: number, b: number) => number) {
  const steps = places.map((_, i) => 20 * i);
  return {
    steps,
    alpha: places.map((at) => at[0]!),
    beta: places.map((at) => at[1]!),
    distance: steps.map((_, i) => 0.9 * Math.exp(-i / 14)),
    length: steps.map((_, i) => 3 - 0.03 * i),
    trueLoss: places.map(([a, b], i) => value(a!, b!) * (1 + 1.6 * Math.exp(-i / 16))),
  };
}

const downhill = descent([2.3, 1.05], (at) => wellsAt(at).gradient, 0.006);
const marks: readonly SceneMark[] = [
  { alpha: -1.237, beta: -0.347, value: plane(-1.237, -0.347), kind: 'minimum', certified: true, label: 'minimum 1' },
  { alpha: 1.4, beta: -0.25, value: plane(1.4, -0.25), kind: 'minimum', certified: false, label: 'minimum 2' },
  { alpha: -0.33, beta: 0.22, value: plane(-0.33, 0.22), kind: 'saddle', certified: true, label: 'saddle' },
];

const shared = { norms: [2.4, 2.9], titles: ['α along PC 1 (81 %)', 'β along PC 2 (9.7 %)'], flat: false } as const;

/** Coloured by the gradient's norm, cut off at the top. */
export const surface: SceneContent = {
  ...shared,
  grid: gridOf(alpha, beta, holed, (a, b) => a > -1.9 || b > -1.1),
  path: null,
  height: 'linear',
  clip: 2.75,
  colour: {
    ...gridOf(alpha, beta, () => 1),
    values: gridOf(alpha, beta, (a, b) => Math.hypot(...wellsAt([a, b]).gradient)).loss,
    title: '‖∇L‖',
    scale: 'linear',
  },
};

export const trajectory: SceneContent = {
  ...shared,
  grid: gridOf(alpha, beta, plane),
  path: pathOf(downhill, plane),
  height: 'log',
  marks,
};

/** Along the valley, from one side of it to the other. */
const valley = Array.from({ length: 48 }, (_, i) => {
  const a = -1.5 + 2.45 * (1 - Math.exp(-i / 15));
  return [a, a * a + 0.55 * Math.exp(-i / 5) * Math.cos(1.1 * i)];
});
export const map: SceneContent = {
  ...shared,
  titles: ['α along v₁ (λ = 40.1)', 'β along v₂ (λ = −0.083)'],
  grid: gridOf(
    even(-1.9, 1.9, 77),
    even(-0.8, 2.9, 59),
    (a, b) => (Math.hypot(a - 1.5, b + 0.4) < 0.25 ? Number.NaN : rosenbrock(a, b) + 0.02),
    (a, b) => a > -1.6 || b > -0.5,
  ),
  norms: [2.4, 1.9],
  path: pathOf(valley, rosenbrock),
  height: 'log',
  flat: true,
  marks: [{ alpha: 1, beta: 1, value: 0.02, kind: 'minimum', certified: true, label: 'minimum' }],
};

const axes = [even(-2.1, 2.4, 45), even(-1.3, 1.6, 33), even(-1.2, 1.1, 27)] as const;
const through = descent([1.9, 1.35, 0.9], (at) => wellsAt(at).gradient, 0.006);

export const volume: VolumeContent = {
  axes,
  fields: [
    {
      quantity: 'loss',
      values: Float64Array.from({ length: 45 * 33 * 27 }, (_, i) => {
        const at = [axes[0][i % 45]!, axes[1][Math.floor(i / 45) % 33]!, axes[2][Math.floor(i / (45 * 33))]!];
        if (Math.hypot(at[0]! + 2.1, at[1]! + 1.3) < 0.5) return Number.NaN;
        return wellsAt(at).value;
      }),
      computed: new Uint8Array(45 * 33 * 27).fill(1),
    },
  ],
  norms: [2.4, 2.9, 2.6],
  cosines: [0, 0, 0],
  titles: ['α along PC 1 (81 %)', 'β along PC 2 (9.7 %)', 'γ along PC 3 (4.1 %)'],
  path: {
    steps: through.map((_, i) => 20 * i),
    coordinates: [through.map((at) => at[0]!), through.map((at) => at[1]!), through.map((at) => at[2]!)],
    distance: through.map((_, i) => 0.9 * Math.exp(-i / 14)),
    length: through.map(() => 3),
    loss: through.map((at) => wellsAt(at).value),
  },
  marks: [
    { id: 'first', at: [-1.24, -0.35, -0.2], kind: 'minimum', certified: true, label: 'minimum 1' },
    { id: 'saddle', at: [-0.3, 0.3, 0.1], kind: 'saddle', certified: false, label: 'saddle' },
  ],
  complete: true,
};

const level = (at: number, opacity: number): IsoLevel => ({ id: `${at}`, level: at, opacity, isShown: true });
const off = { isOn: false, at: 0, keeps: 'below' } as const;

/** Three shells, a section through the deepest well, and a corner cut away. */
export const volumeLook: VolumeLook = {
  quantity: 0,
  colouredBy: 'level',
  scale: 'linear',
  levels: [level(0.8, 1), level(1.35, 0.5), level(2, 0.28)],
  sections: [
    { isOn: false, at: 0 },
    { isOn: true, at: 1.0 },
    { isOn: false, at: 0 },
  ],
  oblique: { isOn: false, azimuth: 0, elevation: 0, offset: 0 },
  clips: [off, { isOn: true, at: -0.35, keeps: 'above' }, off],
  obliqueClip: { isOn: false, azimuth: 0, elevation: 0, offset: 0 },
  caps: 'filled',
  contours: true,
};

/** The same numbers as if the other axis came first, as a reader with the wrong order would have them. */
export function swapped(name: 'surface' | 'trajectory' | 'map' | 'volume'): SceneContent | VolumeContent {
  if (name === 'volume') {
    const [field] = volume.fields;
    const [columns, rows] = [axes[0].length, axes[1].length];
    const values = Float64Array.from(field.values, (_, i) => {
      const [within, layer] = [i % (columns * rows), Math.floor(i / (columns * rows))];
      return field.values[layer * columns * rows + (within % columns) * rows + Math.floor(within / columns)]!;
    });
    return { ...volume, fields: [{ ...field, values }] };
  }
  const content = { surface, trajectory, map }[name];
  const { grid } = content;
  const [columns, rows] = [grid.alpha.length, grid.beta.length];
  const turned = (values: ArrayLike<number>) =>
    Float64Array.from({ length: values.length }, (_, i) => values[(i % columns) * rows + Math.floor(i / columns)]!);
  return { ...content, grid: { ...grid, loss: turned(grid.loss), computed: turned(grid.computed) } };
}

export const shown = { surface, trajectory, map, volume } as const;
