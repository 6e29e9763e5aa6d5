import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BrowserWindow, Dialog } from 'electron';
import { BadInput } from '../../core/bad-input.ts';
import type { SaveKind } from '../../core/protocol/bridge.ts';

const titles: Readonly<Record<SaveKind, string>> = {
  svg: 'SVG picture',
  png: 'PNG picture',
  pdf: 'PDF document',
  csv: 'Table as CSV',
  npz: 'NumPy arrays',
  json: 'JSON document',
  yaml: 'Experiment',
  txt: 'Text',
  bib: 'BibTeX references',
  webm: 'WebM video',
  glb: 'glTF scene',
  vts: 'VTK structured grid',
  vtp: 'VTK surface',
  vti: 'VTK image data',
  h5: 'HDF5 file',
  gif: 'GIF animation',
  html: 'HTML page',
};

const endings: Readonly<Partial<Record<SaveKind, readonly string[]>>> = { yaml: ['yaml', 'yml'] };

/** A plain file name with the ending of its kind, whatever was suggested. */
export function fileNameToSave(suggested: string, kind: SaveKind): string {
  const plain = suggested
    .replace(/[\s\p{C}<>:"/\\|?*]+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .slice(0, 120);
  return hasEnding(plain, kind) ? plain : `${plain || 'saddlescope'}.${kind}`;
}

const hasEnding = (name: string, kind: SaveKind): boolean =>
  (endings[kind] ?? [kind]).some((ending) => name.toLowerCase().endsWith(`.${ending}`));

/** Asks the user for a place; null where there is to be none. */
export async function askWhereToSave(
  dialog: Dialog,
  window: BrowserWindow,
  suggested: string,
  kind: SaveKind,
  folder: string,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(folder, fileNameToSave(suggested, kind)),
    filters: [{ name: titles[kind], extensions: [...(endings[kind] ?? [kind])] }],
  });
  return canceled || !filePath ? null : withEnding(filePath, kind);
}

/** The chosen file with the ending of its kind; the dialog has asked about overwriting for the name without it. */
export function withEnding(file: string, kind: SaveKind): string {
  if (hasEnding(file, kind)) return file;
  const whole = `${file}.${kind}`;
  if (!existsSync(whole)) return whole;
  throw new BadInput(`${whole} is there already.`, 'Save again and give the whole name, with its ending.');
}
