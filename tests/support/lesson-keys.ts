import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from './run-control.ts';

export type LessonKeys = ReturnType<typeof lessonKeys>;

/** Lessons gone through by keyboard alone, as somebody does who hears where the focus is. */
export function lessonKeys(page: Page) {
  /** What a screen reader calls the element that has the focus. */
  const focusedName = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement;
      const ids = (element?.getAttribute('aria-labelledby') ?? '').split(' ');
      const labelled = ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
      // A switch is named by the label around it.
      const around = element?.closest('label')?.textContent ?? '';
      // Of what holds others its text says nothing.
      const text = element?.matches('button, h1, tr, a') ? element.textContent : around;
      return (element?.getAttribute('aria-label') ?? (labelled.trim() || text) ?? '').trim();
    });

  /** Moves the focus as Tab does until it is on what is called so. */
  async function tabTo(name: RegExp): Promise<void> {
    for (let i = 0; i < 70; i++) {
      if (name.test(await focusedName())) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not come to ${name}.`);
  }

  async function press(name: RegExp): Promise<void> {
    await tabTo(name);
    await page.keyboard.press('Enter');
  }

  async function keys(key: string, times: number): Promise<void> {
    for (let i = 0; i < times; i++) await page.keyboard.press(key);
  }

  const heading = (): Promise<string> => page.locator('.lesson-prose h1').innerText();
  /** What the scene says of itself. */
  const sentence = (): Promise<string> => page.locator('.lesson-status > span').first().innerText();

  async function untilReply(verdict: 'right' | 'wrong' | 'notYet', seconds = 15): Promise<string> {
    await until(
      `the answer is ${verdict}`,
      async () => (await page.locator(`.lesson-reply-${verdict}`).count()) === 1,
      seconds,
    );
    return page.locator('.lesson-reply').innerText();
  }

  async function nextPage(title: string): Promise<void> {
    await press(/^Next$/);
    await until(`the page is ${title}`, async () => (await heading()) === title);
    // By keyboard one is at its top.
    expect(await focusedName()).toBe(title);
  }

  async function open(title: RegExp): Promise<void> {
    await press(title);
    await page.locator('.lesson-question').waitFor();
  }

  async function command(title: string): Promise<void> {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type(title);
    await page.keyboard.press('Enter');
  }

  async function answerNumber(number: string): Promise<void> {
    await tabTo(/^Your number/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(number);
    await page.keyboard.press('Enter');
  }

  const rows = () => page.locator('.lesson-table tbody tr');

  /** Chooses in the table of a search the first point whose row is wanted. */
  async function chooseRow(isWanted: (cells: readonly string[]) => boolean): Promise<void> {
    const table = (await rows().allInnerTexts()).map((row) => row.split('\t').map((cell) => cell.trim()));
    const wanted = table.findIndex(isWanted);
    expect(wanted, table.join('\n')).toBeGreaterThanOrEqual(0);
    await tabTo(/(certified|gradient-flat|critical, no proof|not converged|at infinity)/);
    await keys('ArrowDown', wanted);
    await page.keyboard.press('Enter');
  }

  return {
    ...{ focusedName, tabTo, press, keys, heading, sentence, untilReply, nextPage, open, command, answerNumber },
    ...{ rows, chooseRow },
  };
}
