import type { Runner, RunnerPath, Simulations } from '../../simulations/simulation.ts';
import { type Control, knownOnly, type Measured, type Quantity } from './measured.ts';

export type Optimizer = Runner['optimizer'];

export const optimizerTitles: Readonly<Record<Optimizer, string>> = {
  gradientDescent: 'Gradient descent',
  momentum: 'Momentum',
  nesterov: 'Nesterov',
  adam: 'Adam',
  newton: 'Newton',
  saddleFreeNewton: 'Saddle-free Newton',
};

export const optimizers = Object.keys(optimizerTitles) as readonly Optimizer[];

export const raceControls: readonly Control[] = [
  { name: 'start', title: 'Start, dragged or moved by keys' },
  { name: 'ridgeDistance', title: 'Distance of the start from the line y = 0' },
  { name: 'learningRate', title: 'Step size η' },
  { name: 'runners', title: 'Which optimisers run' },
];

export const raceQuantities: readonly Quantity[] = [
  { name: 'startX', meaning: 'x of the start', unit: '' },
  { name: 'startY', meaning: 'y of the start', unit: '' },
  { name: 'ridgeDistance', meaning: 'distance of the start from the line y = 0', unit: '' },
  { name: 'learningRate', meaning: 'step size η', unit: '' },
  { name: 'shown', meaning: 'steps that were made', unit: 'steps' },
  { name: 'growth', meaning: '1 + η|λ| at the saddle nearest to the start, λ its lowest eigenvalue', unit: '' },
  { name: 'decadeTheory', meaning: 'ln 10 / ln(1 + η|λ|): steps that a tenth of the distance costs', unit: 'steps' },
  ...optimizers.flatMap((id): Quantity[] => [
    { name: `${id}.leavesAt`, meaning: `${optimizerTitles[id]}: first step below the mark`, unit: 'steps' },
    { name: `${id}.loss`, meaning: `${optimizerTitles[id]}: loss L`, unit: '' },
    { name: `${id}.saddleDistance`, meaning: `${optimizerTitles[id]}: distance to a saddle`, unit: '' },
    {
      name: `${id}.distanceRatio`,
      meaning: `${optimizerTitles[id]}: distance to a saddle over that one step before`,
      unit: '',
    },
    {
      name: `${id}.stepsPerDecade`,
      meaning: `${optimizerTitles[id]}: more steps for each tenth of the distance`,
      unit: 'steps',
    },
  ]),
];

export interface RaceSeen {
  readonly start: readonly [number, number];
  readonly learningRate: number;
  readonly surface: Pick<Simulations['surface']['value'], 'criticalPoints' | 'x' | 'y'>;
  readonly runners: readonly Pick<RunnerPath, 'optimizer' | 'path' | 'losses' | 'leavesAt'>[];
  /** Steps that were shown; 0: nothing has run yet. */
  readonly shown: number;
  /** All that there are to show. */
  readonly steps: number;
  /** Of the page as it was opened; null for that itself. */
  readonly first: Measured | null;
}

type CriticalPoint = RaceSeen['surface']['criticalPoints'][number];

/** Of what was shown: nobody is told where a runner ends before it has been there. */
export function measureRace({ start, learningRate, surface, runners, shown, steps, first }: RaceSeen): Measured {
  const [x, y] = start;
  const saddles = surface.criticalPoints.filter(({ index, nullity }) => index > 0 || nullity > 0);
  const saddle = nearest(saddles, x, y);
  const curvature = saddle ? -saddle.eigenvalues[0] : Number.NaN;
  const growth = curvature > 0 ? 1 + learningRate * curvature : Number.NaN;
  const ridgeDistance = Math.abs(y);
  const decades = first ? Math.log10((first.ridgeDistance ?? Number.NaN) / ridgeDistance) : Number.NaN;
  const all: Record<string, number | null> = {
    startX: x,
    startY: y,
    ridgeDistance,
    learningRate,
    growth,
    decadeTheory: Math.log(10) / Math.log(growth),
  };
  if (shown > 0) {
    all.shown = shown;
    for (const { optimizer, path, losses, leavesAt } of runners) {
      const at = lastSeen(surface, path, Math.min(shown, losses.length - 1));
      const leaves =
        leavesAt !== null && leavesAt <= shown ? leavesAt : shown >= steps ? Number.POSITIVE_INFINITY : Number.NaN;
      const distance = distanceTo(saddles, path, at);
      all[`${optimizer}.leavesAt`] = leaves;
      all[`${optimizer}.loss`] = losses[at]!;
      all[`${optimizer}.saddleDistance`] = distance;
      if (at > 0) all[`${optimizer}.distanceRatio`] = distance / distanceTo(saddles, path, at - 1);
      const before = first?.[`${optimizer}.leavesAt`] ?? Number.NaN;
      if (Math.abs(decades) > 0.25) all[`${optimizer}.stepsPerDecade`] = (leaves - before) / decades;
    }
  }
  return knownOnly(all);
}

/** The step that is shown, or the first one off the surface: what is far away tells nothing of the saddle. */
function lastSeen({ x, y }: Pick<RaceSeen['surface'], 'x' | 'y'>, path: ArrayLike<number>, shown: number): number {
  const within = (axis: ArrayLike<number>, at: number) => at >= axis[0]! && at <= axis[axis.length - 1]!;
  for (let i = 0; i < shown; i++) if (!within(x, path[2 * i]!) || !within(y, path[2 * i + 1]!)) return i;
  return shown;
}

function distanceTo(points: readonly CriticalPoint[], path: ArrayLike<number>, at: number): number {
  const [x, y] = [path[2 * at]!, path[2 * at + 1]!];
  const near = nearest(points, x, y);
  return near ? Math.hypot(near.x - x, near.y - y) : Number.NaN;
}

function nearest(points: readonly CriticalPoint[], x: number, y: number): CriticalPoint | null {
  let [best, least] = [null as CriticalPoint | null, Number.POSITIVE_INFINITY];
  for (const point of points) {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance < least) [best, least] = [point, distance];
  }
  return best;
}
