import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exactCriticalPoints } from '../../core/models/closed-form/deep-linear/critical-points.ts';
import { chooseFromMenu, until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** A folder for screenshots to look at. */
const pictures = process.env.SADDLESCOPE_PICTURES;

/** For a machine where other programs compute too. */
const patient = { timeout: 60_000 };

const experiment = path.resolve(import.meta.dirname, '../../assets/experiments/deep-linear.yaml');
/** What there is to be found. */
const exact = exactCriticalPoints([4, 3, 2, 1], 2);

let opened: OpenWindow;

beforeAll(async () => {
  opened = await openWindow({ words: [experiment] });
  await opened.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1600, 1000));
});

afterAll(() => opened?.close());

const region = (name: string) => opened.page.getByRole('region', { name }).last();
const words = async (name: string): Promise<string> => (await region(name).innerText()).replace(/\s+/g, ' ');
const table = () => opened.page.getByRole('grid', { name: 'Points' });
const shot = async (name: string) => {
  if (pictures) writeFileSync(path.join(pictures, `saddles-${name}.png`), await opened.page.screenshot());
};

/** Loss and index of the rows of the table. */
const rows = async (): Promise<{ loss: number; index: string; status: string }[]> =>
  (await table().locator('tbody tr[aria-rowindex]').all()).length === 0
    ? []
    : table()
        .locator('tbody tr[aria-rowindex]')
        .evaluateAll((all) =>
          all.map((row) => {
            const cell = (column: string) => row.querySelector(`.point-column-${column}`)?.textContent ?? '';
            return { loss: Number(cell('loss')), index: cell('index'), status: cell('kind') };
          }),
        );

test('Analyse → Find critical points… shows the workspace, empty until something is searched', async () => {
  const { page } = opened;
  // It comes to the front of the workspace that is shown.
  await expect.poll(() => words('Editor').catch(() => ''), patient).toContain('can be run');
  await page.keyboard.press('Control+4');
  await expect.poll(() => words('Index and loss'), patient).toContain('Start search');
  expect(await words('Index and loss')).toContain('No search for critical points');
  await page.keyboard.press('Control+1');
  await chooseFromMenu(page, 'Analyse', 'Find critical points…');
  await page.getByRole('tab', { name: 'Experiment' }).click();
  await page.getByRole('button', { name: 'deep-linear', exact: true }).click();
  await expect
    .poll(() => page.getByRole('region', { name: 'Run control' }).innerText(), patient)
    .toContain('500 / 500');
  await page.getByRole('tab', { name: 'Search' }).click();
  await expect.poll(() => words('Search for critical points'), patient).toContain('16 parameters');
  await shot('empty');
});

test('twelve random starts: certified points are those of the closed form, loss and index', async () => {
  const { page } = opened;
  const form = region('Search for critical points');
  await form.getByRole('button', { name: /Starts/ }).click();
  await page.getByRole('option', { name: /random points/ }).click();
  const count = form.getByRole('spinbutton', { name: 'How many' });
  await count.fill('12');
  await count.press('Enter');
  await form.getByRole('button', { name: 'Start search' }).click();
  await expect.poll(() => words('Search for critical points'), patient).toContain('12 of 12 starts');
  await until(
    'the search is whole',
    async () => (await form.getByRole('button', { name: 'Start search' }).count()) > 0,
  );
  const certified = (await rows()).filter(({ status }) => status === 'certified');
  expect(certified.length).toBeGreaterThan(0);
  for (const { loss, index } of certified)
    expect(exact.some((one) => Math.abs(one.loss - loss) < 1e-4 && String(one.negative) === index)).toBe(true);
  await shot('found');
});

test('once the search rests a saddle is looked at, without a choice', async () => {
  await expect.poll(() => words('Certificate'), patient).toMatch(/index [1-9]\d* exactly A saddle/);
});

test('a saddle is selected by keys; its certificate and its spectrum are shown', async () => {
  const isProved = (await rows()).map(({ status, index }) => status === 'certified' && Number(index) > 0);
  const saddle = isProved.lastIndexOf(true);
  await table().focus();
  await opened.page.keyboard.press('Home');
  for (let i = 0; i < saddle; i++) await opened.page.keyboard.press('ArrowDown');
  const { index } = (await rows())[saddle]!;
  await expect.poll(() => words('Certificate'), patient).toMatch(new RegExp(`index ${index} exactly A saddle`));
  // The origin is one to the last digit.
  expect(await words('Certificate')).toMatch(/A true critical point lies (within|here)/);
  const spectrum = region('Spectrum of a point').getByRole('img');
  await expect.poll(() => spectrum.getAttribute('alt'), patient).toMatch(new RegExp(`^${index} negative eigenvalues`));
  const chart = opened.page.getByRole('application', { name: /^Index against loss/ });
  expect(await chart.getAttribute('aria-label')).toContain(`index ${index}, certified`);
});

test('its slice is drawn, and the escape goes down along both sides', async () => {
  const scene = region('Slice through a point').getByRole('img', { name: /^The loss on the plane through point/ });
  await expect.poll(() => scene.count(), patient).toBe(1);
  await region('Certificate').getByRole('button', { name: 'Follow the escape' }).click();
  const ends = opened.page.getByRole('list', { name: 'Where the descents end' });
  await expect.poll(() => ends.innerText(), patient).toMatch(/\+v₁ .*−v₁ /s);
  await until('the paths are drawn to their ends', async () =>
    /v₁ (minimum|saddle|still)/.test(await ends.innerText()),
  );
  expect(await scene.getAttribute('aria-label')).toMatch(/Descents end along \+v₁ at a (minimum|saddle)/);
  const drawn = await scene.evaluate(
    (element) => (element as unknown as { sceneInformation(): { triangles: number } }).sceneInformation().triangles,
  );
  expect(drawn).toBeGreaterThan(1000);
  await shot('escape');
});

test('“Check this” holds the point against itself and the dense matrix; the command of the search is copied', async () => {
  await region('Certificate').getByRole('button', { name: 'Check this' }).click();
  await expect.poll(() => words('Certificate'), patient).toContain('against the dense matrix');
  expect(await words('Certificate')).not.toContain('failed:');
  await region('Certificate').getByRole('button', { name: 'Copy the command' }).click();
  const copied = () => opened.app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied, patient).toMatch(/^npx saddlescope saddles .*--starts 12/);
  await shot('checked');
});

test('what was found lies in the run: in another session it is there', async () => {
  const before = await rows();
  expect(opened.complaints).toEqual([]);
  const [run] = readdirSync(opened.runs).filter((name) => name.includes('deep-linear'));
  const folder = path.join(opened.runs, run ?? '');
  await opened.close();
  opened = await openWindow({ words: [folder] });
  await expect.poll(() => opened.page.getByRole('region', { name: 'Run control' }).count(), patient).toBe(1);
  await opened.page.keyboard.press('Control+4');
  await expect.poll(rows, patient).toEqual(before);
});
