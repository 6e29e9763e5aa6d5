import type { SliceDocument } from '../../core/experiment/result-documents.ts';
import { sliceFigureOf } from '../../core/experiment/slice-figures.ts';
import { printedFigure } from '../../core/figures/journal.ts';
import { type PrintSize, pixelWidth } from '../../core/figures/journal-sizes.ts';
import { withDotsPerInch } from '../../core/formats/png-resolution.ts';
import { renderPng, renderSvg } from '../host/render-figure.ts';

const pngWidth = 1600;
const dotsPerInch = 300;

/** How large a picture is on paper; null: as on a screen. */
export type PictureSize = (PrintSize & { readonly titled: boolean }) | null;

/** The slice as a picture, in the size of a journal where one is given: then a PNG has 300 dots an inch. */
export async function slicePicture(
  document: SliceDocument,
  kind: 'svg' | 'png',
  size: PictureSize = null,
): Promise<Uint8Array | string> {
  const { specification } = sliceFigureOf(document);
  if (size === null) {
    const svg = await renderSvg(specification);
    return kind === 'svg' ? svg : renderPng(svg, pngWidth);
  }
  const { svg } = await printedFigure(specification, { ...size, background: 'white' }, renderSvg);
  if (kind === 'svg') return svg;
  return withDotsPerInch(renderPng(svg, pixelWidth(size.widthMm, dotsPerInch)), dotsPerInch);
}
