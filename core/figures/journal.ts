import type { Specification } from './figure.ts';
import { laidOut } from './journal-layout.ts';
import { layoutWidth, type PrintSize } from './journal-sizes.ts';

export interface PrintOptions extends PrintSize {
  readonly background: 'white' | 'transparent';
  /** With the title and the subtitle of the figure, which papers have in the caption. */
  readonly titled: boolean;
}

export interface PrintedFigure {
  /** For a PNG of `pixelWidth(widthMm, dpi)` pixels. */
  readonly specification: Specification;
  /** Its width and height are in millimetres; its text is text. */
  readonly svg: string;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** Units that a plot of a row needs with its margins; in a narrower picture the row becomes a column. */
const leastPlot = 170;

/** Plots in a row: how often their widths are corrected by what the margins really took. */
const mostDrawings = 4;

/**
 * A figure in exactly the width of a journal's column with text of exactly `textPt` points: it is laid out anew at as
 * many units as that takes, not shrunk. `draw` makes the SVG of a specification; it is called once, for plots in a row
 * or a column up to four times.
 */
export async function printedFigure(
  given: Specification,
  { background, titled, ...size }: PrintOptions,
  draw: (specification: Specification) => Promise<string>,
): Promise<PrintedFigure> {
  const width = layoutWidth(size);
  const unitMm = size.widthMm / width;
  const layout = {
    width,
    height: size.heightMm === null ? null : Math.round(size.heightMm / unitMm),
    titled,
    background: background === 'transparent' ? 'transparent' : '#ffffff',
  };
  const specification = stacked(given, width);
  const plots = [specification.hconcat, specification.vconcat].find(Array.isArray) as Specification[] | undefined;
  const isRow = Array.isArray(specification.hconcat);
  const across = (plots ?? []).slice(0, isRow ? undefined : 1).reduce((sum, plot) => sum + Number(plot.width), 0);
  let factor = plots ? (0.8 * width) / across : 1;
  let made = laidOut(specification, layout, factor);
  let svg = await draw(made);
  for (let i = 1; plots && i < mostDrawings && sizeOf(svg).width !== width; i++) {
    factor = Math.max(0.1, factor + (width - sizeOf(svg).width) / across);
    made = laidOut(specification, layout, factor);
    svg = await draw(made);
  }
  const drawn = sizeOf(svg);
  // The paper is as wide as was asked for: what rounding leaves is margin, so that text keeps its size. A plot that cannot
  // be as narrow is shrunk rather than cut.
  const box = {
    width: Math.max(width, drawn.width),
    height: Math.max(drawn.height, ((layout.height ?? 0) * Math.max(width, drawn.width)) / width),
  };
  const [left, top] = [(drawn.width - box.width) / 2, (drawn.height - box.height) / 2];
  const heightMm = Number(((box.height * size.widthMm) / box.width).toFixed(4));
  const paper =
    background === 'white'
      ? `<rect x="${left}" y="${top}" width="${box.width}" height="${box.height}" fill="#ffffff"/>`
      : '';
  const sized = (tag: string) =>
    withAttributes(tag, {
      width: `${size.widthMm}mm`,
      height: `${heightMm}mm`,
      viewBox: `${left} ${top} ${box.width} ${box.height}`,
    });
  return {
    specification: made,
    svg: svg.replace(/<svg\b[^>]*>/, (tag) => sized(tag) + paper),
    widthMm: size.widthMm,
    heightMm,
  };
}

function stacked(specification: Specification, width: number): Specification {
  const { hconcat, ...rest } = specification;
  return Array.isArray(hconcat) && width / hconcat.length < leastPlot ? { ...rest, vconcat: hconcat } : specification;
}

function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width = '', height = ''] = /<svg\b[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"/.exec(svg) ?? [];
  if (width === '' || height === '') throw new RangeError('The picture of a figure has no size.');
  return { width: Number(width), height: Number(height) };
}

const withAttributes = (tag: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).reduce(
    (text, [name, value]) =>
      new RegExp(`\\s${name}="[^"]*"`).test(text)
        ? text.replace(new RegExp(`\\s${name}="[^"]*"`), ` ${name}="${value}"`)
        : text.replace(/^<svg/, `<svg ${name}="${value}"`),
    tag,
  );
