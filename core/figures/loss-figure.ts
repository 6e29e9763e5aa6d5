import { type Cell, drawable, drawableOnLog, type Figure, type Reference } from './figure.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme } from './theme.ts';
import { thinLine } from './thin-line.ts';

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

export interface LossFigureInput {
  /** Of the batch of each step, or of the whole training set where `fullBatch`. */
  readonly train: readonly LossPoint[];
  readonly test: readonly LossPoint[];
  readonly fullBatch: boolean;
  /** The loss as a formula, in plain Unicode. */
  readonly formula: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** Training and test loss over the steps, logarithmic where all losses are positive. */
export function lossFigure(input: LossFigureInput, theme: Theme = 'light'): Figure {
  const logarithmic = ![...input.train, ...input.test].some(({ loss }) => loss <= 0);
  const place = logarithmic ? drawableOnLog : drawable;
  const series = [
    { name: 'train', colour: colours[theme].series[0], points: input.train },
    { name: 'test', colour: colours[theme].series[1], points: input.test },
  ]
    .filter(({ points }) => points.length > 0)
    .map(({ name, colour, points }) => ({
      label: `${name} ${lastText(points)}`,
      colour,
      points: points.map(({ step, loss }) => ({ x: step, y: place(loss) })),
    }));
  const left = series.flatMap(({ points }) => points.filter(({ y }) => y === null)).length;
  const axis = logAxis(series.flatMap(({ points }) => points.map(({ y }) => y)));
  const frame: Frame = {
    title: 'Loss',
    subtitle: input.formula,
    description: 'Loss over the steps of training',
    theme,
  };
  const y = { field: 'y', type: 'quantitative', title: 'Loss L', ...(logarithmic && axis ? logChannel(axis) : {}) };
  return {
    id: 'loss',
    title: 'Loss over training',
    caption: [
      `Loss ${input.fullBatch ? 'of all training examples' : 'of the batch of each step'}${input.test.length > 0 ? ' and of the test examples' : ''} at the parameters before the step.`,
      logarithmic ? '' : 'The axis is linear because some losses are not positive.',
      left > 0
        ? `${left} ${left === 1 ? 'value that is' : 'values that are'} not finite ${left === 1 ? 'is' : 'are'} left out.`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative: alternative(input),
    specification:
      axis === null && logarithmic
        ? emptyFrame(frame, 'No loss has been recorded yet.')
        : framed(frame, {
            data: {
              values: series.flatMap(({ label, points }) =>
                thinLine(points).map(({ x, y: value }) => ({ x, y: value, series: label })),
              ),
            },
            mark: { type: 'line', clip: true },
            encoding: {
              x: { field: 'x', type: 'quantitative', title: 'Step', axis: { format: ',d', tickMinStep: 1 } },
              y,
              color: {
                field: 'series',
                type: 'nominal',
                scale: { domain: series.map(({ label }) => label), range: series.map(({ colour }) => colour) },
              },
            },
          }),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['set', 'step', 'loss'],
      rows: (['train', 'test'] as const).flatMap((set) =>
        input[set].map(({ step, loss }): Cell[] => [set, step, drawable(loss)]),
      ),
    },
  };
}

function lastText(points: readonly LossPoint[]): string {
  const last = points.at(-1);
  return last ? numberText(last.loss, 3) : '';
}

function alternative({ train, test }: LossFigureInput): string {
  const told = [
    { name: 'training', points: train },
    { name: 'test', points: test },
  ].flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return [];
    return `${name} loss from ${numberText(first.loss, 3)} at step ${first.step} to ${numberText(last.loss, 3)} at step ${last.step}`;
  });
  return told.length > 0 ? `Line chart: ${told.join('; ')}.` : 'Empty chart: no loss has been recorded yet.';
}
