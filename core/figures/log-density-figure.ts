import {
  bandOf,
  bandSentences,
  curvesOf,
  type DensityFigureInput,
  floorShare,
  highestOf,
  joined,
  type LogarithmicDensity,
  methodSentences,
  type NamedDensity,
  tickNames,
  tickSentences,
  ticksOf,
} from './density-curve.ts';
import {
  densityPlot,
  drawnHeights,
  type PlottedCurve,
  type PlottedPoint,
  plotReadout,
  plottedPoints,
} from './density-plot.ts';
import { drawable, type Figure } from './figure.ts';
import { labelExpression, logAxis, logChannel } from './log-axis.ts';
import { numberText, percentText, superscript } from './number-text.ts';
import { emptyFrame, type Frame, type Theme } from './theme.ts';

/** Between the two halves, in decades. */
const gap = 0.6;

interface WithLogarithm extends NamedDensity {
  readonly logarithmic: LogarithmicDensity;
}

/** Where an eigenvalue stands: decades above the smallest |λ| of the axis, to the right for positive ones, else mirrored. */
const placeOn = (start: number) => (value: number) =>
  Math.sign(value) * (Math.max(0, Math.log10(Math.abs(value)) - start) + gap / 2);

/** Density over lg |λ|, negative eigenvalues mirrored to the left; spectra without it are left out. */
export function logDensityFigure(input: DensityFigureInput, theme: Theme = 'light'): Figure {
  const all = curvesOf(input);
  const curves = all.filter((curve): curve is WithLogarithm => Boolean(curve.logarithmic?.x.length));
  const frame: Frame = {
    title: 'Spectral density over lg |λ|',
    subtitle: `share of the eigenvalues of the ${input.operator} a decade`,
    description: 'Density of the eigenvalues over the logarithm of their size',
    theme,
  };
  const start = Math.min(...curves.map(({ logarithmic }) => logarithmic.x[0]!));
  const end = Math.max(...curves.map(({ logarithmic }) => logarithmic.x[logarithmic.x.length - 1]!));
  const place = placeOn(start);
  const highest = Math.max(
    0,
    ...curves.flatMap(({ logarithmic: { positive, negative } }) => [highestOf(positive), highestOf(negative)]),
  );
  const floor = floorShare * highest;
  const plotted = curves.map(
    (curve): PlottedCurve => ({
      name: curve.name,
      points: mirrored(curve, place),
      ...mapped(ticksOf(curve), place),
    }),
  );
  const axis = logAxis(drawnHeights(plotted, floor));
  const threshold = input.threshold && input.threshold.value > 0 ? input.threshold : null;
  const isWithin = threshold !== null && Math.log10(threshold.value) <= end + 0.5;
  return {
    id: 'spectral-density-log',
    title: frame.title,
    caption: joined([
      ...methodSentences(
        curves,
        ({ logarithmic }) =>
          `every eigenvalue is drawn as a Gaussian of standard deviation ${numberText(logarithmic?.kernelWidth ?? Number.NaN, 2)} decades`,
      ),
      ...bandSentences(curves),
      `Negative eigenvalues are mirrored to the left; the axis begins at |λ| = ${numberText(10 ** start, 2)}, and ${curves.map(({ logarithmic: { nearZero } }) => percentText(nearZero)).join(' and ')} of the eigenvalues lie closer to zero.`,
      highest > 0 ? `The vertical axis ends at ${numberText(floor, 2)}, a millionth of the highest value.` : '',
      ...tickSentences(curves),
      threshold !== null && !isWithin
        ? `${threshold.name} = ${numberText(threshold.value)} lies to the right of this figure.`
        : '',
    ]),
    alternative:
      highest > 0
        ? `Two mirrored halves over lg |λ| from ${numberText(10 ** start, 2)} to ${numberText(10 ** end, 2)}. ${curves.map((curve) => `${curves.length > 1 ? `${curve.name}: ` : ''}${seen(curve.logarithmic)}`).join(' ')}`
        : 'Empty chart: no density over the logarithm has been computed.',
    specification:
      axis === null || highest === 0
        ? emptyFrame(frame, 'No density over the logarithm has been computed.')
        : densityPlot(
            {
              curves: plotted,
              x: {
                title: 'Eigenvalue λ: lg |λ| on either side',
                ...mirroredAxis(start, end, isWithin ? threshold.value : null),
              },
              y: { title: 'Density, share a decade', ...logChannel(axis) },
              floor,
              threshold: isWithin ? { at: place(threshold.value), ...threshold } : null,
              aboveName: tickNames.above,
              belowName: tickNames.below,
            },
            frame,
          ),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['spectrum', 'eigenvalue', 'sharePerDecade', 'standardError'],
      rows: curves.flatMap(({ name, logarithmic: { x, ...of } }) =>
        (['negative', 'positive'] as const).flatMap((sign) =>
          Array.from(x, (power, i) => [
            name,
            drawable((sign === 'negative' ? -1 : 1) * 10 ** power),
            drawable(of[sign][i]),
            drawable(of[`${sign}StandardError`][i]),
          ]),
        ),
      ),
    },
    readout: plotReadout(plotted, { x: 'λ', y: 'share a decade' }),
  };
}

