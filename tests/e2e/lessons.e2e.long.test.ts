import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LessonKeys, lessonKeys } from '../support/lesson-keys.ts';
import { until } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

/**
 * All lessons from their first page to their last in the real window, by keyboard, each question answered by doing what it
 * says, searches included. On every page axe finds nothing serious and no text is smaller than 16 pixels.
 */
const pictures = process.env.SADDLESCOPE_PICTURES;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the scenes measured, for whoever reads the log. */
const figures: string[] = [];

describe.each([
  ['desk', 1600, 1000],
  ['projector', 1280, 720],
] as const)('%s, %i × %i', (screen, width, height) => {
  let opened: OpenWindow;
  let by: LessonKeys;

  beforeAll(async () => {
    opened = await openWindow();
    by = lessonKeys(opened.page);
    await opened.app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
      width,
      height,
    ] as const);
    await until('the window has its size', () =>
      opened.page.evaluate(([w, h]) => innerWidth === w && innerHeight === h, [width, height] as const),
    );
    await by.command('Reduced motion');
    await opened.page.keyboard.press('Control+5');
    await opened.page.locator('.lesson-entry').nth(5).waitFor();
  });
  afterAll(async () => {
    expect(opened.complaints).toEqual([]);
    await opened?.close();
    process.stdout.write(`${figures.splice(0).join('\n')}\n`);
  });

  /** What would be serious for somebody who does not see well, or sits far away. */
  async function check(name: string): Promise<void> {
    const { page } = opened;
    if (pictures) await page.screenshot({ path: path.join(pictures, `${screen}-${name}.png`) });
    const session = await page.context().newCDPSession(page);
    // Through the debugger: the content policy refuses scripts that are not the app's own, as it should.
    await session.send('Runtime.evaluate', { expression: axe });
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | '))))`,
      awaitPromise: true,
      returnByValue: true,
    });
    await session.detach();
    expect(JSON.parse(String(result.value)), name).toEqual([]);
    expect(await page.evaluate(smallTexts), name).toEqual([]);
    expect(await page.evaluate(overflowing), name).toEqual([]);
  }

  /** The page that is shown: what is done on it, the reply that comes, and the checks. */
  async function answered(name: string, does: () => Promise<void>, reply: string, seconds = 30): Promise<void> {
    const began = performance.now();
    await does();
    const said = await by.untilReply('right', seconds);
    expect(said).toContain(reply);
    figures.push(
      `${screen} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s): ${said.replace(/\s+/g, ' ')}`,
    );
    await check(name);
  }

  async function begin(lesson: RegExp, first: string): Promise<void> {
    // Where the lesson before has failed one is still in it.
    if ((await opened.page.locator('.lesson-entry').count()) === 0) await by.press(/^All lessons$/);
    await by.open(lesson);
    await until(`the page is ${first}`, async () => (await by.heading()) === first);
  }
  const finish = async (pages: number): Promise<void> => {
    await by.press(/^Finish$/);
    const done = opened.page.locator('.lesson-entry', { hasText: `${pages} answered` });
    await done.first().waitFor();
  };
  const told = (text: string | RegExp, seconds = 30): Promise<void> =>
    until(`the scene says ${text}`, async () => (await by.sentence()).search(text) >= 0, seconds);
  /** The search has run to its end, here or on a page before. */
  async function searchEnded(): Promise<void> {
    if ((await by.rows().count()) === 0) await by.press(/^Run$/);
    await told(/^12 points: /, 400);
  }
  /** Steps of training by the button for a hundred, each to its end. */
  async function hundreds(from: number, times: number): Promise<void> {
    for (let i = 1; i <= times; i++) {
      await by.press(/^100 steps$/);
      await told(new RegExp(`^After ${from + 100 * i}(?!\\d) steps`));
    }
  }

  test('the list', async () => {
    await until('the preview has run', async () =>
      (await opened.page.locator('.lesson-preview').innerText()).includes('step 80 of 80'),
    );
    await check('list');
  });

  test('1 a ball on a saddle', async () => {
    await begin(/A ball on a saddle/, 'Who stays at the saddle?');
    await answered(
      '1.1',
      async () => {
        await by.press(/^Run$/);
        await told('Newton stays');
        await by.press(/^Newton$/);
      },
      'walks uphill',
    );
    await by.nextPage('Why does training stall at a saddle?');
    await answered(
      '1.2',
      async () => {
        await by.press(/^Run$/);
        await by.tabTo(/^Start: distance/);
        await by.keys('ArrowLeft', 10);
        await by.press(/^About 24/);
      },
      'logarithm',
    );
    await by.nextPage('Can a larger step help?');
    await answered(
      '1.3',
      async () => {
        await by.press(/^Run$/);
        await by.tabTo(/^Step size/);
        await by.keys('ArrowRight', 5);
      },
      'it leaves at step',
    );
    await by.nextPage('A saddle without curvature');
    await answered(
      '1.4',
      async () => {
        await by.press(/^Run$/);
        await by.tabTo(/^Start: distance/);
        await by.keys('ArrowLeft', 10);
        await by.press(/^About as many times longer/);
      },
      'times as long',
    );
    await by.nextPage('What saddle-free Newton does');
    await answered(
      '1.5',
      async () => {
        for (let i = 0; i < 3; i++) await by.press(/^Step$/);
        await by.answerNumber('2');
      },
      'doubles',
    );
    await finish(5);
  });

  test('2 most critical points are saddles', async () => {
    await begin(/Most critical points are saddles/, 'How many ways lead down?');
    await answered(
      '2.1',
      async () => {
        await told('spectrum at energy');
        await by.tabTo(/^ε = /);
        await by.keys('ArrowRight', 2);
        await opened.page.keyboard.press('Enter');
      },
      'more directions lead down',
    );
    await by.nextPage('Where are the minima?');
    await answered(
      '2.2',
      async () => {
        await told('in 6 dimensions');
        await by.tabTo(/^Dimension N/);
        await by.keys('ArrowRight', 17);
        await told('in 40 dimensions');
        await by.press(/^Only at the bottom/);
      },
      'stuck at a saddle',
    );
    await by.nextPage('A network whose saddles are known');
    await answered(
      '2.3',
      async () => {
        await searchEnded();
        await by.press(/^Mostly saddles/);
      },
      'eleven sets',
    );
    await by.nextPage('A network that is not linear');
    await answered(
      '2.4',
      async () => {
        await searchEnded();
        await by.press(/^It rises/);
      },
      'rank correlation',
    );
    await finish(4);
  });

  test('3 plateaus', async () => {
    await begin(/Plateaus/, 'One mode after the other');
    await answered(
      '3.1',
      async () => {
        await told('half learnt');
        await by.press(/^The step times the strength, /);
      },
      'What is strong in the data',
    );
    await by.nextPage('What does a smaller start cost?');
    await answered(
      '3.2',
      async () => {
        await told('half learnt');
        await by.tabTo(/^Start strength/);
        await by.keys('ArrowLeft', 10);
        await by.answerNumber('23');
      },
      'six such waits',
    );
    await by.nextPage('Out of balance');
    await answered(
      '3.3',
      async () => {
        await told('half learnt');
        await by.tabTo(/^Imbalance/);
        await by.keys('ArrowRight', 20);
      },
      'The plateau is gone',
    );
    await by.nextPage('Does depth slow learning down?');
    await answered(
      '3.4',
      async () => {
        await by.press(/^Run$/);
        await told('19 matrices', 120);
        await by.press(/^Gaussian weights only/);
      },
      'Depth itself is not slow',
    );
    await by.nextPage('From plants and animals to canaries');
    await answered(
      '3.5',
      async () => {
        await by.tabTo(/^Step/);
        await by.keys('ArrowRight', 20);
        await by.press(/^Between plants and animals/);
      },
      'broad distinctions first',
    );
    await finish(5);
  });

  test('4 is it really a saddle', async () => {
    await begin(/Is it really a saddle/, 'Where a search gets stuck');
    await answered(
      '4.1',
      async () => {
        await searchEnded();
        await by.chooseRow(([name = '', , , slope]) => name.endsWith('gradient-flat') && Number(slope) < 0.01);
      },
      'cannot see how to lower it',
    );
    await by.nextPage('A fine curve is no evidence');
    await answered(
      '4.2',
      async () => {
        await searchEnded();
        const before = await by.rows().count();
        await by.tabTo(/^Show points that are not critical/);
        await opened.page.keyboard.press('Space');
        await until('they are shown', async () => (await by.rows().count()) > before);
        await by.press(/^Yes, just as nicely/);
      },
      'says nothing about slopes',
    );
    await by.nextPage('What a proof looks like');
    await answered(
      '4.3',
      async () => {
        await searchEnded();
        await by.chooseRow(([name = '', , index]) => name.endsWith('certified') && Number(index) >= 2);
      },
      'not because it looks like one',
    );
    await finish(3);
  });

  test('5 edge of stability', async () => {
    await begin(/Edge of stability/, 'How sharp does it get?');
    await answered('5.1', () => by.press(/^Run$/), 'progressive sharpening', 60);
    await by.nextPage('Change the step size while it runs');
    await answered(
      '5.2',
      async () => {
        await hundreds(0, 5);
        await by.tabTo(/^Step size/);
        await by.keys('ArrowRight', 3);
        await hundreds(500, 2);
        await by.press(/^The sharpness comes down/);
      },
      'the step size chooses the curvature',
    );
    await by.nextPage('And a smaller step?');
    await answered(
      '5.3',
      async () => {
        await hundreds(0, 3);
        await by.tabTo(/^Step size/);
        await by.keys('ArrowLeft', 5);
        await hundreds(300, 3);
        await by.press(/^It climbs again/);
      },
      'descent sharpens as far as the step size lets it',
    );
    await finish(3);
  });

  test('6 leaving a saddle', async () => {
    const mean = async () => Number(/after ([\d.]+)/.exec(await by.sentence())?.[1]);
    await begin(/Leaving a saddle/, 'A little noise is enough');
    await answered(
      '6.1',
      async () => {
        await told('on average');
        const before = await mean();
        await by.tabTo(/^Noise/);
        await by.keys('ArrowLeft', 20);
        await until('the mean has grown', async () => Math.abs((await mean()) - before - 48.3) < 2);
        await by.answerNumber('24.2');
      },
      'hardly matters',
    );
    await by.nextPage('Curvature sets the clock');
    await answered(
      '6.2',
      async () => {
        await told('on average');
        await by.tabTo(/^Curvature c/);
        await by.keys('ArrowRight', 6);
      },
      'is left quickly',
    );
    await by.nextPage('Many dimensions');
    await answered(
      '6.3',
      async () => {
        await told('on average');
        await by.tabTo(/^Dimension N/);
        await by.keys('ArrowRight', 90);
        await until('it is computed', async () =>
          /dimension\s*100/.test(await opened.page.locator('.lesson-measured').innerText()),
        );
        await by.press(/^About as long as before/);
      },
      'do not hold anybody',
    );
    await finish(3);
  });
});

/** Texts of the lesson that are read and are smaller than 16 pixels. */
function smallTexts(): string[] {
  const found: string[] = [];
  for (const panel of document.querySelectorAll('.lesson, .lesson-scene')) {
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent?.trim() ?? '';
      if (text === '' || element === null || !element.checkVisibility()) continue;
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      if (size < 16) found.push(`${size}: ${element.className}: ${text.slice(0, 60)}`);
    }
  }
  return found;
}

/** Parts of a lesson that are wider than their place, or stand outside of the window. */
function overflowing(): string[] {
  const parts =
    '.lesson, .lesson-prose, .lesson-scene, .lesson-controls, .lesson-chart, .lesson-charts, .lesson-status';
  return [...document.querySelectorAll<HTMLElement>(parts)].flatMap((part) => {
    const { left, right, bottom } = part.getBoundingClientRect();
    const isInside = left >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
    return isInside && part.scrollWidth <= part.clientWidth + 1 ? [] : [part.className];
  });
}
