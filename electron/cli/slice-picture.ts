import type { SliceDocument } from '../../core/experiment/result-documents.ts';
import { slicePlaneFigure } from '../../core/experiment/slice-figures.ts';
import { renderPng, renderSvg } from '../host/render-figure.ts';

const pngWidth = 1600;

/** The slice as a picture with axes, contours and path. */
export async function slicePicture(document: SliceDocument, kind: 'svg' | 'png'): Promise<Uint8Array | string> {
  const svg = await renderSvg(slicePlaneFigure(document).specification);
  return kind === 'svg' ? svg : renderPng(svg, pngWidth);
}
