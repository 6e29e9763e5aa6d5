import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { comparedRuns, stateShown, stepShown, until, untilState, untilStep } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** No pointer is used here. */
const folder = temporaryFolder();
const file = path.join(folder, 'mine.yaml');
let opened: OpenWindow;

beforeAll(async () => {
  writeFileSync(
    file,
    `name: mine
data: { train: digits-8x8, subset: { first: 300 } }
model: { layers: [ { dense: { units: 16, activation: tanh } }, { dense: { units: 10 } } ] }
loss: halfSquaredError
optimizer: { gradientDescent: { learningRate: 0.1 } }
steps: 1000000
checkpoints: { every: 100 }
probes: { budget: 0.3, every: { loss: 50, sharpness: 50 } }
`,
  );
  opened = await openWindow({ words: [file] });
});

afterAll(async () => {
  await opened?.close();
});

/** Moves the focus as Shift and Tab do until it is on a button, and presses it. */
async function pressButton(name: string): Promise<void> {
  const { page } = opened;
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
  for (let i = 0; i < 60 && (await focused()) !== name; i++) await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe(name);
  await page.keyboard.press('Enter');
}

test('start', async () => {
  const { page } = opened;
  await page
    .getByRole('textbox', { name: /yaml|text/i })
    .first()
    .waitFor();
  await page.keyboard.press('Control+Enter');
  await untilStep(page, 150);
});

test('pause and resume', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+1');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Space');
  await untilState(page, 'paused');
  const held = await stepShown(page);
  await page.waitForTimeout(800);
  expect(await stepShown(page)).toBe(held);
});

test('branch, and compare with what it left', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+b');
  await page.getByRole('dialog').waitFor();
  await pressButton('Start branch');
  await until('there are two runs', async () => (await comparedRuns(page).count()) === 2);
  await until('the branch trains', async () => (await stateShown(page)).trim() === 'running');
  expect(readdirSync(opened.runs).length).toBe(2);
  await page.keyboard.press('Control+PageUp');
  await untilState(page, 'paused');
  const chosen = () => comparedRuns(page).locator('[aria-pressed="true"]').first().innerText();
  const first = await chosen();
  await page.keyboard.press('Control+PageDown');
  await until('the other run is studied', async () => (await chosen()) !== first);
  await page.keyboard.press('Control+Shift+h');
  await until(
    'it is no longer drawn',
    async () =>
      (await comparedRuns(page)
        .getByRole('button', { name: /^Show / })
        .count()) === 1,
  );
});

test('export a figure', async () => {
  const { app, page } = opened;
  const wanted = path.join(folder, 'figure.svg');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, wanted);
  await page.keyboard.press('Control+Alt+s');
  await until('the figure is written', async () => existsSync(wanted), 30);
  expect(readFileSync(wanted, 'utf8')).toMatch(/<svg/);
});

test('stop', async () => {
  const { page } = opened;
  await page.keyboard.press('Shift+F9');
  await untilState(page, 'stopped');
});
