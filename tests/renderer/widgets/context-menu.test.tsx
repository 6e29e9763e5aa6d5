// @vitest-environment jsdom
import { act } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { ContextMenu } from '../../../renderer/widgets/context-menu.tsx';
import { mount, press, unmountAll } from './mount.tsx';

afterEach(unmountAll);

const items = (log: (id: string) => void) => [
  { id: 'svg', title: 'Save as SVG', section: 1, onAction: () => log('svg') },
  { id: 'png', title: 'Save as PNG', section: 1, onAction: () => log('png'), isDisabled: true },
  { id: 'csv', title: 'Save data as CSV', section: 2, onAction: () => log('csv') },
];
const entries = () => [...document.querySelectorAll('[role=menuitem]')].map((entry) => entry.textContent);
const focused = () => document.activeElement?.textContent;

async function open(log: (id: string) => void, how: () => Promise<void>) {
  const page = await mount(
    <ContextMenu label="Figure" items={items(log)}>
      <button type="button">Chart</button>
    </ContextMenu>,
  );
  page.querySelector('button')?.focus();
  await how();
}

test.each([
  ['Shift+F10', () => press('F10', { shiftKey: true })],
  ['the Menu key', () => press('ContextMenu')],
])('%s opens the menu, arrows skip what cannot be done, Enter does it', async (_, how) => {
  const log = vi.fn();
  await open(log, how);
  expect(entries()).toEqual(['Save as SVG', 'Save as PNG', 'Save data as CSV']);
  expect(focused()).toBe('Save as SVG');
  await press('ArrowDown');
  expect(focused()).toBe('Save data as CSV');
  await press('Enter');
  expect(log.mock.calls).toEqual([['csv']]);
  expect(entries()).toEqual([]);
});

test('a right click opens the menu; Escape closes it and gives the focus back', async () => {
  const log = vi.fn();
  await open(log, async () => {
    await act(async () => {
      const event = new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 40, clientY: 50 });
      document.querySelector('button')?.dispatchEvent(event);
      expect(event.defaultPrevented).toBe(true);
    });
  });
  expect(entries()).toHaveLength(3);
  await press('Escape');
  expect(entries()).toEqual([]);
  expect(focused()).toBe('Chart');
  expect(log).not.toHaveBeenCalled();
});

test('F10 alone is not for it', async () => {
  await open(vi.fn(), () => press('F10'));
  expect(entries()).toEqual([]);
});
