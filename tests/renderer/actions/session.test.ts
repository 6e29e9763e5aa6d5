// @vitest-environment jsdom
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, until } from './app-in-memory.ts';
import { endless, smallYaml } from './small-experiment.ts';

const app = createApp();
const { checkEditor, editExperiment, openDropped, openGranted, openRecent, saveExperiment, saveExperimentAs } =
  await import('../../../renderer/actions/file-actions.ts');
const { readBackup } = await import('../../../renderer/actions/editor-backup.ts');
const { closeRun, startRun } = await import('../../../renderer/actions/run-actions.ts');
const { askToClose, startSession } = await import('../../../renderer/actions/session-actions.ts');
const { useEditor } = await import('../../../renderer/state/editor.ts');
const { useRuns } = await import('../../../renderer/state/runs.ts');
const { redo, undo } = await import('../../../renderer/state/history.ts');
const { closeDialog, useSession, wantPanel } = await import('../../../renderer/state/session.ts');
const { defaultSettings, useSettings } = await import('../../../renderer/state/settings.ts');

const file = app.experimentFile('mine.yaml', smallYaml({ name: 'mine' }));
const unsaved = smallYaml({ name: 'unsaved' });

beforeAll(async () => {
  app.store({
    settings: { theme: 'dark', motion: 'sideways', landscape: { follow: false, grid: -4 } },
    backup: JSON.stringify({ version: 1, yaml: unsaved, saved: smallYaml({ name: 'mine' }), shown: file.shown }),
  });
  await startSession();
});

afterAll(() => app.close());

test('stored settings are taken field by field', () => {
  const { theme, motion, landscape } = useSettings.getState();
  expect({ theme, motion }).toEqual({ theme: 'dark', motion: defaultSettings.motion });
  expect(landscape).toEqual({ ...defaultSettings.landscape, follow: false });
});

test('settings are written once, a moment after the last change', async () => {
  const before = app.calls.filter((call) => call === 'writeSettings').length;
  for (const theme of ['light', 'contrast', 'light'] as const) useSettings.setState({ theme });
  expect(app.calls.filter((call) => call === 'writeSettings')).toHaveLength(before);
  // The window waits for what is about to be written.
  await until(() => app.busy);
  await until(() => app.settings.theme === 'light');
  expect(app.calls.filter((call) => call === 'writeSettings')).toHaveLength(before + 1);
  await until(() => !app.busy);
});

describe('the editor', () => {
  test('has what was unsaved when the last session ended, in its own file', async () => {
    await until(() => useEditor.getState().yaml !== '');
    expect(useEditor.getState()).toMatchObject({ yaml: unsaved, saved: smallYaml({ name: 'mine' }), file });
    expect(useSession.getState().announcement).toBe('Restored the unsaved changes of mine.yaml.');
  });

  test.each([null, '', '{', '[]', '{"version":2,"yaml":"","saved":"","shown":null}', '{"version":1,"yaml":3}'])(
    'no backup: %s',
    (text) => expect(readBackup(text)).toBeNull(),
  );

  test('is checked a moment after the last change; the answer to an earlier text never shows', async () => {
    const seen: (string | undefined)[] = [];
    const stop = useEditor.subscribe(({ description, yaml }) => {
      if (description) seen.push(`${description.experiment.name} of ${/name: (\w+)/.exec(yaml)?.[1]}`);
    });
    for (const name of ['a', 'b', 'c']) {
      useEditor.setState({ yaml: smallYaml({ name }) });
      await new Promise((resolve) => setTimeout(resolve, 260));
    }
    await until(() => useEditor.getState().description?.experiment.name === 'c');
    stop();
    expect(seen.every((line) => /^(\w) of \1$/.test(line ?? ''))).toBe(true);
    useEditor.setState({ yaml: 'steps: [' });
    expect(useEditor.getState()).toMatchObject({ description: null, checking: true });
    await until(() => useEditor.getState().failure !== null);
    expect(useEditor.getState()).toMatchObject({ failure: { kind: 'badInput' }, checking: false, description: null });
  });

  test('keeps an unsaved text within a second, and nothing once it is saved', async () => {
    const began = performance.now();
    useEditor.setState({ yaml: smallYaml({ name: 'kept' }) });
    await until(() => (readBackup(app.backup)?.yaml ?? '').includes('name: kept'));
    expect(performance.now() - began).toBeLessThan(1000);
    await saveExperiment();
    expect(app.read(file)).toContain('name: kept');
    expect(useEditor.getState().saved).toBe(useEditor.getState().yaml);
    await until(() => app.backup === null);
  });

  test('saved under another name, it is that file from then on', async () => {
    editExperiment(smallYaml({ name: 'copy' }), null);
    await saveExperiment();
    expect(useEditor.getState().file?.name).toMatch(/^saved-.*\.yaml$/);
    useEditor.setState({ yaml: smallYaml({ name: 'again' }) });
    await saveExperiment();
    expect(app.read(useEditor.getState().file!)).toContain('name: again');
    expect(app.read(file)).toContain('name: kept');
    checkEditor();
    await saveExperimentAs();
    await until(() => useEditor.getState().description?.experiment.name === 'again');
  });
});

