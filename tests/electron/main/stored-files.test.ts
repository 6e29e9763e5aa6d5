import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastEndProblem } from '../../../electron/main/session-mark.ts';
import { allWritten, openStoredFiles, type StoredFiles } from '../../../electron/main/stored-files.ts';
import { windowPlacement } from '../../../electron/main/window-placement.ts';
import { temporaryFolder } from '../../support/command-line.ts';

interface Opened {
  readonly files: StoredFiles;
  /** File and where it went, for each that could not be used. */
  readonly bad: { file: string; movedTo: string | null }[];
  readonly failed: string[];
}

async function open(folder: string): Promise<Opened> {
  const bad: Opened['bad'] = [];
  const failed: string[] = [];
  const files = await openStoredFiles(folder, {
    onBad: (file, _why, movedTo) => bad.push({ file: path.basename(file), movedTo }),
    onFailedWrite: (file) => failed.push(path.basename(file)),
  });
  return { files, bad, failed };
}

const whole = (content: unknown, format: unknown = 1) => JSON.stringify({ app: 'saddlescope', format, content });
const recent = (count: number) =>
  whole(Array.from({ length: count }, (_, i) => ({ path: `/r/${i}`, kind: 'run', openedAt: i })));
const bounds = { x: 0, y: 0, width: 1000, height: 700 };

const badStates: readonly (readonly [title: string, file: string, content: string | Uint8Array])[] = [
  ['empty', 'settings.json', ''],
  ['blank', 'settings.json', ' \n'],
  ['half written', 'settings.json', whole({ theme: 'dark' }).slice(0, 30)],
  ['text', 'settings.json', 'theme = dark'],
  ['bytes', 'settings.json', new Uint8Array([0, 255, 254, 1, 2, 3])],
  ['null', 'settings.json', 'null'],
  ['a number', 'settings.json', '1'],
  ['a list', 'settings.json', '[]'],
  ['an empty table', 'settings.json', '{}'],
  ['bare settings', 'settings.json', '{"theme":"dark"}'],
  ['a newer version', 'settings.json', whole({ theme: 'dark' }, 2)],
  ['an older version', 'settings.json', whole({ theme: 'dark' }, 0)],
  ['a version as text', 'settings.json', whole({ theme: 'dark' }, '1')],
  ['another program', 'settings.json', JSON.stringify({ app: 'other', format: 1, content: {} })],
  ['one key too many', 'settings.json', JSON.stringify({ app: 'saddlescope', format: 1, content: {}, more: 1 })],
  ['a list of settings', 'settings.json', whole([1, 2])],
  ['settings as text', 'settings.json', whole('dark')],
  ['half a megabyte too much', 'settings.json', whole({ text: 'x'.repeat(600_000) })],
  ['recent files as a table', 'recent.json', whole({})],
  ['recent files as texts', 'recent.json', whole(['/a'])],
  ['a recent file without path', 'recent.json', whole([{ kind: 'run', openedAt: 0 }])],
  ['a recent file of another kind', 'recent.json', whole([{ path: '/a', kind: 'lesson', openedAt: 0 }])],
  ['a recent file of no time', 'recent.json', whole([{ path: '/a', kind: 'run', openedAt: null }])],
  ['21 recent files', 'recent.json', recent(21)],
  ['100,000 recent files', 'recent.json', recent(100_000)],
  ['a window without size', 'window.json', whole({ bounds: { x: 0, y: 0 }, maximized: false, fullScreen: false })],
  [
    'a window of fractions',
    'window.json',
    whole({ bounds: { ...bounds, x: 0.5 }, maximized: false, fullScreen: false }),
  ],
  [
    'an endless window',
    'window.json',
    whole({ bounds: { ...bounds, width: 1e12 }, maximized: false, fullScreen: false }),
  ],
  ['a window that may be maximised', 'window.json', whole({ bounds, maximized: 'yes', fullScreen: false })],
  ['folders as numbers', 'folders.json', whole({ open: 1, save: null })],
  ['a folder of 5,000 letters', 'folders.json', whole({ open: `/${'x'.repeat(5_000)}`, save: null })],
  ['a session of no process', 'session.json', whole({ pid: -1, startedAt: '2026-11-22T05:00:00Z', ended: false })],
  ['a session of no time', 'session.json', whole({ pid: 7, startedAt: 'yesterday', ended: false })],
  ['a backup as a table', 'backup.json', whole({ text: 'a' })],
  ['a backup of 9 MB', 'backup.json', whole('x'.repeat(9_000_000))],
];

const empty = {
  settings: {},
  recent: [],
  window: null,
  folders: { open: null, save: null },
  session: null,
  backup: null,
};
const values = (files: StoredFiles) =>
  Object.fromEntries(Object.entries(files).map(([name, { value }]) => [name, value]));

