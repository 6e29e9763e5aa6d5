import { BadInput } from '../bad-input.ts';

/** How large a figure is on paper or on a slide, and how large its smallest text. */
export interface PrintSize {
  readonly widthMm: number;
  /** Null: as the figure wants it. */
  readonly heightMm: number | null;
  readonly textPt: number;
}

export interface PrintPreset extends PrintSize {
  /** As the command line takes it. */
  readonly id: string;
  readonly name: string;
  /** In a paper the caption says what the title says. */
  readonly titled: boolean;
}

/** Widths of journals and slides. */
export const printPresets: readonly PrintPreset[] = [
  { id: 'single', name: 'One column, 85 mm', widthMm: 85, heightMm: null, textPt: 8, titled: false },
  {
    id: 'one-and-a-half',
    name: 'One and a half columns, 114 mm',
    widthMm: 114,
    heightMm: null,
    textPt: 8,
    titled: false,
  },
  { id: 'neurips', name: 'Text width of NeurIPS, 5.5 in', widthMm: 139.7, heightMm: null, textPt: 8, titled: false },
  { id: 'double', name: 'Two columns, 174 mm', widthMm: 174, heightMm: null, textPt: 8, titled: false },
  { id: 'slide', name: 'Slide 16:9, 13.33 × 7.5 in', widthMm: 338.6667, heightMm: 190.5, textPt: 18, titled: true },
];

export const narrowestMm = 40;
export const widestMm = 1000;
export const smallestPt = 4;
export const largestPt = 48;

const unitMm: Readonly<Record<string, number>> = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72 };

/** `single`, `neurips` …, or a length: `85mm`, `3.35in`, `8.5cm`, `240pt`. Throws BadInput for anything else. */
export function printSize(text: string): PrintSize & { readonly titled: boolean } {
  const preset = printPresets.find(({ id }) => id === text.trim());
  if (preset) return preset;
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|pt)\s*$/.exec(text) ?? [];
  const widthMm = Number(number) * (unitMm[unit] ?? Number.NaN);
  if (!(widthMm >= narrowestMm && widthMm <= widestMm))
    throw new BadInput(
      `“${text}” is no width of a figure.`,
      `Give ${printPresets.map(({ id }) => id).join(', ')}, or a length from ${narrowestMm} to ${widestMm} mm such as 85mm, 8.5cm or 3.35in.`,
    );
  return { widthMm, heightMm: null, textPt: 8, titled: false };
}

const pointsPerMm = 72 / 25.4;
/** The smallest text of figures, in their own units: see `framed`. */
const smallestText = 12;

/** Units of a figure's own, pixels of its specification, across the width: text of 12 units becomes `textPt` points. */
export const layoutWidth = ({ widthMm, textPt }: PrintSize): number =>
  Math.round((widthMm * pointsPerMm * smallestText) / textPt);

/** Pixels across a width. */
export const pixelWidth = (widthMm: number, dotsPerInch: number): number => Math.round((widthMm / 25.4) * dotsPerInch);
