import { escaped, type Markup, markup } from './html.ts';
import { type Colours, colours } from './theme.ts';

export interface SvgNames {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly alternative: string;
}

const allowedElements = new Set([
  'svg',
  'g',
  'path',
  'rect',
  'line',
  'circle',
  'text',
  'tspan',
  'defs',
  'clippath',
  'lineargradient',
  'stop',
]);

/** The custom property of a page that holds each colour of the light theme. */
const properties: readonly (readonly [string, string])[] = [
  ...(['text', 'quiet', 'faint', 'grid', 'axis', 'missing', 'accent', 'threshold'] as const).map(
    (name: keyof Colours) => [colours.light[name] as string, `--figure-${name}`] as const,
  ),
  ...colours.light.series.map((colour, i) => [colour, `--figure-series-${i + 1}`] as const),
];

/**
 * The SVG of a figure for use within a page: named for those who do not see it, its background that of the page, and
 * the colours of the light theme as custom properties, so that it follows the theme of the page. Throws a RangeError
 * for an element that Vega's charts do not have: text of a figure is escaped by Vega, scripts never get here.
 */
export function pageSvg(svg: string, { id, title, alternative }: SvgNames): Markup {
  const body = svg.slice(svg.indexOf('<svg'));
  for (const [, name = ''] of body.matchAll(/<([a-zA-Z][^\s/>]*)/g))
    if (!allowedElements.has(name.toLowerCase())) throw new RangeError(`A figure has the element ${name}.`);
  if (/\son[a-z]+\s*=\s*"/i.test(body.replace(/"[^"]*"/g, '""'))) throw new RangeError('A figure has a script.');
  let page = body
    .replace(/<svg\b/, `<svg role="img" aria-labelledby="${escaped(id)}-title ${escaped(id)}-description"`)
    .replace(
      /(<svg[^>]*>)(<rect[^>]*><\/rect>|<rect[^>]*\/>)?/,
      (_, open: string) => `${open}${named(id, title, alternative)}`,
    )
    // Clip paths of several figures in one page would have the same names.
    .replace(/(id="|url\(#)((?:clip|gradient)[^")]*)/g, `$1${escaped(id)}-$2`);
  for (const [colour, property] of properties)
    page = page.replaceAll(new RegExp(`(fill|stroke)="${colour}"`, 'gi'), `$1="var(${property}, ${colour})"`);
  return markup(page);
}

const named = (id: string, title: string, alternative: string): string =>
  `<title id="${escaped(id)}-title">${escaped(title)}</title><desc id="${escaped(id)}-description">${escaped(alternative)}</desc>`;