describe('files of the user-data folder', () => {
  test.each(badStates)('%s: %s is moved aside whole, told once, and started anew', async (_title, name, content) => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, name), content);
    const { files, bad } = await open(folder);
    expect(values(files)).toEqual(empty);
    expect(bad.map(({ file }) => file)).toEqual([name]);
    const aside = fs.readdirSync(folder);
    expect(aside).toEqual([expect.stringMatching(new RegExp(`^${name}\\.bad-\\d{4}-`))]);
    expect(fs.readFileSync(path.join(folder, aside[0]!)).equals(Buffer.from(content))).toBe(true);
    expect((await open(folder)).bad).toEqual([]);
  });

  test('at least 30 bad states were tried', () => expect(badStates.length).toBeGreaterThanOrEqual(30));

  test('a folder in the place of a file is moved aside too', async () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, 'settings.json'));
    const { files, bad } = await open(folder);
    expect(files.settings.value).toEqual({});
    expect(bad).toHaveLength(1);
    files.settings.set({ theme: 'dark' });
    await allWritten(files);
    expect((await open(folder)).files.settings.value).toEqual({ theme: 'dark' });
  });

  test('what was set last is there at the next start, also in a folder that has to be made', async () => {
    const folder = path.join(temporaryFolder(), 'new', 'folder');
    const { files, failed } = await open(folder);
    expect(values(files)).toEqual(empty);
    for (let i = 0; i < 100; i++) files.settings.set({ i, text: 'ε “quoted”\n\u0000' });
    files.recent.set([{ path: '/r', kind: 'run', openedAt: 5 }]);
    files.backup.set('name: unsaved\n');
    await allWritten(files);
    const again = await open(folder);
    expect(again.files.settings.value).toEqual({ i: 99, text: 'ε “quoted”\n\u0000' });
    expect(again.files.recent.value).toEqual([{ path: '/r', kind: 'run', openedAt: 5 }]);
    expect(again.files.backup.value).toBe('name: unsaved\n');
    expect([again.bad, failed]).toEqual([[], []]);
    expect(fs.readdirSync(folder).sort()).toEqual(['backup.json', 'recent.json', 'settings.json']);
  });

  test('more than fits is not written, and what was there stays', async () => {
    const folder = temporaryFolder();
    const { files, failed } = await open(folder);
    files.settings.set({ theme: 'dark' });
    await allWritten(files);
    files.settings.set({ text: 'x'.repeat(600_000) });
    await allWritten(files);
    expect(failed).toEqual(['settings.json']);
    expect((await open(folder)).files.settings.value).toEqual({ theme: 'dark' });
  });

  test('a folder that cannot be written stops nothing', async () => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, '');
    const { files, failed } = await open(path.join(file, 'below'));
    files.settings.set({ theme: 'dark' });
    await allWritten(files);
    expect(files.settings.value).toEqual({ theme: 'dark' });
    expect(failed).toEqual(['settings.json']);
  });

  test('temporary files of a killed write are removed, files of others are not', async () => {
    const folder = temporaryFolder();
    for (const name of ['settings.json.123-0011aabb.tmp', 'other.json.123-0011aabb.tmp', 'Preferences'])
      fs.writeFileSync(path.join(folder, name), 'x');
    await open(folder);
    expect(fs.readdirSync(folder).sort()).toEqual(['Preferences', 'other.json.123-0011aabb.tmp']);
  });

  test('a key that would change every object is dropped', async () => {
    const folder = temporaryFolder();
    const text = '{"app":"saddlescope","format":1,"content":{"__proto__":{"polluted":1},"theme":"dark"}}';
    fs.writeFileSync(path.join(folder, 'settings.json'), text);
    const { files } = await open(folder);
    expect(files.settings.value).toEqual({ theme: 'dark' });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('the mark of a session', () => {
  const mark = { pid: 42, startedAt: '2026-11-22T05:06:07.000Z', ended: false };
  const gone = () => false;
  test('is told when it ended without a goodbye, and only then', () => {
    expect(lastEndProblem(mark, gone)).toBe(
      'The last session, begun on 2026-11-22 at 05:06 UTC, ended without being closed.',
    );
    expect(lastEndProblem({ ...mark, ended: true }, gone)).toBeNull();
    expect(lastEndProblem(null, gone)).toBeNull();
    expect(lastEndProblem(mark, (pid) => pid === 42)).toBeNull();
  });
});

describe('where the window goes', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1040 };
  const second = { x: 1920, y: 200, width: 1280, height: 1000 };
  const saved = (x: number, y: number, width = 1000, height = 700) => ({
    bounds: { x, y, width, height },
    maximized: false,
    fullScreen: false,
  });
  const usual = { width: 1600, height: 1000 };
  test.each([
    { title: 'never opened before', saved: null, areas: [screen], placed: usual },
    {
      title: 'a small display',
      saved: null,
      areas: [{ ...screen, width: 1280, height: 720 }],
      placed: { width: 1280, height: 720 },
    },
    {
      title: 'a tiny display',
      saved: null,
      areas: [{ ...screen, width: 640, height: 480 }],
      placed: { width: 900, height: 600 },
    },
    { title: 'no display at all', saved: null, areas: [], placed: usual },
    {
      title: 'where it was',
      saved: saved(10, 20),
      areas: [screen],
      placed: { x: 10, y: 20, width: 1000, height: 700 },
    },
    {
      title: 'on the second display',
      saved: saved(2000, 300),
      areas: [screen, second],
      placed: { x: 2000, y: 300, width: 1000, height: 700 },
    },
    { title: 'on a display that is gone', saved: saved(2000, 300), areas: [screen], placed: usual },
    {
      title: 'left by a corner that can be grasped',
      saved: saved(-880, 0),
      areas: [screen],
      placed: { x: -880, y: 0, width: 1000, height: 700 },
    },
    { title: 'left by less than that', saved: saved(-990, 0), areas: [screen], placed: usual },
    { title: 'above the display', saved: saved(0, -100), areas: [screen], placed: usual },
    { title: 'below the display', saved: saved(0, 1039), areas: [screen], placed: usual },
    { title: 'smaller than it may be', saved: saved(0, 0, 300, 200), areas: [screen], placed: usual },
  ])('$title', ({ saved: state, areas, placed }) => expect(windowPlacement(state, areas)).toEqual(placed));
});
