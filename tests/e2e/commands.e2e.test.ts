import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until, untilStep } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

let opened: OpenWindow;

beforeAll(async () => {
  opened = await openWindow({ firstLight: true });
  await untilStep(opened.page, 5);
});

afterAll(async () => {
  await opened?.close();
});

const lastCommand = (): string | undefined => {
  try {
    return JSON.parse(readFileSync(path.join(opened.userData, 'settings.json'), 'utf8')).content.recentCommands[0];
  } catch {
    return undefined;
  }
};

/** `Ctrl Shift E` as the driver wants it. */
const pressed = (keys: string): string => {
  const names: Readonly<Record<string, string>> = {
    Ctrl: 'Control',
    Esc: 'Escape',
    '←': 'ArrowLeft',
    '→': 'ArrowRight',
    '↑': 'ArrowUp',
    '↓': 'ArrowDown',
    '[': 'BracketLeft',
    ']': 'BracketRight',
    ',': 'Comma',
    '.': 'Period',
  };
  return keys
    .replace('Page up', 'PageUp')
    .replace('Page down', 'PageDown')
    .split(' ')
    .map((key) => names[key] ?? (/^[A-Z]$/.test(key) ? `Key${key}` : /^\d$/.test(key) ? `Digit${key}` : key))
    .join('+');
};

interface Row {
  readonly id: string;
  readonly title: string;
  readonly keys: string;
}

test('every command that names a key is reached by it', async () => {
  const { app, page } = opened;
  // Where files would be asked for, nobody answers.
  await app.evaluate(({ dialog }) => {
    dialog.showOpenDialog = async () => ({ canceled: true, filePaths: [] });
    dialog.showSaveDialog = async () => ({ canceled: true, filePath: '' });
  });
  await page.keyboard.press('F1');
  const dialog = page.getByRole('dialog', { name: 'Keyboard' });
  await dialog.waitFor();
  const rows = await dialog.locator('.keys-dialog-group').evaluateAll((groups) =>
    groups
      .filter((group) => group.querySelector('h3')?.textContent !== 'Everywhere')
      .flatMap((group) =>
        [...group.querySelectorAll('dl > div')].map((row) => ({
          id: (row as HTMLElement).dataset.command ?? '',
          title: row.querySelector('dt')?.textContent ?? '',
          keys: row.querySelector('kbd')?.textContent ?? '',
        })),
      ),
  );
  await page.keyboard.press('Escape');
  expect(rows.length).toBeGreaterThan(40);
  expect(new Set(rows.map(({ keys }) => keys)).size).toBe(rows.length);
  const deaf: string[] = [];
  const isLast = ({ title }: Row) => /^(Quit|Close run|Stop run)$/.test(title);
  const tried = rows.filter((row) => !isLast(row));
  for (const { id, title, keys } of tried) {
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
    });
    await page.keyboard.press(pressed(keys));
    // A command that cannot be done now says so, by its name; one that can is the first of those used recently.
    const heard = async () => {
      const said = await page.locator('[aria-live]').allTextContents();
      if (said.some((text) => text.includes(title))) return true;
      // The palette is not kept among them.
      return lastCommand() === id || (id === 'view.palette' && (await page.getByRole('dialog').count()) > 0);
    };
    await until(`${title} is reached by ${keys}`, heard, 4).catch(() => deaf.push(`${title}: ${keys}`));
    for (let i = 0; i < 3 && (await page.getByRole('dialog').count()) > 0; i++) await page.keyboard.press('Escape');
    await page
      .getByRole('menu')
      .count()
      .then((open) => (open > 0 ? page.keyboard.press('Escape') : undefined));
  }
  expect(deaf).toEqual([]);
}, 300_000);

test('the palette finds a command by a few letters and does it', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('light theme');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
});

test('undo and redo give the theme back and take it again', async () => {
  const { page } = opened;
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('high contrast theme');
  await page.keyboard.press('Enter');
  await expect.poll(theme).toBe('contrast');
  await page.keyboard.press('Control+z');
  await expect.poll(theme).toBe('light');
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(theme).toBe('contrast');
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.each(['dark', 'light', 'contrast'])('axe finds nothing serious in any workspace (%s)', async (theme) => {
  const { page } = opened;
  const words = { dark: 'theme dark', light: 'light theme', contrast: 'high contrast theme' }[theme] ?? '';
  await page.keyboard.press('Control+k');
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
  const session = await page.context().newCDPSession(page);
  for (const key of ['Control+1', 'Control+2', 'Control+3']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(300);
    // Through the debugger: the content policy refuses scripts that are not the app's own, as it should.
    await session.send('Runtime.evaluate', { expression: axe });
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | '))))`,
      awaitPromise: true,
      returnByValue: true,
    });
    expect(JSON.parse(String(result.value))).toEqual([]);
  }
  await session.detach();
});

test('nothing was refused by the content policy', () => {
  expect(opened.complaints).toEqual([]);
});
