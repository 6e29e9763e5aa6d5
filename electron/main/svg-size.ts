/** Of any side of a figure, in pixels: 1.4 m. */
const longestSide = 5_400;

export interface FigureSize {
  readonly width: number;
  readonly height: number;
}

/** Pixels of a unit, as CSS has it; one without a unit is a pixel. */
const unitPixels: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
  pt: 96 / 72,
};

/** Width and height of an SVG in pixels: from its attributes, or from its view box; null where it has neither. */
export function sizeOfSvg(svg: string): FigureSize | null {
  const tag = /<svg\b[^>]*>/.exec(svg)?.[0] ?? '';
  const attribute = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1] ?? '';
  const pixels = (text: string) => {
    const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(px|mm|cm|in|pt)?$/.exec(text) ?? [];
    return number === '' ? Number.NaN : Number(number) * unitPixels[unit]!;
  };
  const box = attribute('viewBox')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const width = pixels(attribute('width')) || (box[2] ?? Number.NaN);
  const height = pixels(attribute('height')) || (box[3] ?? Number.NaN);
  const isSide = (side: number) => side > 0 && side <= longestSide;
  return isSide(width) && isSide(height) ? { width, height } : null;
}
