import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureElectron } from '../../electron/build/electron-runtime.mjs';
import { type OpenWindow, openWindow, type WindowOptions } from '../support/window.ts';

/** The page's view of its window, as far as it is used here. */
interface PageGlobals {
  readonly saddlescope: Readonly<Record<string, (...given: unknown[]) => Promise<unknown>>>;
}

const root = path.resolve(import.meta.dirname, '..', '..');

/** A window that is closed after the test, however that ends; tests that run side by side each say where they end. */
async function open(options: WindowOptions = {}, atEnd: typeof onTestFinished = onTestFinished): Promise<OpenWindow> {
  const opened = await openWindow(options);
  atEnd(() => opened.close());
  return opened;
}

const temporary = (): string => mkdtempSync(path.join(os.tmpdir(), 'saddlescope-main-'));

const call = ({ page }: OpenWindow, name: string, ...given: unknown[]): Promise<unknown> =>
  page.evaluate(
    async ([name, given]) =>
      (globalThis as unknown as PageGlobals).saddlescope[name as string]?.(...(given as unknown[])),
    [name, given] as const,
  );

const log = ({ userData }: OpenWindow): string => readFileSync(path.join(userData, 'logs', 'saddlescope.log'), 'utf8');

async function until(condition: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const began = Date.now(); !(await condition()); ) {
    if (Date.now() - began > ms) throw new Error(`waited ${ms} ms in vain for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const computePid = ({ app }: OpenWindow): Promise<number> =>
  app.evaluate(
    ({ app: electron }) => electron.getAppMetrics().find(({ name }) => name === 'Saddlescope compute')?.pid ?? 0,
  );

const exited = ({ app }: OpenWindow): Promise<number | null> => {
  const child = app.process();
  return new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(child.exitCode)));
};

const states = (window: OpenWindow): string[] =>
  [...log(window).matchAll(/main: compute: (\{.*\})/g)].map(([, text]) => JSON.parse(text ?? '').state);

test('a file that is dropped is granted by its place on the disk; what the page makes up is not', async () => {
  const window = await open();
  const folder = temporary();
  const file = path.join(folder, 'mine.yaml');
  writeFileSync(file, 'name: mine\n');
  await window.page.evaluate(() => {
    const { document } = globalThis as unknown as {
      document: { createElement(tag: string): object; body: { append(e: object): void } };
    };
    document.body.append(
      Object.assign(document.createElement('input'), { type: 'file', id: 'probe', style: 'position: fixed' }),
    );
  });
  await window.page.setInputFiles('#probe', file);
  const drop = (source: string) =>
    window.page.evaluate(`saddlescope.openDropped(${source}).catch((problem) => problem.message)`);
  expect(await drop('document.querySelector("#probe").files[0]')).toMatchObject({
    kind: 'experiment',
    name: 'mine.yaml',
    shown: file,
    reference: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  for (const made of [
    'new File(["name: x"], "/etc/hostname.yaml")',
    `Object.defineProperty(new File([""], "a.yaml"), "path", { value: ${JSON.stringify(file)} })`,
    `({ path: ${JSON.stringify(file)}, name: "mine.yaml" })`,
    JSON.stringify(file),
  ])
    expect(await drop(made)).toContain('no file of this machine');
  expect(await call(window, 'recentFiles')).toMatchObject([{ shown: file, kind: 'experiment' }]);
});

test('files of the first and of a second start are opened in the one window', async () => {
  const folder = temporary();
  for (const name of ['first.yaml', 'second.yaml']) writeFileSync(path.join(folder, name), `name: ${name}\n`);
  const window = await open({ words: [path.join(folder, 'first.yaml')] });
  const runtime = ensureElectron();
  const second = spawn(
    runtime?.program ?? '',
    [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${window.userData}`, root, 'second.yaml'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let said = '';
  second.stdout.on('data', (text) => {
    said += text;
  });
  expect(await new Promise((resolve) => second.on('exit', resolve))).toBe(0);
  expect(said).toContain('Saddlescope is open already');
  const names = async () => ((await call(window, 'recentFiles')) as { name: string }[]).map(({ name }) => name);
  await until(async () => (await names()).length === 2);
  expect(await names()).toEqual(['second.yaml', 'first.yaml']);
  expect(window.app.windows()).toHaveLength(1);
});

