import { type Cell, drawable, drawableOnLog, type Figure, type Reference } from './figure.ts';
import { linearDomain } from './linear-domain.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme } from './theme.ts';
import { thinLine } from './thin-line.ts';

export interface QuantityPoint {
  readonly step: number;
  readonly value: number;
  /** Half the height of the band; null where none is known. */
  readonly uncertainty: number | null;
}

export interface QuantityLine {
  readonly name: string;
  readonly points: readonly QuantityPoint[];
}

export interface QuantityFigureInput {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  /** Of the vertical axis, with its unit. */
  readonly quantity: string;
  /** `free`: linear, and zero need not be seen. */
  readonly scale: 'log' | 'linear' | 'free';
  readonly lines: readonly QuantityLine[];
  /** What is drawn and what the band means. */
  readonly caption: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** One quantity over the steps of training, in one line or several, with the band of its uncertainty. */
export function quantityFigure(input: QuantityFigureInput, theme: Theme = 'light'): Figure {
  const lines = input.lines.filter(({ points }) => points.length > 0);
  const logarithmic = input.scale === 'log' && !lines.some(({ points }) => points.some(({ value }) => value <= 0));
  const place = logarithmic ? drawableOnLog : drawable;
  const series = lines.map(({ name, points }, i) => ({
    label: `${name} ${numberText(points.at(-1)?.value ?? Number.NaN, 3)}`,
    colour: colours[theme].series[i % colours[theme].series.length] as string,
    points: points.map(({ step, value, uncertainty }) => ({
      x: step,
      y: place(value),
      low: uncertainty === null ? null : place(value - uncertainty),
      high: uncertainty === null ? null : place(value + uncertainty),
    })),
  }));
  const heights = series.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low, high]));
  const axis = logarithmic ? logAxis(heights) : null;
  const frame: Frame = { title: input.title, subtitle: input.subtitle, description: input.title, theme };
  const y = { type: 'quantitative', title: input.quantity, ...verticalScale(input.scale, axis, heights) };
  const x = { field: 'x', type: 'quantitative', title: 'Step', axis: { format: ',d', tickMinStep: 1 } };
  return {
    id: input.id,
    title: `${input.title} over training`,
    caption: input.caption,
    alternative: alternative(input.title, lines),
    specification: heights.every((height) => height === null)
      ? emptyFrame(frame, 'Nothing has been measured yet.')
      : framed(frame, {
          data: {
            values: series.flatMap(({ label, points }) => thinLine(points).map((p) => ({ ...p, series: label }))),
          },
          encoding: { x },
          layer: [
            ...series.map(({ label, colour }) => ({
              transform: [{ filter: { field: 'series', equal: label } }],
              mark: { type: 'area', opacity: 0.2, clip: true, color: colour },
              encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
            })),
            {
              mark: { type: 'line', clip: true },
              encoding: {
                y: { field: 'y', ...y },
                color: {
                  field: 'series',
                  type: 'nominal',
                  scale: { domain: series.map(({ label }) => label), range: series.map(({ colour }) => colour) },
                },
              },
            },
          ],
        }),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['line', 'step', 'value', 'uncertainty'],
      rows: lines.flatMap(({ name, points }) =>
        points.map(({ step, value, uncertainty }): Cell[] => [name, step, drawable(value), drawable(uncertainty)]),
      ),
    },
  };
}

function verticalScale(
  scale: QuantityFigureInput['scale'],
  axis: ReturnType<typeof logAxis>,
  heights: readonly (number | null)[],
) {
  if (axis) return logChannel(axis);
  return scale === 'free'
    ? { scale: { zero: false, nice: true } }
    : { scale: { domain: linearDomain(heights), nice: false } };
}

function alternative(title: string, lines: readonly QuantityLine[]): string {
  const told = lines.flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return [];
    return `${name} from ${numberText(first.value, 3)} at step ${first.step} to ${numberText(last.value, 3)} at step ${last.step}`;
  });
  return told.length > 0
    ? `Line chart of ${title.toLowerCase()}: ${told.join('; ')}.`
    : 'Empty chart: nothing has been measured yet.';
}
