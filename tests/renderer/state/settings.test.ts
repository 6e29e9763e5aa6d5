import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultSettings, type Settings, settingsFrom } from '../../../renderer/state/settings.ts';

const stored = (settings: Settings): Record<string, unknown> => JSON.parse(JSON.stringify(settings));

test('settings come back as they were stored', () => {
  const changed: Settings = {
    ...defaultSettings,
    theme: 'contrast',
    layouts: { ...defaultSettings.layouts, train: { panels: ['map'], shown: 'map' } },
    charts: ['accuracy'],
    landscape: { ...defaultSettings.landscape, grid: 97, follow: false },
    recentCommands: ['run.pause'],
  };
  expect(settingsFrom(stored(changed))).toEqual(changed);
  expect(settingsFrom({})).toEqual(defaultSettings);
});

test('a field that cannot be used has its default, and takes no other with it', () => {
  const broken = { ...stored(defaultSettings), theme: 'pink', charts: 'all', motion: 'reduced' };
  expect(settingsFrom(broken)).toEqual({ ...defaultSettings, motion: 'reduced' });
  const landscape = { ...defaultSettings.landscape, grid: 1e9, view: 'contours' };
  expect(settingsFrom({ landscape }).landscape).toEqual({ ...defaultSettings.landscape, view: 'contours' });
});

test('nothing that can be stored makes reading fail', () => {
  const keys = Object.keys(defaultSettings);
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (anything) => {
      const read = settingsFrom(anything);
      expect(Object.keys(read).sort()).toEqual([...keys].sort());
      expect(settingsFrom(stored(read))).toEqual(read);
    }),
  );
});
