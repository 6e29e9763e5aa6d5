import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { chooseFromMenu, until } from '../support/run-control.ts';
import { trainSmall } from '../support/small-run.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** One window on a finished run; each test goes on where the last one ended. SHOTS names a folder for pictures of it. */
let opened: OpenWindow;
let run: string;

beforeAll(async () => {
  run = path.join(mkdtempSync(path.join(os.tmpdir(), 'saddlescope-slices-')), 'moons');
  await trainSmall(run, { settings: ['precision=float32'] });
  opened = await openWindow({ words: [run] });
  await opened.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1560, 960));
  opened.page.setDefaultTimeout(10_000);
  await opened.page.keyboard.press('Control+3');
});

afterEach(async ({ task }) => {
  // What one test leaves open is not in the way of the next one.
  if (task.result?.state === 'fail') for (let i = 0; i < 3; i++) await opened.page.keyboard.press('Escape');
});

afterAll(async () => {
  expect(opened?.complaints ?? []).toEqual([]);
  await opened?.close();
});

async function shot(name: string): Promise<void> {
  const folder = process.env.SHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await opened.page.waitForTimeout(400);
  writeFileSync(path.join(folder, `${name}.png`), await opened.page.screenshot());
}

const dialog = () => opened.page.getByRole('dialog');
const panel = () => opened.page.locator('.landscape-panel');
const stage = () => opened.page.locator('.landscape-stage');
const results = (): string[] => (existsSync(path.join(run, 'results')) ? readdirSync(path.join(run, 'results')) : []);
const storedSlice = (name: string) => JSON.parse(readFileSync(path.join(run, 'results', name), 'utf8'));
const notes = () => panel().locator('.landscape-notes').innerText();

async function select(label: string | RegExp, option: string | RegExp, within = dialog()): Promise<void> {
  await within.getByRole('button', { name: label }).first().click();
  await opened.page.getByRole('listbox').getByRole('option', { name: option }).first().click();
}
async function fill(label: string, value: string, within = dialog()): Promise<void> {
  await within.getByLabel(label, { exact: true }).first().fill(value);
  await opened.page.keyboard.press('Tab');
}
const openForm = () => chooseFromMenu(opened.page, 'Analyse', /New slice/);
async function chooseSlice(name: string): Promise<void> {
  await opened.page.getByRole('button', { name: /^Slice: / }).click();
  await opened.page.getByRole('menuitem', { name }).click();
}

test('a slice of several quantities is started from the form, and coloured by another one', async () => {
  const { page } = opened;
  await until('the plane of the path is whole', async () => results().some((name) => /^slice-pca.*json/.test(name)));
  await openForm();
  await dialog().getByRole('radio', { name: 'Plane' }).click();
  await select('α along', /^Gradient/);
  await select('β along', /^Random/);
  await fill('Points along α', '25');
  await fill('Points along β', '21');
  await dialog().getByRole('checkbox', { name: /^‖∇L‖/ }).check();
  await dialog()
    .getByRole('checkbox', { name: /^λ max/ })
    .check();
  await shot('form');
  expect(await dialog().locator('code').innerText()).toMatch(
    /slice .*--plane gradient,random --grid 25x21 --quantity loss,gradient_norm,lambda_max/,
  );
  await dialog().getByRole('button', { name: 'Start' }).click();
  await until('the slice is stored', async () => results().some((name) => /gradient\+random.*json/.test(name)), 90);
  await until('it is shown', async () => /gradient/i.test((await stage().getAttribute('aria-label')) ?? ''));
  await page.getByRole('button', { name: 'Controls' }).first().click();
  const aside = page.getByRole('complementary', { name: 'How the landscape is drawn' });
  await select('Colour', 'λ max', aside);
  await until('its certificate is told', async () => /largest residual/.test(await aside.innerText()));
  await until(
    'the bar is of it',
    async () =>
      (await panel()
        .getByLabel(/Colours: λ max/i)
        .count()) === 1,
  );
  await shot('colour');
  await aside.getByRole('radio', { name: 'Cells' }).click();
  await aside.getByText('Cut off above').click();
  await until('what is cut off is told', async () =>
    /cut off at/.test(await page.locator('.landscape-legend').innerText()),
  );
  await shot('clip');
  await aside.getByText('Cut off above').click();
  await aside.getByRole('radio', { name: 'None' }).click();
});

