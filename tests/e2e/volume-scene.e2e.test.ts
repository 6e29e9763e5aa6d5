import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bench } from '../support/scene-bench/bench.ts';
import { openSceneWindow, type SceneWindow } from '../support/scene-window.ts';

/** Volumes in a window with nothing but scenes. */
declare const bench: Bench;
declare global {
  interface Window {
    shown: ReturnType<Bench['openedVolume']>;
  }
}
let opened: SceneWindow;

beforeAll(async () => {
  opened = await openSceneWindow();
  await opened.page.evaluate(async () => {
    window.shown = bench.openedVolume(900, 620);
    window.shown.scene.look(bench.landscapes.volumeLook);
    window.shown.scene.show(bench.landscapes.volume);
    await bench.drawn(window.shown.element);
  });
});
afterAll(() => opened?.close());

test('a level that moves is made again; those that stay are the same arrays', async () => {
  const result = await opened.page.evaluate(async () => {
    const { scene, element } = window.shown;
    const look = bench.landscapes.volumeLook;
    const surfaces = () => (scene.model?.parts ?? []).map(({ surface }) => surface);
    scene.look(look);
    await bench.drawn(element);
    const before = surfaces();
    const levels = look.levels.map((level, i) => (i === 1 ? { ...level, level: 1.5 } : level));
    scene.look({ ...look, levels });
    await bench.drawn(element);
    const moved = surfaces().map((surface, i) => surface === before[i]);
    // Planes and opacities move no surface at all.
    const clips = look.clips.map((clip) => ({ ...clip, isOn: true, at: 0.4 })) as unknown as typeof look.clips;
    const fainter = levels.map((level) => ({ ...level, opacity: 0.4 * level.opacity }));
    const held = surfaces();
    scene.look({ ...look, levels: fainter, clips });
    await bench.drawn(element);
    const planes = surfaces().map((surface, i) => surface === held[i]);
    // Turning sends the order of triangles, and nothing but it.
    Object.assign(bench.sent, { bytes: 0, calls: 0 });
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
    await bench.drawn(element);
    const { bytes } = bench.sent;
    return { moved, planes, bytes, triangles: element.sceneInformation!().triangles };
  });
  expect(result.moved).toEqual([true, false, true]);
  expect(result.planes).toEqual([true, true, true]);
  // One frame of the motion, and the still one after it, whose order is the same.
  expect(result.bytes).toBeGreaterThan(0);
  expect(result.bytes).toBeLessThanOrEqual(2 * 12 * result.triangles);
});

test('a level that was dragged is as fine as one that never moved', async () => {
  const result = await opened.page.evaluate(async () => {
    const { scene, element } = window.shown;
    const look = bench.landscapes.volumeLook;
    const strides = new Set<number>();
    for (let i = 0; i < 12; i++) {
      scene.look({ ...look, levels: [{ ...look.levels[2]!, level: 1.9 + 0.02 * i }] });
      await bench.frame();
      strides.add(element.sceneInformation!().coarser);
    }
    await bench.drawn(element);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const dragged = scene.model!.parts[0]!.surface;
    const coarser = element.sceneInformation!().coarser;
    // The same level without any motion before it, in a scene of its own.
    const other = bench.openedVolume(300, 200);
    other.scene.look({ ...look, levels: [{ ...look.levels[2]!, level: 1.9 + 0.02 * 11 }] });
    other.scene.show(bench.landscapes.volume);
    await bench.drawn(other.element);
    const fresh = other.scene.model!.parts[0]!.surface;
    const isSame =
      dragged.positions.length === fresh.positions.length &&
      dragged.positions.every((value, i) => value === fresh.positions[i]);
    other.scene.dispose();
    other.element.remove();
    return { strides: [...strides], coarser, isSame, vertices: fresh.positions.length / 3 };
  });
  console.log(`strides ${result.strides}, ${result.vertices} vertices`);
  expect(result.coarser).toBe(1);
  expect(result.vertices).toBeGreaterThan(500);
  expect(result.isSame).toBe(true);
});

test('100 changes of levels, sections and clips leave nothing behind', async () => {
  await opened.page.evaluate(() => {
    // Software draws small pictures sooner.
    Object.assign(window.shown.element.style, { width: '240px', height: '160px' });
  });
  // Whatever is made once is made by then.
  const start = await opened.page.evaluate(() => bench.changeVolume(window.shown, 40));
  const end = await opened.page.evaluate(() => bench.changeVolume(window.shown, 100));
  console.log(JSON.stringify(end));
  expect(end).toEqual(start);
});

test('three isosurfaces, a section and a clip plane turn at 15 frames a second in software', async () => {
  const result = await opened.page.evaluate(async () => {
    const { scene, element } = window.shown;
    Object.assign(element.style, { width: '900px', height: '620px' });
    const look = bench.landscapes.volumeLook;
    const bare = { ...look, levels: [], sections: look.sections.map((one) => ({ ...one, isOn: false })) };
    const rateOf = async (given: typeof look) => {
      scene.look(given);
      await bench.drawn(element);
      const before = element.sceneInformation!().frames;
      const began = performance.now();
      while (performance.now() - began < 1200) {
        element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
        await bench.frame();
      }
      return (element.sceneInformation!().frames - before) / ((performance.now() - began) / 1000);
    };
    let [all, least] = [0, 0];
    for (let round = 0; round < 3 && all < 15; round++) {
      least = Math.max(least, await rateOf(bare as unknown as typeof look));
      all = Math.max(all, await rateOf(look));
    }
    return { all, least, painter: element.sceneInformation!().painter };
  });
  console.log(`${result.all.toFixed(1)} frames a second, ${result.least.toFixed(1)} of a box, ${result.painter}`);
  // Where other programs take the processors, an empty box says what they leave.
  expect(result.all).toBeGreaterThanOrEqual(Math.min(15, 0.35 * result.least));
});

test('the page has complained about nothing', () => {
  expect(opened.complaints).toEqual([]);
});
