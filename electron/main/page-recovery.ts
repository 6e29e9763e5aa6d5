import type { BrowserWindow, Dialog } from 'electron';
import type { LogFile } from './log-file.ts';
import { loadPage } from './main-window.ts';
import { isOurPage } from './page-origin.ts';
import { afterEnd } from './restart-schedule.ts';

/** A page whose process ended is loaded again. The process that computes stays; what it did for that page it stops. */
export function recoverPage(window: BrowserWindow, dialog: Dialog, log: LogFile, onGone: () => void): void {
  let ends: number[] = [];
  const loadAgain = () => {
    if (!window.isDestroyed()) loadPage(window);
  };
  const ask = async () => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: 'The window has ended three times within two minutes.',
      detail:
        'What it trained is stopped, with its state kept. Load the window again, or close the app; the log tells more.',
      buttons: ['Load again', 'Close'],
      defaultId: 0,
      cancelId: 1,
    });
    ends = [];
    if (response === 0) loadAgain();
    else window.destroy();
  };
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.write('error', 'main', `the page ended: ${reason} (${exitCode})`);
    onGone();
    ends = [...ends, Date.now()].slice(-10);
    const next = afterEnd(ends);
    if (next.restart) setTimeout(loadAgain, next.inSeconds * 1000);
    else void ask();
  });
  window.webContents.on('did-navigate', (_event, url) => {
    // A blank page is made inside the page's process, where nobody is asked before.
    if (isOurPage(url)) return;
    log.notice('navigation', `The page had gone to ${url.slice(0, 200)} and is loaded again.`);
    onGone();
    loadAgain();
  });
  window.webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    if (isMainFrame) log.write('error', 'main', `${url} could not be loaded: ${description} (${code})`);
  });
  window.on('unresponsive', () => log.write('error', 'main', 'the page does not respond'));
}
