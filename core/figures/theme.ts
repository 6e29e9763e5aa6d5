import type { Specification } from './figure.ts';

export type Theme = 'light' | 'dark';

/** The colours of the design. `css` is the custom property that holds the same value in a page. */
export interface Colours {
  readonly background: string;
  readonly text: string;
  readonly quiet: string;
  readonly faint: string;
  readonly grid: string;
  readonly axis: string;
  readonly missing: string;
  readonly accent: string;
  readonly threshold: string;
  /** Lies on colours of data, so it is the same in both themes, and unlike any colour that a page replaces. */
  readonly path: string;
  readonly pathCase: string;
  /** Told apart by colour-blind readers, AA contrast on the background. */
  readonly series: readonly [string, string, string, string, string, string];
}

export const colours: Readonly<Record<Theme, Colours>> = {
  light: {
    background: '#ffffff',
    text: '#15191f',
    quiet: '#3d4753',
    faint: '#596473',
    grid: '#e7ebf0',
    axis: '#8994a3',
    missing: '#c4ccd6',
    accent: '#0b5cad',
    threshold: '#a85f00',
    path: '#15191e',
    pathCase: '#fefefe',
    series: ['#0069b0', '#a04d89', '#00805c', '#c03f10', '#a86000', '#7d7200'],
  },
  dark: {
    background: '#13171c',
    text: '#e8ebef',
    quiet: '#b4bcc8',
    faint: '#8d97a6',
    grid: '#222932',
    axis: '#5b6675',
    missing: '#333c48',
    accent: '#6cb2ff',
    threshold: '#f2a93b',
    path: '#15191e',
    pathCase: '#fefefe',
    series: ['#62b5f0', '#d99bc8', '#3ecf9f', '#ef7f57', '#f2a93b', '#e9e06a'],
  },
};

/** The shipped face first; Verdana has the same widths, for a figure that is opened alone in a browser. */
export const fontFamily = 'DejaVu Sans, Verdana, sans-serif';

export const viridis: readonly string[] = [
  '#440154',
  '#46327e',
  '#365c8d',
  '#277f8e',
  '#1fa187',
  '#4ac16d',
  '#a0da39',
  '#fde725',
];

export const dash = { solid: [1, 0], threshold: [7, 4], theory: [6, 4] } as const;

/** Of the whole picture, titles and legends included. */
export const figureSize = { width: 600, height: 320 } as const;

export interface Frame {
  readonly title: string;
  readonly subtitle: string;
  readonly description: string;
  readonly theme: Theme;
  readonly height?: number;
  readonly width?: number;
  /** Of legends that are too long for a line; narrower layouts choose their own. */
  readonly legendColumns?: number;
}

/** What all figures share: size, title at the upper left, quiet axes, light grid, text of 12 px and more. */
export function framed(
  { title, subtitle, description, theme, height, width, legendColumns }: Frame,
  body: Specification,
): Specification {
  const { background, text, faint, quiet, grid, axis } = colours[theme];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    width: width ?? figureSize.width,
    height: height ?? figureSize.height,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 12,
    background,
    title: { text: title, subtitle },
    ...body,
    config: {
      font: fontFamily,
      locale: { number: { decimal: '.', thousands: '\u202f', grouping: [3], currency: ['', ''], minus: '−' } },
      title: {
        anchor: 'start',
        frame: 'bounds',
        color: text,
        fontSize: 15,
        fontWeight: 'bold',
        offset: 10,
        subtitleColor: faint,
        subtitleFontSize: 12,
        subtitlePadding: 5,
      },
      axis: {
        labelColor: faint,
        labelFontSize: 12,
        titleColor: quiet,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        titlePadding: 8,
        gridColor: grid,
        domainColor: axis,
        tickColor: axis,
        tickSize: 4,
        tickCount: 5,
        labelFlush: false,
      },
      axisX: { grid: false },
      axisY: { domain: false, ticks: false, labelPadding: 6 },
      legend: {
        orient: 'top',
        direction: 'horizontal',
        title: null,
        labelColor: quiet,
        labelFontSize: 12,
        labelLimit: 260,
        titleColor: quiet,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        symbolType: 'stroke',
        symbolSize: 260,
        symbolStrokeWidth: 2.25,
        columnPadding: 18,
        ...(legendColumns === undefined ? {} : { columns: legendColumns }),
        offset: 8,
        // Several legends below a picture stand one under the other.
        layout: { bottom: { anchor: 'start', direction: 'vertical', margin: 4 } },
      },
      line: { strokeWidth: 1.5, strokeJoin: 'round', strokeCap: 'round' },
      view: { stroke: null },
      aria: false,
      mark: { aria: false },
    },
  };
}

/** A figure without anything to draw says so instead of showing empty axes. */
export function emptyFrame(frame: Frame, sentence: string): Specification {
  return framed(frame, {
    data: { values: [{}] },
    mark: { type: 'text', fontSize: 13, color: colours[frame.theme].faint },
    encoding: { text: { value: sentence } },
  });
}
