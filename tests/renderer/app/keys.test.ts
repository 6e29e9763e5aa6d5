// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { belongsToElement, keyIdentity, keyText } from '../../../renderer/app/keys.ts';

test('keys are written as people of each keyboard read them', () => {
  expect(keyText('$mod+Shift+z', false)).toBe('Ctrl Shift Z');
  expect(keyText('$mod+Shift+z', true)).toBe('⌘⇧Z');
  expect(keyText('$mod+,', false)).toBe('Ctrl ,');
  expect(keyText('Space', false)).toBe('Space');
  expect(keyText('Alt+ArrowLeft', false)).toBe('Alt ←');
  expect(keyText('F11', true)).toBe('F11');
});

test('the order and the case of a spelling make no other key', () => {
  expect(keyIdentity('Shift+$mod+Z')).toBe(keyIdentity('$mod+Shift+z'));
  expect(keyIdentity('$mod+z')).not.toBe(keyIdentity('$mod+Shift+z'));
});

/** Whether the element keeps the key for itself. */
function kept(html: string, init: KeyboardEventInit): boolean {
  document.body.innerHTML = html;
  const element = document.body.querySelector('[data-here]') ?? document.body.firstElementChild;
  let answer = false;
  const listener = (event: KeyboardEvent) => {
    answer = belongsToElement(event);
  };
  window.addEventListener('keydown', listener, { once: true });
  element?.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...init }));
  return answer;
}

test.each([
  ['<input>', { key: 'f' }, true],
  ['<textarea></textarea>', { key: ' ' }, true],
  ['<input>', { key: 'z', ctrlKey: true }, true],
  ['<input>', { key: 's', ctrlKey: true }, false],
  ['<input>', { key: 'F6' }, false],
  ['<input type="range">', { key: 'ArrowLeft' }, true],
  ['<input type="range">', { key: 'f' }, false],
  ['<button></button>', { key: ' ' }, true],
  ['<button></button>', { key: 'f' }, false],
  ['<div role="menu"><div data-here role="menuitem" tabindex="0"></div></div>', { key: 'f' }, true],
  ['<div role="menu"><div data-here role="menuitem" tabindex="0"></div></div>', { key: 'k', ctrlKey: true }, false],
  ['<main></main>', { key: ' ' }, false],
] as const)('in %s, %o belongs to it: %s', (html, init, expected) => {
  expect(kept(html, init)).toBe(expected);
});
