import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';
import { readJson } from '../../core/formats/json-numbers.ts';
import { saddlescope, temporaryFolder } from '../support/command-line.ts';
import { until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** A run of the command line, looked at in the workspace of spectra. */
const folder = temporaryFolder();
const run = path.join(folder, 'small run');
const yaml = `name: small
seed: 3
data: { train: digits-8x8, subset: { first: 300 } }
model: { layers: [ { dense: { units: 7, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.5 } }
steps: 100
checkpoints: { every: 50 }
probes: { budget: 1, every: { loss: 10, sharpness: 20 } }
precision: float64
`;
/** Where pictures of the window are put to be looked at; none are taken without it. */
const pictures = process.env.SADDLESCOPE_PICTURES;

let opened: OpenWindow;

beforeAll(async () => {
  writeFileSync(path.join(folder, 'small.yaml'), yaml);
  const { code } = await saddlescope(['train', path.join(folder, 'small.yaml'), '--out', run]);
  expect(code).toBe(0);
  // Another step, for the picture over training and for a comparison.
  const early = await saddlescope(['spectrum', run, '--at', '50', '--top', '4', '--density', '--density-probes', '3']);
  expect(early.code).toBe(0);
  opened = await openWindow({ words: [run] });
});

afterAll(async () => {
  await opened?.close();
});

const panel = () => opened.page.getByRole('region', { name: 'Spectrum', exact: true });
const text = (): Promise<string> => panel().innerText();

/** As the window writes them: thin spaces between thousands, a true minus. */
const numbersIn = (shown: string): number[] =>
  (
    shown
      .replaceAll('\u202f', '')
      .replaceAll('−', '-')
      .match(/-?\d+\.?\d*(?:e-?\d+)?/g) ?? []
  ).map(Number);

const shows = async (value: number, tolerance = 1e-4): Promise<boolean> =>
  numbersIn(await text()).some((number) => Math.abs(number - value) <= tolerance * Math.abs(value));

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await opened.page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

const stored = (step: number): SpectrumDocument =>
  readJson(
    readFileSync(path.join(run, 'results', `spectrum-hessian-float64-step-${step}.json`), 'utf8'),
  ) as SpectrumDocument;

test('the form has groups and the blocks of this model, and tells the cost before it starts', async () => {
  const { page } = opened;
  await page.getByRole('tab', { name: 'Spectrum' }).first().click();
  await expect.poll(text, { timeout: 30_000 }).toMatch(/Step\s*50/);
  const dialog = page.getByRole('dialog');
  await until('the form is open', async () => {
    await page.keyboard.press('Control+e');
    return dialog.isVisible();
  });
  for (const group of ['What', 'Eigenvalues', 'Density', 'Trace and sums', 'Layers'])
    expect(await dialog.getByRole('group', { name: group, exact: true }).count()).toBe(1);
  expect(await dialog.getByRole('button', { name: 'dense_1/kernel' }).count()).toBe(1);
  await expect.poll(() => dialog.innerText(), { timeout: 20_000 }).toMatch(/\d+ products/);
  for (const part of ['Density of all eigenvalues', 'Trace', 'Trace and λ₁ of each block', 'Keep eigenvectors'])
    await dialog.getByText(part, { exact: true }).last().click();
  // Only what is switched on has parameters.
  expect(await dialog.getByLabel('Lanczos steps').count()).toBe(1);
  await picture('form');
  await dialog.getByRole('button', { name: 'Start' }).click();
  const file = path.join(run, 'results', 'spectrum-hessian-float64-step-100.json');
  await until('the spectrum is stored', async () => existsSync(file), 120);
});

test('every number shown is that of the document', async () => {
  await expect.poll(text, { timeout: 60_000 }).toMatch(/Step\s*100/);
  const document = stored(100);
  await expect.poll(() => shows(document.eigenvalues[9]?.value ?? Number.NaN), { timeout: 30_000 }).toBe(true);
  for (const { value } of document.eigenvalues) expect(await shows(value)).toBe(true);
  expect(document.density?.masses && document.trace && document.layers).toBeTruthy();
  for (const estimate of [document.trace, document.density?.masses?.above])
    expect(Number.isFinite(estimate?.value)).toBe(true);
  // Digits end where the error begins.
  expect(await shows(document.trace?.value ?? Number.NaN, 0.02)).toBe(true);
  expect(await shows(document.trace?.low95 ?? Number.NaN, 0.02)).toBe(true);
  expect(await shows(100 * (document.density?.masses?.above.value ?? Number.NaN), 0.02)).toBe(true);
  for (const { block, trace } of document.layers ?? []) {
    expect(await text()).toContain(block);
    expect(await shows(trace.value, 0.05)).toBe(true);
  }
});

test('the density is drawn in every view; the arrow keys read it off', async () => {
  const { page } = opened;
  const views: readonly (readonly [button: RegExp, alternative: RegExp])[] = [
    [/^λ: /, /^Density of eigenvalues from/],
    [/^lg/, /^Two mirrored halves/],
    [/^Cumulative/, /half at or below/],
    [/^Over steps/, /^Map of densities at 2 measurements from step 50 to step 100/],
  ];
  for (const [button, alternative] of views) {
    await panel().getByRole('radio', { name: button }).click();
    await panel().getByRole('img', { name: alternative }).waitFor({ timeout: 30_000 });
  }
  await panel().getByRole('radio', { name: views[0]![0] }).click();
  const figure = panel().getByRole('figure', { name: 'Spectral density', exact: true });
  await panel().getByRole('img', { name: views[0]![1] }).waitFor({ timeout: 30_000 });
  await figure.focus();
  await until('a value is read', async () => {
    await page.keyboard.press('ArrowRight');
    return (await figure.getByRole('status').count()) === 1;
  });
  expect(await figure.getByRole('status').innerText()).toMatch(/λ = [−\d.]+[\s\S]*share per unit λ: /);
});

test('an eigenvector is chosen by keyboard: its shares are those of the document, its first layer is drawn', async () => {
  const { page } = opened;
  const document = stored(100);
  await panel().getByRole('button', { name: 'Eigenvector 2', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(text).toMatch(/Eigenvector of λ\s*2/);
  const [, second] = document.eigenvalues;
  for (const share of second?.mass ?? []) expect(await shows(100 * share, 0.06)).toBe(true);
  const images = panel().getByRole('img', { name: /strongest in row/ });
  // All units together, and at least one of them.
  expect(await images.count()).toBeGreaterThan(1);
  const drawn = await images.first().evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    return {
      width,
      height,
      colours: new Set(Array.from({ length: width * height }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size,
    };
  });
  expect([drawn.width, drawn.height]).toEqual([8, 8]);
  expect(drawn.colours).toBeGreaterThan(8);
});

test('“Check this” beside the status holds every eigenvalue against the dense matrix', async () => {
  await panel().getByRole('button', { name: 'Check this' }).click();
  await expect
    .poll(text, { timeout: 90_000 })
    .toMatch(/Agrees with the dense matrix: largest error \S+ of 10 eigenvalues/);
});

test('two steps are compared with the difference of their eigenvalues', async () => {
  const [early, late] = [stored(50), stored(100)];
  await panel().getByRole('checkbox', { name: 'step 50' }).click();
  await expect.poll(text).toMatch(/difference/);
  expect(await shows((early.eigenvalues[0]?.value ?? 0) - (late.eigenvalues[0]?.value ?? 0), 1e-3)).toBe(true);
  await panel()
    .getByRole('img', { name: /^step 100: Density.*step 50: Density/ })
    .waitFor({ timeout: 30_000 });
  await picture('compared');
  await panel().getByRole('checkbox', { name: 'step 50' }).click();
});

test('the overlap of the steps is computed from the panel and drawn', async () => {
  const { page } = opened;
  await panel().getByRole('button', { name: 'Compute overlap…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Start' }).click();
  const map = panel().getByRole('img', { name: /^Map of 3 by 3 overlaps/ });
  await map.waitFor({ timeout: 120_000 });
  await map.scrollIntoViewIfNeeded();
  await picture('overlap');
});

test.each(['dark', 'light', 'contrast'])(
  'nothing is wrong with the panel for those who use it otherwise: %s',
  async (theme) => {
    const { page } = opened;
    await page.evaluate((name) => {
      document.documentElement.dataset.theme = name;
    }, theme);
    await page.waitForTimeout(1500);
    await picture(`panel-${theme}`);
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe: inPage } = window as unknown as { axe: typeof axe };
      const found = await inPage.run('.spectrum-panel', { resultTypes: ['violations'] });
      return found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
      );
    });
    expect(violations).toEqual([]);
  },
);

test('nothing was refused by the content policy, and nothing failed in the page', () => {
  expect(opened.complaints).toEqual([]);
});