test('a cell is picked, and the window goes there: loss, gradient and eigenvalues of that point', async () => {
  const { page } = opened;
  const box = (await stage().boundingBox())!;
  const card = page.getByRole('region', { name: 'Picked cell' });
  for (const [x, y] of [
    [0.5, 0.55],
    [0.45, 0.6],
    [0.55, 0.5],
  ] as const) {
    await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
    if ((await card.count()) > 0) break;
    await page.waitForTimeout(200);
  }
  const text = (await card.innerText()).replace(/\s+/g, ' ');
  expect(text).toMatch(/Loss L .*‖∇L‖ .*λ max .*± .*residual.*‖θ − θ₀‖.*Nearest step/i);
  await card.getByRole('button', { name: 'Go there' }).click();
  const point = page.locator('.inspector-point');
  await until('the point is known', async () => /smallest/.test(await point.innerText()), 60);
  await shot('point');
  const number = (label: RegExp, of: string) => Number(label.exec(of)![1]!.replace('−', '-'));
  const told = (await point.innerText()).replace(/\s+/g, ' ');
  // The gradient of the point is that of its cell: float32, four digits.
  const [cell, there] = [number(/‖∇L‖ (\S+)/, text), number(/‖∇L‖ (\S+)/, told)];
  expect(Math.abs(there / cell - 1)).toBeLessThan(2e-3);
  await point.getByRole('button', { name: 'Leave' }).click();
  expect(await point.count()).toBe(0);
});

test('minima and passes of the grid are listed with their verdicts, and marked', async () => {
  const { page } = opened;
  await chooseSlice('Random plane');
  await until('it is there', async () => results().some((name) => /^slice-random-.*json/.test(name)), 90);
  const aside = page.getByRole('complementary', { name: 'How the landscape is drawn' });
  await aside.getByText('Minima and passes').click();
  await until('they are listed', async () => (await aside.getByRole('row').count()) > 1);
  expect(await aside.getByRole('table').innerText()).toMatch(/min[\s\S]*(beyond both|border|sampling|noise)/);
  await until('they are marked', async () => (await stage().locator('.landscape-mark svg').count()) > 0);
  await aside.getByRole('button', { name: /Persistence diagram/ }).click();
  await until('the diagram is drawn', async () => (await dialog().locator('img').count()) === 1);
  await shot('persistence');
  await page.keyboard.press('Escape');
  await aside
    .getByRole('button', { name: /Show the grid minimum/ })
    .first()
    .click();
  expect(await page.getByRole('region', { name: 'Picked cell' }).count()).toBe(1);
  await shot('topology');
  await page.getByRole('region', { name: 'Picked cell' }).getByRole('button', { name: 'Close' }).click();
  await aside.getByText('Minima and passes').click();
});

test('the path is hidden, shown, played; a view is kept and taken up again', async () => {
  const { page } = opened;
  await chooseSlice('Trajectory plane');
  const aside = page.getByRole('complementary', { name: 'How the landscape is drawn' });
  const legend = () => page.locator('.landscape-legend').innerText();
  await until('the path is drawn', async () => /path at its true loss/.test(await legend()));
  await aside.locator('.field-switch', { hasText: /^Path$/ }).click();
  await until('it is gone', async () => !/path/.test(await legend()));
  await aside.locator('.field-switch', { hasText: /^Path$/ }).click();
  await aside.getByRole('button', { name: 'Play the path' }).click();
  const texts = new Set<string>();
  for (let i = 0; i < 12; i++) {
    texts.add(await aside.locator('.landscape-play .numeral').innerText());
    await page.waitForTimeout(150);
  }
  expect(texts.size).toBeGreaterThan(4);
  await aside.getByRole('button', { name: 'Stop playing the path' }).click();
  await aside.getByRole('button', { name: 'Along the path' }).click();
  await page.waitForTimeout(500);
  type Told = HTMLElement & { sceneInformation(): { pose: unknown } };
  const pose = () => stage().evaluate((element) => (element as Told).sceneInformation().pose);
  const kept = await pose();
  await aside.getByRole('button', { name: 'Keep view' }).click();
  await aside.getByRole('button', { name: 'Above' }).click();
  await page.waitForTimeout(500);
  expect(await pose()).not.toEqual(kept);
  await aside.getByRole('button', { name: 'View 1', exact: true }).click();
  await page.waitForTimeout(300);
  expect(await pose()).toEqual(kept);
  await shot('path');
});

