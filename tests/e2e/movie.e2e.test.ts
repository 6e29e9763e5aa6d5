import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certifiedText, numberText } from '../../core/figures/number-text.ts';
import { readNpz } from '../../core/formats/npz.ts';
import type { DensityProbe, EigenvalueProbe, StepRecord, TopEigenvaluesProbe } from '../../core/training/records.ts';
import { saddlescope, temporaryFolder } from '../support/command-line.ts';
import { frameTimes } from '../support/page-measures.ts';
import { largestDifference, pixelsOf } from '../support/pixels.ts';
import { chooseFromMenu, until, untilStep } from '../support/run-control.ts';
import { metricsOf } from '../support/small-run.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** A run of the command line with a spectrum every tenth step, opened in the window. */
const folder = temporaryFolder();
const run = path.join(folder, 'filmed');
const experiment = (steps: number, optimizer: string, every: string) => `name: filmed
seed: 3
data: { train: digits-8x8, subset: { first: 200 } }
model: { layers: [ { dense: { units: 12, activation: tanh } }, { dense: { units: 10 } } ] }
loss: halfSquaredError
optimizer: ${optimizer}
steps: ${steps}
checkpoints: { every: 50 }
probes: { budget: 1, densityStarts: 4, densitySteps: 40, eigenvalueCount: 5, every: { loss: 0, ${every} } }
`;
const descent = '{ gradientDescent: { learningRate: 0.22 } }';
const spectra = 'sharpness: 5, lowestEigenvalue: 10, density: 10, eigenvalues: 10';

/** A folder for screenshots to look at. */
const pictures = process.env.SADDLESCOPE_PICTURES;

/** For a machine where other programs compute too. */
const patient = { timeout: 30_000 };

let opened: OpenWindow;
/** Runs for the last test. */
let [adam, bare] = ['', ''];

async function train(name: string, yaml: string): Promise<string> {
  const file = path.join(folder, `${name}.yaml`);
  writeFileSync(file, yaml);
  const { code, err } = await saddlescope(['train', file, '--out', path.join(folder, name)]);
  expect(err).toMatch(/Trained \d+ steps/);
  expect(code).toBe(0);
  return path.join(folder, name);
}

beforeAll(async () => {
  [, adam, bare] = await Promise.all([
    train('filmed', experiment(200, descent, spectra)),
    train('adam', experiment(40, '{ adam: { learningRate: 0.01 } }', 'density: 10, preconditionedSharpness: 5')),
    train('bare', experiment(20, descent, 'sharpness: 5')),
  ]);
  opened = await openWindow({ words: [run] });
  await showMovie();
});

/** Its tab in the Spectrum workspace. */
async function showMovie(): Promise<void> {
  const { page } = opened;
  const tab = page.locator('.dv-tab').filter({ hasText: 'Hessian movie' }).first();
  await until('the dock has the tab', async () => {
    await page.keyboard.press('Control+2');
    return tab.isVisible();
  });
  await tab.click();
}

afterAll(() => opened?.close());

const movie = () => opened.page.locator('[data-figure="movie"]');
const words = async (): Promise<string> => (await movie().getAttribute('aria-label')) ?? '';
const certified = (value: number, residual: number): string => {
  const text = certifiedText(value, residual);
  return `${text.value} ± ${text.uncertainty}`;
};
const slider = () => opened.page.getByRole('slider', { name: 'Step' });

/** The cursor goes to a step of the slider by its keys. */
async function scrubTo(step: number): Promise<void> {
  await slider().focus();
  await opened.page.keyboard.press('Home');
  for (let i = 0; i < Math.floor(step / 10); i++) await opened.page.keyboard.press('Shift+ArrowRight');
  for (let i = 0; i < step % 10; i++) await opened.page.keyboard.press('ArrowRight');
  await expect.poll(() => slider().getAttribute('aria-valuenow'), patient).toBe(String(step));
}

/** What the metrics say of a step: of each kind the newest record at or before it. */
function recorded(step: number) {
  const records = metricsOf(run).filter((record) => record.step <= step);
  const last = <R>(holds: (record: { record: string; kind?: string }) => boolean) => records.filter(holds).at(-1) as R;
  const probe = <R>(kind: string) => last<R>((record) => record.record === 'probe' && record.kind === kind);
  return {
    top: probe<TopEigenvaluesProbe>('eigenvalues'),
    sharpness: probe<EigenvalueProbe>('sharpness'),
    lowest: probe<EigenvalueProbe>('lowestEigenvalue'),
    density: probe<DensityProbe>('density'),
    update: last<StepRecord>((record) => record.record === 'step'),
  };
}

