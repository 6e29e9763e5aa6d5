import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readNpz } from '../../core/formats/npz.ts';
import { saddlescope, temporaryFolder } from '../support/command-line.ts';
import { until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** A run of the command line, opened in the window. */
const folder = temporaryFolder();
const run = path.join(folder, 'small run');
const yaml = `name: small
seed: 3
data: { train: digits-8x8, subset: { first: 400 } }
model: { layers: [ { dense: { units: 7, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.5 } }
steps: 200
checkpoints: { every: 20 }
probes: { budget: 1, every: { loss: 10, sharpness: 20, density: 100 } }
precision: float64
`;

let opened: OpenWindow;

beforeAll(async () => {
  writeFileSync(path.join(folder, 'small.yaml'), yaml);
  const { code, err } = await saddlescope(['train', path.join(folder, 'small.yaml'), '--out', run]);
  expect(err).toMatch(/Trained 200 steps/);
  expect(code).toBe(0);
  opened = await openWindow({ words: [run] });
});

afterAll(async () => {
  await opened?.close();
});

const inspector = () => opened.page.getByRole('region', { name: 'Inspector' }).last();

/** The next file that is asked for is this one. */
async function saveTo(name: string): Promise<string> {
  const file = path.join(folder, name);
  await opened.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  return file;
}

/** Whether a number is shown that agrees with this one to six digits. */
async function shows(value: number): Promise<boolean> {
  const numbers = (await inspector().innerText()).match(/\d+\.\d+/g) ?? [];
  return numbers.some((text) => Math.abs(Number(text) - value) <= 1e-6 * Math.abs(value));
}

const clipboard = (): Promise<string> => opened.app.evaluate(({ clipboard: board }) => board.readText());

test('a run of the command line is shown with its numbers', async () => {
  await expect.poll(() => inspector().innerText(), { timeout: 30_000 }).toMatch(/λ₁/);
  const { out } = await saddlescope(['spectrum', run, '--top', '1', '--json']);
  const lambda = JSON.parse(out).eigenvalues[0].value as number;
  await expect.poll(() => shows(lambda), { timeout: 30_000 }).toBe(true);
});

test('the cost of a spectrum is shown before it starts; its eigenvalues are those of the command line', async () => {
  const { page } = opened;
  const dialog = page.getByRole('dialog');
  // The numbers of a run are shown before its checkpoints are known; until then the command is refused with a sentence.
  await until('the dialog is open', async () => {
    await page.keyboard.press('Control+e');
    return dialog.isVisible();
  });
  await expect.poll(() => dialog.innerText(), { timeout: 20_000 }).toMatch(/\d+ products/);
  await dialog
    .getByRole('button', { name: /start|compute/i })
    .last()
    .click();
  const { out } = await saddlescope(['spectrum', run, '--json']);
  const eigenvalues = (JSON.parse(out).eigenvalues as { value: number }[]).map(({ value }) => value);
  await expect.poll(() => shows(eigenvalues[4] ?? 0), { timeout: 60_000 }).toBe(true);
});

test('a long plane is cancelled at once, and what was there stays', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+l');
  const dialog = page.getByRole('dialog');
  for (const axis of ['α', 'β']) {
    await dialog.getByLabel(`Points along ${axis}`, { exact: true }).first().fill('301');
    await page.keyboard.press('Tab');
  }
  await dialog
    .getByRole('button', { name: /start|compute/i })
    .last()
    .click();
  const cancel = page.getByRole('button', { name: /^Cancel .*plane/i });
  await cancel.waitFor();
  await page.waitForTimeout(1000);
  const began = performance.now();
  await cancel.click();
  await until('the job has ended', async () => (await cancel.count()) === 0, 10);
  expect(performance.now() - began).toBeLessThan(8000);
});

test('“Check this” holds every eigenvalue against the dense matrix', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+Shift+k');
  await expect.poll(() => inspector().innerText(), { timeout: 60_000 }).toMatch(/against the dense matrix/);
});

// Control+Alt+P opens the dialog for print, with PNG in it: see the exports.
test('figures are saved in every form that has keys by keyboard alone', async () => {
  const { page } = opened;
  await page.getByRole('img', { name: /^Loss/ }).first().focus();
  const kinds: readonly (readonly [key: string, name: string, begins: RegExp])[] = [
    ['Control+Alt+s', 'loss.svg', /^(<\?xml[^>]*>\s*)?<svg/],
    ['Control+Alt+f', 'loss.pdf', /^%PDF-/],
    ['Control+Alt+c', 'loss.csv', /^set,step,loss/],
    ['Control+Alt+n', 'loss.npz', /^PK/],
  ];
  for (const [key, name, begins] of kinds) {
    const file = await saveTo(name);
    await page.keyboard.press(key);
    await until(`${name} is written`, async () => existsSync(file), 30);
    expect(readFileSync(file).toString('latin1').slice(0, 200)).toMatch(begins);
  }
  const arrays = readNpz(readFileSync(path.join(folder, 'loss.npz')));
  const steps = [...arrays.values()][0];
  expect(steps?.data.length).toBeGreaterThanOrEqual(200);
});

test('the copied command makes the figure again; its references are BibTeX', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+Shift+l');
  const plane = page.getByRole('img', { name: /^The loss of/ });
  await plane.waitFor({ timeout: 60_000 });
  await plane.focus();
  await page.keyboard.press('Control+Alt+k');
  await expect.poll(clipboard, { timeout: 10_000 }).toMatch(/saddlescope/);
  const command = await clipboard();
  const words = (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));
  expect(words.slice(0, 2)).toEqual(['npx', 'saddlescope']);
  expect((await saddlescope(words.slice(2), folder)).code).toBe(0);
  await page.keyboard.press('Control+Alt+b');
  await expect.poll(clipboard, { timeout: 10_000 }).toMatch(/^@\w+\{/);
});

test('nothing was refused by the content policy, and nothing failed in the page', () => {
  expect(opened.complaints).toEqual([]);
});
