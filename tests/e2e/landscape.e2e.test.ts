import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CameraPose, projector } from '../../renderer/scene/camera-pose.ts';
import type { SceneElement, SceneInformation } from '../../renderer/scene/landscape-scene.ts';
import { joinedPath } from '../../renderer/scene/path-points.ts';
import { pointOf } from '../../renderer/scene/scene-box.ts';
import { type SceneModel, sceneModel } from '../../renderer/scene/scene-model.ts';
import { lossBetween } from '../../renderer/scene/slice-grid.ts';
import { type Clip, filmed, largestDifference, mostBlack, pixelsOf } from '../support/pixels.ts';
import { chooseFromMenu, until } from '../support/run-control.ts';
import { trainSmall } from '../support/small-run.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** One window on a finished run without results; each test goes on where the last one ended. */
let opened: OpenWindow;
let run: string;
let saved: string;

beforeAll(async () => {
  run = path.join(mkdtempSync(path.join(os.tmpdir(), 'saddlescope-landscape-')), 'moons');
  saved = mkdtempSync(path.join(os.tmpdir(), 'saddlescope-saved-'));
  await trainSmall(run, { settings: ['precision=float32'] });
  opened = await openWindow({ words: [run] });
  await opened.app.evaluate(({ dialog }, folder) => {
    dialog.showSaveDialog = async (_window: unknown, options?: { filters?: { extensions: string[] }[] }) => ({
      canceled: false,
      filePath: `${folder}/landscape.${options?.filters?.[0]?.extensions[0]}`,
    });
  }, saved);
});

afterAll(async () => {
  await opened?.close();
});

const stage = () => opened.page.locator('.landscape-stage');
const information = (): Promise<SceneInformation> =>
  stage().evaluate((element) => (element as SceneElement).sceneInformation!());
/** One of the automatic planes from the menu, or how it is drawn. */
async function plane(name: string): Promise<void> {
  const { page } = opened;
  const planes: Readonly<Record<string, string>> = {
    'Trajectory plane': 'Trajectory plane',
    Eigenvectors: 'Eigenvector plane',
    Random: 'Random plane',
  };
  const entry = planes[name];
  if (entry === undefined) return page.getByRole('radio', { name, exact: true }).click();
  await page.getByRole('button', { name: /^Slice: / }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}
const resultOf = (kind: string): string | undefined =>
  existsSync(path.join(run, 'results'))
    ? readdirSync(path.join(run, 'results')).find((name) => name.startsWith(`slice-${kind}`) && name.endsWith('.json'))
    : undefined;

async function place(): Promise<Clip> {
  const box = await stage().boundingBox();
  if (box === null) throw new Error('The scene has no place.');
  return box;
}
const seen = async (): Promise<Buffer> => opened.page.screenshot({ clip: await place() });
/** Until half a second has gone without a frame: a flight of the camera, or what is fine after a motion, draws within it. */
async function quiet(): Promise<void> {
  let [frames, same] = [-1, 0];
  while (same < 2) {
    const now = (await information()).frames;
    same = now === frames ? same + 1 : 0;
    frames = now;
    if (same < 2) await opened.page.waitForTimeout(250);
  }
}
/** The picture once nothing moves any more. */
async function still(): Promise<Buffer> {
  await opened.page.mouse.move(2, 2);
  await quiet();
  return seen();
}
/** A focus ring is in the picture too. */
const unfocus = () => opened.page.evaluate(() => (document.activeElement as HTMLElement).blur());
const drawn = () => until('the surface is drawn', async () => (await information()).frames > 0);

test('a plane appears coarse and becomes fine, and the scene is at no time black', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('light theme');
  await page.keyboard.press('Enter');
  await until('the plane of the path is whole', async () => resultOf('pca') !== undefined);
  await page.evaluate(() => {
    const counts: number[] = [];
    Object.assign(window, { triangleCounts: counts });
    const watch = () => {
      const element = document.querySelector<SceneElement>('.landscape-stage');
      const shown = element?.sceneInformation?.();
      if (shown && shown.frames > 0 && shown.triangles !== counts[counts.length - 1]) counts.push(shown.triangles);
      requestAnimationFrame(watch);
    };
    watch();
  });
  const pictures = await filmed(page, async () => {
    await plane('Random');
    await until('the random plane is whole', async () => resultOf('random') !== undefined);
    await drawn();
    await page.waitForTimeout(500);
  });
  // The plane of the path was there before.
  const [, ...counts] = await page.evaluate(() => (window as unknown as { triangleCounts: number[] }).triangleCounts);
  process.stdout.write(`triangles as they came: ${counts.join(', ')}; ${pictures.length} pictures\n`);
  expect(counts.length).toBeGreaterThan(1);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(counts[counts.length - 1]).toBe(2 * 48 * 48);
  const clip = await place();
  expect(await mostBlack(page, pictures, clip)).toBeLessThan(0.1);
  const { colours, black } = await pixelsOf(page, await still());
  expect(colours).toBeGreaterThan(60);
  expect(black).toBeLessThan(0.02);
  await plane('Trajectory plane');
});

