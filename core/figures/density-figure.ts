import { drawable, type Figure, type Reference, type Specification, type Table } from './figure.ts';
import { largest } from './largest.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

/** The density of one spectrum. */
export interface DensityCurve {
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
}

export interface DensityFigureInput extends DensityCurve {
  readonly operator: string;
  readonly command: string;
  readonly references?: readonly Reference[];
  /** A second spectrum on the same axes; the legend names both. */
  readonly compared?: DensityCurve & { readonly name: string; readonly ownName: string };
}

/** Below this share of the highest value a density of Gaussian kernels is only the kernels' tails. */
const floorShare = 1e-6;

/** A curve with its name in the legend, numbers that can be drawn, and what is said of it. */
interface NamedCurve extends DensityCurve {
  readonly name: string;
  readonly points: readonly { readonly x: number | null; readonly y: number | null; readonly error: number | null }[];
  readonly highest: number;
  /** Eigenvalues that can be drawn. */
  readonly exact: readonly number[];
}

function named(curve: DensityCurve, name: string): NamedCurve {
  const points = Array.from(curve.x, (x, i) => ({
    x: drawable(x),
    y: drawable(curve.y[i]),
    error: drawable(curve.standardError[i]),
  }));
  const highest = largest(
    points.map(({ y }) => y),
    0,
  );
  return { ...curve, name, points, highest, exact: curve.eigenvalues.filter(Number.isFinite) };
}

/** As it is drawn on an axis that ends at a floor. */
const drawnRows = ({ points, name }: NamedCurve, floor: number) =>
  points.map(({ x, y, error }) => ({
    x,
    y: y === null ? null : Math.max(floor, y),
    low: y === null || error === null ? null : Math.max(floor, y - error),
    high: y === null || error === null ? null : Math.max(floor, y + error),
    series: name,
  }));

/** Density of the eigenvalues on a logarithmic axis that ends at a stated floor, with the band of its standard error. */
export function densityFigure(input: DensityFigureInput, theme: Theme = 'light'): Figure {
  const { compared, operator, command, references } = input;
  const own = named(input, compared?.ownName ?? 'density');
  const other = compared ? named(compared, compared.name) : null;
  const curves = other ? [own, other] : [own];
  const highest = Math.max(...curves.map((curve) => curve.highest));
  const floor = floorShare * highest;
  const frame: Frame = {
    title: 'Spectral density',
    subtitle: `share of the eigenvalues of the ${operator} per unit λ`,
    description: 'Density of the eigenvalues',
    theme,
  };
  return {
    id: 'spectral-density',
    title: 'Spectral density',
    caption: captionOf(curves, highest, floor),
    alternative:
      highest > 0
        ? `${curves.map((curve) => (other ? `${curve.name}: ` : '') + seen(curve)).join('. ')}.`
        : 'Empty chart: no density has been computed yet.',
    specification: specificationOf(curves, floor, frame),
    command,
    references: references ?? [],
    data: dataOf(curves),
  };
}

function specificationOf(curves: readonly NamedCurve[], floor: number, frame: Frame): Specification {
  const palette = colours[frame.theme];
  const rows = curves.map((curve) => drawnRows(curve, floor));
  const axis = logAxis([floor, ...rows.flat().flatMap(({ y, high }) => [y, high])]);
  if (axis === null) return emptyFrame(frame, 'No density has been computed yet.');
  const tickName = 'eigenvalues by Lanczos';
  const isAlone = curves.length === 1;
  const legend = [
    ...curves.map(({ name }, i) => ({ label: name, colour: palette.series[i] ?? palette.series[0] })),
    ...(isAlone && curves.some(({ exact }) => exact.length > 0)
      ? [{ label: tickName, colour: palette.series[3] }]
      : []),
  ];
  const x = { field: 'x', type: 'quantitative', title: 'Eigenvalue λ', scale: { zero: false, nice: false } };
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: legend.map(({ label }) => label), range: legend.map(({ colour }) => colour) },
  };
  const title = 'Density, share per unit λ';
  const layersOf = (i: number): Specification[] => {
    // The figure's own data are those of the first curve.
    const data = i === 0 ? {} : { data: { values: rows[i] } };
    return [
      {
        ...data,
        mark: { type: 'area', opacity: 0.25, clip: true, color: palette.series[i] ?? palette.series[0] },
        encoding: {
          x,
          y: { field: 'low', type: 'quantitative', title, ...logChannel(axis) },
          y2: { field: 'high' },
        },
      },
      {
        ...data,
        mark: { type: 'line', clip: true },
        encoding: { x, y: { field: 'y', type: 'quantitative', title, ...logChannel(axis) }, color },
      },
    ];
  };
  // Ticks of two spectra stand above each other, each in the colour of its curve.
  const ticksOf = ({ exact, name }: NamedCurve, i: number): Specification[] =>
    exact.length === 0
      ? []
      : [
          {
            data: { values: exact.map((value) => ({ x: value, series: isAlone ? tickName : name })) },
            mark: { type: 'rule', strokeWidth: 1.5 },
            encoding: {
              x,
              y: { value: { expr: i === 0 ? 'height' : `height - ${14 * i}` } },
              y2: { value: { expr: `height - ${14 * (i + 1)}` } },
              color,
            },
          },
        ];
  return framed(frame, {
    data: { values: rows[0] },
    layer: [...curves.flatMap((_, i) => layersOf(i)), ...curves.flatMap(ticksOf)],
  });
}

function captionOf(curves: readonly NamedCurve[], highest: number, floor: number): string {
  const isAlone = curves.length === 1;
  const method = ({ name, probes, steps, kernelWidth }: NamedCurve) =>
    `${isAlone ? 'Stochastic Lanczos quadrature' : name}, ${probes} ${probes === 1 ? 'probe' : 'probes'} of ${steps} steps; every eigenvalue is drawn as a Gaussian of standard deviation ${numberText(kernelWidth, 2)}.`;
  const isBanded = ({ points }: NamedCurve) => points.some(({ y, error }) => y !== null && error !== null);
  const banded = curves.filter(isBanded).length;
  const ticks = curves.reduce((sum, { exact }) => sum + exact.length, 0);
  return [
    isAlone ? '' : 'Stochastic Lanczos quadrature.',
    ...curves.map(method),
    banded > 0 ? 'The band is ± the standard error over the probes.' : '',
    banded < curves.length ? 'One probe gives no standard error.' : '',
    highest > 0 ? `The axis ends at ${numberText(floor, 2)}, a millionth of the highest value.` : '',
    ticks > 0
      ? `Ticks below: the ${ticks} eigenvalues that were computed one by one${isAlone ? '' : ', in the colours of their spectra'}.`
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** What is seen of one curve. */
function seen({ x, points, highest, exact }: NamedCurve): string {
  const peak = points.find(({ y }) => y === highest)?.x ?? Number.NaN;
  const top = exact.length > 0 ? `; largest eigenvalue ${numberText(Math.max(...exact), 4)}` : '';
  return `Density of eigenvalues from ${numberText(x[0] ?? Number.NaN, 3)} to ${numberText(x[x.length - 1] ?? Number.NaN, 3)}, highest near λ = ${numberText(peak, 2)}${top}`;
}

function dataOf(curves: readonly NamedCurve[]): Table {
  const columns = ['eigenvalue', 'density', 'standardError'];
  const [own, other] = curves;
  if (!other) return { columns, rows: (own?.points ?? []).map(({ x, y, error }) => [x, y, error]) };
  return {
    columns: ['spectrum', ...columns],
    rows: curves.flatMap(({ name, points }) => points.map(({ x, y, error }) => [name, x, y, error])),
  };
}
