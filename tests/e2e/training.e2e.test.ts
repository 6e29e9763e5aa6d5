import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMetrics } from '../../core/experiment/run-folder.ts';
import { frameTimes } from '../support/page-measures.ts';
import { comparedRuns, stepShown, until, untilState, untilStep } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** One session, as somebody who starts the app for the first time would have it; each test goes on where the last one ended. */
let opened: OpenWindow;

beforeAll(async () => {
  opened = await openWindow({ firstLight: true });
});

afterAll(async () => {
  await opened?.close();
});

const runFolders = () => readdirSync(opened.runs).map((name) => path.join(opened.runs, name));
const seconds = () => performance.now() / 1000;

/** Colours of the scene's canvas as it stands on the screen. */
async function sceneColours(): Promise<number> {
  const box = await opened.page.getByRole('img', { name: /^The loss of/ }).boundingBox();
  if (!box) return 0;
  const picture = await opened.page.screenshot({ clip: box });
  return opened.page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      if (!context) return 0;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const seen = new Set<number>();
      for (let i = 0; i < data.length; i += 4)
        seen.add(((data[i] ?? 0) >> 4) * 256 + ((data[i + 1] ?? 0) >> 4) * 16 + ((data[i + 2] ?? 0) >> 4));
      return seen.size;
    },
    [...picture],
  );
}

test('the window is there within five seconds, and training by itself', async () => {
  process.stdout.write(`window after ${opened.startSeconds.toFixed(2)} s\n`);
  expect(opened.startSeconds).toBeLessThan(5);
  await untilState(opened.page, 'running');
  await untilStep(opened.page, 5);
});

test('sharpness appears with its error and its threshold', async () => {
  const inspector = opened.page.getByRole('region', { name: 'Inspector' }).last();
  await expect.poll(() => inspector.innerText(), { timeout: 30_000 }).toMatch(/\d+(\.\d+)?\s*±\s*[\d.]/);
  expect(await inspector.innerText()).toMatch(/2\/η/);
});

test('the landscape is drawn, first coarse, and can be turned', async () => {
  const began = seconds();
  await until('the surface is drawn', async () => (await sceneColours()) > 40, 40);
  process.stdout.write(`surface after ${(opened.startSeconds + seconds() - began).toFixed(1)} s\n`);
  const scene = opened.page.getByRole('img', { name: /^The loss of/ });
  const box = await scene.boundingBox();
  if (!box) throw new Error('The scene has no place.');
  const before = await opened.page.screenshot({ clip: box });
  await opened.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await opened.page.mouse.down();
  await opened.page.mouse.move(box.x + box.width / 2 + 160, box.y + box.height / 2 - 20, { steps: 6 });
  await opened.page.mouse.up();
  await opened.page.waitForTimeout(500);
  expect(Buffer.compare(before, await opened.page.screenshot({ clip: box }))).not.toBe(0);
});

test('while it trains, frames come at 20 a second or more', async () => {
  await untilStep(opened.page, 30);
  const { median, p95, worst, longTasks, frames } = await frameTimes(opened.page, 10);
  process.stdout.write(
    `frame time while training: median ${median.toFixed(1)} ms, 95 % ${p95.toFixed(1)} ms, worst ${worst.toFixed(0)} ms over ${frames} frames; long tasks: ${longTasks.map((ms) => ms.toFixed(0)).join(', ') || 'none'}\n`,
  );
  expect(median).toBeLessThanOrEqual(50);
});

test('pause holds the counter; one step is one step; resume goes on', async () => {
  const { page } = opened;
  await page.keyboard.press('Space');
  await untilState(page, 'paused');
  const held = await stepShown(page);
  await page.waitForTimeout(1500);
  expect(await stepShown(page)).toBe(held);
  await page.keyboard.press('F9');
  await until('one step is made', async () => (await stepShown(page)) === held + 1);
  await page.waitForTimeout(700);
  expect(await stepShown(page)).toBe(held + 1);
  await page.keyboard.press('Space');
  await untilStep(page, held + 3);
});

test('η changes while it runs, and the threshold with it', async () => {
  const { page } = opened;
  const field = page.getByRole('region', { name: 'Settings' }).getByLabel('Step size η');
  await field.fill('0.04');
  await field.press('Enter');
  await expect
    .poll(() => page.getByRole('region', { name: 'Settings' }).innerText(), { timeout: 10_000 })
    .toMatch(/2\/η\s*50/);
  const [folder = ''] = runFolders();
  await until('the change is recorded', async () =>
    readMetrics(readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8')).some(
      (record) => record.record === 'event' && record.event === 'learningRate' && record.to === 0.04,
    ),
  );
});

test('a branch from a checkpoint is drawn on the same axes', async () => {
  const { page } = opened;
  await until('there is a checkpoint', () => page.getByRole('button', { name: 'Branch', exact: true }).isEnabled());
  await page.keyboard.press('Control+b');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  const rate = dialog.getByLabel(/step size|learning rate/i).first();
  await rate.fill('0.02');
  await rate.press('Tab');
  await dialog
    .getByRole('button', { name: /branch|start/i })
    .last()
    .click();
  await expect.poll(() => comparedRuns(page).count(), { timeout: 30_000 }).toBe(2);
  await until('the branch trains', async () => runFolders().length === 2);
  const names = await comparedRuns(page).allInnerTexts();
  expect(names.join('\n')).toMatch(/0\.02/);
});

test('closing while work goes on asks first, and loses nothing', async () => {
  const { app, page } = opened;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const question = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  await question.waitFor();
  expect(await question.innerText()).toMatch(/under way/);
  const closed = new Promise<void>((resolve) => app.once('close', () => resolve()));
  await question.getByRole('button', { name: 'Stop and close' }).click();
  await closed;
  for (const folder of runFolders()) {
    expect(existsSync(path.join(folder, 'run.lock'))).toBe(false);
    const records = readMetrics(readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8'));
    const last = records.filter((record) => record.record === 'run').pop();
    expect(last?.event).toBe('stopped');
    const updates = records.filter((record) => record.record === 'step');
    expect(last?.step).toBe((updates[updates.length - 1]?.step ?? (last?.step ?? 0) - 1) + 1);
  }
});

test('nothing was refused by the content policy, and nothing failed in the page', () => {
  expect(opened.complaints).toEqual([]);
});