test('dragging and arrow keys turn it, and Home brings the same picture back', async () => {
  const { page } = opened;
  const before = await still();
  const { x, y, width, height } = await place();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 120, y + height / 2 - 20, { steps: 6 });
  await page.mouse.up();
  const dragged = await still();
  expect(await largestDifference(page, dragged, before)).toBeGreaterThan(50);
  await stage().focus();
  await page.keyboard.press('ArrowLeft');
  const turned = await still();
  expect(await largestDifference(page, turned, dragged)).toBeGreaterThan(50);
  await page.keyboard.press('Home');
  await unfocus();
  // The gradient behind the scene is dithered anew: single pixels of it differ by a level of 255.
  expect(await largestDifference(page, await still(), before)).toBeLessThanOrEqual(2);
});

test('1, 3, 7 and Home are the views from the front, the side, above and the usual place', async () => {
  const { page } = opened;
  await stage().focus();
  const angles = async () => {
    const { azimuth, elevation } = (await information()).pose;
    return `${Math.round((180 * azimuth) / Math.PI)} ${Math.round((180 * elevation) / Math.PI)}`;
  };
  for (const [key, there] of [
    ['1', '0 12'],
    ['3', '90 12'],
    ['7', '0 90'],
    ['Home', '-33 33'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(angles, { timeout: 10_000 }).toBe(there);
  }
  await unfocus();
});

/** The scene of a saved slice, as the window should have it. */
function modelOf(kind: string): SceneModel {
  const { axes, fields, directions, trajectory } = JSON.parse(
    readFileSync(path.join(run, 'results', resultOf(kind)!), 'utf8'),
  );
  const [{ values: loss, computed }] = fields;
  const model = sceneModel(
    {
      grid: { alpha: axes[0], beta: axes[1], loss, computed },
      norms: [directions[0].norm, directions[1].norm],
      titles: ['', ''],
      path: joinedPath(trajectory, null),
      height: 'log',
      flat: false,
    },
    null,
  );
  if (model === null) throw new Error('The slice has no losses.');
  return model;
}

test('the point under the pointer is the one that lies there, with the loss between its grid points', async () => {
  const { page } = opened;
  const { content, squares, box } = modelOf('pca');
  const { x, y, width, height } = await place();
  const { pose } = await information();
  const project = projector(pose as CameraPose, { width, height });
  for (const [across, down] of [
    [0.45, 0.5],
    [0.5, 0.4],
    [0.55, 0.45],
  ] as const) {
    await page.mouse.move(x + across * width, y + down * height);
    const text = await known(async () => {
      const found = await page.locator('.landscape-legend').innerText();
      return /α (\S+), β (\S+?),? loss (\S+) between/.exec(found.replace(/\s+/g, ' '));
    });
    const [alpha, beta, loss] = text.slice(1, 4).map((one) => Number(one.replace('−', '-').replace(/,$/, ''))) as [
      number,
      number,
      number,
    ];
    // Three digits are shown: what is compared lies within half of the last one.
    const half = (value: number) => 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value) || 1e-3)) - 2);
    const around = [-1, 0, 1].flatMap((i) =>
      [-1, 0, 1].map((j) => lossBetween(content.grid, squares, alpha + i * half(alpha), beta + j * half(beta))),
    );
    expect(loss).toBeGreaterThanOrEqual(Math.min(...around) - half(loss));
    expect(loss).toBeLessThanOrEqual(Math.max(...around) + half(loss));
    const there = project(pointOf(box, alpha, beta, loss));
    expect(Math.hypot(there.x - across * width, there.y - down * height)).toBeLessThan(4);
  }
});

