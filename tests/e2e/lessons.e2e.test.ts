import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { type LessonKeys, lessonKeys } from '../support/lesson-keys.ts';
import { until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** Lessons are gone through by keyboard, in a window without anything open; all pages of all of them in the long test. */
const pictures = process.env.SADDLESCOPE_PICTURES;
let opened: OpenWindow;
let by: LessonKeys;

beforeAll(async () => {
  opened = await openWindow();
  by = lessonKeys(opened.page);
  await opened.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1600, 1000));
});

afterAll(async () => {
  expect(opened.complaints).toEqual([]);
  await opened?.close();
});

async function picture(name: string): Promise<void> {
  if (pictures) await opened.page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

test('a lesson from its first question to its last, answered in the scene', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+5');
  await page.locator('.lesson-entry').first().waitFor();
  await picture('list');
  await by.press(/A ball on a saddle/);
  await until('the race is there', async () => (await page.locator('.lesson-legend tr').count()) === 4);
  expect(await by.heading()).toBe('Who stays at the saddle?');

  // An answer before the run is no answer.
  await by.press(/^Newton$/);
  expect(await by.untilReply('notYet')).toContain('Let all of them run');
  await by.press(/^Run$/);
  // Judged once the run has shown it.
  expect(await by.untilReply('right')).toContain('walks uphill');
  expect(await page.locator('.lesson-legend').innerText()).toMatch(/Newton\s+stays/);
  expect(await by.sentence()).toContain('Newton stays');
  await picture('ball-1');
  await by.press(/^Gradient descent$/);
  await by.untilReply('wrong');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await by.untilReply('right');

  await by.command('Reduced motion');
  await by.nextPage('Why does training stall at a saddle?');
  await by.press(/^Run$/);
  await until('it has run', async () => (await by.sentence()).includes('Gradient descent leaves after'));
  const before = Number(/Gradient descent leaves after (\d+)/.exec(await by.sentence())?.[1]);
  await by.tabTo(/^Start: distance/);
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  await until('it waits longer', async () => {
    const now = Number(/Gradient descent leaves after (\d+)/.exec(await by.sentence())?.[1]);
    return Math.abs(now - before - Math.log(10) / Math.log(1.1)) <= 2;
  });
  await by.press(/^About 24/);
  expect(await by.untilReply('right')).toContain('logarithm');
  await picture('ball-2');

  await by.nextPage('Can a larger step help?');
  await by.press(/^Run$/);
  await by.tabTo(/^Step size/);
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  expect(await by.untilReply('right')).toContain('it leaves at step');
  await picture('ball-3');

  await by.nextPage('A saddle without curvature');
  await by.press(/^Run$/);
  await by.tabTo(/^Start: distance/);
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  await by.press(/^About as many times longer/);
  expect(await by.untilReply('right')).toContain('times as long');
  await picture('ball-4');

  await by.nextPage('What saddle-free Newton does');
  for (let i = 0; i < 3; i++) await by.press(/^Step$/);
  await by.tabTo(/^Your number/);
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  expect(await by.untilReply('wrong')).toContain('more than the scene measures');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  expect(await by.untilReply('right')).toContain('doubles');
  await picture('ball-5');
  await by.press(/^Finish$/);
  await page.locator('.lesson-entry').first().waitFor();
  expect(await page.locator('.lesson-entry').first().innerText()).toContain('5 answered');
});

test('the start is moved with the arrow keys, and its place is said', async () => {
  const { page } = opened;
  await by.press(/A ball on a saddle/);
  await by.tabTo(/^Start at x = 1\.0+, y = 0\.0100/);
  await page.keyboard.press('Shift+ArrowUp');
  await until('it has moved', async () => /y = 0\.160/.test(await by.focusedName()));
  await page.keyboard.press('ArrowLeft');
  await until('it has moved along x', async () => /x = 0\.985/.test(await by.focusedName()));
  await by.press(/^All lessons$/);
});

