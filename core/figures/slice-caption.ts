import type { ColourScale } from './field-colours.ts';
import { largest } from './largest.ts';
import { numberText, percentText } from './number-text.ts';
import { drawnValues, type StateCounts } from './plane-layers.ts';
import { farthest, type NamedPath } from './plane-marks.ts';
import type { SliceFigureInput, Uncertainty } from './slice-input.ts';

export const directionName = (kind: string): string => (/direction|vector/.test(kind) ? kind : `${kind} direction`);

/** `1 cell was`, `3 cells were` */
const cells = (count: number): string => `${count} ${count === 1 ? 'cell' : 'cells'}`;

/** What a reader must know to believe the picture: what spans it, how it is coloured, what it leaves out. */
export function sliceCaption(
  input: SliceFigureInput,
  scale: ColourScale,
  contours: string,
  counts: StateCounts,
  stride: number,
): string {
  const { alpha, beta, quantity, paths, marks = [], uncertainty, warnings } = input;
  const name = quantity.title.toLowerCase();
  const explained = alpha.explained === null || beta.explained === null ? null : alpha.explained + beta.explained;
  const kinds =
    alpha.kind === beta.kind
      ? `two ${directionName(alpha.kind)}s`
      : `${directionName(alpha.kind)} and ${directionName(beta.kind)}`;
  return [
    `The plane spanned by ${kinds}${explained === null ? '' : `, which hold ${percentText(explained)} of the path's squared displacement`}.`,
    // Files of other tools do not always tell.
    Number.isFinite(alpha.norm) && Number.isFinite(beta.norm)
      ? `One unit of α is ‖d₁‖ = ${numberText(alpha.norm, 3)}, of β ‖d₂‖ = ${numberText(beta.norm, 3)}.`
      : 'The length of the directions is not known.',
    coloursSentence(name, scale, contours),
    quantity.scale === 'log' && scale.kind === 'linear'
      ? 'Colours are linear because some values are not positive.'
      : '',
    clipSentence(input, scale),
    uncertainty === null ? '' : uncertaintySentence(uncertainty, name, input.computed),
    pathSentence(paths),
    marks.some(({ kind }) => kind !== 'point')
      ? 'Marks: circles are minima, diamonds saddles, triangles maxima, each projected onto the plane; filled where a search has certified them.'
      : '',
    ...stateSentences(counts, name),
    ...warnings,
    stride === 1
      ? ''
      : `Drawn at every ${stride}${stride === 2 ? 'nd' : stride === 3 ? 'rd' : 'th'} point of the grid.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function coloursSentence(name: string, { kind }: ColourScale, contours: string): string {
  const more = contours ? `, ${contours}` : '';
  if (kind === 'diverging') return `Colours show the ${name}, blue below zero, red above${more}.`;
  return `Colours show ${kind === 'log' ? `the logarithm of the ${name}` : `the ${name}`}${more}.`;
}

/** Hatched, crossed, arrowheads: nothing is filled in. */
export function stateSentences(counts: StateCounts, name: string): string[] {
  const { 'not computed': missing, 'not a number': undefinedCells, infinite, 'minus infinity': minus } = counts;
  return [
    missing > 0 ? `Hatched: ${cells(missing)} ${missing === 1 ? 'was' : 'were'} not computed.` : '',
    undefinedCells > 0 ? `Crossed: the ${name} of ${cells(undefinedCells)} is not a number.` : '',
    infinite > 0 ? `Dark with an arrowhead: the ${name} of ${cells(infinite)} is infinite.` : '',
    minus > 0 ? `Dark with an arrowhead downwards: the ${name} of ${cells(minus)} is minus infinity.` : '',
  ].filter(Boolean);
}

function clipSentence(input: SliceFigureInput, scale: ColourScale): string {
  const known = drawnValues(input).filter((value) => value !== null);
  const { clip } = input;
  const beyond = (is: (value: number) => boolean, far: (values: number[]) => number, words: string) => {
    const found = known.filter(is);
    return found.length === 0 ? '' : `${cells(found.length)} ${words}, as far as ${numberText(far(found), 3)}`;
  };
  const above =
    scale.clipHigh === null || clip?.high === undefined
      ? ''
      : beyond(
          (value) => value > clip.high!,
          (values) => largest(values),
          `above ${numberText(clip.high, 3)}`,
        );
  const below =
    scale.clipLow === null || clip?.low === undefined
      ? ''
      : beyond(
          (value) => value < clip.low!,
          (values) => -largest(values.map((v) => -v)),
          `below ${numberText(clip.low, 3)}`,
        );
  const told = [above, below].filter(Boolean).join(', and ');
  return told === '' ? '' : `Colours are clipped at the dashed line: ${told}.`;
}

export function uncertaintySentence({ kind, values }: Uncertainty, name: string, computed: ArrayLike<number>): string {
  const known = Array.from(values).filter((value, i) => computed[i] === 1 && Number.isFinite(value));
  if (known.length === 0) return '';
  known.sort((a, b) => a - b);
  const middle = known[Math.floor((known.length - 1) / 2)]!;
  return `The ${kind} of the ${name} has the median ${numberText(middle, 2)} and is at most ${numberText(known.at(-1)!, 2)}.`;
}

function pathSentence(paths: readonly NamedPath[]): string {
  const drawn = paths.filter(({ steps }) => steps.length > 0);
  if (drawn.length === 0) return '';
  if (!drawn.some(({ distance }) => Array.from(distance).some(Number.isFinite)))
    return `The ${drawn.length === 1 ? 'path is a shadow' : 'paths are shadows'}: how far the points lie from the plane is not known.`;
  const far = numberText(largest(drawn.map(farthest), 0), 3);
  const long = numberText(
    largest(
      drawn.map(({ length }) => largest(Array.from(length), 0)),
      0,
    ),
    3,
  );
  return drawn.length === 1
    ? `The path is a shadow: its points lie up to ${far} from the plane, and up to ${long} from the centre of the plane.`
    : `The paths are shadows: their points lie up to ${far} from the plane, and up to ${long} from its centre.`;
}
