import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageMemory } from '../support/page-measures.ts';
import { pixelsOf } from '../support/pixels.ts';
import type { Bench } from '../support/scene-bench/bench.ts';
import { openSceneWindow, type SceneWindow } from '../support/scene-window.ts';

/** One window with nothing but scenes; what runs in it knows the bench of its page. */
declare const bench: Bench;
type Opened = ReturnType<Bench['opened']>;
declare global {
  interface Window {
    first: Opened;
    second: Opened;
  }
}

let opened: SceneWindow;

beforeAll(async () => {
  opened = await openSceneWindow();
  await opened.page.evaluate(async () => {
    window.first = bench.opened(900, 620);
    window.first.scene.show(bench.content());
    await bench.drawn(window.first.element);
  });
});

afterAll(() => opened?.close());

test('64 changed cells of 201 × 201 send less than 5 % of what the whole surface sends', async () => {
  const result = await opened.page.evaluate(async () => {
    const { scene, element } = window.first;
    const grid = bench.grid(bench.hills, 201);
    const content = bench.content({ grid });
    const timeOf = (given: typeof content) => {
      const began = performance.now();
      scene.show(given);
      return performance.now() - began;
    };
    scene.show(bench.content({ grid: bench.grid(bench.hills, 20) }));
    await bench.drawn(element);
    Object.assign(bench.sent, { bytes: 0, calls: 0 });
    scene.show(content);
    await bench.drawn(element);
    const whole = bench.sent.bytes;
    const changed = async (points: readonly number[]) => {
      const loss = grid.loss.slice();
      for (const point of points) loss[point] = loss[point]! * 0.97 + 0.02;
      Object.assign(bench.sent, { bytes: 0, calls: 0 });
      const ms = timeOf({ ...content, grid: { ...grid, loss } });
      await bench.drawn(element);
      const { bytes, calls } = bench.sent;
      // The same again: nothing has changed.
      Object.assign(bench.sent, { bytes: 0, calls: 0 });
      scene.show({ ...content, grid: { ...grid, loss: loss.slice() } });
      await bench.drawn(element);
      return { bytes, calls, ms, again: bench.sent.bytes };
    };
    const block = Array.from({ length: 64 }, (_, i) => 201 * (90 + (i >> 3)) + 60 + (i % 8));
    const scattered = Array.from({ length: 64 }, (_, i) => 201 * (20 + 21 * (i >> 3)) + 20 + 21 * (i % 8));
    const runs = [];
    for (let i = 0; i < 12; i++) runs.push(await changed(block.map((point) => point + i)));
    return { whole, runs, scattered: await changed(scattered) };
  });
  const times = result.runs.map(({ ms }) => ms);
  console.log(
    `whole ${result.whole} bytes; a block of 64 cells ${result.runs[0]!.bytes} bytes in ${result.runs[0]!.calls} calls; ` +
      `scattered ${result.scattered.bytes} in ${result.scattered.calls}; page ${times.map((ms) => ms.toFixed(1)).join(', ')} ms`,
  );
  expect(result.whole).toBeGreaterThan(201 * 201 * 32);
  for (const { bytes, again } of [...result.runs, result.scattered]) {
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(0.05 * result.whole);
    expect(again).toBe(0);
  }
  expect(Math.min(...times)).toBeLessThan(8);
});

