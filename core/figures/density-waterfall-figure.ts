import { cellBorders } from './cell-borders.ts';
import { colourScaleTicks } from './colour-scale.ts';
import { type Cell, drawable, type Figure, type Reference } from './figure.ts';
import { largest } from './largest.ts';
import { labelExpression } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme, viridis } from './theme.ts';
import { thinLine } from './thin-line.ts';

export interface DensityAt {
  readonly step: number;
  /** Rising. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface DensityWaterfallInput {
  /** In the order of their steps. */
  readonly densities: readonly DensityAt[];
  readonly threshold: {
    readonly name: string;
    readonly points: readonly { readonly step: number; readonly threshold: number | null }[];
  } | null;
  readonly operator: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

const rows = 120;
const floorShare = 1e-6;

/** The density of the eigenvalues as colour over step and λ; each measurement reaches half-way to its neighbours. */
export function densityWaterfallFigure(input: DensityWaterfallInput, theme: Theme = 'light'): Figure {
  const densities = input.densities.filter(({ x }) => x.length > 1 && x.every(Number.isFinite));
  const highest = largest(
    densities.flatMap(({ y }) => Array.from(y)),
    0,
  );
  const floor = floorShare * highest;
  const frame: Frame = {
    title: 'Spectral density over training',
    subtitle: `share of the eigenvalues of the ${input.operator} per unit λ`,
    description: 'Density of the eigenvalues over the steps of training',
    theme,
  };
  const reach = `${densities.length} ${densities.length === 1 ? 'measurement' : 'measurements'}`;
  return {
    id: 'density-over-training',
    title: 'Spectral density over training',
    caption: [
      `${reach} by stochastic Lanczos quadrature, each drawn half-way to its neighbours in time; nothing is interpolated between them.`,
      highest > 0 ? `The darkest colour is ${numberText(floor, 2)}, a millionth of the highest value, and less.` : '',
      input.threshold ? `Dashed: ${input.threshold.name}.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      highest > 0
        ? `Map of densities at ${reach} from step ${densities[0]!.step} to step ${densities.at(-1)!.step}; the largest λ with a density above the floor goes from ${numberText(edge(densities[0]!, floor), 3)} to ${numberText(edge(densities.at(-1)!, floor), 3)}.`
        : 'Empty map: no density has been measured yet.',
    specification:
      highest === 0
        ? emptyFrame(frame, 'No density has been measured yet.')
        : framed(frame, map(input, densities, highest, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['step', 'eigenvalue', 'density'],
      rows: input.densities.flatMap(({ step, x, y }) => x.map((at, i): Cell[] => [step, drawable(at), drawable(y[i])])),
    },
  };
}

/** Largest λ where the density is above the floor. */
const edge = ({ x, y }: DensityAt, floor: number): number => x.filter((_, i) => y[i]! > floor).at(-1) ?? Number.NaN;

function map(input: DensityWaterfallInput, densities: readonly DensityAt[], highest: number, theme: Theme) {
  const [low, high] = [Math.min(...densities.map(({ x }) => x[0]!)), Math.max(...densities.map(({ x }) => x.at(-1)!))];
  const height = (high - low) / rows || 1;
  const borders = cellBorders(densities.map(({ step }) => step));
  // No training lies before the first measurement.
  if (densities.length > 1) borders[0] = densities[0]!.step;
  const floor = Math.log10(floorShare * highest);
  const cells = densities
    .flatMap((density, k) =>
      Array.from({ length: rows }, (_, row) => {
        const at = low + (row + 0.5) * height;
        const value = valueAt(density, at);
        return {
          x: borders[k]!,
          x2: borders[k + 1]!,
          y: at - height / 2,
          y2: at + 0.7 * height,
          z: value === null ? null : Math.max(floor, Math.log10(Math.max(value, Number.MIN_VALUE))),
        };
      }),
    )
    .filter(({ z }) => z !== null);
  const ticks = colourScaleTicks(floor, Math.log10(highest), true);
  const thresholds = (input.threshold?.points ?? [])
    .filter(({ threshold }) => drawable(threshold) !== null)
    .map(({ step, threshold }) => ({ x: step, y: threshold }));
  const last = thresholds.at(-1);
  const x = {
    type: 'quantitative',
    title: 'Step',
    scale: { domain: [borders[0], borders.at(-1)], nice: false, zero: false },
    axis: { format: ',d', tickMinStep: 1, grid: false },
  };
  const y = {
    type: 'quantitative',
    title: 'Eigenvalue λ',
    scale: { domain: [low, Math.max(high, ...thresholds.map(({ y: at }) => 1.05 * at!))], nice: false, zero: false },
    axis: { grid: false },
  };
  const label = last ? `${input.threshold!.name} ${numberText(last.y!)}` : '';
  return {
    layer: [
      {
        data: { values: cells },
        mark: { type: 'rect', clip: true },
        encoding: {
          x: { field: 'x', ...x },
          x2: { field: 'x2' },
          y: { field: 'y', ...y },
          y2: { field: 'y2' },
          color: {
            field: 'z',
            type: 'quantitative',
            scale: { type: 'linear', domain: [floor, Math.log10(highest)], range: viridis, interpolate: 'rgb' },
            legend: {
              title: 'Density',
              orient: 'right',
              direction: 'vertical',
              type: 'gradient',
              gradientLength: 160,
              gradientThickness: 14,
              titlePadding: 10,
              values: ticks.map(({ at }) => at),
              labelExpr: labelExpression(
                ticks.map(({ at }) => at),
                ticks.map(({ label: text }) => text),
              ),
            },
          },
        },
      },
      ...(last
        ? [
            {
              data: { values: thinLine(thresholds) },
              mark: { type: 'line', clip: true, color: '#f2a93b' },
              encoding: {
                x: { field: 'x', ...x },
                y: { field: 'y', ...y },
                strokeDash: {
                  datum: label,
                  type: 'nominal',
                  scale: { domain: [label], range: [dash.threshold] },
                  legend: { orient: 'top', symbolStrokeColor: colours[theme].threshold },
                },
              },
            },
          ]
        : []),
    ],
  };
}

/** Linear between the points of the curve, null outside it. */
function valueAt({ x, y }: DensityAt, at: number): number | null {
  const last = x.length - 1;
  if (at === x[0]) return drawable(y[0]);
  if (!(at > x[0]!) || at > x[last]!) return null;
  let [left, right] = [0, last];
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if (x[middle]! >= at) right = middle;
    else left = middle;
  }
  return drawable(y[left]! + ((at - x[left]!) / (x[right]! - x[left]!)) * (y[right]! - y[left]!));
}
