import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CameraPose } from '../../renderer/scene/camera-pose.ts';
import type { SceneElement, SceneInformation } from '../../renderer/scene/landscape-scene.ts';
import { saddlescope, temporaryFolder } from '../support/command-line.ts';
import { pixelsOf } from '../support/pixels.ts';
import { until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** Two trainings of the digits that differ in their seed, with planes of both sets made by the command line. */
const folder = temporaryFolder();
const yaml = `name: digits
seed: 3
data: { train: digits-8x8, test: digits-8x8, subset: { first: 300 } }
model: { layers: [ { dense: { units: 8, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.5 } }
steps: 120
checkpoints: { every: 10 }
probes: { budget: 1, every: { loss: 20 } }
precision: float32
`;
const [first, second] = [path.join(folder, 'seed three'), path.join(folder, 'seed four')];
/** A folder for screenshots to look at. */
const pictures = process.env.SADDLESCOPE_PICTURES;
const patient = { timeout: 90_000 };

let opened: OpenWindow;

async function made(...words: string[]): Promise<string> {
  const { code, err, out } = await saddlescope(words);
  if (code !== 0) throw new Error(`${words.join(' ')}: ${err}`);
  return out;
}

beforeAll(async () => {
  const file = path.join(folder, 'digits.yaml');
  writeFileSync(file, yaml);
  const one = async () => {
    await made('train', file, '--out', first);
    await made('slice', first, '--plane', 'random', '--grid', '25', '--uncertainty');
    await made('slice', first, '--plane', 'random', '--grid', '17', '--uncertainty', '--on', 'test');
  };
  const other = async () => {
    await made('train', file, '--out', second, '--set', 'seed=4');
    await made('slice', second, '--plane', 'pca', '--grid', '25');
  };
  await Promise.all([one(), other()]);
  opened = await openWindow({ words: [first, second] });
  const { page } = opened;
  await until('both runs are there', async () => (await page.getByText('seed').count()) > 0);
  await page.keyboard.press('Control+3');
  await page.getByRole('tab', { name: 'Side by side' }).click();
}, 180_000);

afterAll(async () => {
  await opened?.close();
});

const panel = () => opened.page.locator('.compare-panel');
const stages = () => opened.page.locator('.compare-stage');
const information = (): Promise<SceneInformation[]> =>
  stages().evaluateAll((all) => all.map((element) => (element as SceneElement).sceneInformation!()));
const drawn = (count: number) =>
  until(
    `${count} scenes are drawn`,
    async () => {
      const all = await information();
      return all.length === count && all.every(({ frames }) => frames > 0);
    },
    90,
  );

async function choose(place: number, name: RegExp): Promise<void> {
  const { page } = opened;
  await panel()
    .getByRole('button', { name: new RegExp(`Plane ${place}$`) })
    .click();
  // The window may compute the same plane anew.
  await page.getByRole('option', { name }).first().click();
}

const drawnAs = (name: string) =>
  opened.page
    .getByRole('radiogroup', { name: 'Drawn as' })
    .locator('visible=true')
    .getByRole('radio', { name })
    .click();

async function picture(name: string): Promise<void> {
  if (!pictures) return;
  await opened.page.waitForTimeout(700);
  await opened.page.screenshot({ path: path.join(pictures, `compare-${name}.png`) });
}

test('train and test stand side by side, and no picture is black', patient, async () => {
  await panel()
    .getByRole('button', { name: /Show the last two/ })
    .click();
  await drawn(2);
  await choose(1, /three: random plane \(variant/);
  await choose(2, /three: random plane \(test set/);
  await drawn(2);
  await opened.page.waitForTimeout(400);
  await picture('two');
  for (let i = 0; i < 2; i++) {
    const box = (await stages().nth(i).boundingBox())!;
    const { colours, black } = await pixelsOf(opened.page, await opened.page.screenshot({ clip: box }));
    expect(colours).toBeGreaterThan(60);
    expect(black).toBeLessThan(0.02);
  }
});

test('their difference has its warning, its colours around zero and grey where it is noise', patient, async () => {
  await opened.page.getByRole('button', { name: 'Difference', exact: true }).click();
  await drawn(3);
  const cell = opened.page.getByRole('region', { name: /Difference/ });
  await until('it says what it is', async () => /gap of generalisation/.test(await cell.innerText()));
  const text = await cell.innerText();
  expect(text).toMatch(/Grey: less than two standard errors, \d+ of 625 points/);
  expect(text).toMatch(/B is interpolated/);
  await picture('difference');
});

const close = (a: CameraPose, b: CameraPose): number =>
  Math.max(
    Math.abs(a.azimuth - b.azimuth),
    Math.abs(a.elevation - b.elevation),
    Math.abs(a.distance - b.distance),
    ...a.target.map((one, k) => Math.abs(one - b.target[k]!)),
  );

test('whichever is turned, all turn, and then all stand still', patient, async () => {
  const { page } = opened;
  for (const place of [0, 2, 1]) {
    const before = (await information())[place]!.pose;
    const { x, y, width, height } = (await stages().nth(place).boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 60, y + height / 2 - 15, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(800);
    const poses = (await information()).map(({ pose }) => pose);
    expect(close(poses[place]!, before)).toBeGreaterThan(0.1);
    for (const pose of poses) expect(close(pose, poses[0]!)).toBe(0);
  }
  await page.mouse.move(2, 2);
  await page.waitForTimeout(1200);
  const frames = (await information()).map((one) => one.frames);
  await page.waitForTimeout(1000);
  // Nobody draws without a reason: no pose goes round.
  expect((await information()).map((one) => one.frames)).toEqual(frames);
});

test('the point under the pointer is on all of them, and their values differ by the difference', patient, async () => {
  const { page } = opened;
  await stages().nth(0).focus();
  await page.keyboard.press('Home');
  await page.waitForTimeout(900);
  const { x, y, width, height } = (await stages().nth(0).boundingBox())!;
  await page.mouse.move(x + 0.45 * width, y + 0.5 * height);
  await page.mouse.move(x + 0.47 * width, y + 0.5 * height);
  await picture('point');
  const values = () => panel().locator('.compare-value .numeral').allInnerTexts();
  await until('there are values', async () => (await values()).length >= 3);
  const [train, test, gap] = (await values()).map((text) => Number(text.replace('−', '-').replace(/\s/g, '')));
  // Four digits are shown of each.
  expect(Math.abs(train! - test! - gap!)).toBeLessThan(2e-3 * Math.max(Math.abs(train!), Math.abs(test!)) + 1e-3);
  expect(await opened.page.locator('.compare-stage .landscape-mark-probe:visible').count()).toBeGreaterThanOrEqual(2);
  await page.mouse.move(2, 2);
});

test('the path of another seed lies on the plane of this one, with its share and its distance', patient, async () => {
  await choose(1, /four: trajectory plane/);
  const cell = opened.page.getByRole('region', { name: /Difference/ });
  await until('planes that are none of the same are told', async () =>
    /centres are different points.*directions are different ones/s.test(await cell.innerText()),
  );
  await panel()
    .getByRole('checkbox', { name: /seed three/ })
    .check();
  const list = panel().getByRole('list', { name: 'Paths' }).first();
  await until('the path is told', async () => /seed three.*(%|plane)/s.test(await list.innerText()), 60);
  expect(await list.innerText()).toMatch(/ends [\d.]+ of [\d.]+ from the plane/);
  await opened.page.mouse.move(2, 2);
  await picture('paths');
  await drawnAs('Contours');
  await picture('contours');
  await drawnAs('Surface');
  await panel()
    .getByRole('checkbox', { name: /seed three/ })
    .uncheck();
});

// Eighteen scenes: more than Chromium lets live at once.
test('opened and left six times, nothing stays behind', patient, async () => {
  const { page } = opened;
  const leave = () => page.locator('.dv-tab', { hasText: 'Landscape' }).click();
  const enter = () => page.getByRole('tab', { name: 'Side by side' }).click();
  const count = () =>
    page.evaluate(() => ({
      nodes: document.querySelectorAll('*').length,
      canvases: document.querySelectorAll('canvas').length,
    }));
  const round = async () => {
    await leave();
    await page.waitForTimeout(150);
    await enter();
    await drawn(3);
  };
  const memory = async () =>
    (await information()).map(({ geometries, textures, programs }) => ({ geometries, textures, programs }));
  await round();
  await page.waitForTimeout(800);
  const [held, there] = [await memory(), await count()];
  for (let i = 0; i < 6; i++) await round();
  await page.waitForTimeout(800);
  expect(await memory()).toEqual(held);
  expect(await count()).toEqual(there);
  await leave();
  await page.waitForTimeout(300);
  expect(await stages().count()).toBe(0);
  expect(opened.complaints.filter((text) => /Too many active WebGL/i.test(text))).toEqual([]);
  await enter();
});

test('a line between the two says its barrier', patient, async () => {
  const out = await made('slice', first, '--line', 'difference', '--to', second, '--grid', '41', '--uncertainty');
  expect(out).toMatch(/barrier .* above the straight line between the ends, at α = |no barrier/);
  expect(readFileSync(path.join(first, 'experiment.yaml'), 'utf8')).toContain('digits');
});
