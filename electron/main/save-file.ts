import path from 'node:path';
import type { BrowserWindow, Dialog } from 'electron';
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
  html: 'HTML page',
};

const endings: Readonly<Partial<Record<SaveKind, readonly string[]>>> = { yaml: ['yaml', 'yml'] };

/** A plain file name with the ending of its kind, whatever was suggested. */
export function fileNameToSave(suggested: string, kind: SaveKind): string {
  const plain = suggested
    .replace(/[\p{C}<>:"/\\|?*]+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .slice(0, 120);
  const known = endings[kind] ?? [kind];
  const hasEnding = known.some((ending) => plain.toLowerCase().endsWith(`.${ending}`));
  return hasEnding ? plain : `${plain || 'saddlescope'}.${kind}`;
}

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
  if (canceled || !filePath) return null;
  return path.extname(filePath) ? filePath : `${filePath}.${kind}`;
}