test('201 × 201 points turn at 20 frames a second in software, and everything takes at most 20 draw calls', async () => {
  const result = await opened.page.evaluate(async () => {
    const { scene, element } = window.first;
    const rateOf = async (content: Parameters<typeof scene.show>[0]) => {
      scene.show(content);
      await bench.drawn(element);
      const before = element.sceneInformation!().frames;
      const began = performance.now();
      while (performance.now() - began < 1200) {
        element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
        await bench.frame();
      }
      return (element.sceneInformation!().frames - before) / ((performance.now() - began) / 1000);
    };
    // In turns, and the best of each: other programs take the processors for a while.
    let [small, large, cut] = [0, 0, 0];
    const grid = bench.grid(bench.hills, 201);
    for (let round = 0; round < 3 && Math.min(large, cut) < 20; round++) {
      small = Math.max(small, await rateOf(bench.content({ grid: bench.grid(bench.hills, 9) })));
      large = Math.max(large, await rateOf(bench.content({ grid })));
      cut = Math.max(cut, await rateOf(bench.content({ grid, clip: 1.5, outlines: 'cells' })));
    }
    const { painter, drawMs } = element.sceneInformation!();
    const holed = (a: number, b: number) => (Math.hypot(a - 0.5, b) < 0.1 ? Number.NaN : bench.hills(a, b));
    const marks = [{ alpha: 0, beta: 0, value: 1, kind: 'saddle', certified: true, label: 'saddle' }] as const;
    scene.show(bench.content({ grid: bench.grid(holed, 201), clip: 1.5, outlines: 'cells', marks }));
    await bench.drawn(element);
    return { small, large, cut, painter, drawMs, calls: element.sceneInformation!().calls };
  });
  console.log(
    `${result.large.toFixed(1)} frames a second, ${result.cut.toFixed(1)} cut off and with outlines, ${result.small.toFixed(1)} with 9 × 9 points, ${result.painter}; ` +
      `page ${result.drawMs.toFixed(1)} ms a frame, ${result.calls} calls with everything`,
  );
  expect(result.calls).toBeLessThanOrEqual(20);
  // Where other programs take the processors, a scene with next to nothing in it says what they leave.
  expect(result.large).toBeGreaterThanOrEqual(Math.min(20, 0.4 * result.small));
  expect(result.cut).toBeGreaterThanOrEqual(Math.min(20, 0.35 * result.small));
});

test('120 changes of slice leave nothing behind', async () => {
  const { page } = opened;
  const changes = (count: number) =>
    page.evaluate(async (many) => {
      const { scene, element } = window.first;
      const holed = (a: number, b: number) =>
        a > 0.6 ? Number.NaN : a < -0.8 ? Number.POSITIVE_INFINITY : bench.hills(a, b);
      for (let i = 0; i < many; i++) {
        const columns = 9 + ((7 * i) % 50);
        const grid = bench.grid(i % 3 === 0 ? holed : bench.hills, columns, 9 + ((11 * i) % 40));
        const { loss: values, computed } = bench.grid((a, b) => a - b, columns, grid.beta.length);
        const plain = bench.content({ grid, flat: i % 5 === 0, height: i % 2 === 0 ? 'log' : 'linear' });
        scene.show({
          ...plain,
          path: i % 4 === 1 ? null : plain.path,
          colour: i % 2 === 1 ? { values, computed, title: 'index', scale: 'diverging' } : null,
          clip: i % 3 === 1 ? 1 : null,
          outlines: ([null, 'cells', 'triangles'] as const)[i % 3]!,
          marks: Array.from({ length: i % 6 }, (_, k) => ({
            alpha: k / 6,
            beta: -k / 6,
            value: 0.5,
            kind: (['minimum', 'saddle', 'maximum', 'found'] as const)[k % 4]!,
            certified: k % 2 === 0,
            label: `mark ${k}`,
          })),
        });
        await bench.frame();
      }
      scene.show(bench.content());
      await bench.drawn(element);
      const { geometries, textures, programs } = element.sceneInformation!();
      return { geometries, textures, programs, elements: element.querySelectorAll('*').length };
    }, count);
  // Once with everything: what is kept for later is there.
  const start = await changes(40);
  const before = await pageMemory(page);
  const end = await changes(120);
  const after = await pageMemory(page);
  console.log(`${JSON.stringify(end)}; heap ${((after.heap - before.heap) / 2 ** 20).toFixed(2)} MB more`);
  expect(end).toEqual(start);
  expect(after.heap - before.heap).toBeLessThan(2 * 2 ** 20);
});

