import {
  curvesOf,
  type DensityFigureInput,
  joined,
  methodSentences,
  type NamedDensity,
  tickNames,
  tickSentences,
  ticksOf,
} from './density-curve.ts';
import { thresholdWithin } from './density-figure.ts';
import { densityPlot, type PlottedCurve, plotReadout, plottedPoints } from './density-plot.ts';
import { drawable, type Figure } from './figure.ts';
import { numberText, percentText } from './number-text.ts';
import { emptyFrame, type Frame, type Theme } from './theme.ts';

/** Share of the eigenvalues up to each λ, smoothed, between the bounds of the share itself. */
export function cumulativeFigure(input: DensityFigureInput, theme: Theme = 'light'): Figure {
  const curves = curvesOf(input).filter(({ cumulative }) => cumulative !== undefined && cumulative.length > 0);
  const frame: Frame = {
    title: 'Cumulative spectrum',
    subtitle: `share of the eigenvalues of the ${input.operator} up to λ`,
    description: 'Cumulative distribution of the eigenvalues',
    theme,
  };
  const plotted = curves.map(
    (curve): PlottedCurve => ({
      name: curves.length > 1 ? curve.name : 'smoothed share',
      points: plottedPoints(curve.x, curve.cumulative!, boundsOf(curve)),
      ...ticksOf(curve),
    }),
  );
  const { threshold, outside } = thresholdWithin(input, curves);
  const bounded = curves.filter(hasBounds);
  return {
    id: 'cumulative-spectrum',
    title: frame.title,
    caption: joined([
      ...methodSentences(
        curves,
        ({ kernelWidth }) => `the line is smoothed by a Gaussian of standard deviation ${numberText(kernelWidth, 2)}`,
      ),
      bounded.length > 0
        ? 'The band contains the share itself, unsmoothed: the bounds of Chebyshev, Markov and Stieltjes for each probe, and 95 % over the probes.'
        : '',
      ...tickSentences(curves),
      outside,
    ]),
    alternative:
      curves.length > 0
        ? `${curves.map((curve) => (curves.length > 1 ? `${curve.name}: ` : '') + seen(curve)).join(' ')}`
        : 'Empty chart: no density has been computed yet.',
    specification:
      curves.length === 0
        ? emptyFrame(frame, 'No density has been computed yet.')
        : densityPlot(
            {
              curves: plotted,
              x: { title: 'Eigenvalue λ', scale: { zero: false, nice: false } },
              y: {
                title: 'Share of eigenvalues ≤ λ',
                scale: { domain: [0, 1], nice: false },
                axis: { format: '.0%', tickCount: 5 },
              },
              floor: null,
              threshold: threshold && { at: threshold.value, ...threshold },
              aboveName: tickNames.above,
              belowName: tickNames.below,
            },
            frame,
          ),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['spectrum', 'eigenvalue', 'share', 'lowerBound', 'upperBound'],
      rows: curves.flatMap(({ name, x, cumulative, cumulativeLower, cumulativeUpper }) =>
        Array.from(x, (value, i) => [
          name,
          drawable(value),
          drawable(cumulative?.[i]),
          drawable(cumulativeLower?.[i]),
          drawable(cumulativeUpper?.[i]),
        ]),
      ),
    },
    readout: plotReadout(plotted, { x: 'λ', y: 'share ≤ λ' }),
  };
}

const hasBounds = ({ cumulativeLower, cumulativeUpper }: NamedDensity): boolean =>
  cumulativeLower !== undefined && cumulativeUpper !== undefined;

const boundsOf =
  ({ cumulativeLower, cumulativeUpper }: NamedDensity) =>
  (i: number): readonly [number, number] => [cumulativeLower?.[i] ?? Number.NaN, cumulativeUpper?.[i] ?? Number.NaN];

function seen({ x, cumulative }: NamedDensity): string {
  const share = Array.from(cumulative!);
  const at = (part: number) => numberText(x[share.findIndex((one) => one >= part)] ?? Number.NaN, 3);
  const zero = Array.from(x).findIndex((value) => value >= 0);
  const below = zero > 0 ? `${percentText(share[zero] ?? Number.NaN)} lie at or below zero, ` : '';
  return `${below}half at or below ${at(0.5)}, nine tenths at or below ${at(0.9)}.`;
}
