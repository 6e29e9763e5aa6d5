import {
  bandOf,
  bandSentences,
  curvesOf,
  type DensityFigureInput,
  floorShare,
  highestOf,
  joined,
  methodSentences,
  type NamedDensity,
  tickNames,
  tickSentences,
  ticksOf,
} from './density-curve.ts';
import { densityPlot, drawnHeights, type PlottedCurve, plotReadout, plottedPoints } from './density-plot.ts';
import { drawable, type Figure, type Table } from './figure.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { emptyFrame, type Frame, type Theme } from './theme.ts';

export type { DensityCurve, DensityFigureInput } from './density-curve.ts';

/** Density of the eigenvalues on a logarithmic axis that ends at a stated floor, with its band of 95 %. */
export function densityFigure(input: DensityFigureInput, theme: Theme = 'light'): Figure {
  const curves = curvesOf(input);
  const highest = Math.max(...curves.map(({ y }) => highestOf(y)));
  const floor = floorShare * highest;
  const plotted = curves.map(
    (curve): PlottedCurve => ({
      name: curve.name,
      points: plottedPoints(curve.x, curve.y, bandOf(curve, curve.y, curve.standardError)),
      ...ticksOf(curve),
    }),
  );
  const frame: Frame = {
    title: 'Spectral density',
    subtitle: `share of the eigenvalues of the ${input.operator} per unit λ`,
    description: 'Density of the eigenvalues',
    theme,
  };
  const axis = logAxis(drawnHeights(plotted, floor));
  const { threshold, outside } = thresholdWithin(input, curves);
  return {
    id: 'spectral-density',
    title: 'Spectral density',
    caption: joined([
      ...methodSentences(
        curves,
        ({ kernelWidth }) =>
          `every eigenvalue is drawn as a Gaussian of standard deviation ${numberText(kernelWidth, 2)}`,
      ),
      ...bandSentences(curves),
      highest > 0 ? `The axis ends at ${numberText(floor, 2)}, a millionth of the highest value.` : '',
      ...tickSentences(curves),
      outside,
    ]),
    alternative:
      highest > 0
        ? `${curves.map((curve) => (curves.length > 1 ? `${curve.name}: ` : '') + seen(curve)).join('. ')}.`
        : 'Empty chart: no density has been computed yet.',
    specification:
      axis === null || highest === 0
        ? emptyFrame(frame, 'No density has been computed yet.')
        : densityPlot(
            {
              curves: plotted,
              x: { title: 'Eigenvalue λ', scale: { zero: false, nice: false } },
              y: { title: 'Density, share per unit λ', ...logChannel(axis) },
              floor,
              threshold: threshold && { at: threshold.value, ...threshold },
              aboveName: tickNames.above,
              belowName: tickNames.below,
            },
            frame,
          ),
    command: input.command,
    references: input.references ?? [],
    data: dataOf(curves),
    readout: plotReadout(plotted, { x: 'λ', y: 'share per unit λ' }),
  };
}

/** A threshold far beyond all curves would press them to the side: it is told instead. */
export function thresholdWithin(
  { threshold }: Pick<DensityFigureInput, 'threshold'>,
  curves: readonly Pick<NamedDensity, 'x'>[],
) {
  const ends = curves.flatMap(({ x }) => [x[0] ?? 0, x[x.length - 1] ?? 0]).filter(Number.isFinite);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (!threshold || !Number.isFinite(threshold.value) || threshold.value < low) return { threshold: null, outside: '' };
  if (threshold.value <= high + 0.25 * (high - low)) return { threshold, outside: '' };
  return {
    threshold: null,
    outside: `${threshold.name} = ${numberText(threshold.value)} lies to the right of this figure.`,
  };
}

/** What is seen of one curve. */
function seen(curve: NamedDensity): string {
  const { x, y, eigenvalues } = curve;
  const highest = highestOf(y);
  const peak = Array.from(y).indexOf(highest);
  const exact = eigenvalues.filter(Number.isFinite);
  const top = exact.length > 0 ? `; largest eigenvalue ${numberText(Math.max(...exact), 4)}` : '';
  return `Density of eigenvalues from ${numberText(x[0] ?? Number.NaN, 3)} to ${numberText(x[x.length - 1] ?? Number.NaN, 3)}, highest near λ = ${numberText(x[peak] ?? Number.NaN, 2)}${top}`;
}

function dataOf(curves: readonly NamedDensity[]): Table {
  const columns = ['eigenvalue', 'density', 'standardError'];
  const rows = curves.flatMap(({ name, x, y, standardError }) =>
    Array.from(x, (value, i) => [name, drawable(value), drawable(y[i]), drawable(standardError[i])]),
  );
  return curves.length > 1
    ? { columns: ['spectrum', ...columns], rows }
    : { columns, rows: rows.map(([, ...row]) => row) };
}
