import { type Barrier, barrierOf } from '../fields/barrier.ts';
import type { SliceQuantity } from './field-colours.ts';
import { quantityTitle } from './field-colours.ts';
import { type Cell, drawable, type Figure, type Reference, type Specification } from './figure.ts';
import { type LinePlot, lineLayers, type SliceLine } from './line-layers.ts';
import { numberText } from './number-text.ts';
import { panels } from './panels.ts';
import { stateCounts } from './plane-layers.ts';
import { directionName, uncertaintySentence } from './slice-caption.ts';
import { axisTitle } from './slice-figure.ts';
import type { SliceAxis } from './slice-input.ts';
import { emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface LineFigureInput {
  readonly alpha: SliceAxis;
  readonly plots: readonly [LinePlot, ...LinePlot[]];
  /** What lies at α = 0 and at α = 1 of an interpolation; null for a line along any other direction. */
  readonly ends: { readonly zero: string; readonly one: string } | null;
  readonly warnings: readonly string[];
  readonly formula: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** Quantities along a line through the parameters, with bands of their uncertainty and the barrier between two ends. */
export function lineFigure(input: LineFigureInput, theme: Theme = 'light'): Figure {
  const { alpha, plots, ends } = input;
  const [first] = plots;
  const names = plots.map(({ quantity }) => quantity.title.toLowerCase()).join(', ');
  const barriers = plots.map(({ quantity, lines }) =>
    lines.map(({ values, computed, uncertainty }) =>
      ends === null || !hasBarrier(quantity)
        ? null
        : barrierOf(alpha.values, values, computed, uncertainty?.kind === 'standard error' ? uncertainty.values : null),
    ),
  );
  const title = ends ? `${first.quantity.title} between two points` : `${first.quantity.title} along a line`;
  const frame: Frame = {
    title,
    subtitle: input.formula,
    description: `${names} along a line through the parameters`,
    theme,
    height: 360,
  };
  const any = plots.some(({ lines }) => lines.some(({ computed }) => Array.from(computed).some((one) => one === 1)));
  return {
    id: `${first.quantity.id.replaceAll('_', '-')}-line`,
    title,
    caption: caption(input, barriers),
    alternative: alternative(input),
    specification: any
      ? specification(input, barriers, frame, theme)
      : emptyFrame(frame, `No ${names} on this line has been computed yet.`),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['quantity', 'line', 'alpha', 'length', 'value', 'computed', 'uncertainty', 'infinite'],
      rows: plots.flatMap(({ quantity, lines }) =>
        lines.flatMap(({ name, values, computed, uncertainty }) =>
          Array.from(alpha.values, (at, i): Cell[] => {
            const known = computed[i] === 1;
            const value = values[i]!;
            return [
              quantity.id,
              name,
              at,
              drawable(at * alpha.norm),
              known ? drawable(value) : null,
              known ? 1 : 0,
              known ? drawable(uncertainty?.values[i]) : null,
              known && Math.abs(value) === Number.POSITIVE_INFINITY ? Math.sign(value) : 0,
            ];
          }),
        ),
      ),
    },
  };
}

/** Barriers are of losses and errors (Frankle et al. 2020): the chord of an eigenvalue or a norm means nothing. */
const hasBarrier = ({ id }: SliceQuantity): boolean => /(^|_)(loss|error)(_|$)/.test(id);

function specification(
  input: LineFigureInput,
  barriers: readonly (readonly (Barrier | null)[])[],
  frame: Frame,
  theme: Theme,
): Specification {
  const { alpha, plots, ends } = input;
  const title = ends
    ? `α from ${ends.zero} (0) to ${ends.one} (1)`
    : axisTitle('α', alpha, '').replace(/ (?= \(|$)/, '');
  const drawn = plots.map((plot, k) =>
    lineLayers(plot, barriers[k]!, {
      alpha,
      title: k === plots.length - 1 ? title : null,
      lengths: k === 0 && Number.isFinite(alpha.norm),
      yTitle: quantityTitle(plot.quantity),
      theme,
    }),
  );
  if (drawn.length === 1) return framed(frame, drawn[0]!);
  return panels(
    frame,
    'vconcat',
    drawn.map((plot) => ({ width: 500, height: 170, ...plot })),
  );
}

function caption(input: LineFigureInput, barriers: readonly (readonly (Barrier | null)[])[]): string {
  const { alpha, plots, ends, warnings } = input;
  return [
    ends
      ? `The straight line from ${ends.zero}, at α = 0, to ${ends.one}, at α = 1.`
      : `The line along a ${directionName(alpha.kind)}.`,
    Number.isFinite(alpha.norm)
      ? `One unit of α is ‖d‖ = ${numberText(alpha.norm, 3)}; the upper axis has the distance in parameter space.`
      : 'The length of the direction is not known.',
    ...plots.flatMap(({ quantity, lines }, k) =>
      lines.flatMap((line, i) => [
        barrierSentence(barriers[k]![i]!, called(quantity, line, lines.length), ends !== null && hasBarrier(quantity)),
        line.uncertainty === null
          ? ''
          : `${uncertaintySentence(line.uncertainty, called(quantity, line, lines.length), line.computed)} The band is ± that.`,
        ...stateSentences(line, called(quantity, line, lines.length)),
      ]),
    ),
    ...plots.map(({ quantity, lines }) =>
      quantity.scale === 'log' &&
      lines.some(({ values, computed }) => Array.from(values).some((v, i) => computed[i] === 1 && v <= 0))
        ? `The axis of the ${quantity.title.toLowerCase()} is linear because some values are not positive.`
        : '',
    ),
    ...warnings,
  ]
    .filter(Boolean)
    .join(' ');
}

/** `train loss`, or `loss` where there is one line. */
const called = ({ title }: SliceQuantity, { name }: SliceLine, of: number): string =>
  of > 1 ? `${name} ${title.toLowerCase()}` : title.toLowerCase();

function barrierSentence(barrier: Barrier | null, name: string, isBetween: boolean): string {
  if (!isBetween) return '';
  if (barrier === null) return `The barrier of the ${name} is unknown: both ends must be points of the grid.`;
  const least = barrier.complete ? '' : 'at least ';
  return barrier.height > 0
    ? `The barrier of the ${name}, its most above the chord of its ends, is ${least}${numberText(barrier.height, 3)}${barrier.standardError === null ? '' : ` ± ${numberText(barrier.standardError, 2)} (one standard error)`}, at α = ${numberText(barrier.alpha, 3)}, as far as the points of the grid tell.`
    : `The ${name} nowhere lies above the chord of its ends at ${barrier.complete ? 'the' : 'those'} points of the grid${barrier.complete ? '' : ' that were computed'}: no barrier is seen.`;
}

function stateSentences({ values, computed }: SliceLine, name: string): string[] {
  const counts = stateCounts(values, computed);
  const points = (count: number) => `${count} ${count === 1 ? 'point' : 'points'}`;
  const infinite = counts.infinite + counts['minus infinity'];
  return [
    counts['not computed'] > 0 ? `The ${name} was not computed at ${points(counts['not computed'])}: gaps.` : '',
    counts['not a number'] > 0
      ? `Crosses at the lower edge: the ${name} of ${points(counts['not a number'])} is not a number.`
      : '',
    infinite > 0 ? `Triangles at the edge: the ${name} of ${points(infinite)} is infinite.` : '',
  ].filter(Boolean);
}

function alternative({ alpha, plots }: LineFigureInput): string {
  const told = plots.flatMap(({ quantity, lines }) =>
    lines.flatMap((line) => {
      const known = Array.from(line.values, (value, i) => ({ value, at: alpha.values[i]! })).filter(
        ({ value }, i) => line.computed[i] === 1 && Number.isFinite(value),
      );
      const [first, last] = [known[0], known.at(-1)];
      if (!first || !last) return [];
      const lowest = known.reduce((least, one) => (one.value < least.value ? one : least));
      return `${called(quantity, line, lines.length)} from ${numberText(first.value, 3)} at α = ${numberText(first.at, 3)} to ${numberText(last.value, 3)} at α = ${numberText(last.at, 3)}, lowest ${numberText(lowest.value, 3)} at ${numberText(lowest.at, 3)}`;
    }),
  );
  return told.length > 0 ? `Line chart: ${told.join('; ')}.` : 'Empty chart: nothing on this line has a finite value.';
}
