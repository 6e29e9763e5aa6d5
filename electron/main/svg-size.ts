/** Of any side of a figure, in pixels: 1.4 m. */
const longestSide = 5_400;

export interface FigureSize {
  readonly width: number;
  readonly height: number;
}

/** Width and height of an SVG in pixels: from its attributes, or from its view box; null where it has neither. */
export function sizeOfSvg(svg: string): FigureSize | null {
  const tag = /<svg\b[^>]*>/.exec(svg)?.[0] ?? '';
  const attribute = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1] ?? '';
  const pixels = (text: string) => (/^\d+(\.\d+)?(px)?$/.test(text) ? Number.parseFloat(text) : Number.NaN);
  const box = attribute('viewBox')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const width = pixels(attribute('width')) || (box[2] ?? Number.NaN);
  const height = pixels(attribute('height')) || (box[3] ?? Number.NaN);
  const isSide = (side: number) => side > 0 && side <= longestSide;
  return isSide(width) && isSide(height) ? { width, height } : null;
}
