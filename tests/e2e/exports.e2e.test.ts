import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readNpz } from '../../core/formats/npz.ts';
import { readDirectionFile, readHdf5Landscape } from '../../electron/host/hdf5/index.ts';
import { readPdf } from '../support/pdf.ts';
import { chooseFromMenu, until } from '../support/run-control.ts';
import { trainSmall } from '../support/small-run.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** One window on a finished run; whatever it is asked to save lies in one folder, under the name that it proposes. */
let opened: OpenWindow;
let run: string;
let saved: string;

beforeAll(async () => {
  run = path.join(mkdtempSync(path.join(os.tmpdir(), 'saddlescope-exports-')), 'moons');
  saved = mkdtempSync(path.join(os.tmpdir(), 'saddlescope-saved-'));
  await trainSmall(run, { settings: ['precision=float32'] });
  opened = await openWindow({ words: [run] });
  await opened.app.evaluate(({ dialog }, folder) => {
    dialog.showSaveDialog = async (_window: unknown, options?: { defaultPath?: string }) => ({
      canceled: false,
      filePath: `${folder}/${options?.defaultPath?.split(/[/\\]/).at(-1)}`,
    });
  }, saved);
  await until('the plane of the path is whole', async () => resultOf('pca', '.npz') !== undefined);
});

afterAll(async () => {
  await opened?.close();
});

/** What a test that failed has left open. */
afterEach(async () => {
  if (await dialog().count()) await opened.page.keyboard.press('Escape');
});

const resultOf = (kind: string, ending: string): string | undefined => {
  const folder = path.join(run, 'results');
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((one) => one.startsWith(`slice-${kind}`) && one.endsWith(ending));
  return name && path.join(folder, name);
};

const dialog = () => opened.page.getByRole('dialog').or(opened.page.getByRole('alertdialog'));

/** The one file whose name ends so, once it is there. */
async function file(ending: string, seconds = 30): Promise<Buffer> {
  const find = () => readdirSync(saved).find((name) => name.endsWith(ending));
  await until(`a file …${ending} is saved`, async () => find() !== undefined, seconds);
  return readFileSync(path.join(saved, find()!));
}

const pressed = (name: string) => dialog().getByRole('radio', { name, exact: true }).click();

async function filled(name: string, value: string): Promise<void> {
  await dialog().getByRole('spinbutton', { name, exact: true }).fill(value);
  await opened.page.keyboard.press('Tab');
}

async function chosen(field: string, option: string): Promise<void> {
  await dialog()
    .getByRole('button', { name: new RegExp(field) })
    .first()
    .click();
  await opened.page.getByRole('option', { name: option }).click();
}

const pointsPerMm = 72 / 25.4;

/** Sides in millimetres as the preview of the print dialog says them. */
async function sizeShown(): Promise<readonly [number, number]> {
  const read = async () => /([\d.]+) × ([\d.]+) mm/.exec(await dialog().locator('figcaption').innerText());
  await until('the preview is drawn', async () => (await read()) !== null);
  const [, width, height] = (await read())!;
  return [Number(width), Number(height)];
}

const pngSize = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];
const pixelsPerMetre = (png: Buffer) => png.readUInt32BE(png.indexOf('pHYs') + 4);

test('a figure for print is one PDF page of exactly its size, with its fonts and with lines, not pixels', async () => {
  await opened.page.keyboard.press('Control+Alt+p');
  await chosen('Width', 'One column, 85 mm');
  const [width, height] = await sizeShown();
  expect(width).toBe(85);
  await dialog().getByRole('button', { name: 'Save PDF…' }).click();
  const { pages, fonts, drawing } = readPdf(await file('.pdf'));
  expect(pages).toHaveLength(1);
  // Chromium rounds a page to whole points; the preview says millimetres with one digit.
  expect(Math.abs(pages[0]![0] - width * pointsPerMm)).toBeLessThan(1);
  expect(Math.abs(pages[0]![1] - height * pointsPerMm)).toBeLessThan(1);
  expect(fonts.length).toBeGreaterThan(0);
  expect(fonts.filter(({ isEmbedded }) => !isEmbedded)).toEqual([]);
  // Texts that are shown, and curves.
  expect(drawing.match(/\bT[jJ]\b/g)?.length).toBeGreaterThan(8);
  expect(drawing.match(/ [lc]\n/g)?.length).toBeGreaterThan(100);
});

test('as SVG it is in millimetres and its text is text; as PNG it has its pixels and says how dense they are', async () => {
  await opened.page.keyboard.press('Control+Alt+p');
  await chosen('Width', 'Another width');
  await filled('Millimetres', '100');
  await filled('Text', '9');
  await pressed('SVG');
  await until('the preview follows', async () => (await sizeShown())[0] === 100);
  await dialog().getByRole('button', { name: 'Save SVG…' }).click();
  const svg = (await file('.svg')).toString('utf8');
  const [, units = ''] = /<svg[^>]* viewBox="\S+ \S+ (\S+) /.exec(svg) ?? [];
  expect(svg).toMatch(/<svg[^>]* width="100mm"/);
  // Text of twelve units is nine points: 100 mm are 283.46 points.
  expect((12 * 100 * pointsPerMm) / Number(units)).toBeCloseTo(9, 1);
  expect(svg.match(/<text\b/g)!.length).toBeGreaterThan(8);

  await opened.page.keyboard.press('Control+Alt+p');
  await pressed('PNG');
  await pressed('600 dpi');
  await sizeShown();
  await dialog().getByRole('button', { name: 'Save PNG…' }).click();
  const png = await file('.png');
  expect(pngSize(png)[0]).toBe(Math.round((100 / 25.4) * 600));
  expect(pixelsPerMetre(png)).toBe(Math.round(600 / 0.0254));
});

