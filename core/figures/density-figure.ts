import { drawable, type Figure, type Reference } from './figure.ts';
import { largest } from './largest.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface DensityFigureInput {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Of y over the probes; NaN with a single one. */
  readonly standardError: ArrayLike<number>;
  readonly kernelWidth: number;
  readonly probes: number;
  /** Lanczos steps of each probe. */
  readonly steps: number;
  /** Drawn as ticks on the axis; may be empty. */
  readonly eigenvalues: readonly number[];
  readonly operator: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** Below this share of the highest value a density of Gaussian kernels is only the kernels' tails. */
const floorShare = 1e-6;

/** Density of the eigenvalues on a logarithmic axis that ends at a stated floor, with the band of its standard error. */
export function densityFigure(input: DensityFigureInput, theme: Theme = 'light'): Figure {
  const palette = colours[theme];
  const points = Array.from(input.x, (x, i) => ({
    x: drawable(x),
    y: drawable(input.y[i]),
    error: drawable(input.standardError[i]),
  }));
  const highest = largest(
    points.map(({ y }) => y),
    0,
  );
  const floor = floorShare * highest;
  const drawn = points.map(({ x, y, error }) => ({
    x,
    y: y === null ? null : Math.max(floor, y),
    low: y === null || error === null ? null : Math.max(floor, y - error),
    high: y === null || error === null ? null : Math.max(floor, y + error),
    series: 'density',
  }));
  const banded = drawn.some(({ low }) => low !== null);
  const axis = logAxis([floor, ...drawn.flatMap(({ y, high }) => [y, high])]);
  const exact = input.eigenvalues.filter(Number.isFinite);
  const legend = [
    { label: 'density', colour: palette.series[0] },
    ...(exact.length > 0 ? [{ label: 'eigenvalues by Lanczos', colour: palette.series[3] }] : []),
  ];
  const frame: Frame = {
    title: 'Spectral density',
    subtitle: `share of the eigenvalues of the ${input.operator} per unit λ`,
    description: 'Density of the eigenvalues',
    theme,
  };
  const x = { field: 'x', type: 'quantitative', title: 'Eigenvalue λ', scale: { zero: false, nice: false } };
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: legend.map(({ label }) => label), range: legend.map(({ colour }) => colour) },
  };
  return {
    id: 'spectral-density',
    title: 'Spectral density',
    caption: [
      `Stochastic Lanczos quadrature, ${input.probes} ${input.probes === 1 ? 'probe' : 'probes'} of ${input.steps} steps; every eigenvalue is drawn as a Gaussian of standard deviation ${numberText(input.kernelWidth, 2)}.`,
      banded ? 'The band is ± the standard error over the probes.' : 'One probe gives no standard error.',
      highest > 0 ? `The axis ends at ${numberText(floor, 2)}, a millionth of the highest value.` : '',
      exact.length > 0 ? `Ticks below: the ${exact.length} eigenvalues that were computed one by one.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      highest > 0
        ? `Density of eigenvalues from ${numberText(input.x[0]!, 3)} to ${numberText(input.x[input.x.length - 1]!, 3)}, highest near λ = ${numberText(points.find(({ y }) => y === highest)?.x ?? Number.NaN, 2)}${exact.length > 0 ? `; largest eigenvalue ${numberText(Math.max(...exact), 4)}` : ''}.`
        : 'Empty chart: no density has been computed yet.',
    specification:
      axis === null
        ? emptyFrame(frame, 'No density has been computed yet.')
        : framed(frame, {
            data: { values: drawn },
            layer: [
              {
                mark: { type: 'area', opacity: 0.25, clip: true, color: palette.series[0] },
                encoding: {
                  x,
                  y: { field: 'low', type: 'quantitative', title: 'Density, share per unit λ', ...logChannel(axis) },
                  y2: { field: 'high' },
                },
              },
              {
                mark: { type: 'line', clip: true },
                encoding: {
                  x,
                  y: { field: 'y', type: 'quantitative', title: 'Density, share per unit λ', ...logChannel(axis) },
                  color,
                },
              },
              ...(exact.length === 0
                ? []
                : [
                    {
                      data: { values: exact.map((value) => ({ x: value, series: 'eigenvalues by Lanczos' })) },
                      mark: { type: 'rule', strokeWidth: 1.5 },
                      encoding: { x, y: { value: { expr: 'height' } }, y2: { value: { expr: 'height - 14' } }, color },
                    },
                  ]),
            ],
          }),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['eigenvalue', 'density', 'standardError'],
      rows: points.map(({ x: at, y, error }) => [at, y, error]),
    },
  };
}