test('the first question of each other lesson is answered by doing', async () => {
  const { page } = opened;
  await by.open(/Most critical points are saddles/);
  await until('the landscape is there', async () => (await page.locator('.quantity-plot').count()) === 2);
  await picture('most-1');
  await by.tabTo(/^ε = /);
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect(await by.untilReply('right')).toContain('more directions lead down');
  await by.press(/^All lessons$/);

  await by.open(/Plateaus/);
  await until('the modes are there', async () => (await by.sentence()).includes('half learnt'));
  await by.press(/^The step times the strength, /);
  expect(await by.untilReply('right')).toContain('What is strong in the data');
  await picture('plateaus-1');
  await by.press(/^All lessons$/);

  await by.open(/Edge of stability/);
  await by.press(/^Run$/);
  expect(await by.untilReply('right', 25)).toContain('progressive sharpening');
  await by.press(/^Pause$/);
  await picture('edge-1');
  await by.press(/^All lessons$/);

  await by.open(/Leaving a saddle/);
  await until('the descents are there', async () => (await by.sentence()).includes('on average'));
  const mean = async () => Number(/after ([\d.]+)/.exec(await by.sentence())?.[1]);
  const before = await mean();
  await by.tabTo(/^Noise/);
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  await until('the mean has grown', async () => Math.abs((await mean()) - before - 24.2) < 3);
  await by.tabTo(/^Your number/);
  await page.keyboard.type('24');
  await page.keyboard.press('Enter');
  expect(await by.untilReply('right')).toContain('How much noise there is hardly matters');
  await picture('leaving-1');
  await by.press(/^All lessons$/);
});

test('a real search answers: certified saddles of a network that is known on paper', async () => {
  await by.open(/Is it really a saddle/);
  await by.press(/^Next$/);
  await by.press(/^Next$/);
  await until('the last page', async () => (await by.heading()) === 'What a proof looks like');
  await by.press(/^Run$/);
  await until('points have come', async () => (await by.rows().count()) >= 2, 30);
  await by.chooseRow(([name = '', , index]) => name.endsWith('certified') && Number(index) >= 2);
  expect(await by.untilReply('right')).toContain('directions that lead down');
  await picture('really-3');
  // The search goes on, or has ended, while another page is read.
  await by.press(/^All lessons$/);
  await by.open(/Is it really a saddle/);
  await by.press(/^Next$/);
  await by.press(/^Next$/);
  await until('all points are there', async () => (await by.rows().count()) === 12, 30);
  await by.press(/^All lessons$/);
});

test('a lesson of somebody’s own is opened, a broken one is told with its line; dropped, and from the recent files', async () => {
  const { app, page } = opened;
  const folder = temporaryFolder();
  const text = `format: 1
id: own
title: My own lesson
summary: One page.
minutes: 1
pages:
  - title: My page
    text: A _saddle_.
    scene: { kind: race, surface: saddle, start: [1, 0.1], runners: [{ optimizer: newton }], learningRate: 0.1, steps: 5 }
    question: { kind: reach, text: Run., goals: [{ quantity: shown, above: 4 }], reply: Done. }
`;
  const choose = async (name: string, content: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] });
    }, file);
    await by.command('Open lesson');
  };
  await choose('broken.yaml', text.replace('quantity: shown', 'quantity: learninRate'));
  await page.getByText(/broken\.yaml:10:\d+: .* names learninRate/).waitFor();
  await choose('own.yaml', text);
  await until('it is open', async () => (await by.heading()) === 'My page');
  await by.press(/^Run$/);
  expect(await by.untilReply('right')).toContain('Done.');
  await by.press(/^All lessons$/);

  // Dropped anywhere on the window; files from outside come without a key.
  const dropped = path.join(folder, 'dropped.yaml');
  writeFileSync(dropped, text.replace('id: own', 'id: dropped').replace('My page', 'Dropped page'));
  await page.keyboard.press('Control+1');
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [dropped], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
  await session.detach();
  await until('what was dropped is shown', async () => (await by.heading().catch(() => '')) === 'Dropped page');

  await by.command('own.yaml');
  await until('it is open again', async () => (await by.heading()) === 'My page');
});
