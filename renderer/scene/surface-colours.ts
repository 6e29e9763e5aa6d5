import { type ColourMap, colourTables } from '../../core/figures/colour-tables.ts';
import type { HeightScale } from './height-scale.ts';
import { rangeOf, widened } from './height-scale.ts';

/** A quantity that colours the surface in place of its height, in the order of the grid. */
export interface SurfaceColour {
  readonly values: ArrayLike<number>;
  /** 1 where the quantity was computed. */
  readonly computed: ArrayLike<number>;
  readonly title: string;
  /** `diverging`: zero has the middle colour, and both signs reach equally far. */
  readonly scale: 'linear' | 'log' | 'diverging';
  /** Where a diverging scale ends on both sides; at the largest value unless said. */
  readonly reach?: number;
}

/** What the colours mean. `low` and `high` are values, or their decimal logarithms. */
export interface ColourScale {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly logarithmic: boolean;
  readonly diverging: boolean;
}

export const heightColours = ({ low, high, logarithmic }: HeightScale, title: string): ColourScale => ({
  title,
  low,
  high,
  logarithmic,
  diverging: false,
});

/**
 * The scale of a quantity; null where it has no finite value yet. Values that are not all positive have no logarithm and
 * are coloured linearly, as heights are.
 */
export function colourScale({ values, computed, title, scale, reach: given }: SurfaceColour): ColourScale | null {
  if (scale === 'diverging' && given !== undefined)
    return { title, low: -given, high: given, logarithmic: false, diverging: true };
  const range = rangeOf(values, computed);
  if (range === null) return null;
  if (scale === 'diverging') {
    const reach = Math.max(Math.abs(range[0]), Math.abs(range[1])) || 1;
    return { title, low: -reach, high: reach, logarithmic: false, diverging: true };
  }
  const logarithmic = scale === 'log' && range[0] > 0;
  const [low, high] = widened(logarithmic ? [Math.log10(range[0]), Math.log10(range[1])] : range);
  return { title, low, high, logarithmic, diverging: false };
}

/** Share of the way from the first to the last colour; NaN where there is no finite value. */
export function colourShare(value: number, { low, high, logarithmic }: ColourScale): number {
  const at = logarithmic ? Math.log10(value) : value;
  return (at - low) / (high - low);
}

/** Brewer and Harrower (2003), RdBu with eleven classes, blue below and red above the middle: safe for all kinds of eyes. */
const divergingStops = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
] as const;

const divergingTable = Uint8Array.from({ length: 3 * 256 }, (_, i) => {
  const at = (Math.floor(i / 3) / 255) * (divergingStops.length - 1);
  const stop = Math.min(divergingStops.length - 2, Math.floor(at));
  const [from, to] = [divergingStops[stop]![i % 3]!, divergingStops[stop + 1]![i % 3]!];
  return Math.round(from + (at - stop) * (to - from));
});

/** 256 colours: red, green and blue of colour i at 3 i. */
export const surfaceTable = (map: ColourMap, { diverging }: Pick<ColourScale, 'diverging'>): Uint8Array =>
  diverging ? divergingTable : colourTables[map];

/** As CSS writes colour i. */
export const tableText = (table: Uint8Array, i: number): string =>
  `rgb(${table[3 * i]}, ${table[3 * i + 1]}, ${table[3 * i + 2]})`;

/** Of a point whose colour is not known, sRGB. */
export const unknownColour = [138, 143, 152] as const;
/** Entry i of a table half way to grey: what is cut off has a colour, but not the height it stands at. */
export const paleColour = (table: Uint8Array, i: number): readonly [number, number, number] => [
  (table[3 * i]! + unknownColour[0]) >> 1,
  (table[3 * i + 1]! + unknownColour[1]) >> 1,
  (table[3 * i + 2]! + unknownColour[2]) >> 1,
];

/** The two stripes of what is cut off at the top. */
export const clippedStripes = [
  [214, 218, 226],
  [168, 175, 188],
] as const;
