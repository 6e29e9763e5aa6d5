// @vitest-environment jsdom
import '../browser-gaps.ts';
import { parseKeybinding } from 'tinykeys';
import { expect, test } from 'vitest';
import { menuNames, whyNot } from '../../../renderer/app/command.ts';
import { allCommands } from '../../../renderer/app/commands/index.ts';
import { keyIdentity, shortcutListener } from '../../../renderer/app/keys.ts';
import { useSession } from '../../../renderer/state/session.ts';

useSession.setState({
  recent: [{ reference: 'r1', kind: 'run', name: 'digits', shown: '/runs/digits', openedAt: 1 }],
});

const doubles = (values: readonly string[]): string[] => values.filter((value, i) => values.indexOf(value) !== i);

test('there are commands of every menu, and each has an id and a title of its own', () => {
  const commands = allCommands();
  expect(new Set(commands.map(({ menu }) => menu))).toEqual(
    new Set([...menuNames, ...commands.flatMap(({ menu }) => (menu === null ? [null] : []))]),
  );
  expect(doubles(commands.map(({ id }) => id))).toEqual([]);
  expect(doubles(commands.map(({ title, menu, submenu }) => `${menu} ${submenu ?? ''} ${title}`))).toEqual([]);
  for (const { id, title } of commands) {
    expect(id).toMatch(/^[a-z]+\.\S/i);
    expect(title.trim().length, id).toBeGreaterThan(2);
  }
});

test('no two commands have the same key, however it is spelled', () => {
  const keys = allCommands().flatMap(({ keys }) => (keys === null ? [] : [keyIdentity(keys)]));
  expect(keys.length).toBeGreaterThan(30);
  expect(doubles(keys)).toEqual([]);
});

/** The event that a keyboard sends for one press, as tinykeys reads it. */
function pressOf(keys: string): KeyboardEvent {
  const [press] = parseKeybinding(keys);
  if (press === undefined) throw new Error(`${keys} is no key`);
  const [modifiers, key] = press;
  const event = new KeyboardEvent('keydown', {
    key: String(key),
    code: String(key),
    ctrlKey: modifiers.includes('Control'),
    shiftKey: modifiers.includes('Shift'),
    altKey: modifiers.includes('Alt'),
    metaKey: modifiers.includes('Meta'),
    cancelable: true,
  });
  return event;
}

test('every key does its own command and no other', () => {
  const withKeys = allCommands().flatMap(({ id, keys }) => (keys === null ? [] : [{ id, keys }]));
  const done: string[] = [];
  const listener = shortcutListener(
    Object.fromEntries(withKeys.map(({ id, keys }) => [keys, () => void done.push(id)])),
  );
  window.addEventListener('keydown', listener);
  for (const { id, keys } of withKeys) {
    done.length = 0;
    window.dispatchEvent(pressOf(keys));
    expect(done, `${keys} of ${id}`).toEqual([id]);
  }
  window.removeEventListener('keydown', listener);
});

test('each command says whether it can be done, also where nothing is open', () => {
  for (const command of allCommands()) {
    const reason = whyNot(command);
    expect(reason === null || /[a-z]/.test(reason), `${command.id}: ${reason}`).toBe(true);
    expect(typeof (command.checked?.() ?? false)).toBe('boolean');
  }
});