test('figures are saved whole; a PDF has their size, lines and letters', async () => {
  const window = await open();
  const folder = temporary();
  const chosen = path.join(folder, 'figure');
  await window.app.evaluate(({ dialog }, filePath) => {
    Object.assign(globalThis, { asked: [] });
    dialog.showSaveDialog = (async (_window: unknown, options: unknown) => {
      (globalThis as unknown as { asked: unknown[] }).asked.push(options);
      return { canceled: false, filePath };
    }) as typeof dialog.showSaveDialog;
  }, chosen);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200" style="background: #fff"><path d="M0 0L300 200" stroke="#123456" stroke-width="3"/><text x="20" y="50" style="font: 20px sans-serif">sharpness λ₁</text><script>document.title = 1</script><image href="https://example.com/x.png"/></svg>`;
  expect(await call(window, 'saveFile', 'a/b: figure', 'svg', svg)).toBe(`${chosen}.svg`);
  expect(readFileSync(`${chosen}.svg`, 'utf8')).toBe(svg);
  expect(await call(window, 'saveFile', 'figure', 'pdf', svg)).toBe(`${chosen}.pdf`);
  const pdf = readFileSync(`${chosen}.pdf`, 'latin1');
  // 300 × 200 pixels of a ninety-sixth of an inch are 225 × 150 points.
  const box = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/.exec(pdf);
  expect(Math.abs(Number(box?.[1]) - 225)).toBeLessThan(1);
  expect(Math.abs(Number(box?.[2]) - 150)).toBeLessThan(1);
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  expect(pdf).toMatch(/\/FontFile|\/Type\s*\/Font\b/);
  expect(pdf).not.toMatch(/\/Subtype\s*\/Image/);
  expect(readdirSync(folder).sort()).toEqual(['figure.pdf', 'figure.svg']);
  const asked = await window.app.evaluate(() => (globalThis as unknown as { asked: { defaultPath: string }[] }).asked);
  expect(path.basename(asked[0]?.defaultPath ?? '')).toBe('a b figure.svg');
  expect(asked[1]?.defaultPath).toBe(path.join(folder, 'figure.pdf'));
  expect(await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('a killed process that computes starts again, with a new port; after three ends it stops and says why', async () => {
  const window = await open();
  await until(() => states(window).at(-1) === 'ready');
  await window.page.evaluate(() => {
    const window = globalThis as unknown as {
      ports: number;
      addEventListener(name: string, f: (e: { data: unknown }) => void): void;
    };
    window.ports = 0;
    window.addEventListener('message', ({ data }) => {
      if (data === 'saddlescope-compute-port') window.ports++;
    });
  });
  for (const end of [1, 2, 3]) {
    await until(async () => states(window).at(-1) === 'ready' && (await computePid(window)) > 0);
    process.kill(await computePid(window), 'SIGKILL');
    await until(() => states(window).filter((state) => state !== 'starting' && state !== 'ready').length === end);
  }
  expect(states(window).filter((state) => state !== 'starting' && state !== 'ready')).toEqual([
    'restarting',
    'restarting',
    'stopped',
  ]);
  expect(log(window)).toContain('"reason":"The process that computes was ended by the signal SIGKILL');
  expect(await window.page.evaluate(() => (globalThis as unknown as { ports: number }).ports)).toBe(2);
  await call(window, 'restartCompute');
  await until(() => states(window).at(-1) === 'ready');
});

// These wait for seconds that the app gives others to answer: side by side.
test.concurrent('a process that hangs at its work is ended after 15 seconds and starts again', async ({
  onTestFinished,
}) => {
  const window = await open({ firstLight: true }, onTestFinished);
  await until(() => existsSync(window.runs) && readdirSync(window.runs).length > 0, 60_000);
  // Long enough for a heartbeat that tells of the work.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  process.kill(await computePid(window), 'SIGSTOP');
  const began = Date.now();
  await until(() => states(window).includes('restarting'), 40_000);
  expect(Date.now() - began).toBeGreaterThan(13_000);
  expect(log(window)).toMatch(/did not answer for 1[5-9] seconds and was ended/);
  await until(() => states(window).at(-1) === 'ready');
});

test.concurrent('a page that ends is loaded again; the process that computes does not notice', async ({
  onTestFinished,
}) => {
  const window = await open({}, onTestFinished);
  await until(async () => (await computePid(window)) > 0);
  const before = await computePid(window);
  await window.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  const painted = () =>
    window.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return !!contents && !contents.isCrashed() && !contents.isLoading();
    });
  await until(() => log(window).includes('the page ended: '));
  await until(painted);
  expect(await computePid(window)).toBe(before);
  expect(states(window)).toEqual(['starting', 'ready']);
});

test.concurrent('a quiet window closes at once, and its session is ended', async ({ onTestFinished }) => {
  const window = await open({}, onTestFinished);
  await until(() => states(window).at(-1) === 'ready');
  const gone = exited(window);
  await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await gone).toBe(0);
  expect(JSON.parse(readFileSync(path.join(window.userData, 'session.json'), 'utf8')).content.ended).toBe(true);
  const again = await open({ userData: window.userData }, onTestFinished);
  expect(await call(again, 'information')).toMatchObject({ recovered: null });
});

