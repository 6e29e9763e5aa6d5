import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activeEngine, engineFiles } from '../../electron/host/engine/engines-home.ts';
import { changingEngines } from '../../electron/host/engine/engines-lock.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { comparedRuns, until, untilStep } from '../support/run-control.ts';
import { wheelOfEngine, writeWheel } from '../support/wheels.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

const engine = activeEngine(process.env.SADDLESCOPE_TEST_ENGINES);
const folder = temporaryFolder();
const home = path.join(folder, 'engines');
const file = path.join(folder, 'small.yaml');
const name = `tensorflow-${engine?.record.version}-cpu`;
const title = `TensorFlow ${engine?.record.version}`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const left = (): string[] => (existsSync(home) ? readdirSync(home).sort() : []);

writeFileSync(
  file,
  `name: small
data: { train: digits-8x8, subset: { first: 300 } }
model: { layers: [ { dense: { units: 16, activation: tanh } }, { dense: { units: 10 } } ] }
loss: halfSquaredError
optimizer: { gradientDescent: { learningRate: 0.05 } }
steps: 1000000
`,
);
const open = () => openWindow({ words: [file], environment: { SADDLESCOPE_ENGINES: home } });

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Engine' });

async function openEngines(page: Page) {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('engine tensorflow');
  await page.keyboard.press('Enter');
  const dialog = dialogOf(page);
  await dialog.getByText('New runs compute with').waitFor();
  return dialog;
}

/** Without a pointer: the focus goes on until it is on the button. */
async function press(page: Page, wanted: RegExp): Promise<void> {
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  for (let i = 0; i < 40 && !wanted.test(await focused()); i++) await page.keyboard.press('Tab');
  expect(await focused()).toMatch(wanted);
  await page.keyboard.press('Enter');
}

const chooses = ({ app }: OpenWindow, wheel: string | null) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
  }, wheel);

const engineInStrip = (page: Page): Promise<string> => page.locator('.jobs-strip-engine').innerText();