test('a slice is paused, goes on, and is the same as one that was not', async () => {
  const { page } = opened;
  const ask = async (name: 'first' | 'second') => {
    await openForm();
    await dialog().getByRole('radio', { name: 'Plane' }).click();
    await select('α along', /^Random/);
    await select('β along', /^Gradient/);
    await fill('Points along α', '41');
    await fill('Points along β', '31');
    await dialog()
      .getByRole('checkbox', { name: /^λ max/ })
      .check();
    await dialog().getByRole('button', { name: 'Start' }).click();
    return name;
  };
  await ask('first');
  await until('it sharpens', async () => /of 2.542 values of 2/.test(await notes()));
  await page.waitForTimeout(1500);
  await panel().getByRole('button', { name: 'Pause' }).click();
  await until('it is paused', async () => /of 2.542 values of 2 quantities, paused/.test(await notes()));
  await shot('paused');
  await until('it lies on disk', async () => results().some((name) => /random\+gradient.*state/.test(name)), 20);
  expect(results().some((name) => /random\+gradient.*json/.test(name))).toBe(false);
  await panel().getByRole('button', { name: 'Continue' }).click();
  await until('it is whole', async () => results().some((name) => /random\+gradient.*json/.test(name)), 120);
  const file = results().find((name) => /random\+gradient.*json/.test(name))!;
  const continued = storedSlice(file);
  await until(
    'nothing of the pause is left',
    async () => !results().some((name) => /random\+gradient.*state/.test(name)),
  );
  await until('nothing is being computed', async () => (await panel().locator('.landscape-pause').count()) === 0);
  await ask('second');
  await until('it is whole again', async () => storedSlice(file).stats.seconds !== continued.stats.seconds, 120);
  const whole = storedSlice(file);
  expect(continued.fields.map(({ values }: { values: unknown }) => values)).toEqual(
    whole.fields.map(({ values }: { values: unknown }) => values),
  );
}, 300_000);

test('a line between two points is a chart, a volume a volume', async () => {
  const { page } = opened;
  await openForm();
  await dialog().getByRole('radio', { name: 'Line' }).click();
  await select('α along', /^To another point/);
  await select(/(^| )Other point/, /this run/);
  await fill('Points along α', '41');
  await dialog().getByText('Examples and certificates').click();
  await dialog().getByText('Standard errors').click();
  await shot('form-line');
  await dialog().getByRole('button', { name: 'Start' }).click();
  await until('it is drawn', async () => (await panel().locator('figure img').count()) === 1, 60);
  await until('it is whole', async () => results().some((name) => /slice-line-difference.*json/.test(name)));
  expect(await panel().locator('figure img').getAttribute('alt')).toMatch(/Line chart/);
  await shot('line');
  await openForm();
  await dialog().getByRole('radio', { name: 'Volume' }).click();
  for (const axis of ['α', 'β', 'γ']) {
    await select(`${axis} along`, /^Random/);
    await fill(`Points along ${axis}`, '17');
  }
  await dialog().getByRole('button', { name: 'Start' }).click();
  await until('the volume is stored', async () => results().some((name) => /volume-random.*json/.test(name)), 120);
  await until('it is drawn', async () => (await panel().locator('.volume-view canvas').count()) > 0);
  await page.waitForTimeout(1500);
  await shot('volume');
});
