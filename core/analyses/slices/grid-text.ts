import { BadInput } from '../../bad-input.ts';
import type { SliceParameters } from './slice-parameters.ts';

export type SliceShape = 'line' | 'plane' | 'volume';

const shapes = ['line', 'plane', 'volume'] as const;
const usualSizes = { line: [201], plane: [51, 51], volume: [31, 31, 31] } as const;
const mostPointsAnAxis = 2001;
/** Values, masks and pictures of more than that do not fit. */
export const mostPoints = 4_100_000;

/** Which of the three is asked for; a plane by itself. Throws BadInput where more than one is. */
export function shapeOfParameters(parameters: Pick<SliceParameters, SliceShape>): SliceShape {
  const given = shapes.filter((shape) => parameters[shape] !== null && parameters[shape] !== undefined);
  if (given.length > 1)
    throw new BadInput(`Both --${given.join(' and --')} are given.`, 'Give one of --line, --plane and --volume.');
  return given[0] ?? 'plane';
}

export const axesOfShape = (shape: SliceShape): 1 | 2 | 3 => (shapes.indexOf(shape) + 1) as 1 | 2 | 3;

/** `51x31` as numbers, x by y; one number is for all axes. */
export function gridSizes(parameters: Pick<SliceParameters, SliceShape | 'grid'>): readonly number[] {
  const shape = shapeOfParameters(parameters);
  const axes = axesOfShape(shape);
  if (parameters.grid === null) return usualSizes[shape];
  const words = parameters.grid.split(/[x×]/i).map((word) => word.trim());
  const sizes = words.map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN));
  const whole = sizes.length === 1 ? Array.from({ length: axes }, () => sizes[0]!) : sizes;
  const example = usualSizes[shape].join('x');
  if (whole.length !== axes || !whole.every((size) => size >= 2 && size <= mostPointsAnAxis))
    throw new BadInput(
      `The grid ${parameters.grid} is not one of a ${shape}.`,
      `Give numbers from 2 to ${mostPointsAnAxis} as in ${example}.`,
    );
  if (whole.reduce((product, size) => product * size, 1) > mostPoints)
    throw new BadInput(
      `A grid of ${whole.join(' × ')} has more than ${mostPoints.toLocaleString('en-GB')} points.`,
      'Take fewer points along each axis.',
    );
  return whole;
}

/** What is said of the extent of one axis. */
export type AxisExtent =
  | { readonly kind: 'rise' }
  | { readonly kind: 'ends'; readonly low: number; readonly high: number };

/** `1`, `1x0.5`, `-1:2x0:1`, `rise`; null where nothing is said. */
export function extents(text: string | null, axes: number): readonly AxisExtent[] | null {
  if (text === null) return null;
  const words = text.split(/[x×]/i).map((word) => word.trim());
  const read = words.map(axisExtent);
  const whole = read.length === 1 ? Array.from({ length: axes }, () => read[0]!) : read;
  if (whole.length === axes && whole.every((extent) => extent !== null)) return whole as readonly AxisExtent[];
  throw new BadInput(
    `The extent ${text} cannot be read for ${axes === 1 ? 'one axis' : `${axes} axes`}.`,
    'Give a half-width such as 1 or 1x0.5, ends such as -1:2x0:1, or rise.',
  );
}

function axisExtent(word: string): AxisExtent | null {
  if (word === 'rise' || word === 'auto') return { kind: 'rise' };
  const numbers = word.split(':').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [low, high] = numbers.length === 1 ? [-numbers[0]!, numbers[0]!] : numbers.length === 2 ? numbers : [];
  if (low === undefined || high === undefined || !(high > low) || !Number.isFinite(high - low)) return null;
  return Math.max(Math.abs(low), Math.abs(high)) <= 1e9 ? { kind: 'ends', low, high } : null;
}
