import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SamplingDocument, StructureDocument } from '../../core/experiment/result-documents.ts';
import { certifiedText, numberText, percentText } from '../../core/figures/number-text.ts';
import { numeralText } from '../../renderer/widgets/numeral-text.ts';
import { saddlescope, temporaryFolder } from '../support/command-line.ts';
import { pixelsOf } from '../support/pixels.ts';
import { chooseFromMenu, until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** A run of the command line, opened in the window; the command line computes on a copy of its own. */
const folder = temporaryFolder();
const yaml = `name: small
seed: 3
data: { train: digits-8x8, subset: { first: 400 } }
model: { layers: [ { dense: { units: 7, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.5 } }
steps: 100
checkpoints: { every: 50 }
probes: { budget: 1, every: { loss: 10, sharpness: 20 } }
precision: float64
`;
const run = path.join(folder, 'small run');
const twin = path.join(folder, 'twin');

/** A folder for screenshots to look at. */
const pictures = process.env.SADDLESCOPE_PICTURES;

/** For a machine where other programs compute too. */
const patient = { timeout: 60_000 };

let opened: OpenWindow;

beforeAll(async () => {
  writeFileSync(path.join(folder, 'small.yaml'), yaml);
  for (const out of [run, twin]) {
    const { code, err } = await saddlescope(['train', path.join(folder, 'small.yaml'), '--out', out]);
    expect(err).toMatch(/Trained 100 steps/);
    expect(code).toBe(0);
  }
  opened = await openWindow({ words: [run] });
});

afterAll(() => opened?.close());

const panel = () => opened.page.getByRole('region', { name: 'Curvature' }).last();
const words = async (): Promise<string> => (await panel().innerText()).replace(/\s+/g, ' ');
/** Its head stands beside the tabs. */
const show = (view: string) => opened.page.getByRole('radio', { name: view, exact: true }).click();
const dialog = () => opened.page.getByRole('dialog');
/** As the panel writes it. */
const certified = (value: number, error: number): string => {
  const { value: shown, uncertainty } = certifiedText(value, error);
  return `${shown} ± ${uncertainty}`.replace(/\s+/g, ' ');
};
/** What stands below the line has no sign in front. */
const lined = (formula: string): string => spaced(formula.replace(/_\{([^}]*)\}|_/g, '$1'));
const spaced = (text: string): string => text.replace(/\s+/g, ' ');