test('the Spectrum workspace has the movie as a tab, and its frame says what the metrics say', async () => {
  const { page } = opened;
  await movie().waitFor();
  for (const step of [60, 65, 137]) {
    await scrubTo(step);
    const { top, sharpness, lowest, density, update } = recorded(step);
    await expect.poll(words, patient).toContain(`Hessian at step ${step}:`);
    // It comes with the description of the experiment, which takes longer to load than the records.
    await expect.poll(words, patient).toContain(`threshold 2/η = ${numberText(sharpness.threshold!)}`);
    const told = await words();
    const of = (at: number) => (at === step ? '' : ` of step ${at}`);
    expect(told).toContain(
      `the 5 largest eigenvalues${of(top.step)}: ${top.values.map((value, i) => certified(value, top.residuals[i]!)).join(', ')}`,
    );
    expect(told).toContain(`lowest eigenvalue ${certified(lowest.value, lowest.residual)}${of(lowest.step)}`);
    expect(told).toContain(
      `density${of(density.step)} from λ = ${numberText(density.x[0]!, 3)} to ${numberText(density.x.at(-1)!, 3)}, ± one standard error over 4 starts`,
    );
    expect(told).toContain(`loss ${numberText(update.loss)}`);
    if (sharpness.step > top.step)
      expect(told).toContain(
        `largest eigenvalue ${certified(sharpness.value, sharpness.residual)}${of(sharpness.step)}`,
      );
    else expect(told).not.toContain('; largest eigenvalue');
  }
  const region = page.getByRole('region', { name: 'Hessian movie' }).last();
  expect(await region.innerText()).toContain('137');
});

test('the picture changes with the cursor, is the same at the same step, and its axes stand still', async () => {
  const seen = async (step: number) => {
    await scrubTo(step);
    await opened.page.mouse.move(2, 2);
    await opened.page.waitForTimeout(300);
    return movie().screenshot();
  };
  const [early, late, again] = [await seen(20), await seen(180), await seen(20)];
  expect(early.equals(late)).toBe(false);
  expect(await largestDifference(opened.page, early, again)).toBeLessThanOrEqual(2);
  // The strip below the plot holds the numbers of the axis and nothing else.
  const strip = async (png: Buffer) => {
    const { width, height } = await pixelsOf(opened.page, png);
    return opened.page.evaluate(
      async ({ text, y, w, h }) => {
        const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const context = new OffscreenCanvas(w, h).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, y, w, h - y).data.join();
      },
      { text: png.toString('base64'), y: height - 30, w: width, h: height },
    );
  };
  expect(await strip(early)).toBe(await strip(late));
});

test('by keyboard it goes from frame to frame and plays to the newest one, without blocking the page', async () => {
  const { page } = opened;
  await scrubTo(60);
  await movie().focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => slider().getAttribute('aria-valuenow'), patient).toBe('65');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => slider().getAttribute('aria-valuenow'), patient).toBe('55');
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause the movie' }).waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value;
  const before = await busy();
  const { median, worst, longTasks, frames } = await frameTimes(page, 3);
  const busyMs = (1000 * ((await busy()) - before)) / 3;
  await session.detach();
  process.stdout.write(
    `while it plays: median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms, ${frames} frames, long tasks ${longTasks.map(Math.round).join(', ') || 'none'}; the page computed ${busyMs.toFixed(0)} ms a second\n`,
  );
  expect(median).toBeLessThanOrEqual(50);
  // What the clock of a loaded machine changes least. Frames change at 10 a second here, and all panels with them.
  expect(busyMs).toBeLessThanOrEqual(600);
  await page.getByRole('button', { name: 'Play the movie' }).waitFor({ timeout: 20_000 });
  await expect.poll(() => slider().getAttribute('aria-valuetext'), patient).toContain('following the run');
  await expect.poll(words, patient).toContain('Hessian at step 200:');
});

async function saveTo(name: string): Promise<string> {
  const file = path.join(folder, name);
  await opened.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  return file;
}

test('its numbers are saved as they stand in the metrics, and the film is a film', async () => {
  const { page } = opened;
  const npz = await saveTo('movie.npz');
  await chooseFromMenu(page, 'Figure', /^Save the numbers of the Hessian movie/);
  await until('the numbers are saved', async () => existsSync(npz));
  const arrays = readNpz(readFileSync(npz));
  const records = metricsOf(run);
  const tops = records.filter(
    (record): record is TopEigenvaluesProbe => 'kind' in record && record.kind === 'eigenvalues',
  );
  const densities = records.filter((record): record is DensityProbe => 'kind' in record && record.kind === 'density');
  expect(Array.from(arrays.get('top_value')!.data)).toEqual(tops.flatMap(({ values }) => values));
  expect(arrays.get('top_value')!.shape).toEqual([tops.length, 5]);
  expect(Array.from(arrays.get('top_step')!.data)).toEqual(tops.map(({ step }) => step));
  expect(Array.from(arrays.get('density_y')!.data)).toEqual(densities.flatMap(({ y }) => y));
  const webm = await saveTo('movie.webm');
  await chooseFromMenu(page, 'Figure', /^Save the Hessian movie as a film/);
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
  await dialog.getByLabel('Length').first().fill('2');
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Record WebM…' }).click();
  await until('the film is saved', async () => existsSync(webm));
  await dialog.waitFor({ state: 'detached' });
  const bytes = readFileSync(webm);
  expect(bytes.subarray(0, 4).toString('hex')).toBe('1a45dfa3');
  expect(bytes.includes('V_VP8')).toBe(true);
  expect(bytes.length).toBeGreaterThan(20_000);
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.each(['light', 'contrast', 'dark'])('axe finds nothing serious in the movie (%s)', async (theme) => {
  const { page } = opened;
  await page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);
  await page.waitForTimeout(300);
  const picture = await page.screenshot();
  if (pictures) writeFileSync(path.join(pictures, `movie-${theme}.png`), picture);
  expect((await pixelsOf(page, await movie().screenshot())).colours).toBeGreaterThan(8);
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | '))))`,
    awaitPromise: true,
  });
  await session.detach();
  expect(JSON.parse(result.value)).toEqual([]);
});

