import path from 'node:path';
import { app, BrowserWindow, MessageChannelMain, type MessagePortMain } from 'electron';
import { gpuPage, gpuSession } from './gpu-page.ts';
import type { LogFile } from './log-file.ts';
import { afterEnd } from './restart-schedule.ts';

const loadMs = 20_000;
/** Ends older than any that the schedule looks at. */
const keptEnds = 10;

/** The window that nobody sees, in which Chromium computes on the GPU. There while somebody asks; it closes itself. */
export interface GpuWindow {
  /**
   * A port to it, opened where it is not there; else why there is none. Without `forced`, only where the machine has a
   * graphics processor.
   */
  connect(forced: boolean): Promise<MessagePortMain | string>;
}

export interface GpuWindowOptions {
  /** The folder of the built page, and its preload. */
  readonly page: string;
  readonly preload: string;
  readonly log: LogFile;
}

interface OpenWindow {
  readonly window: BrowserWindow;
  readonly loaded: Promise<void>;
}

export function gpuWindow({ page, preload, log }: GpuWindowOptions): GpuWindow {
  let open: OpenWindow | null = null;
  let ends: number[] = [];

  // A window that nobody sees must not keep the app open.
  app.on('browser-window-created', (_event, other) =>
    other.once('closed', () => {
      const left = BrowserWindow.getAllWindows();
      if (open !== null && left.length === 1 && left[0] === open.window) open.window.destroy();
    }),
  );

  function create(): OpenWindow {
    const window = new BrowserWindow({
      show: false,
      focusable: false,
      skipTaskbar: true,
      webPreferences: {
        preload,
        session: gpuSession(page, log.notice),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        // It is never shown, and works all the same.
        backgroundThrottling: false,
        spellcheck: false,
        disableDialogs: true,
        devTools: false,
      },
    });
    window.webContents.on('console-message', (_event, _level, message) => {
      // A feature that is denied and that this Chromium does not know is denied all the same.
      if (!/Permissions-Policy header/.test(message))
        log.notice('gpu', `The window of the GPU says: ${message.slice(0, 500)}`);
    });
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      ends = [...ends, Date.now()].slice(-keptEnds);
      log.write('error', 'main', `the window of the GPU has ended: ${reason} (${exitCode})`);
      window.destroy();
    });
    window.once('closed', () => {
      if (open?.window === window) open = null;
      log.write('info', 'main', 'gpu: closed');
    });
    log.write('info', 'main', 'gpu: opened');
    return { window, loaded: inTime(window.loadURL(gpuPage)) };
  }

  return {
    async connect(forced) {
      if (!forced && !(await hasGraphicsProcessor())) return 'There is no graphics processor.';
      if (ends.length > 0 && !afterEnd(ends).restart && Date.now() - ends.at(-1)! < 60_000)
        return 'The window that computes on the GPU has ended three times in a short while.';
      open ??= create();
      const { window, loaded } = open;
      try {
        await loaded;
        const { port1, port2 } = new MessageChannelMain();
        window.webContents.postMessage('gpu-port', null, [port2]);
        return port1;
      } catch (problem) {
        if (!window.isDestroyed()) window.destroy();
        log.write('error', 'main', `gpu: ${String(problem)}`);
        return 'The window that computes on the GPU could not be opened.';
      }
    },
  };
}

/** Whether Chromium draws with one; it knows when it has asked the system. */
async function hasGraphicsProcessor(): Promise<boolean> {
  await app.getGPUInfo('basic').catch(() => null);
  return app.getGPUFeatureStatus().gpu_compositing.startsWith('enabled');
}

async function inTime(load: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no page within ${loadMs / 1000} s`)), loadMs);
  });
  try {
    await Promise.race([load, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Where the build lays them, beside main. */
export const builtGpuPage = (dist: string) => ({
  page: path.join(dist, 'gpu'),
  preload: path.join(dist, 'gpu-preload', 'gpu-preload.cjs'),
});
