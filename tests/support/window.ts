import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { ensureElectron } from '../../electron/build/electron-runtime.mjs';
import { endApp } from './end-app.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

export interface OpenWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  readonly runs: string;
  /** What the page has complained about since it was opened: content policy, uncaught errors. */
  readonly complaints: string[];
  /** From the start of the process to the first painted window. */
  readonly startSeconds: number;
  close(): Promise<void>;
}

export interface WindowOptions {
  /** Files and folders to open, and switches of the app. */
  readonly words?: readonly string[];
  readonly switches?: readonly string[];
  readonly userData?: string;
  readonly runs?: string;
  readonly firstLight?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

const temporary = (name: string): string => mkdtempSync(path.join(os.tmpdir(), `saddlescope-${name}-`));

/** The real app in a real window, with user data and runs of its own. */
export async function openWindow(options: WindowOptions = {}): Promise<OpenWindow> {
  const runtime = ensureElectron();
  if (runtime === null) throw new Error('No Electron could be had for this system.');
  const userData = options.userData ?? temporary('user');
  const runs = options.runs ?? temporary('runs');
  const { words = [], switches = [], firstLight = false } = options;
  const began = performance.now();
  const app = await _electron.launch({
    executablePath: runtime.program,
    cwd: root,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      // A machine without a graphics card draws scenes in software; newer versions of Chromium must be told.
      '--enable-unsafe-swiftshader',
      `--user-data-dir=${userData}`,
      ...switches,
      root,
      '--runs',
      runs,
      ...(firstLight ? [] : ['--no-first-light']),
      ...words,
    ],
    env: { ...(process.env as Record<string, string>), ...options.environment },
  });
  const main = app.process();
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on('pageerror', (problem) => complaints.push(String(problem)));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.waitForSelector('[role="menubar"]');
  const startSeconds = (performance.now() - began) / 1000;
  return {
    app,
    page,
    userData,
    runs,
    complaints,
    startSeconds,
    close: () => endApp(app, main),
  };
}