test('the time cursor moves without anything being sent or drawn', async () => {
  const result = await opened.page.evaluate(async () => {
    const { scene, element } = window.first;
    scene.show(bench.content());
    await bench.drawn(element);
    const { frames } = element.sceneInformation!();
    Object.assign(bench.sent, { bytes: 0, calls: 0 });
    const places: string[] = [];
    const began = performance.now();
    for (let step = 0; step <= 960; step += 10) {
      scene.point({ cursor: step, probe: null });
      places.push(element.querySelector<HTMLElement>('.landscape-mark-current')!.style.transform);
    }
    const ms = (performance.now() - began) / places.length;
    await bench.frame();
    return {
      places: new Set(places).size,
      ms,
      bytes: bench.sent.bytes,
      more: element.sceneInformation!().frames - frames,
    };
  });
  console.log(`${result.ms.toFixed(2)} ms a move`);
  // Checkpoints are 40 steps apart: the mark is between them too.
  expect(result.places).toBeGreaterThan(90);
  expect([result.bytes, result.more]).toEqual([0, 0]);
  expect(result.ms).toBeLessThan(8);
});

test('cameras of two scenes follow each other without answering each other', async () => {
  const result = await opened.page.evaluate(async () => {
    const { scene, element, heard } = window.first;
    window.second = bench.opened(500, 620);
    const other = window.second;
    other.scene.show(bench.content({ flat: false }));
    await bench.drawn(other.element);
    const [mine, theirs] = [heard.poses, other.heard.poses];
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
    await bench.drawn(element);
    other.scene.setPose(scene.pose);
    await bench.drawn(other.element);
    const kept = JSON.parse(JSON.stringify(scene.pose));
    scene.view('top');
    scene.setPose(bench.poseFrom(kept)!);
    await bench.drawn(element);
    const views = (['alpha', 'beta', 'path'] as const).map((name) => {
      scene.view(name);
      return Math.round((scene.pose.azimuth * 180) / Math.PI);
    });
    const last = { mine: heard.poses - mine, theirs: other.heard.poses - theirs, kept, pose: other.scene.pose, views };
    other.scene.dispose();
    other.element.remove();
    return last;
  });
  expect(result.mine).toBe(1);
  expect(result.theirs).toBe(0);
  expect(result.pose).toEqual(result.kept);
  expect(result.views.slice(0, 2)).toEqual([-90, 0]);
});

test('a click on the surface answers the point that is there', async () => {
  const { page } = opened;
  await page.evaluate(async () => {
    const { scene, element } = window.first;
    scene.show(bench.content({ path: null, cosine: 0.5 }));
    scene.view('top');
    await bench.drawn(element);
  });
  const box = (await page.locator('.landscape-stage').first().boundingBox())!;
  await page.mouse.click(box.x + 400, box.y + 250);
  const picked = await page.evaluate(() => window.first.heard.picked.at(-1) as Record<string, number>);
  const { alpha, beta } = picked as { alpha: number; beta: number };
  const [a, b] = [2.31 * alpha, 1.74 * beta];
  expect(picked.distance).toBeCloseTo(Math.hypot(a + 0.5 * b, Math.sqrt(0.75) * b), 9);
  expect(picked.column).toBe(Math.round((alpha + 1) * 30));
  expect(picked.row).toBe(Math.round((beta + 1) * 30));
});

