import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bench } from '../support/scene-bench/bench.ts';
import { openSceneWindow, type SceneWindow } from '../support/scene-window.ts';

/** A volume that is changed for minutes, in a window with nothing but scenes. */
declare const bench: Bench;
let opened: SceneWindow;

beforeAll(async () => {
  opened = await openSceneWindow();
});
afterAll(() => opened?.close());

test('300 changes of levels, sections and clips leave nothing behind', { timeout: 300_000 }, async () => {
  const { start, end } = await opened.page.evaluate(async () => {
    const shown = bench.openedVolume(360, 240);
    shown.scene.look(bench.landscapes.volumeLook);
    shown.scene.show(bench.landscapes.volume);
    await bench.drawn(shown.element);
    return { start: await bench.changeVolume(shown, 60), end: await bench.changeVolume(shown, 300) };
  });
  expect(end.geometries).toBeGreaterThan(0);
  expect(end).toEqual(start);
  expect(opened.complaints).toEqual([]);
});
