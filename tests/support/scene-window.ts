import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { _electron, type Page } from 'playwright-core';
import { build } from 'vite';
import { ensureElectron } from '../../electron/build/electron-runtime.mjs';
import { endApp } from './end-app.ts';

export interface SceneWindow {
  readonly page: Page;
  readonly complaints: string[];
  close(): Promise<void>;
}

const main = (address: string) => `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1420, height: 800, useContentSize: true, webPreferences: { backgroundThrottling: false } });
  window.loadURL('${address}');
});`;

/** A real window with a page that holds scenes and nothing else; `?canvas`: one that gets no WebGL. */
export async function openSceneWindow(): Promise<SceneWindow> {
  const runtime = ensureElectron();
  if (runtime === null) throw new Error('No Electron could be had for this system.');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'saddlescope-scene-'));
  await build({
    root: path.join(import.meta.dirname, 'scene-bench'),
    configFile: false,
    logLevel: 'error',
    base: './',
    build: {
      outDir: path.join(folder, 'page'),
      emptyOutDir: true,
      target: 'chrome114',
      modulePreload: { polyfill: false },
    },
  });
  // Modules do not load from files.
  const types: Readonly<Record<string, string>> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
  };
  const server = createServer(({ url = '/' }, response) => {
    const file = path.join(folder, 'page', path.normalize(url.startsWith('/?') || url === '/' ? '/index.html' : url));
    try {
      const body = readFileSync(file);
      response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  writeFileSync(path.join(folder, 'main.js'), main(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
  writeFileSync(path.join(folder, 'package.json'), '{"name":"scenes","main":"main.js"}');
  const app = await _electron.launch({
    executablePath: runtime.program,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--enable-unsafe-swiftshader',
      '--js-flags=--expose-gc',
      `--user-data-dir=${path.join(folder, 'user')}`,
      folder,
    ],
    env: process.env as Record<string, string>,
  });
  const appProcess = app.process();
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on('pageerror', (problem) => complaints.push(String(problem)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page
    .waitForFunction(() => 'bench' in window, null, { timeout: 20_000 })
    .catch((problem) => {
      throw new Error(`${problem}\n${complaints.join('\n')}`);
    });
  return {
    page,
    complaints,
    close: async () => {
      await endApp(app, appProcess);
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
