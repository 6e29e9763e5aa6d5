import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** No pointer is used here: lessons are gone through by keyboard, in a window without anything open. */
const pictures = process.env.SADDLESCOPE_PICTURES;
let opened: OpenWindow;

beforeAll(async () => {
  opened = await openWindow();
  await opened.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1600, 1000));
});

afterAll(async () => {
  expect(opened.complaints).toEqual([]);
  await opened?.close();
});

async function picture(name: string): Promise<void> {
  if (pictures) await opened.page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

/** What a screen reader calls the element that has the focus. */
const focusedName = (): Promise<string> =>
  opened.page.evaluate(() => {
    const element = document.activeElement;
    const labels = (element?.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id));
    const labelled = labels.map((label) => label?.textContent ?? '').join(' ');
    // Of what holds others its text says nothing.
    const text = element?.matches('button, h1, tr, a') ? element.textContent : '';
    return (element?.getAttribute('aria-label') ?? (labelled.trim() || text) ?? '').trim();
  });

/** Moves the focus as Tab does until it is on what is called so. */
async function tabTo(name: RegExp): Promise<void> {
  const { page } = opened;
  for (let i = 0; i < 70; i++) {
    if (name.test(await focusedName())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${name}.`);
}

async function press(name: RegExp): Promise<void> {
  await tabTo(name);
  await opened.page.keyboard.press('Enter');
}

const reply = () => opened.page.locator('.lesson-reply');
const heading = () => opened.page.locator('.lesson-prose h1');

async function untilReply(verdict: 'right' | 'wrong' | 'notYet', seconds = 15): Promise<string> {
  await until(
    `the answer is ${verdict}`,
    async () => (await opened.page.locator(`.lesson-reply-${verdict}`).count()) === 1,
    seconds,
  );
  return reply().innerText();
}

async function nextPage(title: string): Promise<void> {
  await press(/^Next$/);
  await until(`the page is ${title}`, async () => (await heading().innerText()) === title);
  // By keyboard one is at its top.
  expect(await focusedName()).toBe(title);
}

const sentence = (): Promise<string> => opened.page.locator('.lesson-status > span').first().innerText();

async function command(title: string): Promise<void> {
  const { page } = opened;
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type(title);
  await page.keyboard.press('Enter');
}

test('a lesson from its first question to its last, answered in the scene', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+5');
  await page.locator('.lesson-entry').first().waitFor();
  await picture('list');
  await press(/A ball on a saddle/);
  await until('the race is there', async () => (await page.locator('.lesson-legend tr').count()) === 4);
  expect(await heading().innerText()).toBe('Who stays at the saddle?');

  // An answer before the run is no answer.
  await press(/^Newton$/);
  expect(await untilReply('notYet')).toContain('Let all of them run');
  await press(/^Run$/);
  // Judged once the run has shown it.
  expect(await untilReply('right')).toContain('walks uphill');
  expect(await page.locator('.lesson-legend').innerText()).toMatch(/Newton\s+stays/);
  expect(await sentence()).toContain('Newton stays');
  await picture('ball-1');
  await press(/^Gradient descent$/);
  await untilReply('wrong');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await untilReply('right');

  await command('Reduced motion');
  await nextPage('Why does training stall at a saddle?');
  await press(/^Run$/);
  await until('it has run', async () => (await sentence()).includes('Gradient descent leaves after'));
  const before = Number(/Gradient descent leaves after (\d+)/.exec(await sentence())?.[1]);
  await tabTo(/^Start: distance/);
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  await until('it waits longer', async () => {
    const now = Number(/Gradient descent leaves after (\d+)/.exec(await sentence())?.[1]);
    return Math.abs(now - before - Math.log(10) / Math.log(1.1)) <= 2;
  });
  await press(/^About 24/);
  expect(await untilReply('right')).toContain('logarithm');
  await picture('ball-2');

  await nextPage('Can a larger step help?');
  await press(/^Run$/);
  await tabTo(/^Step size/);
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  expect(await untilReply('right')).toContain('it leaves at step');
  await picture('ball-3');

  await nextPage('A saddle without curvature');
  await press(/^Run$/);
  await tabTo(/^Start: distance/);
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  await press(/^About as many times longer/);
  expect(await untilReply('right')).toContain('times as long');
  await picture('ball-4');

  await nextPage('What saddle-free Newton does');
  for (let i = 0; i < 3; i++) await press(/^Step$/);
  await tabTo(/^Your number/);
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  expect(await untilReply('wrong')).toContain('more than the scene measures');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  expect(await untilReply('right')).toContain('doubles');
  await picture('ball-5');
  await press(/^Finish$/);
  await page.locator('.lesson-entry').first().waitFor();
  expect(await page.locator('.lesson-entry').first().innerText()).toContain('5 answered');
});

test('the start is moved with the arrow keys, and its place is said', async () => {
  const { page } = opened;
  await press(/A ball on a saddle/);
  await tabTo(/^Start at x = 1\.0+, y = 0\.0100/);
  await page.keyboard.press('Shift+ArrowUp');
  await until('it has moved', async () => /y = 0\.160/.test(await focusedName()));
  await page.keyboard.press('ArrowLeft');
  await until('it has moved along x', async () => /x = 0\.985/.test(await focusedName()));
  await press(/^All lessons$/);
});

async function open(title: RegExp): Promise<void> {
  await press(title);
  await opened.page.locator('.lesson-question').waitFor();
}

test('the first question of each other lesson is answered by doing', async () => {
  const { page } = opened;
  await open(/Most critical points are saddles/);
  await until('the landscape is there', async () => (await page.locator('.quantity-plot').count()) === 2);
  await picture('most-1');
  await tabTo(/^ε = /);
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect(await untilReply('right')).toContain('more directions lead down');
  await press(/^All lessons$/);

  await open(/Plateaus/);
  await until('the modes are there', async () => (await sentence()).includes('half learnt'));
  await press(/^The step times the strength, /);
  expect(await untilReply('right')).toContain('What is strong in the data');
  await picture('plateaus-1');
  await press(/^All lessons$/);

  await open(/Edge of stability/);
  await press(/^Run$/);
  expect(await untilReply('right', 25)).toContain('progressive sharpening');
  await press(/^Pause$/);
  await picture('edge-1');
  await press(/^All lessons$/);

  await open(/Leaving a saddle/);
  await until('the descents are there', async () => (await sentence()).includes('on average'));
  const mean = async () => Number(/after ([\d.]+)/.exec(await sentence())?.[1]);
  const before = await mean();
  await tabTo(/^Noise/);
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  await until('the mean has grown', async () => Math.abs((await mean()) - before - 24.2) < 3);
  await tabTo(/^Your number/);
  await page.keyboard.type('24');
  await page.keyboard.press('Enter');
  expect(await untilReply('right')).toContain('How much noise there is hardly matters');
  await picture('leaving-1');
  await press(/^All lessons$/);
});

test('a real search answers: certified saddles of a network that is known on paper', async () => {
  const { page } = opened;
  await open(/Is it really a saddle/);
  await press(/^Next$/);
  await press(/^Next$/);
  await until('the last page', async () => (await heading().innerText()) === 'What a proof looks like');
  await press(/^Run$/);
  const rows = page.locator('.lesson-table tbody tr');
  await until('points have come', async () => (await rows.count()) >= 2, 30);
  const table = await rows.allInnerTexts();
  const wanted = table.findIndex((row) => row.includes('certified') && Number(row.split(/\t/)[2]) >= 2);
  expect(wanted).toBeGreaterThanOrEqual(0);
  await tabTo(/certified|gradient-flat|critical/);
  for (let i = 0; i < wanted; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await untilReply('right')).toContain('directions that lead down');
  await picture('really-3');
  // Leaving the page ends the search.
  await press(/^All lessons$/);
});

test('a lesson of somebody’s own is opened, a broken one is told with its line', async () => {
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
    await command('Open lesson');
  };
  await choose('broken.yaml', text.replace('quantity: shown', 'quantity: learninRate'));
  await page.getByText(/broken\.yaml:10:\d+: .* names learninRate/).waitFor();
  await choose('own.yaml', text);
  await until('it is open', async () => (await heading().innerText()) === 'My page');
  await press(/^Run$/);
  expect(await untilReply('right')).toContain('Done.');
});
