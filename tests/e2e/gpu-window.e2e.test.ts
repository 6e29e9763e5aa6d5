import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMetrics } from '../../core/experiment/run-folder.ts';
import { saddlescope, temporaryFolder } from '../support/command-line.ts';
import { until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** A GPU that is a program, which Chromium carries: for machines without one, and only for tests. */
const software = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];
const folder = temporaryFolder();
const file = path.join(folder, 'small.yaml');
const yaml = `name: small
seed: 3
data: { train: digits-8x8, subset: { first: 50 } }
model: { layers: [ { dense: { units: 5, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.5 } }
steps: 5
probes: { every: { loss: 5, sharpness: 0 } }
precision: float32
engine: webgpu
`;
const engine = 'webgpu (SwiftShader, software)';

let opened: OpenWindow;
/** What the hidden window is known by. */
const windows = () =>
  opened.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible()));
const run = () => path.join(opened.runs, readdirSync(opened.runs)[0] ?? '');
const log = () => readFileSync(path.join(opened.userData, 'logs', 'saddlescope.log'), 'utf8');
const json = (...names: string[]) => JSON.parse(readFileSync(path.join(run(), ...names), 'utf8'));
const last = () => {
  const metrics = path.join(run(), 'metrics.jsonl');
  return existsSync(metrics) ? readMetrics(readFileSync(metrics, 'utf8')).at(-1) : undefined;
};
const spectra = () => readdirSync(path.join(run(), 'results')).filter((name) => /^spectrum-.*\.json$/.test(name));

/** Starts what the open dialog offers. */
const start = () =>
  opened.page
    .getByRole('dialog')
    .getByRole('button', { name: /start|compute/i })
    .last()
    .click();

beforeAll(async () => {
  writeFileSync(file, yaml);
  opened = await openWindow({ words: [file], switches: software });
});

afterAll(async () => {
  await opened?.close();
});

test('a run is trained on the GPU of a window that nobody sees', async () => {
  await opened.page.getByRole('button', { name: 'Start run' }).click();
  await until('the run has ended', async () => {
    const record = last();
    return record?.record === 'run' && record.event !== 'started';
  });
  expect(json('provenance.json').engine).toBe(engine);
  expect((await windows()).sort()).toEqual([false, true]);
});

test('the plane that the window draws by itself is cancelled', async () => {
  const cancel = opened.page.getByRole('button', { name: /^Cancel .*plane/i });
  await cancel.click();
  await until('the job has ended', async () => (await cancel.count()) === 0, 10);
});

test('its spectrum is that of WebAssembly, and says what computed it', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+e');
  await start();
  await until('the spectrum is stored', async () => spectra().length > 0, 30);
  const found = json('results', spectra()[0] ?? '');
  expect(found.engine).toBe(engine);
  const { out } = await saddlescope(['spectrum', run(), '--engine', 'wasm', '--json']);
  const wanted = JSON.parse(out);
  expect(wanted.engine).toBe('wasm');
  const values = (document: typeof found) => document.eigenvalues.map(({ value }: { value: number }) => value);
  const largest = values(wanted)[0];
  expect(values(found)).toHaveLength(values(wanted).length);
  for (const [k, value] of values(wanted).entries())
    expect(Math.abs(values(found)[k] - value)).toBeLessThan(1e-5 * largest);
});

test('its crash is one failure of what is under way; the next job has a new window', async () => {
  const { app, page } = opened;
  const [name = ''] = spectra();
  const before = statSync(path.join(run(), 'results', name)).mtimeMs;
  await page.keyboard.press('Control+e');
  await start();
  await page.getByRole('button', { name: /^Cancel .*spectrum/i }).waitFor({ timeout: 10_000 });
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((one) => !one.isVisible())
      ?.webContents.forcefullyCrashRenderer(),
  );
  await until(
    'the failure is told',
    async () => /computes on the GPU has ended/.test(await page.locator('body').innerText()),
    20,
  );
  expect(await windows()).toEqual([true]);
  await page.keyboard.press('Control+e');
  await start();
  await until(
    'the spectrum is stored again',
    async () => statSync(path.join(run(), 'results', name)).mtimeMs > before,
    40,
  );
  expect((await windows()).sort()).toEqual([false, true]);
});

test('nothing was refused by the content policy, and nothing failed in either page', () => {
  expect(opened.complaints).toEqual([]);
  expect(log()).not.toMatch(/The window of the GPU says|refused:/);
});

test('it does not keep the app open', async () => {
  const ended = opened.app.waitForEvent('close', { timeout: 20_000 });
  await opened.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) if (window.isVisible()) window.close();
  });
  await ended;
  expect(log()).toMatch(/gpu: closed\n?/);
});

test('without a GPU the engine is refused in a sentence, and no other window stays', async () => {
  const poor = await openWindow({ words: [file], switches: ['--disable-gpu'] });
  try {
    const said = () => poor.page.locator('body').innerText();
    await expect.poll(said, { timeout: 30_000 }).toMatch(/There is no GPU here that WebGPU can use/);
    const count = () => poor.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    await expect.poll(count, { timeout: 20_000 }).toBe(1);
  } finally {
    await poor.close();
  }
});
