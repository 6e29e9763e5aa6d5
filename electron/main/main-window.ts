import { BrowserWindow, nativeTheme, screen } from 'electron';
import { pageOrigin } from './page-origin.ts';
import type { StoredFiles, WindowState } from './stored-files.ts';
import { groundColour } from './window-colours.ts';
import { smallest, windowPlacement } from './window-placement.ts';

const settledMs = 500;
/** A window that never painted is shown all the same: its user can at least close it. */
const patienceMs = 10_000;

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string;
  readonly developerTools: boolean;
  readonly stored: StoredFiles;
}

export function createMainWindow({ preload, icon, developerTools, stored }: WindowOptions): BrowserWindow {
  const saved = stored.window.value;
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...windowPlacement(saved, areas),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Saddlescope',
    icon,
    backgroundColor: groundColour(stored.settings.value.theme, nativeTheme.shouldUseDarkColors),
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      enableWebSQL: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      disableDialogs: true,
      devTools: developerTools,
    },
  });
  showOncePainted(window, saved);
  keepState(window, stored);
  lockZoom(window);
  // A page that refuses to be left would hold the closing up.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
  if (developerTools) developerKeys(window);
  return window;
}

export const loadPage = (window: BrowserWindow): void => {
  // What goes wrong here is told by the events of the page.
  window.loadURL(`${pageOrigin}/`).catch(() => {});
};

function showOncePainted(window: BrowserWindow, saved: WindowState | null): void {
  const show = () => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isVisible()) return;
    if (saved?.maximized) window.maximize();
    else window.show();
    if (saved?.fullScreen) window.setFullScreen(true);
  };
  const timer = setTimeout(show, patienceMs);
  window.once('ready-to-show', show);
  window.once('closed', () => clearTimeout(timer));
}

function keepState(window: BrowserWindow, { window: file }: StoredFiles): void {
  let timer: NodeJS.Timeout | null = null;
  const keep = () => {
    timer = null;
    if (window.isDestroyed()) return;
    file.set({
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
      fullScreen: window.isFullScreen(),
    });
  };
  const keepSoon = () => {
    timer ??= setTimeout(keep, settledMs);
  };
  const changes = ['resize', 'move', 'maximize', 'unmaximize', 'enter-full-screen', 'leave-full-screen'] as const;
  for (const change of changes) window.on(change as 'resize', keepSoon);
  window.on('close', keep);
  window.on('closed', () => timer && clearTimeout(timer));
}

/** Sizes are the page's own affair: Chromium's zoom would be remembered for the origin and could not be undone here. */
function lockZoom({ webContents }: BrowserWindow): void {
  webContents.on('did-finish-load', () => {
    webContents.setZoomFactor(1);
    webContents.setVisualZoomLevelLimits(1, 1).catch(() => {});
  });
}

function developerKeys({ webContents }: BrowserWindow): void {
  webContents.on('before-input-event', (event, { type, key, control, meta }) => {
    if (type !== 'keyDown') return;
    if (key === 'F12') webContents.toggleDevTools();
    else if (key.toLowerCase() === 'r' && (control || meta)) webContents.reload();
    else return;
    event.preventDefault();
  });
}