describe('files', () => {
  test('given by the system, an experiment goes into the editor', async () => {
    app.give(file);
    await until(() => useEditor.getState().yaml.includes('name: kept'));
    expect(useEditor.getState().file).toEqual(file);
    expect(useSession.getState().recent.map(({ name }) => name)).toContain('mine.yaml');
  });

  test('opened over an unsaved text, it comes to the front and undo brings that text back with its file', async () => {
    await openGranted(file);
    const { saved } = useEditor.getState();
    const typed = smallYaml({ name: 'typed' });
    useEditor.setState({ yaml: typed });
    const other = app.experimentFile('other.yaml', smallYaml({ name: 'other' }));
    wantPanel(null);
    await openRecent(other.reference);
    expect(useSession.getState().wantedPanel).toBe('editor');
    expect(useSession.getState().announcement).toBe(
      'other.yaml is in the editor. Undo brings the unsaved changes of mine.yaml back.',
    );
    expect(useEditor.getState()).toMatchObject({ yaml: smallYaml({ name: 'other' }), file: other });
    undo();
    expect(useEditor.getState()).toMatchObject({ yaml: typed, saved, file });
    redo();
    expect(useEditor.getState()).toMatchObject({ saved: smallYaml({ name: 'other' }), file: other });
  });

  test('dropped, each is opened, and one that cannot be leaves the others alone', async () => {
    app.experimentFile('dropped.yaml', smallYaml({ name: 'dropped' }));
    const { problems } = useSession.getState();
    await openDropped([new File([], 'photo.png'), new File([], 'dropped.yaml')]);
    expect(useEditor.getState().yaml).toContain('name: dropped');
    expect(useSession.getState().problems.slice(problems.length)).toMatchObject([
      { found: 'photo.png is no experiment.' },
    ]);
  });

  test('a folder that is no run is told, and leaves nothing that lives', async () => {
    const folder = app.grant(app.folder, 'run');
    await openGranted(folder);
    const [run] = useRuns.getState().runs;
    expect(run).toMatchObject({ state: 'failed', failure: { kind: 'badInput' } });
    await closeRun(run!.id);
  });
});

describe('closing', () => {
  test('asks while something is under way', async () => {
    const id = await startRun({ yaml: smallYaml(endless), file: null }, 'long');
    expect(app.busy).toBe(true);
    app.askToClose();
    expect(useSession.getState().dialog).toEqual({ name: 'close' });
    expect(app.calls).not.toContain('close');
    closeDialog();
    // The command takes the same road.
    await askToClose();
    expect(useSession.getState().dialog).toEqual({ name: 'close' });
    expect(app.calls).not.toContain('close');
    closeDialog();
    await closeRun(id);
    await until(() => !app.busy);
  });

  test('writes what is not written yet, then closes', async () => {
    useSettings.setState({ theme: 'contrast' });
    useEditor.setState({ yaml: smallYaml({ name: 'last' }) });
    app.askToClose();
    await until(() => app.calls.includes('close'));
    expect(app.calls.lastIndexOf('close')).toBeGreaterThan(app.calls.lastIndexOf('writeBackup'));
    expect(app.settings.theme).toBe('contrast');
    expect(readBackup(app.backup)?.yaml).toContain('name: last');
  });
});

test('a fault of the page is logged with its place, and shown once without it', () => {
  const fault = new Error('the chart has no axis');
  const { problems } = useSession.getState();
  for (let i = 0; i < 3; i++) window.dispatchEvent(new ErrorEvent('error', { error: fault, message: fault.message }));
  window.dispatchEvent(
    new ErrorEvent('error', { message: 'ResizeObserver loop completed with undelivered notifications.' }),
  );
  const shown = useSession.getState().problems.slice(problems.length);
  expect(shown).toHaveLength(1);
  expect(shown[0]!.found).toContain('the chart has no axis');
  expect(shown[0]!.found).not.toContain('.ts');
  expect(app.logged.filter((line) => line.includes('the chart has no axis'))).toHaveLength(1);
  expect(app.logged.at(-1)).toMatch(/session\.test\.ts/);
});
