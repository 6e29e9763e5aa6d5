import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Specification } from '../../core/figures/figure.ts';
import { assetsFolder } from './assets-folder.ts';

/** Part of Vega, but not of its type declarations. */
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: { readonly fontSize?: number }, text: unknown) => number };
};
/** Vega without a canvas takes every character for 0.8 em; those of the shipped face have 0.6 em on average. */
textMetrics.width = ({ fontSize = 11 }, text) => 0.61 * String(text ?? '').length * fontSize;

const refuse = async (): Promise<never> => {
  throw new Error('A figure holds its data and loads nothing.');
};
/** Vega's own would read any file and ask any server that a specification names, and specifications come from the page. */
const closedLoader: vega.Loader = {
  load: refuse,
  http: refuse,
  file: refuse,
  sanitize: async () => ({ href: '' }),
};

/** A Vega-Lite specification as SVG text, without a screen, without generated code, and of what it holds itself alone. */
export async function renderSvg(specification: Specification): Promise<string> {
  const { spec } = compile(specification as unknown as TopLevelSpec);
  const view = new vega.View(vega.parse(spec, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
    loader: closedLoader,
    logLevel: vega.Error,
  });
  try {
    return shortNumbers(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** A hundredth of a pixel cannot be seen, and fifteen digits make the map of a slice four times as long. */
const shortNumbers = (svg: string): string =>
  svg.replace(/ (?:d|transform)="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d+\.\d{3,}(?![\de])/g, (number) => String(Number(Number(number).toFixed(2)))),
  );

/** An SVG of ours as a PNG of `width` pixels, drawn with the fonts that are shipped, never those of the machine. */
export function renderPng(svg: string, width: number): Uint8Array {
  const fonts = path.join(assetsFolder(), 'fonts');
  const drawn = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: {
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => path.join(fonts, name)),
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return drawn.render().asPng();
}