async function known<T>(value: () => Promise<T | null>): Promise<T> {
  let found: T | null = null;
  await until('it is known', async () => {
    found = await value();
    return found !== null;
  });
  return found!;
}

test('each kind of plane appears, and contours lie flat', async () => {
  const { page } = opened;
  const pictures = [await still()];
  for (const [name, kind] of [
    ['Eigenvectors', 'eigen'],
    ['Random', 'random'],
  ] as const) {
    await plane(name);
    await until(`the ${kind} plane is whole`, async () => resultOf(kind) !== undefined);
    await drawn();
    pictures.push(await still());
    expect(await stage().getAttribute('aria-label')).toMatch(new RegExp(name.slice(0, 6), 'i'));
    expect((await pixelsOf(page, pictures[pictures.length - 1]!)).colours).toBeGreaterThan(60);
  }
  await plane('Contours');
  pictures.push(await still());
  expect((await information()).pose.elevation).toBeCloseTo(Math.PI / 2);
  await plane('Surface');
  await plane('Trajectory plane');
  expect(await largestDifference(opened.page, await still(), pictures[0]!)).toBeLessThanOrEqual(2);
  expect(new Set(pictures.map((picture) => picture.toString('base64'))).size).toBe(4);
});

test('planes and workspaces come and go, and nothing is left behind or turns black', async () => {
  const { page } = opened;
  const planes = ['Eigenvectors', 'Random', 'Contours', 'Surface', 'Trajectory plane'];
  const round = async (changes: number) => {
    for (let i = 0; i < changes; i++) {
      await plane(planes[i % planes.length]!);
      await page.waitForTimeout(30);
    }
  };
  const switches = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await page.keyboard.press(i % 2 === 0 ? 'Control+3' : 'Control+1');
      await page.waitForTimeout(120);
    }
  };
  await round(5);
  await switches(2);
  await still();
  const { geometries, textures } = await information();
  await round(10);
  const pictures = await filmed(page, () => switches(12));
  await still();
  expect(await information()).toMatchObject({ geometries, textures, painter: expect.stringMatching(/./) });
  expect(pictures.length).toBeGreaterThan(10);
  const clip = await place();
  expect(await mostBlack(page, pictures, clip)).toBeLessThan(0.1);
});

test('a new theme and a new size are drawn, without a black picture in between', async () => {
  const { app, page } = opened;
  const clip = await place();
  const pictures = await filmed(page, async () => {
    for (const theme of ['dark theme', 'light theme']) {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(theme);
      await page.keyboard.press('Enter');
      await page.waitForTimeout(400);
    }
    for (const [width, height] of [
      [1300, 850],
      [1500, 950],
    ] as const) {
      await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setSize(w, h), [
        width,
        height,
      ] as const);
      await page.waitForTimeout(600);
    }
  });
  const inside = { x: clip.x, y: clip.y, width: Math.min(400, clip.width), height: Math.min(300, clip.height) };
  expect(await mostBlack(page, pictures, inside)).toBeLessThan(0.2);
  const { colours } = await pixelsOf(page, await still());
  expect(colours).toBeGreaterThan(60);
});

const file = (ending: string): string => path.join(saved, `landscape.${ending}`);
const written = (ending: string, seconds = 30): Promise<void> =>
  until(`the ${ending} file is there`, async () => existsSync(file(ending)), seconds);