test('while a run goes on its newest frame is shown, and charts follow the eigenvalues and their subspace', async () => {
  const yaml = path.join(folder, 'live.yaml');
  writeFileSync(yaml, experiment(20_000, descent, spectra.replaceAll('10', '50')).replace('budget: 1', 'budget: 0.5'));
  await opened.close();
  opened = await openWindow({ words: [yaml] });
  const { page } = opened;
  await page
    .getByRole('textbox', { name: /yaml|text/i })
    .first()
    .waitFor();
  await page.keyboard.press('Control+Enter');
  await untilStep(page, 20);
  await showMovie();
  for (const chart of ['top eigenvalues', 'overlap of top subspaces', 'share of the gradient in the top subspace']) {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(`Show the chart of the ${chart}`);
    await page.keyboard.press('Enter');
  }
  await movie().waitFor();
  const shown = async () => Number(/at step ([\d\s]+):/.exec(await words())?.[1]?.replace(/\s/g, '') ?? -1);
  const first = await shown();
  const { median, longTasks } = await frameTimes(page, 4);
  process.stdout.write(
    `while it trains: median ${median.toFixed(1)} ms, long tasks ${longTasks.map(Math.round).join(', ') || 'none'}\n`,
  );
  await expect.poll(shown, { timeout: 20_000 }).toBeGreaterThan(first);
  expect(median).toBeLessThanOrEqual(50);
  const chartWords = (id: string) => page.locator(`[data-figure="${id}"]`).getAttribute('aria-label');
  await expect.poll(() => chartWords('topEigenvalues'), { timeout: 20_000 }).toMatch(/λ₁ from .* λ₂ from .* λ₃ from/);
  await expect.poll(() => chartWords('subspaceOverlap'), { timeout: 20_000 }).toMatch(/overlap from [\d.]+ at step/);
  await expect.poll(() => chartWords('gradientShare'), { timeout: 20_000 }).toMatch(/share from [\d.]+ at step/);
  if (pictures) writeFileSync(path.join(pictures, 'movie-live.png'), await page.screenshot());
});

test('a run with Adam is filmed preconditioned with its own threshold; one without spectra says what to do', async () => {
  await opened.close();
  opened = await openWindow({ words: [adam] });
  await showMovie();
  await movie().waitFor();
  await opened.page.getByRole('radio', { name: 'Preconditioned' }).click();
  const probe = metricsOf(adam)
    .filter((record): record is EigenvalueProbe => 'kind' in record && record.kind === 'preconditionedSharpness')
    .at(-1)!;
  await expect.poll(words, patient).toContain('Preconditioned Hessian at step 40:');
  expect(await words()).toContain(`largest eigenvalue ${certified(probe.value, probe.residual)}`);
  await expect.poll(words, patient).toContain(`threshold (2 + 2β₁)/((1 − β₁) η) = ${numberText(probe.threshold!)}`);
  await opened.page.getByRole('radio', { name: 'Hessian', exact: true }).click();
  await expect.poll(words, patient).toContain('Hessian at step 40: density');
  expect(await words()).not.toContain('threshold');
  await opened.close();
  opened = await openWindow({ words: [bare] });
  await showMovie();
  const region = opened.page.getByRole('region', { name: 'Hessian movie' }).last();
  await expect.poll(() => region.innerText(), patient).toContain('This run measures no spectra while it trains');
  await region.getByRole('button', { name: 'Edit its experiment with such probes' }).click();
  const editor = opened.page.getByRole('region', { name: 'Editor' }).last();
  await expect
    .poll(
      () =>
        editor
          .getByRole('textbox', { name: /yaml|text/i })
          .first()
          .inputValue(),
      patient,
    )
    .toMatch(/density: 1\b.*eigenvalues: 1\b/);
});
