import { printedFigure } from '../../../../core/figures/journal.ts';
import { pixelWidth } from '../../../../core/figures/journal-sizes.ts';
import { writeNpz } from '../../../../core/formats/npz.ts';
import type { NumericArray } from '../../../../core/formats/numeric-array.ts';
import { withDotsPerInch } from '../../../../core/formats/png-resolution.ts';
import { type Method, outcomeOf } from '../method.ts';

export const packNpz: Method<'packNpz'> = ({ arrays }) =>
  outcomeOf(() => {
    const entries = Object.entries(arrays).map(([name, { shape, data }]): [string, NumericArray] => [
      name,
      { shape, dtype: 'float64', data },
    ]);
    return { bytes: writeNpz(new Map(entries)) };
  });

export const renderFigure: Method<'renderFigure'> = ({ specification, format, width }) =>
  outcomeOf(async () => {
    // Vega is large, and most sessions draw no figure.
    const { renderPng, renderSvg } = await import('../../../host/render-figure.ts');
    const svg = await renderSvg(specification);
    return { bytes: format === 'svg' ? new TextEncoder().encode(svg) : renderPng(svg, width) };
  });

export const printFigure: Method<'printFigure'> = ({ specification, print, format, dotsPerInch }) =>
  outcomeOf(async () => {
    const { renderPng, renderSvg } = await import('../../../host/render-figure.ts');
    const { svg, widthMm, heightMm } = await printedFigure(specification, print, renderSvg);
    const bytes =
      format === 'svg'
        ? new TextEncoder().encode(svg)
        : withDotsPerInch(renderPng(svg, pixelWidth(widthMm, dotsPerInch)), dotsPerInch);
    return { bytes, widthMm, heightMm };
  });
