import { type Figure, type Table, tableCsv } from '../../core/figures/figure.ts';
import type { Failure } from '../../core/protocol/messages.ts';
import type { SliceFileKind } from '../../core/protocol/methods.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import type { FigureSource, HeldSlice } from '../figures/figure-source.ts';
import { tableArrays } from '../figures/table-arrays.ts';
import { studiedFileName } from '../state/landscape-files.ts';
import { useRuns } from '../state/runs.ts';
import { announce, reportProblem } from '../state/session.ts';
import { reporting } from './failures.ts';
import { writtenSlice } from './slice-data-actions.ts';

export type FigureFormat = 'svg' | 'pdf' | 'csv' | 'npz';

/** What a figure can be saved as at once, in the order of menus; sizes on paper are asked for by a dialog. */
export const figureExports: readonly { readonly format: FigureFormat; readonly title: string }[] = [
  { format: 'svg', title: 'Save as SVG' },
  { format: 'pdf', title: 'Save as PDF' },
  { format: 'csv', title: 'Save data as CSV' },
  { format: 'npz', title: 'Save data as NPZ' },
];

export const nothingToDraw: Failure = {
  kind: 'badInput',
  found: 'There is nothing to draw yet.',
  advice: 'Let the run measure it, or compute it, and try again.',
};

/** Saves a figure, in the colours of print, or its numbers. Asks where; what goes wrong is reported. */
export async function exportFigure(source: FigureSource, format: FigureFormat): Promise<void> {
  await reporting(async () => {
    const figure = await source.figure();
    if (figure === null) return reportProblem(nothingToDraw);
    const saved = await bridge.saveFile(
      `${fileNameOf(figure)}.${format}`,
      format,
      await contentOf(figure, format, source),
    );
    if (saved !== null) announce(`Saved ${saved}.`);
  });
}

/** Without its ending. */
export const fileNameOf = ({ id }: Figure): string =>
  [studiedFileName(useRuns.getState().current), id].filter(Boolean).join('-');

async function contentOf(figure: Figure, format: FigureFormat, source: FigureSource): Promise<Uint8Array | string> {
  switch (format) {
    case 'csv':
      return csvOf(figure, source);
    case 'npz':
      return npzOf(figure, source);
    case 'pdf':
      return new TextDecoder().decode(await rendered(figure));
    case 'svg':
      return rendered(figure);
  }
}

async function rendered({ specification }: Figure): Promise<Uint8Array> {
  const { value } = await compute.call('renderFigure', { specification, format: 'svg', width: 1 }).outcome;
  return value.bytes;
}

/** Of a slice all of its numbers, also those that the figure does not show. */
async function csvOf(figure: Figure, source: FigureSource): Promise<Uint8Array | string> {
  const slice = source.slice?.() ?? null;
  return slice === null ? tableCsv(figure.data) : sliceBytes(slice, 'csv');
}

const sliceBytes = async (slice: HeldSlice, kind: SliceFileKind): Promise<Uint8Array> =>
  (await writtenSlice(slice, kind)).bytes;

async function npzOf(figure: Figure, source: FigureSource): Promise<Uint8Array> {
  const slice = source.slice?.() ?? null;
  if (slice !== null) return sliceBytes(slice, 'npz');
  const { value } = await compute.call('packNpz', { arrays: tableArrays(figure.data) }).outcome;
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