test.concurrent('a busy page is asked; one that does not answer for five seconds is closed all the same', async ({
  onTestFinished,
}) => {
  const window = await open({}, onTestFinished);
  await call(window, 'setBusy', true);
  await window.page.evaluate('void setTimeout(() => { for (;;); }, 50)');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const gone = exited(window);
  const began = Date.now();
  await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await gone).toBe(0);
  expect(Date.now() - began).toBeGreaterThan(4_500);
  expect(log(window)).toContain('the page did not answer');
});

test('a signal closes a busy window without asking, and ends the session', async () => {
  const window = await open();
  await call(window, 'setBusy', true);
  const gone = exited(window);
  window.app.process().kill('SIGTERM');
  expect(await gone).toBe(0);
  expect(JSON.parse(readFileSync(path.join(window.userData, 'session.json'), 'utf8')).content.ended).toBe(true);
});

test('after a kill and with damaged files it starts, tells it once, and keeps what was damaged', async () => {
  const userData = temporary();
  mkdirSync(userData, { recursive: true });
  writeFileSync(path.join(userData, 'settings.json'), '{"app":"saddlescope","form');
  writeFileSync(
    path.join(userData, 'session.json'),
    JSON.stringify({
      app: 'saddlescope',
      format: 1,
      content: { pid: 4194303, startedAt: '2026-11-22T05:06:07.000Z', ended: false },
    }),
  );
  const window = await open({ userData });
  expect(window.startSeconds).toBeLessThan(20);
  const aside = readdirSync(userData).filter((name) => name.startsWith('settings.json.bad-'));
  expect(aside).toHaveLength(1);
  expect(readFileSync(path.join(userData, aside[0] ?? ''), 'utf8')).toBe('{"app":"saddlescope","form');
  expect(log(window)).toContain('settings.json');
  // The page has asked already: to whoever asks again nothing is told.
  expect(await call(window, 'information')).toMatchObject({ recovered: null, firstLight: false });
});

test('the window opens where it was', async () => {
  const window = await open();
  const bounds = { x: 60, y: 40, width: 1111, height: 777 };
  await window.app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds);
  const file = path.join(window.userData, 'window.json');
  await until(() => existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).content.bounds.width === 1111);
  const gone = exited(window);
  await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await gone;
  const again = await open({ userData: window.userData });
  expect(await again.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(
    bounds,
  );
});