test('the slice itself is saved in every form, and every form has the numbers of the run folder', async () => {
  const loss = readNpz(readFileSync(resultOf('pca', '.npz')!)).get('loss')!;
  const numbers = Array.from(loss.data as Float64Array);
  const forms = ['HDF5', 'CSV', 'NPZ', 'JSON', 'VTK structured grid, .vts', 'VTK surface, .vtp'];
  for (const form of [...forms, 'Files of loss-landscape']) {
    await chooseFromMenu(opened.page, 'Figure', /^Save the slice in other forms/);
    await chosen('Form', form);
    await dialog().getByRole('button', { name: 'Save…' }).click();
    await dialog().waitFor({ state: 'detached' });
    const ending = /\.(\w+)$/.exec(form)?.[1] ?? form.toLowerCase();
    if (form.startsWith('Files')) break;
    const bytes = await file(`-plane.${ending === 'hdf5' ? 'h5' : ending}`);
    if (form === 'HDF5') {
      const ours = await readHdf5Landscape(bytes);
      expect([ours.form, Array.from(ours.fields[0]!.values)]).toEqual(['saddlescope', numbers]);
    }
    if (form === 'NPZ') expect(Array.from(readNpz(bytes).get('loss')!.data as Float64Array)).toEqual(numbers);
    const text = bytes.toString('utf8');
    if (form === 'CSV') {
      const [head = '', ...rows] = text.trim().split(/\r?\n/);
      const column = head.split(',').indexOf('loss');
      expect(rows.map((row) => Number(row.split(',')[column]))).toEqual(numbers);
    }
    if (form === 'JSON') expect(JSON.parse(text)).toMatchObject({ plane: 'pca' });
    if (ending === 'vts') expect(text).toMatch(/<VTKFile type="StructuredGrid"/);
    if (ending === 'vtp') expect(text).toMatch(/<VTKFile type="PolyData"/);
  }
  // Two files, of which the first names the second.
  const directions = await readDirectionFile(await file('-plane.directions.h5'));
  await until('the surface is there', async () => {
    const surface = await readHdf5Landscape(await file('-plane.h5'));
    return surface.form === 'loss-landscape';
  });
  const surface = await readHdf5Landscape(await file('-plane.h5'));
  expect(Array.from(surface.fields[0]!.values)).toEqual(numbers);
  expect(surface.notes.dir_file).toBe('moons-plane.directions.h5');
  expect(directions.directions).toHaveLength(2);
});

test('a scene is saved in a size of paper, without its background', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+3');
  await page.locator('.landscape-stage').first().waitFor();
  await chooseFromMenu(page, 'Figure', /landscape as a picture/);
  await pressed('Millimetres');
  await pressed('174 × 116');
  await pressed('Transparent');
  await dialog().getByRole('button', { name: 'Save PNG…' }).click();
  const png = await file('-landscape-pca.png');
  // 174 mm are 658 pixels of the page, whole.
  expect(pngSize(png)).toEqual([Math.round((658 * 300) / 96), Math.round((438 * 300) / 96)]);
  expect(pixelsPerMetre(png)).toBe(Math.round(300 / 0.0254));
  const corner = await page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let opaque = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 250) opaque++;
      return { alpha: data[3], opaque: opaque / (bitmap.width * bitmap.height) };
    },
    [...png],
  );
  expect(corner.alpha).toBe(0);
  expect(corner.opaque).toBeGreaterThan(0.1);
  expect(corner.opaque).toBeLessThan(0.95);
});

test('the turning scene is saved as a GIF that repeats', async () => {
  await chooseFromMenu(opened.page, 'Figure', /turning film/);
  await pressed('GIF');
  await pressed('960 × 600');
  await filled('One turn', '1');
  await dialog().getByRole('button', { name: 'Record GIF…' }).click();
  const gif = await file('-landscape-pca.gif', 100);
  expect(gif.toString('latin1', 0, 6)).toBe('GIF89a');
  expect([gif.readUInt16LE(6), gif.readUInt16LE(8)]).toEqual([960, 600]);
  expect(gif.includes('NETSCAPE2.0')).toBe(true);
  // A graphic control extension a picture: one second of twenty a second.
  expect(gif.toString('latin1').split('!\u00f9\u0004').length).toBeGreaterThan(20);
  await dialog().waitFor({ state: 'detached' });
  expect(opened.complaints).toEqual([]);
});
