import path from 'node:path';
import { app, dialog, ipcMain, Menu, session } from 'electron';
import { assetsFolder } from '../host/assets-folder.ts';
import type { AnswersContext } from './answers-context.ts';
import { appInformation, runtimeInWords } from './app-information.ts';
import type { Arguments } from './arguments.ts';
import { bridgeAnswers } from './bridge-answers.ts';
import { askBeforeClosing } from './closing.ts';
import { computeProcess } from './compute-process.ts';
import { engineProcess } from './engine-process.ts';
import { fileTable } from './file-table.ts';
import { sayGoodbye } from './goodbye.ts';
import { handleBridge } from './handle.ts';
import type { LogFile } from './log-file.ts';
import { macMenu } from './mac-menu.ts';
import { createMainWindow, loadPage } from './main-window.ts';
import { lockNavigation } from './navigation-lock.ts';
import { openForUser, showAgain } from './open-given.ts';
import { pageLink } from './page-link.ts';
import { isOurPage } from './page-origin.ts';
import { servePage } from './page-protocol.ts';
import { recoverPage } from './page-recovery.ts';
import { beginSession } from './session-mark.ts';
import { restrictSession } from './session-rules.ts';
import { shownRuns } from './shown-runs.ts';
import { removeOldStartUpRuns } from './start-up-runs.ts';
import { openStoredFiles, type StoredFiles } from './stored-files.ts';

const pageEnded =
  'The window ended and was loaded again: what it trained is stopped, with its state kept, and can be continued.';
/** Old runs are deleted when the start is over and the disk is quiet. */
const tidyMs = 10_000;

export interface InstrumentOptions {
  readonly given: Arguments;
  /** To be opened as soon as there is a page. */
  readonly files: readonly string[];
  readonly log: LogFile;
}

export interface Instrument {
  open(file: string): void;
  /** In front of everything, for its user has just asked for it. */
  show(): void;
  /** Without asking: the system shuts down. */
  close(): void;
}

/** The window, the process that computes, and all that connects them, once Electron is ready. */
export async function startInstrument({ given, files, log }: InstrumentOptions): Promise<Instrument> {
  log.write(
    'info',
    'main',
    `start in ${runtimeInWords(process.versions).runtime}, ${process.platform} ${process.arch}`,
  );
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate(macMenu) : null);
  lockNavigation(app, log.notice);
  restrictSession(session.defaultSession, log.notice);
  servePage(path.join(__dirname, '..', 'page'));

  const link = pageLink();
  // First, for it takes the longest; the page hears of it when it is there.
  const compute = computeProcess({
    script: path.join(__dirname, 'compute.cjs'),
    log,
    onState: (state) => link.send('onComputeState', state),
  });
  compute.start();
  const engines = engineProcess({ script: path.join(__dirname, 'engine.cjs'), log });

  const { stored, troubles } = await remembered(log);
  const assets = assetsFolder();
  const window = createMainWindow({
    preload: path.join(__dirname, '..', 'preload', 'preload.cjs'),
    icon: path.join(assets, 'icons', 'saddlescope.png'),
    developerTools: given.developerTools,
    stored,
  });
  link.attach(window);

  const closing = askBeforeClosing(window, () => log.write('error', 'main', 'the page did not answer and was closed'));
  const runs = given.runs ?? path.join(app.getPath('documents'), 'Saddlescope');
  const information = appInformation(given.firstLight && files.length === 0, troubles);
  const context: AnswersContext = {
    ...{ window, closing, compute, engines, link, stored, log, assets, runs, information },
    table: fileTable(),
    shown: shownRuns(),
  };
  handleBridge({ ipcMain, log, answers: bridgeAnswers(context) });
  let isPageGone = false;
  recoverPage(window, dialog, log, () => {
    closing.setBusy(false);
    compute.disconnect();
    information.tell(pageEnded);
    isPageGone = true;
  });
  sayGoodbye({ app, compute, engines, stored, log });

  const open = (file: string) => void openForUser(file, context);
  window.webContents.on('dom-ready', () => {
    link.send('onComputeState', compute.state);
    if (!isPageGone || !isOurPage(window.webContents.getURL())) return;
    isPageGone = false;
    void showAgain(context);
  });
  window.webContents.once('dom-ready', () => files.forEach(open));
  loadPage(window);
  setTimeout(() => void tidy(runs, stored, log), tidyMs).unref();
  return {
    open,
    show() {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    close: closing.now,
  };
}

/** What the app remembers, and what is to be told about that and about the last session. */
async function remembered(log: LogFile): Promise<{ stored: StoredFiles; troubles: readonly string[] }> {
  const troubles: string[] = [];
  const stored = await openStoredFiles(app.getPath('userData'), {
    onBad(file, why, movedTo) {
      const where = movedTo ? ` It was put aside as ${path.basename(movedTo)}.` : '';
      troubles.push(`${path.basename(file)} could not be used: ${why}.${where}`);
      log.write('error', 'main', `${file}: ${why}.${where}`);
    },
    onFailedWrite: (file, problem) => log.write('error', 'main', `${file} could not be written: ${problem}`),
  });
  const lastEnd = beginSession(stored.session);
  return { stored, troubles: lastEnd ? [lastEnd, ...troubles] : troubles };
}

async function tidy(runs: string, stored: StoredFiles, log: LogFile): Promise<void> {
  const removed = await removeOldStartUpRuns(runs, (folder) =>
    stored.recent.value.some((entry) => entry.path === path.resolve(folder)),
  );
  if (removed.length > 0) log.write('info', 'main', `old start-up runs deleted: ${removed.join(', ')}`);
}