test('pictures have the background, the size and the resolution that was asked for', async () => {
  const { page } = opened;
  const pictures = await page.evaluate(async () => {
    const { scene, element } = window.first;
    scene.show(bench.content({ clip: 1.2 }));
    scene.view('home');
    await bench.drawn(element);
    const of = (background: 'scene' | 'transparent' | 'print') =>
      scene.picture({ width: 480, height: 320 }, ['caption'], { background, scale: 300 / 96 });
    const pixel = async (bytes: Uint8Array) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      return [...context.getImageData(3, 3, 1, 1).data];
    };
    const made = { scene: await of('scene'), transparent: await of('transparent'), print: await of('print') };
    const corners = [await pixel(made.scene), await pixel(made.transparent), await pixel(made.print)];
    // As text: numbers one by one take the driver seconds.
    const text = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    return { scene: text(made.scene), transparent: text(made.transparent), print: text(made.print), corners };
  });
  expect(pictures.corners[1]).toEqual([0, 0, 0, 0]);
  expect(pictures.corners[2]).toEqual([255, 255, 255, 255]);
  for (const name of ['scene', 'transparent', 'print'] as const) {
    const bytes = Buffer.from(pictures[name], 'base64');
    const { width, height, colours } = await pixelsOf(page, bytes);
    expect([width, height]).toEqual([1500, 1000]);
    expect(colours).toBeGreaterThan(60);
    const at = bytes.indexOf('pHYs');
    expect(bytes.readUInt32BE(at + 4)).toBe(Math.round(300 / 0.0254));
  }
});

test('a turn is saved as a GIF that the page itself can play, and can be stopped', async () => {
  const result = await opened.page.evaluate(async () => {
    const { scene } = window.first;
    const shares: number[] = [];
    const wish = { wanted: { width: 320, height: 200 }, seconds: 1, caption: ['turn'], picturesPerSecond: 10 };
    const bytes = await scene.turntableGif({
      ...wish,
      onProgress: (share) => shares.push(share),
      signal: new AbortController().signal,
    });
    const decoder = new ImageDecoder({ data: bytes, type: 'image/gif' });
    await decoder.tracks.ready;
    await decoder.completed;
    const track = decoder.tracks.selectedTrack!;
    const { image } = await decoder.decode({ frameIndex: 3 });
    const stopped = new AbortController();
    const refused = await scene
      .turntableGif({ ...wish, onProgress: () => stopped.abort(new Error('stopped')), signal: stopped.signal })
      .catch((problem: Error) => problem.message);
    return {
      frames: track.frameCount,
      repeats: track.repetitionCount,
      size: [image.displayWidth, image.displayHeight],
      duration: image.duration,
      last: shares.at(-1),
      refused,
      bytes: bytes.length,
    };
  });
  console.log(`GIF of ${result.bytes} bytes`);
  expect(result).toMatchObject({ frames: 10, size: [320, 200], duration: 100_000, last: 1, refused: 'stopped' });
});

test('without WebGL the map is drawn with its colours, holes, border and marks', async () => {
  const { page } = opened;
  await page.goto(`${page.url()}?canvas`);
  await page.waitForFunction(() => 'bench' in window);
  const result = await page.evaluate(async () => {
    const { scene, element, heard } = bench.opened(700, 500);
    const holed = (a: number, b: number) => (Math.hypot(a - 0.4, b + 0.3) < 0.2 ? Number.NaN : bench.hills(a, b));
    const [grid, plain] = [bench.grid(holed, 41), bench.grid(bench.hills, 41)];
    const marks = [{ alpha: 0, beta: 0, value: 1, kind: 'saddle', certified: true, label: 'saddle' }] as const;
    const canvas = element.querySelector('canvas')!;
    const pictures: string[] = [];
    for (const given of [
      { grid: plain },
      { grid: plain, clip: 1 },
      { grid },
      { grid: plain, outlines: 'cells' as const },
      {
        grid: plain,
        colour: { ...plain, values: bench.grid((a) => a, 41).loss, title: 'index', scale: 'diverging' as const },
      },
    ]) {
      scene.show(bench.content({ ...given, marks }));
      await bench.drawn(element);
      pictures.push(canvas.toDataURL());
    }
    const sign = element.querySelector('.landscape-mark-saddle path') !== null;
    return { heard: heard.painters, solid: scene.solid, different: new Set(pictures).size, sign };
  });
  expect(result).toEqual({ heard: ['canvas'], solid: false, different: 5, sign: true });
});

test('the page has complained about nothing', () => {
  expect(opened.complaints).toEqual([]);
});
