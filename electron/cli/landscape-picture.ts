import { landscapeFigure } from '../../core/experiment/landscape-figure.ts';
import type { LandscapeFile } from '../../core/formats/landscape-file.ts';
import type { HeightOptions } from '../../core/formats/vtk/surface-points.ts';
import { renderPng, renderSvg } from '../host/render-figure.ts';

const pngWidth = 1600;

/** The first quantity of a landscape with axes, contours and path; `log` and `zmax` are those of the colours. */
export async function landscapePicture(
  file: LandscapeFile,
  options: HeightOptions,
  kind: 'svg' | 'png',
): Promise<Uint8Array | string> {
  const svg = await renderSvg(landscapeFigure(file, options).specification);
  return kind === 'svg' ? svg : renderPng(svg, pngWidth);
}
