import path from 'node:path';
import { app, dialog } from 'electron';
import { BadInput } from '../../core/bad-input.ts';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import type { AnswersContext } from './answers-context.ts';
import { kindOfFile } from './given-file.ts';
import { withRecent } from './recent-files.ts';

type Context = Pick<AnswersContext, 'table' | 'compute' | 'stored' | 'shown'>;

/** A path that the user gave becomes a file that the page may name and the compute process may read. */
export async function openGiven(file: string, { table, compute, stored, shown }: Context): Promise<GrantedFile> {
  const kind = await kindOfFile(file);
  const granted = table.mint(file, kind);
  compute.grant(granted.reference, granted.shown);
  shown.add(granted);
  stored.recent.set(withRecent(stored.recent.value, { path: granted.shown, kind }, Date.now()));
  app.addRecentDocument(granted.shown);
  return granted;
}

/** Lets the user choose; null where nothing is chosen. */
export async function askForFile(
  kind: 'run' | 'experiment' | 'lesson',
  context: AnswersContext,
): Promise<GrantedFile | null> {
  const { stored, window, runs } = context;
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: { run: 'Open a run folder', experiment: 'Open an experiment', lesson: 'Open a lesson' }[kind],
    properties: [kind === 'run' ? 'openDirectory' : 'openFile'],
    filters:
      kind === 'run'
        ? []
        : [{ name: kind === 'lesson' ? 'Lessons' : 'Experiments', extensions: ['yaml', 'yml', 'json'] }],
    defaultPath: stored.folders.value.open ?? runs,
  });
  const [file] = filePaths;
  if (canceled || file === undefined) return null;
  stored.folders.set({ ...stored.folders.value, open: path.dirname(file) });
  return openGiven(file, context);
}

/** Lets the user choose landscapes and what belongs beside them. */
export async function askForLandscapes(context: AnswersContext): Promise<readonly GrantedFile[]> {
  const { stored, window } = context;
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open landscapes',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Landscapes', extensions: ['h5', 'hdf5', 'npz'] },
      // The reference tool lets its users call surfaces anything.
      { name: 'All files', extensions: ['*'] },
    ],
    ...(stored.folders.value.open === null ? {} : { defaultPath: stored.folders.value.open }),
  });
  const [first] = filePaths;
  if (canceled || first === undefined) return [];
  stored.folders.set({ ...stored.folders.value, open: path.dirname(first) });
  const opened: GrantedFile[] = [];
  for (const file of filePaths) opened.push(await openGiven(file, context));
  return opened;
}

/** The path of a wheel of TensorFlow that the user chooses; null where none is. */
export async function askForWheel({
  stored,
  window,
}: Pick<AnswersContext, 'stored' | 'window'>): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Choose a wheel of TensorFlow',
    properties: ['openFile'],
    filters: [{ name: 'Python wheels', extensions: ['whl'] }],
    ...(stored.folders.value.open === null ? {} : { defaultPath: stored.folders.value.open }),
  });
  const [file] = filePaths;
  if (canceled || file === undefined) return null;
  stored.folders.set({ ...stored.folders.value, open: path.dirname(file) });
  return file;
}

/** A file that came from outside the window: the page is told when it is usable, the user when it is not. */
export async function openForUser(file: string, context: AnswersContext): Promise<void> {
  const { link, log, window } = context;
  try {
    link.send('onOpened', await openGiven(file, context));
  } catch (problem) {
    const { found, advice } =
      problem instanceof BadInput ? problem : { found: `${file} cannot be opened.`, advice: 'Look into the log.' };
    log.write('error', 'main', String(problem));
    if (!window.isDestroyed()) await dialog.showMessageBox(window, { type: 'warning', message: found, detail: advice });
  }
}

/** To a page that takes the place of one that ended: what that one showed. */
export async function showAgain({ link, shown }: Pick<AnswersContext, 'link' | 'shown'>): Promise<void> {
  for (const file of await shown.there()) link.send('onOpened', file);
}
