import fs from 'node:fs/promises';
import path from 'node:path';
import { app, clipboard, dialog, shell } from 'electron';
import { BadInput } from '../../core/bad-input.ts';
import type { GrantedFile, LessonText, SaveKind } from '../../core/protocol/bridge.ts';
import type { EngineProgress, EngineReport, EngineWish } from '../../core/protocol/engines.ts';
import { atomicWrite } from '../host/atomic-write.ts';
import type { AnswersContext } from './answers-context.ts';
import type { Answers } from './bridge-schemas.ts';
import { documentationPage, isDocumentation } from './documentation.ts';
import { newRunFolder } from './new-run.ts';
import { askForFile, askForLandscapes, askForWheel, openGiven } from './open-given.ts';
import { printFigure } from './print-figure.ts';
import { recentFiles, withRecent } from './recent-files.ts';
import { askWhereToSave } from './save-file.ts';
import { sizeOfSvg } from './svg-size.ts';

/** What main does for each call of the page. */
export function bridgeAnswers(context: AnswersContext): Answers {
  const { window, closing, compute, engines, table, stored, log, shown } = context;
  const handedOut = new Set<string>();
  return {
    information: () => context.information.read(),
    connectCompute: () => compute.connect(context.link.sendPort),
    restartCompute: () => compute.restart(),
    readSettings: () => stored.settings.value,
    writeSettings: (settings) => stored.settings.set(settings),
    openFile: (kind) => askForFile(kind, context),
    openLandscapes: () => askForLandscapes(context),
    openDropped: (file) => openGiven(file, context),
    openRecent: (reference) => openGiven(table.find(reference).path, context),
    recentFiles: () => recentFiles(stored.recent, table),
    clearRecentFiles() {
      stored.recent.set([]);
      app.clearRecentDocuments();
    },
    bundledExperiments: () => bundledExperiments(context),
    bundledLessons: () => bundledLessons(context),
    newRun(name, purpose) {
      const folder = newRunFolder(context.runs, name, purpose, new Date(), handedOut);
      const granted = table.mint(folder, 'run');
      compute.grant(granted.reference, folder);
      shown.add(granted);
      if (purpose === 'kept')
        stored.recent.set(withRecent(stored.recent.value, { path: folder, kind: 'run' }, Date.now()));
      return granted;
    },
    saveFile: (name, kind, content) => saveFile(name, kind, content, context),
    saveExperiment: (reference, yaml) => saveExperiment(reference, yaml, context),
    async saveExperimentAs(name, yaml) {
      const file = await saveFile(name, 'yaml', yaml, context);
      return file === null ? null : openGiven(file, context);
    },
    copyText: (text) => clipboard.writeText(text),
    async revealFile(reference) {
      const { path: file } = table.find(reference);
      await fs.access(file).catch(() => {
        throw new BadInput(`${file} is not there.`, 'It may have been moved or deleted.');
      });
      shell.showItemInFolder(file);
    },
    async openDocumentation(page) {
      const address = documentationPage(page);
      if (address === null || !isDocumentation(address))
        throw new BadInput(`There is no page “${page}”.`, 'Choose one from the Help menu.');
      await shell.openExternal(address);
    },
    close: () => closing.now(),
    closeSeen: () => closing.seen(),
    setBusy: (busy) => closing.setBusy(busy),
    toggleFullScreen: () => window.setFullScreen(!window.isFullScreen()),
    log: (level, text) => log.write(level, 'page', text),
    async showLog() {
      log.write('info', 'main', 'the log is shown');
      if ((await shell.openPath(log.file)) !== '') shell.showItemInFolder(log.file);
    },
    writeBackup: (text) => stored.backup.set(text),
    readBackup: () => stored.backup.value,
    engines: () => engines.look(),
    changeEngine: (wish) => changeEngine(wish, context),
    cancelEngineChange: () => engines.cancel(),
  };
}

/** A wheel is chosen in a dialog of the system; null where none is. */
async function changeEngine(wish: EngineWish, context: AnswersContext): Promise<EngineReport | null> {
  const { engines, link } = context;
  const onProgress = (progress: EngineProgress) => link.send('onEngineProgress', progress);
  if (wish.kind !== 'install') return engines.change(wish, onProgress);
  const wheel = wish.from === 'wheel' ? await askForWheel(context) : null;
  if (wish.from === 'wheel' && wheel === null) return null;
  return engines.change({ kind: 'install', gpu: wish.gpu, wheel }, onProgress);
}

async function bundledExperiments({ assets, table, compute }: AnswersContext): Promise<readonly GrantedFile[]> {
  const folder = path.join(assets, 'experiments');
  const names = (await fs.readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return names.map((name) => {
    const granted = table.mint(path.join(folder, name), 'experiment');
    compute.grant(granted.reference, granted.shown);
    return granted;
  });
}

/** By their file names, which begin with a number. */
async function bundledLessons({ assets }: AnswersContext): Promise<readonly LessonText[]> {
  const folder = path.join(assets, 'lessons');
  const names = (await fs.readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map(async (name) => ({ name, yaml: await fs.readFile(path.join(folder, name), 'utf8') })));
}

async function saveExperiment(reference: string, yaml: string, { table, assets }: AnswersContext): Promise<void> {
  const { path: file, kind } = table.find(reference);
  // The file itself is replaced, not a link that may lead to it.
  const real = await fs.realpath(file).catch(() => file);
  const isShipped = real.startsWith((await fs.realpath(assets)) + path.sep);
  if (kind !== 'experiment' || isShipped)
    throw new BadInput(`${file} is not to be written over.`, 'Save the experiment under another name.');
  await atomicWrite(real, yaml);
}

async function saveFile(
  name: string,
  kind: SaveKind,
  content: Uint8Array | string,
  { window, stored }: AnswersContext,
): Promise<string | null> {
  const folder = stored.folders.value.save ?? app.getPath('documents');
  const file = await askWhereToSave(dialog, window, name, kind, folder);
  if (file === null) return null;
  stored.folders.set({ ...stored.folders.value, save: path.dirname(file) });
  await atomicWrite(file, kind === 'pdf' ? await pdfOf(content) : content);
  return file;
}

async function pdfOf(content: Uint8Array | string): Promise<Uint8Array> {
  const svg = typeof content === 'string' ? content : Buffer.from(content).toString('utf8');
  const size = sizeOfSvg(svg);
  if (size === null) throw new BadInput('The figure has no size to print it in.', 'Save it as SVG or PNG.');
  return printFigure(svg, size);
}
