import type { Figure } from '../../core/figures/figure.ts';
import type { FigurePrint } from '../../core/protocol/methods.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import { announce } from '../state/session.ts';
import { reporting } from './failures.ts';
import { fileNameOf } from './figure-actions.ts';

export type PrintFormat = 'svg' | 'pdf' | 'png';

export interface PrintedPicture {
  readonly bytes: Uint8Array;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** A figure as it will be on paper: for a preview and for files, which are the same picture. */
export async function printed(
  { specification }: Figure,
  print: FigurePrint,
  format: 'svg' | 'png' = 'svg',
  dotsPerInch = 300,
): Promise<PrintedPicture> {
  const { value } = await compute.call('printFigure', { specification, print, format, dotsPerInch }).outcome;
  return value;
}

/** Saves a figure in a size of paper; a PDF is one page of that size. Asks where; what goes wrong is reported. */
export async function savePrinted(
  figure: Figure,
  print: FigurePrint,
  format: PrintFormat,
  dotsPerInch: number,
): Promise<void> {
  await reporting(async () => {
    const { bytes } = await printed(figure, print, format === 'png' ? 'png' : 'svg', dotsPerInch);
    const content = format === 'pdf' ? new TextDecoder().decode(bytes) : bytes;
    const saved = await bridge.saveFile(`${fileNameOf(figure)}.${format}`, format, content);
    if (saved !== null) announce(`Saved ${saved}.`);
  });
}