test('it is saved as a picture of 2000 × 1400, and looks on the screen as before', async () => {
  const { page } = opened;
  const before = await still();
  await chooseFromMenu(page, 'Figure', /landscape as a picture/);
  const dialog = page.getByRole('dialog');
  for (const [name, value] of [
    ['Width', '2000'],
    ['Height', '1400'],
  ] as const) {
    await dialog.getByLabel(name).first().fill(value);
    await page.keyboard.press('Tab');
  }
  await dialog.getByRole('button', { name: 'Save PNG…' }).click();
  await written('png');
  const { width, height, colours, black } = await pixelsOf(page, readFileSync(file('png')));
  expect([width, height]).toEqual([2000, 1400]);
  expect(colours).toBeGreaterThan(60);
  expect(black).toBeLessThan(0.02);
  expect(await largestDifference(opened.page, await still(), before)).toBeLessThanOrEqual(2);
});

test('it is saved as binary glTF, with its parts and colours', async () => {
  await chooseFromMenu(opened.page, 'Figure', /glTF/);
  await written('glb');
  const bytes = readFileSync(file('glb'));
  expect([bytes.toString('latin1', 0, 4), bytes.readUInt32LE(4), bytes.readUInt32LE(8)]).toEqual([
    'glTF',
    2,
    bytes.length,
  ]);
  const gltf = JSON.parse(bytes.toString('utf8', 20, 20 + bytes.readUInt32LE(12)));
  const names = gltf.nodes.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['loss surface', 'path', 'contours on dark', 'contours on the floor']));
  const [surface] =
    gltf.meshes[gltf.nodes.find(({ name }: { name: string }) => name === 'loss surface').mesh].primitives;
  expect(gltf.accessors[surface.attributes.POSITION].count).toBe(49 * 49);
  expect(gltf.accessors[surface.attributes.COLOR_0].count).toBe(49 * 49);
  expect(gltf.accessors[surface.indices].count).toBe(6 * 48 * 48);
});

test('its surface is saved for ParaView, with the losses of the grid', async () => {
  await chooseFromMenu(opened.page, 'Figure', /ParaView/);
  await written('vts');
  const text = readFileSync(file('vts'), 'utf8');
  expect(text).toMatch(/<StructuredGrid WholeExtent="0 48 0 48 0 0">/);
  const losses = Buffer.from(/Name="loss"[^>]*>([^<]+)</.exec(text)![1]!, 'base64');
  const { fields } = JSON.parse(readFileSync(path.join(run, 'results', resultOf('pca')!), 'utf8'));
  expect(Array.from({ length: 49 * 49 }, (_, i) => losses.readDoubleLE(4 + 8 * i))).toEqual(fields[0].values);
});

test('it is saved as a film of one turn, which the page itself can play', async () => {
  const { page } = opened;
  await chooseFromMenu(page, 'Figure', /turning film/);
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
  await dialog.getByText('960 × 600').click();
  await dialog.getByLabel('One turn').first().fill('2');
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: /Record/ }).click();
  await written('webm', 60);
  const film = readFileSync(file('webm'));
  expect(film.subarray(0, 4).toString('hex')).toBe('1a45dfa3');
  expect(film.includes('V_VP8')).toBe(true);
  expect(film.length).toBeGreaterThan(50_000);
  await dialog.waitFor({ state: 'detached' });
});

test('the page complained about nothing', () => {
  expect(opened.complaints).toEqual([]);
});

test('without any WebGL the map is drawn and the reason is said', async () => {
  const flat = await openWindow({ words: [run], switches: ['--disable-gpu', '--disable-software-rasterizer'] });
  try {
    const scene = flat.page.locator('.landscape-stage');
    await scene.waitFor();
    await until('the map is drawn', async () =>
      scene.evaluate((element) => ((element as SceneElement).sceneInformation?.().frames ?? 0) > 0),
    );
    await flat.page.waitForTimeout(500);
    expect(await scene.evaluate((element) => (element as SceneElement).sceneInformation?.().painter)).toBe(
      'a plain canvas',
    );
    expect(await flat.page.locator('.landscape-drawn-note').first().innerText()).toMatch(/flat map.*no WebGL/s);
    const { colours, black } = await pixelsOf(flat.page, await scene.screenshot());
    expect(colours).toBeGreaterThan(40);
    expect(black).toBeLessThan(0.1);
  } finally {
    await flat.close();
  }
});