describe('without an engine', () => {
  let opened: OpenWindow;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());

  test('the place says what computes, why, and what else there is; axe finds nothing serious in any theme', async () => {
    const { page } = opened;
    for (const theme of ['dark', 'light', 'contrast']) {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(
        { dark: 'theme dark', light: 'light theme', contrast: 'high contrast theme' }[theme] ?? '',
      );
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
      const text = await (await openEngines(page)).innerText();
      expect(text).toContain('WebAssembly');
      expect(text).toContain('TensorFlow is not installed');
      expect(text).toMatch(/about 210 MB download/);
      const session = await page.context().newCDPSession(page);
      await session.send('Runtime.evaluate', { expression: axe });
      const { result } = await session.send('Runtime.evaluate', {
        expression: `axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | '))))`,
        awaitPromise: true,
        returnByValue: true,
      });
      await session.detach();
      expect(JSON.parse(String(result.value))).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });

  test('a wheel that is none of ours is named, and leaves nothing', async () => {
    const { page } = opened;
    const bad = writeWheel(folder, { tag: 'cp311-cp311-win_amd64' });
    await chooses(opened, bad);
    const dialog = await openEngines(page);
    await press(page, /^From a wheel…$/);
    const refused = dialog.getByRole('alert');
    await refused.waitFor();
    expect(await refused.innerText()).toContain(`${bad} is for another platform (win_amd64).`);
    expect(await refused.getByRole('button', { name: 'Try again' }).count()).toBe(1);
    expect(left()).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
  });

  test('no chosen file changes nothing', async () => {
    const { page } = opened;
    await chooses(opened, null);
    const dialog = await openEngines(page);
    await press(page, /^From a wheel…$/);
    await until(
      'the button is back',
      async () => (await dialog.getByRole('button', { name: /From a wheel/ }).count()) === 1,
    );
    expect(await dialog.getByRole('alert').count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  test('another window or terminal that installs at the same time is named', async () => {
    const { page } = opened;
    await chooses(opened, writeWheel(folder));
    const dialog = await openEngines(page);
    await changingEngines(home, async () => {
      await press(page, /^From a wheel…$/);
      await dialog.getByRole('alert').waitFor();
      expect(await dialog.getByRole('alert').innerText()).toContain(`Process ${process.pid} is installing or removing`);
    });
    await page.keyboard.press('Escape');
  });

  test('nothing was refused by the content policy', () => expect(opened.complaints).toEqual([]));
});

const isInstalled = engine === null ? 'skipped: no engine is installed to make a wheel of' : 'as a wheel';

describe.skipIf(engine === null)(`the libraries of the installed engine, ${isInstalled}`, { timeout: 300_000 }, () => {
  const wheels = path.join(folder, 'wheels');
  /** Six hundred megabytes are read and written, perhaps on a busy machine. */
  const patienceMs = 150_000;
  let wheel = '';
  let opened: OpenWindow;
  const begins = async (page: Page, phase = 'Reading the wheel') => {
    const dialog = await openEngines(page);
    await press(page, /^From a wheel…$/);
    await dialog.getByText(phase).waitFor({ timeout: patienceMs });
    return dialog;
  };

  beforeAll(async () => {
    mkdirSync(wheels);
    const made = wheelOfEngine(
      path.join(engine?.folder ?? '', engineFiles.libraries),
      engine?.record.version ?? '',
      wheels,
    );
    opened = await open();
    wheel = await made;
    await chooses(opened, wheel);
  });
  afterAll(async () => {
    await opened?.close();
    for (const one of [wheels, home]) rmSync(one, { recursive: true, force: true });
  });

  test('an installation that is cancelled in the middle leaves nothing', async () => {
    const { page } = opened;
    const dialog = await begins(page, 'Unpacking');
    await press(page, /^Cancel$/);
    await dialog.getByRole('button', { name: /From a wheel/ }).waitFor();
    expect(left()).toEqual([]);
    expect(await dialog.getByRole('alert').count()).toBe(0);
    // The focus is where it can go on from.
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
  });

  test('the window asks before it closes over an installation, and then leaves nothing', async () => {
    const { app, page } = opened;
    await begins(page);
    const ended = new Promise((resolve) => app.process().once('exit', resolve));
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    const question = page.getByRole('alertdialog');
    await question.waitFor();
    expect(await question.innerText()).toContain('The installation of an engine is under way.');
    await question.getByRole('button', { name: 'Stop and close' }).click();
    await ended;
    await until('nothing is left', async () => left().length === 0, 20);
  });

  test('installed with its progress seen; the next run computes with it, and the one before goes on as it was', async () => {
    opened = await open();
    const { page } = opened;
    await chooses(opened, wheel);
    await page
      .getByRole('textbox', { name: /yaml|text/i })
      .first()
      .waitFor();
    await page.keyboard.press('Control+Enter');
    await untilStep(page, 20);
    expect(await engineInStrip(page)).toBe('float32 · wasm · 1 thread a job');
    const dialog = await begins(page);
    const seen = new Set<string>();
    await until(
      'it is installed',
      async () => {
        for (const text of await dialog.getByRole('status').allInnerTexts()) seen.add(text);
        seen.add((await dialog.locator('progress').count()) > 0 ? 'a bar' : '');
        return (await dialog.getByText(`${title} is installed. New runs use it`).count()) > 0;
      },
      patienceMs / 1000,
    );
    expect([...seen]).toEqual(expect.arrayContaining(['Unpacking', 'Checking its results', 'a bar']));
    expect(left().filter((one) => !one.endsWith('.json'))).toEqual([name]);
    expect(activeEngine(home)?.record.name).toBe(name);
    expect(await dialog.innerText()).toMatch(/results right, to \d × 10⁻\S+ in float32 and \d × 10⁻\S+ in float64/);
    expect(await dialog.innerText()).toContain('The run small computes with wasm in float32.');
    await page.keyboard.press('Escape');
    expect(await engineInStrip(page)).toBe('float32 · wasm · 1 thread a job');
    await page.keyboard.press('Control+Enter');
    await until('the new run computes with it', async () =>
      (await engineInStrip(page)).startsWith('float32 · tensorflow'),
    );
    await untilStep(page, 20);
    expect(await engineInStrip(page)).toMatch(/^float32 · tensorflow · \d+ threads?$/);
    await page.keyboard.press('Control+PageUp');
    await until('the first one goes on', async () => (await engineInStrip(page)).includes('wasm'));
  });

  test('gradient and product are timed on both engines', async () => {
    const { page } = opened;
    const dialog = await openEngines(page);
    await press(page, /^Measure here$/);
    const cell = (row: string) =>
      dialog
        .getByRole('row', { name: new RegExp(row) })
        .locator('td')
        .last()
        .innerText();
    await until('both are timed', async () => /\d/.test(await cell(title)) && /\d/.test(await cell('WebAssembly')), 30);
    await page.keyboard.press('Escape');
  });

  test('removed; new runs compute with WebAssembly again', async () => {
    const { page } = opened;
    const dialog = await openEngines(page);
    await press(page, /^Remove$/);
    await dialog.getByText('It is removed. New runs use WebAssembly').waitFor();
    expect(left()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    await until('a third run', async () => (await comparedRuns(page).count()) === 3);
    await until('it computes with wasm', async () => (await engineInStrip(page)).includes('wasm'));
    expect(opened.complaints).toEqual([]);
  });

  test('a window that is killed over an installation leaves nothing either', async () => {
    const { app, page } = opened;
    await begins(page);
    await until('something is written', async () => left().some((one) => one.endsWith('.tmp')));
    app.process().kill('SIGKILL');
    await until('nothing is left', async () => left().length === 0, 20);
  });
});
