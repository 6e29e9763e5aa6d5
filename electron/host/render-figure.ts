import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { Error as errorsOnly, parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Specification } from '../../core/figures/figure.ts';
import { assetsFolder } from './assets-folder.ts';

/** A Vega-Lite specification as SVG text, without a screen and without generated code. */
export async function renderSvg(specification: Specification): Promise<string> {
  const { spec } = compile(specification as unknown as TopLevelSpec);
  const view = new View(parse(spec, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
    logLevel: errorsOnly,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

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