async function computedBy<T>(analysis: string, ...options: readonly string[]): Promise<T> {
  const { out, code, err } = await saddlescope([analysis, twin, ...options, '--json']);
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

async function showPanel(): Promise<void> {
  const { page } = opened;
  const tab = page.locator('.dv-tab').filter({ hasText: 'Curvature' }).first();
  await until('the dock has the tab', async () => {
    await page.keyboard.press('Control+2');
    return tab.isVisible();
  });
  await tab.click();
}

test('the Spectrum workspace has the panel as a tab; empty, it says what it is for and offers to compute', async () => {
  await showPanel();
  // Until all its records are read, the newest step is not yet the last one.
  const experiment = opened.page.getByRole('region', { name: 'Experiment' }).last();
  await expect.poll(() => experiment.innerText(), patient).toMatch(/100 \/ 100/);
  await expect.poll(words, patient).toContain('Not computed yet for this run: how far sharpness and trace may be off');
  await until('the form is open', async () => {
    if (!(await dialog().isVisible()))
      await panel().getByRole('button', { name: 'Compute sampling error…' }).last().click();
    return dialog().isVisible();
  });
  expect(await dialog().innerText()).toContain('how many examples would be enough?');
  await dialog().getByRole('button', { name: 'Start' }).click();
});

let sampling: SamplingDocument;

test('sampling error: the numbers of the command line, with their errors', async () => {
  sampling = await computedBy('sampling');
  for (const { value, standardError, uncertainty } of [sampling.sharpness, sampling.trace])
    await expect.poll(words, patient).toContain(certified(value, Math.hypot(standardError, uncertainty)));
  const [forSharpness] = sampling.proposals;
  const { examples, low95, high95, ofThese } = forSharpness!;
  expect(await words()).toContain(`For 5 % of the sharpness: ${examples} examples (95 %: ${low95} … ${high95}).`);
  expect(await words()).toContain(`${ofThese} of these 400 are enough for the value of all of them`);
  expect(await words()).toContain('Not measured yet: what is the curvature that single steps of training see?');
});

test('another accuracy is answered at once, as the command line answers it', async () => {
  const field = panel().getByRole('spinbutton', { name: 'Wanted error' });
  await field.fill('2');
  await field.press('Enter');
  const { proposals } = await computedBy<SamplingDocument>('sampling', '--accuracy', '0.02');
  const { examples, low95, high95 } = proposals[0]!;
  const told = `For 2 % of the sharpness: ${numberText(examples, 6)} examples (95 %: ${numberText(low95, 6)} … ${numberText(high95, 6)}).`;
  expect(await words()).toContain(spaced(told));
  expect(await opened.page.getByRole('button', { name: /^Cancel/ }).count()).toBe(0);
  await panel().getByRole('radio', { name: 'Trace' }).click();
  expect(await words()).toContain(`For 2 % of the trace: ${numberText(proposals[1]!.examples, 6)} examples`);
  await panel().getByRole('radio', { name: 'Sharpness' }).click();
  await field.fill('5');
  await field.press('Enter');
});

test('mini-batches: their mean, quantiles and the threshold of the optimiser', async () => {
  await panel().getByRole('button', { name: 'Measure mini-batches…' }).click();
  await dialog().getByRole('button', { name: 'Start' }).click();
  const { batchSharpness } = await computedBy<SamplingDocument>('sampling', '--batch-size', '32');
  const { sharpness, alongGradient } = batchSharpness!;
  for (const { mean, standardError } of [sharpness, alongGradient])
    await expect.poll(words, patient).toContain(certified(mean, standardError));
  expect(await words()).toContain(numeralText(sharpness.quantiles[4], 4));
  const figure = panel().getByRole('img', { name: /^Two strips of points/ });
  await expect.poll(() => figure.count(), patient).toBe(1);
  if (pictures) writeFileSync(path.join(pictures, 'curvature-sampling.png'), await opened.page.screenshot());
});

test('the proposed size is written to the probes of the experiment', async () => {
  await panel()
    .getByRole('button', { name: /^Use \d+ for probes$/ })
    .click();
  const editor = opened.page.getByRole('region', { name: 'Editor' }).last();
  const text = () =>
    editor
      .getByRole('textbox', { name: /yaml|text/i })
      .first()
      .inputValue();
  await expect.poll(text, patient).toContain(`examples: ${sampling.proposals[0]!.ofThese}`);
  await showPanel();
});

let structure: StructureDocument;

test('structure: from the menu; classes, gradient, approximations and every sharpness as the command line has them', async () => {
  await show('Structure');
  expect(await words()).toContain('Not computed yet for this run: what the curvature is made of');
  await chooseFromMenu(opened.page, 'Analyse', /^Compute structure…/);
  await dialog().getByRole('button', { name: 'Start' }).click();
  structure = await computedBy('structure');
  const { classes, gradientShares, approximations, sharpness, notices } = structure;
  await expect.poll(words, patient).toContain('Sharpness, by definition');
  const told = await words();
  for (const { formula, value, error, name } of sharpness!) {
    expect(told).toContain(lined(formula));
    expect(told, name).toContain(certified(value, error));
  }
  for (const { trace, formula } of classes!.parts) {
    expect(told).toContain(lined(formula));
    expect(told).toContain(percentText(trace / classes!.traceOfG.value));
  }
  expect(told).toContain(certified(classes!.within.trace.value, classes!.within.trace.standardError));
  expect(told).toContain(percentText(gradientShares![0]!.share.value));
  for (const { frobeniusError, of } of approximations!.qualities)
    if (of === 'gaussNewton') expect(told).toContain(percentText(frobeniusError));
  await panel().getByRole('radio', { name: 'of H' }).click();
  const ofH = approximations!.qualities.find(({ name, of }) => of === 'hessian' && name === 'kfac');
  expect(await words()).toContain(numeralText(ofH!.largestRatio, 4));
  for (const notice of notices) expect(told).toContain(spaced(notice));
  await expect
    .poll(
      () =>
        panel()
          .getByRole('img', { name: /^Points falling with the rank/ })
          .count(),
      patient,
    )
    .toBe(1);
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.each(['light', 'contrast', 'dark'])('axe finds nothing serious in either view (%s)', async (theme) => {
  const { page } = opened;
  await page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);
  for (const view of ['Structure', 'Sampling error']) {
    await show(view);
    await page.waitForTimeout(600);
    if (pictures) await page.locator('.curvature-body').evaluate((body) => body.scrollTo(0, 0));
    const picture = await page.screenshot();
    if (pictures) writeFileSync(path.join(pictures, `curvature-${view.split(' ')[0]}-${theme}.png`), picture);
    if (pictures) {
      await page.locator('.curvature-body').evaluate((body) => body.scrollTo(0, 480));
      writeFileSync(path.join(pictures, `curvature-${view.split(' ')[0]}-${theme}-below.png`), await page.screenshot());
    }
    expect((await pixelsOf(page, await panel().screenshot())).colours).toBeGreaterThan(8);
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
  }
});

test('both are there again when the run is opened anew, and follow the cursor', async () => {
  await opened.close();
  opened = await openWindow({ words: [run] });
  await showPanel();
  await expect
    .poll(words, patient)
    .toContain(
      certified(sampling.sharpness.value, Math.hypot(sampling.sharpness.standardError, sampling.sharpness.uncertainty)),
    );
  await show('Structure');
  const [top] = structure.sharpness!;
  expect(await words()).toContain(certified(top!.value, top!.error));
  const slider = opened.page.getByRole('slider', { name: 'Step' });
  await slider.focus();
  await opened.page.keyboard.press('Home');
  await expect.poll(words, patient).toContain('Nothing was computed at or before this step');
  await panel().getByRole('button', { name: 'Go to step 100' }).click();
  await expect.poll(words, patient).toContain(certified(top!.value, top!.error));
});

test('nothing was refused by the content policy, and nothing failed in the page', () => {
  expect(opened.complaints).toEqual([]);
});
