import { createKeybindingsHandler, parseKeybinding } from 'tinykeys';

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Space: 'Space',
  Escape: 'Esc',
  PageUp: 'Page up',
  PageDown: 'Page down',
  BracketLeft: '[',
  BracketRight: ']',
};

const macModifiers: Readonly<Record<string, string>> = { Meta: '⌘', Control: '⌃', Shift: '⇧', Alt: '⌥' };
const otherModifiers: Readonly<Record<string, string>> = { Meta: 'Win', Control: 'Ctrl', Shift: 'Shift', Alt: 'Alt' };

const keyName = (key: string): string => {
  const short = signs[key] ?? key.replace(/^(Key|Digit)(?=.$)/, '');
  return short.length === 1 ? short.toUpperCase() : short;
};

/** Whether a keyboard of Apple's is in use, where ⌘ is what Ctrl is elsewhere. */
export const isApple = (): boolean => /^Mac/.test(navigator.platform);

/** `$mod+Shift+z` as people read it: `Ctrl Shift Z`, `⌘⇧Z`. */
export function keyText(keys: string, apple = isApple()): string {
  return keys
    .split(' ')
    .map((press) => {
      const parts = press.replace('$mod', apple ? 'Meta' : 'Control').split(/\+(?=.)/);
      const key = keyName(parts.pop() ?? '');
      const names = apple ? macModifiers : otherModifiers;
      const modifiers = parts.map((part) => names[part] ?? part);
      return apple ? `${modifiers.join('')}${key}` : [...modifiers, key].join(' ');
    })
    .join(', ');
}

/** What makes two spellings of a key the same key. */
export const keyIdentity = (keys: string): string =>
  parseKeybinding(keys)
    .map(([modifiers, key]) => [...modifiers].sort().join('+').concat('+', String(key).toLowerCase()))
    .join(' ');

const typesText = (element: Element): boolean =>
  element.matches('textarea, [contenteditable=""], [contenteditable="true"], input:not([type])') ||
  (element instanceof HTMLInputElement && /^(text|search|number|email|url|password|tel)$/.test(element.type));

const editingKeys = new Set(['a', 'c', 'v', 'x', 'y', 'z', 'backspace', 'delete', 'home', 'end']);

/**
 * Whether a key belongs to the element it is pressed in: letters and what edits text in text fields; keys without a
 * modifier in lists, menus and sliders. F-keys and other combinations are always shortcuts.
 */
export function belongsToElement(event: KeyboardEvent): boolean {
  const element = event.target instanceof Element ? event.target : null;
  if (element === null || event.defaultPrevented || event.isComposing)
    return event.defaultPrevented || event.isComposing;
  if (/^F\d+$/.test(event.key)) return false;
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (typesText(element)) {
    const arrow = event.key.startsWith('Arrow');
    return !modified || arrow || (!event.altKey && editingKeys.has(event.key.toLowerCase()));
  }
  if (modified) return false;
  if (
    element.closest('[role=menu], [role=menubar], [role=listbox], [role=tablist], [role=grid], [role=dialog], select')
  )
    return true;
  const moves = event.key.startsWith('Arrow') || ['Home', 'End', 'PageUp', 'PageDown'].includes(event.key);
  if (element.matches('input, [role=slider], [role=spinbutton]') && moves) return true;
  const presses = event.key === ' ' || event.key === 'Enter';
  return presses && element.matches('button, input, a[href], summary, [role=tab], [role=button], [role=row]');
}

/** A listener that runs what a key stands for, unless the key belongs to the element it is pressed in. */
export function shortcutListener(table: Readonly<Record<string, () => void>>): (event: KeyboardEvent) => void {
  const handlers = Object.fromEntries(
    Object.entries(table).map(([keys, run]) => [
      keys,
      (event: KeyboardEvent) => {
        if (event.repeat && !/Arrow|Bracket|[[\],.]/.test(keys)) return event.preventDefault();
        event.preventDefault();
        run();
      },
    ]),
  );
  const handler = createKeybindingsHandler(handlers);
  return (event) => {
    if (!belongsToElement(event)) handler(event);
  };
}
