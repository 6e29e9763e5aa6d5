// @vitest-environment jsdom
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type { GrantedFile } from '../../../core/protocol/bridge.ts';
import { useEditor } from '../../../renderer/state/editor.ts';
import { type Edit, perform, redo, undo, useHistory } from '../../../renderer/state/history.ts';
import { addRun, useRuns } from '../../../renderer/state/runs.ts';
import { defaultSettings, type Settings, useSettings } from '../../../renderer/state/settings.ts';

let now = 0;
beforeEach(() => {
  now += 1e6;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  useHistory.setState({ past: [], future: [] });
  useSettings.setState(defaultSettings);
  useEditor.setState({ yaml: 'first', saved: '', file: null });
  useRuns.setState({ runs: [], current: null });
  for (const id of ['a', 'b'])
    addRun({ id, file: { reference: id, kind: 'run', name: id, shown: id }, title: id, yaml: '', state: 'finished' });
});

const experiment = (name: string): GrantedFile => ({ reference: name, kind: 'experiment', name, shown: name });

/** All that edits may change. */
const picture = () => ({
  settings: useSettings.getState(),
  editor: [useEditor.getState().yaml, useEditor.getState().saved, useEditor.getState().file],
  runs: useRuns.getState().runs.map(({ id, title, visible }) => ({ id, title, visible })),
});

const anySettings: fc.Arbitrary<Partial<Settings>> = fc.oneof(
  fc.record({ theme: fc.constantFrom('dark', 'light', 'contrast', 'system') }),
  fc.record({ motion: fc.constantFrom('reduced', 'full', 'system') }),
  fc.record({ theme: fc.constantFrom('dark', 'light'), charts: fc.subarray(['loss', 'density', 'sharpness']) }),
) as fc.Arbitrary<Partial<Settings>>;

const run = fc.constantFrom('a', 'b', 'gone');
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  anySettings.map((change): Edit => ({ edit: 'settings', change })),
  fc.string().map((yaml): Edit => ({ edit: 'experiment', yaml })),
  fc
    .tuple(fc.string(), fc.constantFrom(null, 'one.yaml', 'two.yaml'))
    .map(([yaml, name]): Edit => ({ edit: 'experiment', yaml, home: { saved: yaml, file: name && experiment(name) } })),
  fc.tuple(run, fc.boolean()).map(([id, visible]): Edit => ({ edit: 'visibility', run: id, visible })),
  fc.tuple(run, fc.string()).map(([id, title]): Edit => ({ edit: 'title', run: id, title })),
);

function undoAll(): number {
  let steps = 0;
  for (; useHistory.getState().past.length > 0; steps++) undo();
  return steps;
}

function redoAll(): number {
  let steps = 0;
  for (; useHistory.getState().future.length > 0; steps++) redo();
  return steps;
}

test('any edits, undone entirely, give the first picture; redone, the last', () => {
  // Pauses between the edits: short ones merge edits of the same thing, long ones do not.
  const anyEdits = fc.array(fc.tuple(anyEdit, fc.constantFrom(10, 2000)), { maxLength: 30 });
  fc.assert(
    fc.property(anyEdits, (edits) => {
      undoAll();
      useHistory.setState({ past: [], future: [] });
      const first = picture();
      for (const [edit, pause] of edits) {
        now += pause;
        perform('edit', edit);
      }
      const last = picture();
      const back = undoAll();
      expect(picture()).toEqual(first);
      expect(redoAll()).toBe(back);
      expect(picture()).toEqual(last);
      undoAll();
    }),
  );
});

test('typing is one step until a pause; another thing in between begins a new one', () => {
  for (const yaml of ['a', 'ab', 'abc']) {
    now += 100;
    perform('text', { edit: 'experiment', yaml });
  }
  expect(useHistory.getState().past).toHaveLength(1);
  now += 2000;
  perform('text', { edit: 'experiment', yaml: 'abcd' });
  perform('theme', { edit: 'settings', change: { theme: 'light' } });
  perform('text', { edit: 'experiment', yaml: 'abcde' });
  expect(useHistory.getState().past.map(({ label }) => label)).toEqual(['text', 'text', 'theme', 'text']);
  undo();
  expect(useEditor.getState().yaml).toBe('abcd');
  undoAll();
  expect(useEditor.getState().yaml).toBe('first');
});

test('an edit after undo forgets what could be redone', () => {
  perform('theme', { edit: 'settings', change: { theme: 'light' } });
  undo();
  expect(useHistory.getState().future).toHaveLength(1);
  perform('motion', { edit: 'settings', change: { motion: 'reduced' } });
  redo();
  expect(useSettings.getState()).toMatchObject({ theme: 'system', motion: 'reduced' });
});

test('undo and redo without anything to do change nothing', () => {
  const before = picture();
  undo();
  redo();
  expect(picture()).toEqual(before);
});