/** From the most negative through a break around zero to the largest. */
function mirrored(curve: WithLogarithm, place: (value: number) => number): PlottedPoint[] {
  const { x, positive, positiveStandardError, negative, negativeStandardError } = curve.logarithmic;
  const half = (y: ArrayLike<number>, error: ArrayLike<number>, sign: number) =>
    plottedPoints(
      Array.from(x, (power) => sign * 10 ** power),
      y,
      bandOf({ probes: curve.probes }, y, error),
      place,
    );
  const none = { at: 0, value: 0, y: null, low: null, high: null };
  return [...half(negative, negativeStandardError, -1).reverse(), none, ...half(positive, positiveStandardError, 1)];
}

const mapped = ({ above, below }: ReturnType<typeof ticksOf>, place: (value: number) => number) => ({
  above: above.filter((value) => value !== 0).map(place),
  below: below.filter((value) => value !== 0).map(place),
});

/** Whole powers of ten on both halves, thinned to four a side. */
function mirroredAxis(start: number, end: number, threshold: number | null) {
  const place = placeOn(start);
  const last = threshold === null ? end : Math.max(end, Math.log10(threshold) + 0.05);
  const powers = Array.from(
    { length: Math.max(0, Math.floor(last + 1e-9) - Math.ceil(start - 1e-9) + 1) },
    (_, i) => Math.ceil(start - 1e-9) + i,
  );
  const stride = Math.max(1, Math.ceil(powers.length / 4));
  const kept = powers.filter((_, i) => (powers.length - 1 - i) % stride === 0);
  // Zero in the middle: whatever of the labels has no room, what is left is symmetric.
  const ticks = [...kept.map((power) => -place(10 ** power)), 0, ...kept.map((power) => place(10 ** power))];
  const labels = [
    ...kept.map((power) => `−10${superscript(power)}`),
    '0',
    ...kept.map((power) => `10${superscript(power)}`),
  ];
  const reach = last - start + gap / 2 + 0.05;
  return {
    scale: { domain: [-reach, reach], nice: false, zero: false },
    axis: { values: ticks, labelExpr: labelExpression(ticks, labels), labelOverlap: false },
  };
}

function seen({ x, positive, negative, nearZero }: LogarithmicDensity): string {
  const peak = (y: ArrayLike<number>) => numberText(10 ** (x[Array.from(y).indexOf(highestOf(y))] ?? Number.NaN), 2);
  const side = (name: string, y: ArrayLike<number>, sign: string) =>
    highestOf(y) > 0 ? `${name} ones are densest near ${sign}${peak(y)}` : `there are no ${name.toLowerCase()} ones`;
  return `${side('Positive', positive, '')}, ${side('negative', negative, '−')}; ${percentText(nearZero)} lie closer to zero than the axis begins.`;
}
