import { colourScaleOf, contourLevels, contourText, type SliceQuantity } from './field-colours.ts';
import { type Cell, drawable, type Figure, type Reference, type Specification } from './figure.ts';
import { largest, smallest } from './largest.ts';
import { numberText } from './number-text.ts';
import { panels } from './panels.ts';
import { drawnValues, newStates, type Plane, planeLayers, planeResolve, stateCounts } from './plane-layers.ts';
import { directionName, stateSentences } from './slice-caption.ts';
import type { SliceAxis } from './slice-input.ts';
import { emptyFrame, type Frame, type Theme } from './theme.ts';
import { panelTitle } from './volume-figure.ts';

/** One of the two: `seed 1`, `batch statistics frozen`. */
export interface ComparedPlane {
  readonly name: string;
  /** Point (i, j) is entry i + alpha.values.length · j. */
  readonly values: ArrayLike<number>;
  /** 1 where the value was computed. */
  readonly computed: ArrayLike<number>;
}

export interface DifferenceFigureInput {
  /** Of both: the same coordinates; directions may differ, and then the warnings say so. */
  readonly alpha: SliceAxis;
  readonly beta: SliceAxis;
  readonly quantity: SliceQuantity;
  readonly first: ComparedPlane;
  readonly second: ComparedPlane;
  readonly warnings: readonly string[];
  readonly formula: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/**
 * Two planes in one scale of colours, and second − first beside them with zero neutral. The difference is missing where
 * either is, and not a number where both are infinite alike.
 */
export function differenceFigure(input: DifferenceFigureInput, theme: Theme = 'light'): Figure {
  const { alpha, beta, quantity, first, second } = input;
  const difference = {
    name: `${second.name} − ${first.name}`,
    values: Array.from(first.values, (value, i) => second.values[i]! - value),
    computed: Array.from(first.computed, (one, i) => (one === 1 && second.computed[i] === 1 ? 1 : 0)),
  };
  const shared = colourScaleOf([...drawnValues(first), ...drawnValues(second)], quantity.scale);
  const known = drawnValues(difference);
  const own = colourScaleOf(known, 'diverging');
  const [levels, ownLevels] = [contourLevels(shared), contourLevels(own)];
  const name = quantity.title.toLowerCase();
  const frame: Frame = {
    title: `${quantity.title} on two planes`,
    subtitle: input.formula,
    description: `The ${name} on two planes and its difference`,
    theme,
  };
  const change: SliceQuantity = { ...quantity, title: 'Difference', symbol: quantity.symbol && `Δ${quantity.symbol}` };
  const plane = (one: ComparedPlane, k: number): Plane => ({
    x: { values: alpha.values, title: 'α' },
    y: { values: beta.values, title: 'β' },
    values: one.values,
    computed: one.computed,
    quantity: k === 2 ? change : quantity,
    scale: k === 2 ? own : shared,
    levels: k === 2 ? ownLevels.levels : levels.levels,
    bar: k > 0 ? 180 : 0,
  });
  const words = newStates([first, second, difference]);
  const [low, high] = [smallest(known), largest(known)];
  const contours = [contourText(levels.step, shared), contourText(ownLevels.step, own)];
  return {
    id: `${quantity.id.replaceAll('_', '-')}-difference`,
    title: frame.title,
    caption: [
      `Left and middle: the ${name} of ${first.name} and of ${second.name} in one scale of colours${shared.kind === 'log' ? ', logarithmic' : ''}${contours[0] ? `, ${contours[0]}` : ''}.`,
      `Right: ${second.name} − ${first.name}, zero neutral, blue below, red above${contours[1] ? `, ${contours[1]}; the strong line is zero` : ''}.`,
      `α goes along a ${directionName(alpha.kind)}, ‖d₁‖ = ${numberText(alpha.norm, 3)}, β along a ${directionName(beta.kind)}, ‖d₂‖ = ${numberText(beta.norm, 3)}.`,
      ...stateSentences(stateCounts(difference.values, difference.computed), 'difference'),
      ...input.warnings,
    ].join(' '),
    alternative:
      low > high
        ? 'Empty maps: the difference has no finite value.'
        : `Two maps and their difference, which goes from ${numberText(low, 3)} to ${numberText(high, 3)}.`,
    specification: [first, second].some(({ computed }) => Array.from(computed).some((one) => one === 1))
      ? panels(
          frame,
          'hconcat',
          [first, second, difference].map(
            (one, k): Specification => ({
              width: 200,
              height: 215,
              title: panelTitle(one.name),
              layer: planeLayers(plane(one, k), theme, words[k]),
              resolve: planeResolve,
            }),
          ),
        )
      : emptyFrame(frame, `No ${name} on these planes has been computed yet.`),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['alpha', 'beta', 'first', 'second', 'difference', 'computed_first', 'computed_second'],
      rows: known.map((value, i): Cell[] => {
        const cell = ({ values, computed }: ComparedPlane) => (computed[i] === 1 ? drawable(values[i]) : null);
        return [
          alpha.values[i % alpha.values.length]!,
          beta.values[Math.floor(i / alpha.values.length)]!,
          cell(first),
          cell(second),
          value,
          first.computed[i] === 1 ? 1 : 0,
          second.computed[i] === 1 ? 1 : 0,
        ];
      }),
    },
  };
}
