import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLandscapeNpz } from '../../core/formats/sniff-landscape.ts';
import type { SceneElement, SceneInformation } from '../../renderer/scene/landscape-scene.ts';
import { askTool, python, why } from '../support/loss-landscape/python.ts';
import { numpyScript } from '../support/numpy-python.ts';
import { pixelsOf } from '../support/pixels.ts';
import { chooseFromMenu, until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/**
 * Files of other tools in the real window, without any run. The surface is written by the functions of loss-landscape
 * through h5py: 7 × 4, the loss 10 + x + 100 y, three cells not computed, one of them NaN. Each test goes on where the last
 * one ended.
 */
describe.skipIf(python === null)(`landscape files of other tools in the window${why}`, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'saddlescope-landscapes-'));
  const at = (name: string) => path.join(folder, name);
  let opened: OpenWindow;

  beforeAll(async () => {
    const surface = { do: 'write_surface', dir_file: 'weights.h5', x: [-1, 1, 7], y: [0, 3, 4] };
    askTool(
      { ...surface, file: at('wide.h5'), most: 26 },
      { ...surface, file: at('line.h5'), y: null, most: 1000 },
      {
        do: 'write_direction',
        file: at('weights.h5'),
        directions: {
          xdirection: [{ data: [2, 0, 0], shape: [3], dtype: 'float32' }],
          ydirection: [{ data: [0, 0.5, 0], shape: [3], dtype: 'float32' }],
        },
      },
    );
    askTool({
      do: 'write_projection',
      dir_file: at('weights.h5'),
      file: at('weights.h5_proj_cos.h5'),
      method: 'cos',
      // 0.5 x and 2 y, 0.25 x and 1 y, and the centre.
      differences: [
        [1, 1, 5],
        [0.5, 0.5, 2],
        [0, 0, 0],
      ],
    });
    execFileSync(python!, [
      '-c',
      'import h5py, sys\nwith h5py.File(sys.argv[1], "r+") as f: f["train_loss"][0, 1] = float("nan")',
      at('wide.h5'),
    ]);
    numpyScript('write-landscapes.py', folder);
    const bytes = readFileSync(at('wide.h5'));
    writeFileSync(at('damaged.h5'), bytes.subarray(0, bytes.length / 3));
    opened = await openWindow();
    await opened.app.evaluate(({ dialog }, to) => {
      dialog.showSaveDialog = async (_window: unknown, options?: { filters?: { extensions: string[] }[] }) => ({
        canceled: false,
        filePath: `${to}/saved.${options?.filters?.[0]?.extensions[0]}`,
      });
    }, folder);
    await opened.page.evaluate(() =>
      document.body.append(
        Object.assign(document.createElement('input'), { type: 'file', id: 'probe', multiple: true, hidden: true }),
      ),
    );
  });

  afterAll(async () => {
    await opened?.close();
  });

  /** Real files with their places on the disk, dropped as the system drops them. */
  async function drop(...names: string[]): Promise<void> {
    const { page } = opened;
    await page.setInputFiles('#probe', names.map(at));
    await page.evaluate(() => {
      const { files } = document.querySelector<HTMLInputElement>('#probe')!;
      const dataTransfer = new DataTransfer();
      for (const file of files ?? []) dataTransfer.items.add(file);
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    });
  }

  const stage = () => opened.page.locator('.landscape-stage');
  const alternative = () => stage().getAttribute('aria-label');
  const notes = () => opened.page.locator('.landscape-notes').last().innerText();
  const information = (): Promise<SceneInformation> =>
    stage().evaluate((element) => (element as SceneElement).sceneInformation!());
  const files = () => opened.page.getByRole('region', { name: 'Landscape files' });
  const shot = (name: string) => opened.page.screenshot({ path: at(`${name}.png`) });
  const isShown = (name: string) =>
    until(`${name} is drawn`, async () => ((await alternative().catch(() => '')) ?? '').includes(name));

  test('a surface of loss-landscape dropped on the window is drawn with its axes, holes and announcements', async () => {
    await drop('wide.h5');
    await isShown('wide.h5');
    await until('the surface is drawn', async () => (await information()).frames > 0);
    const text = (await alternative()) ?? '';
    // Not square, and the coordinates of each axis are its own.
    expect(text).toContain('a plane of 7 × 4 points: x from −1 to 1, y from 0 to 3.');
    // 10 + x + 100 y over the 26 cells that the tool has filled; cell (1, 0) is NaN.
    expect(text).toContain('It goes from 9 to 310.');
    expect(text).toContain('3 points are missing or not finite and left out.');
    expect(await notes()).toContain('The grid is not square (7 × 4)');
    expect(await notes()).toContain('2 of 28 values of train_loss are -1');
    expect(await notes()).toContain('directions of weights.h5');
    // 18 squares, less the two that NaN is a corner of, and the two at the end of the last row.
    expect((await information()).triangles).toBe(2 * (18 - 2 - 2));
    expect(opened.complaints).toEqual([]);
    const { black, colours } = await pixelsOf(opened.page, await stage().screenshot());
    expect(black).toBeLessThan(0.1);
    expect(colours).toBeGreaterThan(40);
    // Every sentence can be read, none is cut off.
    const sentences = opened.page.getByRole('list', { name: 'What is unusual about this file' }).getByRole('listitem');
    expect(await sentences.count()).toBe(5);
    for (const sentence of await sentences.all())
      expect(await sentence.evaluate((line) => line.scrollWidth <= line.clientWidth)).toBe(true);
    await shot('surface');
  });

  test('what needs a run says why it cannot be had', async () => {
    const { page } = opened;
    expect(await page.getByRole('button', { name: 'New slice…' }).isDisabled()).toBe(true);
    await page.getByRole('menubar').getByRole('menuitem', { name: 'Analyse', exact: true }).click();
    const recompute = page.getByRole('menuitem', { name: /Compute the plane at the last checkpoint/ });
    expect(await recompute.getAttribute('aria-disabled')).toBe('true');
    expect(await recompute.innerText()).toContain('there is no run');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  test('it is saved as a figure, as numbers and for ParaView', async () => {
    const { page } = opened;
    for (const [entry, name, holds] of [
      [/Save figure as SVG/, 'saved.svg', '<svg'],
      [/Save figure as PDF/, 'saved.pdf', '%PDF'],
      [/Save figure data as CSV/, 'saved.csv', 'loss'],
      [/Save figure data as NPZ/, 'saved.npz', 'loss.npy'],
      [/Save the surface for ParaView/, 'saved.vts', 'StructuredGrid'],
    ] as const) {
      rmSync(at(name), { force: true });
      await chooseFromMenu(page, 'Figure', entry);
      await until(`${name} is written`, async () => existsSync(at(name)));
      expect(readFileSync(at(name), 'latin1'), name).toContain(holds);
    }
    // All quantities of the file, bit for bit, with its holes.
    const { axes, fields } = readLandscapeNpz(new Uint8Array(readFileSync(at('saved.npz'))));
    expect(axes.map(({ coordinates }) => [...coordinates])).toEqual([
      [-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1].map((x) => expect.closeTo(x, 12)),
      [0, 1, 2, 3].map((y) => expect.closeTo(y, 12)),
    ]);
    expect(fields.map(({ quantity }) => quantity)).toEqual(['loss', 'error']);
    const { values, computed } = fields[0]!;
    expect([...computed]).toEqual([...new Array(26).fill(1), 0, 0]);
    for (let i = 0; i < 26; i++)
      if (i === 1) expect(values[i]).toBeNaN();
      else expect(values[i]).toBeCloseTo(10 + axes[0]!.coordinates[i % 7]! + 100 * Math.floor(i / 7), 10);
  });

  test('a projection file alone says what it is; with its directions it is the path on the surface', async () => {
    const { page } = opened;
    await files().getByRole('button', { name: 'Close wide.h5' }).click();
    await drop('weights.h5_proj_cos.h5');
    const problem = page.getByRole('alert').locator('.problem');
    await problem.waitFor();
    expect(await problem.innerText()).toContain('a projection file of loss-landscape');
    expect(await problem.innerText()).toContain('Open the surface file (.h5) that belongs to it first');
    await problem.getByRole('button', { name: 'Dismiss' }).click();
    // In the wrong order: what belongs to a surface waits for it.
    await drop('weights.h5_proj_cos.h5', 'weights.h5', 'wide.h5');
    await isShown('wide.h5');
    await until('the path is there', async () => ((await alternative()) ?? '').includes('The path goes'));
    // (0.5, 2) and (0, 0) in multiples of directions of length 2 and 0.5; as lengths they would be (1, 1).
    expect(await alternative()).toContain('The path goes from step 0, loss 211, to step 2, loss 10.');
    expect(await notes()).toContain('The file has no losses of the path');
    expect(await notes()).toContain('path of weights.h5_proj_cos.h5');
    const legend = await opened.page.locator('.landscape-legend').innerText();
    expect(legend).toContain('path, drawn on the slice: its losses are not known');
    expect(legend).not.toContain('not a number of');
    await shot('path');
  });

  test('a damaged file gives one sentence on what and one on what to do, and the window goes on', async () => {
    const { page } = opened;
    await drop('damaged.h5');
    const problem = page.getByRole('alert').locator('.problem');
    await problem.waitFor();
    expect(await problem.locator('p').innerText()).toMatch(/^damaged\.h5: .*\. Save or copy the file again\.$/);
    await shot('damaged');
    await problem.getByRole('button', { name: 'Dismiss' }).click();
    expect(await alternative()).toContain('wide.h5');
  });

  test('landscapes of other tools: Landscaper in two and three dimensions, curve and plane of mode connectivity, a line', async () => {
    const { page } = opened;
    await drop('landscaper-2.npz');
    await isShown('landscaper-2.npz');
    expect(await alternative()).toContain('a plane of 5 × 5 points: alpha from −0.4 to 0.4, beta from −0.4 to 0.4.');
    expect(await notes()).toContain('Landscaper’s own pictures show the axes of such a file swapped');
    await shot('landscaper');
    await drop('plane.npz');
    await isShown('plane.npz');
    expect(await alternative()).toContain('7 × 4 points');
    await shot('mode-connectivity');
    await drop('landscaper-3.npz');
    await files()
      .getByRole('button', { name: /^landscaper-3\.npz/, pressed: true })
      .waitFor();
    await page.locator('.volume-view').waitFor();
    await page.waitForTimeout(1500);
    await shot('volume');
    for (const name of ['curve.npz', 'line.h5']) {
      await drop(name);
      await files()
        .getByRole('button', { name: new RegExp(`^${name}`), pressed: true })
        .waitFor();
      await page.locator('.landscape-line img').waitFor();
      await page.waitForTimeout(300);
      await shot(name);
      if (name === 'line.h5') continue;
      // Seven quantities: the first by itself, or all in a sheet that scrolls.
      const said = async () => (await page.locator('.landscape-line img').getAttribute('alt')) ?? '';
      expect(await said()).toMatch(/^Line chart: loss from [^;]*$/);
      await page.getByRole('button', { name: /Quantity$/ }).click();
      await page.getByRole('option', { name: 'All 7 quantities' }).click();
      await until('all are drawn', async () => /; segment length from/.test(await said()));
      await page.waitForTimeout(600);
      await shot('curve-all');
    }
    expect(await files().getByRole('listitem').count()).toBe(6);
    expect(opened.complaints).toEqual([]);
  });

  test('a closed file is opened again from the recent ones', async () => {
    const { page } = opened;
    await files().getByRole('button', { name: 'Close wide.h5' }).click();
    await until('it is gone', async () => (await files().getByRole('listitem').count()) === 5);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('wide.h5');
    await page.keyboard.press('Enter');
    await isShown('wide.h5');
    for (const name of await files()
      .getByRole('button', { name: /^Close/ })
      .all()
      .then((all) => all.map(() => /^Close/)))
      await files().getByRole('button', { name }).first().click();
    expect(await files().count()).toBe(0);
    expect(opened.complaints).toEqual([]);
  });

  test('a landscape named on the command line is there at the start', async () => {
    const other = await openWindow({ words: [at('wide.h5')] });
    try {
      await until('it is drawn', async () =>
        (
          (await other.page
            .locator('.landscape-stage')
            .getAttribute('aria-label')
            .catch(() => '')) ?? ''
        ).includes('wide.h5, a plane of 7 × 4 points'),
      );
    } finally {
      await other.close();
    }
  });
});
