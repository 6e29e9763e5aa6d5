import { type Figure, type Table, tableCsv } from '../../core/figures/figure.ts';
import type { Failure } from '../../core/protocol/messages.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import type { FigureSource } from '../figures/figure-source.ts';
import { tableArrays } from '../figures/table-arrays.ts';
import { currentRun } from '../state/runs.ts';
import { announce, reportProblem } from '../state/session.ts';
import { reporting } from './failures.ts';

export type FigureFormat = 'svg' | 'png' | 'pngWide' | 'pdf' | 'csv' | 'npz';

/** Pixels at 300 dots an inch. */
const pixelsAt300 = (millimetres: number): number => Math.round((300 * millimetres) / 25.4);

/** One column of a journal, and its full width. */
const pngWidths = { png: pixelsAt300(89), pngWide: pixelsAt300(183) } as const;

/** What a figure can be saved as, in the order of menus. */
export const figureExports: readonly { readonly format: FigureFormat; readonly title: string }[] = [
  { format: 'svg', title: 'Save as SVG' },
  { format: 'png', title: `Save as PNG, one column (89 mm, 300 dpi)` },
  { format: 'pngWide', title: `Save as PNG, full width (183 mm, 300 dpi)` },
  { format: 'pdf', title: 'Save as PDF' },
  { format: 'csv', title: 'Save data as CSV' },
  { format: 'npz', title: 'Save data as NPZ' },
];

const nothingToDraw: Failure = {
  kind: 'badInput',
  found: 'There is nothing to draw yet.',
  advice: 'Let the run measure it, or compute it, and try again.',
};

/** Saves a figure, in the colours of print, or its numbers. Asks where; what goes wrong is reported. */
export async function exportFigure(source: FigureSource, format: FigureFormat): Promise<void> {
  await reporting(async () => {
    const figure = await source.figure();
    if (figure === null) return reportProblem(nothingToDraw);
    const kind = format === 'pngWide' ? 'png' : format;
    const name = [currentRun()?.file.name, figure.id].filter(Boolean).join('-');
    const saved = await bridge.saveFile(`${name}.${kind}`, kind, await contentOf(figure, format, source));
    if (saved !== null) announce(`Saved ${saved}.`);
  });
}

async function contentOf(figure: Figure, format: FigureFormat, source: FigureSource): Promise<Uint8Array | string> {
  switch (format) {
    case 'csv':
      return tableCsv(figure.data);
    case 'npz':
      return npzOf(figure, source.planeId?.() ?? null);
    case 'pdf':
      return new TextDecoder().decode(await rendered(figure, 'svg', pngWidths.png));
    case 'svg':
      return rendered(figure, 'svg', pngWidths.png);
    default:
      return rendered(figure, 'png', pngWidths[format]);
  }
}

async function rendered({ specification }: Figure, format: 'svg' | 'png', width: number): Promise<Uint8Array> {
  const { value } = await compute.call('renderFigure', { specification, format, width }).outcome;
  return value.bytes;
}

async function npzOf(figure: Figure, planeId: string | null): Promise<Uint8Array> {
  const { value } =
    planeId === null
      ? await compute.call('packNpz', { arrays: tableArrays(figure.data) }).outcome
      : await compute.call('sliceNpz', { planeId }).outcome;
  return value.bytes;
}

const columnsText = ({ columns, rows }: Table): string =>
  [columns, ...rows].map((row) => row.map((cell) => cell ?? '').join('\t')).join('\n');

/** The command that makes a figure again, its references, or its numbers as columns for a table. */
export async function copyFromFigure(source: FigureSource, part: 'command' | 'references' | 'numbers'): Promise<void> {
  await reporting(async () => {
    const figure = await source.figure();
    if (figure === null) return reportProblem(nothingToDraw);
    const { command, references, data } = figure;
    const texts = {
      command: `npx ${command}`,
      references: references.map(({ bibtex }) => bibtex).join('\n\n'),
      numbers: columnsText(data),
    };
    await bridge.copyText(texts[part]);
    const none = part === 'references' && references.length === 0;
    announce(none ? 'This figure has no references.' : `Copied the ${part} of “${figure.title}”.`);
  });
}
