import type { BrowserWindow } from 'electron';
import { bridgeChannel } from '../../core/protocol/bridge.ts';

const answerMs = 5_000;

/** How a window closes: at once when the page is at rest; else the page is asked, and closes it when nothing is lost. */
export interface Closing {
  setBusy(busy: boolean): void;
  /** The page has heard the question; its user may think as long as they like. */
  seen(): void;
  /** The page's answer, and that of the system when it shuts down. */
  now(): void;
}

export function askBeforeClosing(window: BrowserWindow, onNoAnswer: () => void): Closing {
  let busy = false;
  let agreed = false;
  let timer: NodeJS.Timeout | null = null;
  const stopWaiting = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  const now = () => {
    agreed = true;
    stopWaiting();
    if (window.isDestroyed()) return;
    window.close();
    timer = setTimeout(() => window.destroy(), answerMs);
  };
  window.on('close', (event) => {
    if (!busy || agreed) return;
    event.preventDefault();
    window.webContents.send(bridgeChannel('onCloseRequested'), null);
    timer ??= setTimeout(() => {
      onNoAnswer();
      // A page that does not answer would hold an ordinary closing up, too.
      agreed = true;
      window.destroy();
    }, answerMs);
  });
  window.on('closed', stopWaiting);
  return {
    setBusy(value) {
      busy = value;
    },
    seen: stopWaiting,
    now,
  };
}
