import path from 'node:path';
import { app, type BrowserWindow, dialog, ipcMain, Menu, type MessagePortMain, session } from 'electron';
import { BadInput } from '../../core/bad-input.ts';
import { bridgeChannel, type GrantedFile } from '../../core/protocol/bridge.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { assetsFolder } from '../host/assets-folder.ts';
import { version } from '../host/version.ts';
import type { Arguments } from './arguments.ts';
import { bridgeAnswers, openGiven } from './bridge-answers.ts';
import { askBeforeClosing } from './closing.ts';
import { computeProcess } from './compute-process.ts';
import { fileTable } from './file-table.ts';
import { handleBridge } from './handle.ts';
import type { LogFile } from './log-file.ts';
import { macMenu } from './mac-menu.ts';
import { createMainWindow, loadPage } from './main-window.ts';
import { lockNavigation } from './navigation-lock.ts';
import { servePage } from './page-protocol.ts';
import { recoverPage } from './page-recovery.ts';
import { beginSession } from './session-mark.ts';
import { restrictSession } from './session-rules.ts';
import { allWritten, openStoredFiles } from './stored-files.ts';

const endPatienceMs = 5_000;

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
}

const major = (text: string): number => Number(/\d+/.exec(text)?.[0]);

/** The window, the process that computes, and all that connects them, once Electron is ready. */
export async function startInstrument({ given, files, log }: InstrumentOptions): Promise<Instrument> {
  const { electron, chrome, node } = process.versions;
  log.write('info', 'main', `Saddlescope ${version} starts: Electron ${electron}, ${process.platform} ${process.arch}`);
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate(macMenu) : null);
  lockNavigation(app, log.notice);
  restrictSession(session.defaultSession, log.notice);
  servePage(path.join(__dirname, '..', 'page'));

  // The process that computes starts first, for it takes the longest; the page hears of it when it is there.
  let page: BrowserWindow | null = null;
  const send = (name: Parameters<typeof bridgeChannel>[0], value: unknown, ports: MessagePortMain[] = []): void => {
    const contents = page?.isDestroyed() === false ? page.webContents : null;
    if (!contents || contents.isCrashed()) return;
    if (ports.length === 0) contents.send(bridgeChannel(name), value);
    else contents.postMessage(bridgeChannel(name), value, ports);
  };
  const compute = computeProcess({
    script: path.join(__dirname, 'compute.cjs'),
    log,
    onState: (state) => send('onComputeState', state),
  });
  compute.start();

  const troubles: string[] = [];
  const stored = await openStoredFiles(app.getPath('userData'), {
    onBad(file, why, movedTo) {
      const where = movedTo ? ` It was put aside as ${path.basename(movedTo)}.` : '';
      troubles.push(`${path.basename(file)} could not be used: ${why}.${where}`);
      log.write('error', 'main', `${file}: ${why}${where}`);
    },
    onFailedWrite: (file, problem) => log.write('error', 'main', `${file} could not be written: ${problem}`),
  });
  const lastEnd = beginSession(stored.session);
  if (lastEnd) troubles.unshift(lastEnd);

  const assets = assetsFolder();
  const window = createMainWindow({
    preload: path.join(__dirname, '..', 'preload', 'preload.cjs'),
    icon: path.join(assets, 'icons', 'saddlescope.png'),
    developerTools: given.developerTools,
    stored,
  });
  page = window;

  const table = fileTable();
  const closing = askBeforeClosing(window, () => log.write('error', 'main', 'the page did not answer and was closed'));
  recoverPage(window, dialog, log, () => {
    closing.setBusy(false);
    compute.disconnect();
  });

  let pagesSeen = 0;
  handleBridge({
    ipcMain,
    log,
    answers: bridgeAnswers({
      window,
      closing,
      compute,
      connectCompute: () => compute.connect((port) => send('computePort', null, [port])),
      table,
      stored,
      log,
      assets,
      runs: given.runs ?? path.join(app.getPath('documents'), 'Saddlescope'),
      information() {
        const isFirst = pagesSeen++ === 0;
        return {
          version,
          runtime: `Electron ${electron} (Chromium ${major(chrome ?? '')}, Node ${node})`,
          runtimeSupported: major(electron ?? '') >= major(packageJson.devDependencies.electron),
          platform: process.platform as 'linux' | 'darwin' | 'win32',
          firstLight: isFirst && given.firstLight && files.length === 0,
          recovered: isFirst && troubles.length > 0 ? troubles.join(' ') : null,
        };
      },
    }),
  });

  const open = async (file: string): Promise<void> => {
    try {
      const granted: GrantedFile = await openGiven(file, { table, compute, stored });
      send('onOpened', granted);
    } catch (problem) {
      log.write('error', 'main', String(problem));
      if (!(problem instanceof BadInput)) throw problem;
      await dialog.showMessageBox(window, { type: 'warning', message: problem.found, detail: problem.advice });
    }
  };

  window.webContents.on('did-finish-load', () => send('onComputeState', compute.state));
  window.webContents.once('did-finish-load', () => {
    for (const file of files) void open(file);
  });
  loadPage(window);

  app.on('window-all-closed', async () => {
    await compute.end(endPatienceMs);
    stored.session.set({ pid: process.pid, startedAt: '', ended: true });
    await allWritten(stored);
    app.quit();
  });

  return {
    open: (file) => void open(file),
    show() {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}
