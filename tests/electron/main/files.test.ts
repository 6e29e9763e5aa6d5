import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { documentationPages } from '../../../core/protocol/bridge.ts';
import { documentationPage, isDocumentation } from '../../../electron/main/documentation.ts';
import { fileTable } from '../../../electron/main/file-table.ts';
import { kindOfFile } from '../../../electron/main/given-file.ts';
import { newRunFolder, safeName, startUpPattern, timeInName } from '../../../electron/main/new-run.ts';
import { withRecent } from '../../../electron/main/recent-files.ts';
import { fileNameToSave, withEnding } from '../../../electron/main/save-file.ts';
import { sizeOfSvg } from '../../../electron/main/svg-size.ts';
import { temporaryFolder } from '../../support/command-line.ts';

describe('what a path is', () => {
  const folder = temporaryFolder();
  const at = (...parts: string[]) => path.join(folder, ...parts);
  fs.mkdirSync(at('run'));
  fs.writeFileSync(at('run', 'experiment.json'), '{}');
  fs.mkdirSync(at('empty'));
  fs.mkdirSync(at('odd', 'experiment.json'), { recursive: true });
  fs.mkdirSync(at('folder.yaml'));
  for (const name of ['a.yaml', 'b.YML', 'c.json', 'd.txt', 'yaml']) fs.writeFileSync(at(name), '');

  // Landscapes by their ending, or by their first bytes whatever they are called.
  for (const name of ['damaged.h5', 'e.NPZ']) fs.writeFileSync(at(name), '');
  fs.writeFileSync(at('surface-of-a-peer'), Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0));
  fs.writeFileSync(at('archive.yaml'), Uint8Array.of(0x50, 0x4b, 3, 4));
  fs.writeFileSync(at('almost'), Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a));

  test.each([
    ['run', 'run'],
    ['a.yaml', 'experiment'],
    ['b.YML', 'experiment'],
    ['c.json', 'experiment'],
    ['damaged.h5', 'landscape'],
    ['e.NPZ', 'landscape'],
    ['surface-of-a-peer', 'landscape'],
    ['archive.yaml', 'landscape'],
  ])('%s is a %s', async (name, kind) => expect(await kindOfFile(at(name))).toBe(kind));

  test.each([
    ['empty', 'a folder without experiment.json'],
    ['odd', 'a folder without experiment.json'],
    ['folder.yaml', 'a folder without experiment.json'],
    ['almost', 'neither a run nor an experiment nor a landscape'],
    ['d.txt', 'neither a run nor an experiment'],
    ['yaml', 'neither a run nor an experiment'],
    ['missing.yaml', 'is not there'],
    ['a.yaml/inside.yaml', 'is not there'],
  ])('%s is refused: %s', async (name, found) => {
    const refused = await kindOfFile(at(name)).catch((problem) => problem);
    expect(refused).toBeInstanceOf(BadInput);
    expect(refused.found).toContain(found);
    expect(refused.advice).toMatch(/^[A-Z].*\.$/);
  });

  test.each(['', 'a.yaml', './run', '/tmp/\0.yaml'])('%j is no path of a file', async (given) => {
    await expect(kindOfFile(given)).rejects.toThrow('no file of this machine');
  });
});

describe('names for paths', () => {
  test('a path has one name, which tells nothing; a name that was never given leads nowhere', () => {
    const table = fileTable();
    const first = table.mint('/data/run', 'run');
    expect(first).toMatchObject({ kind: 'run', name: 'run', shown: '/data/run' });
    expect(first.reference).toMatch(/^[0-9a-f]{32}$/);
    expect(table.mint('/data/x/../run/', 'run').reference).toBe(first.reference);
    expect(table.mint('/data/other', 'run').reference).not.toBe(first.reference);
    expect(table.find(first.reference)).toEqual({ path: '/data/run', kind: 'run' });
    for (const unknown of ['', '/data/run', 'f'.repeat(32), '__proto__', 'constructor'])
      expect(() => table.find(unknown)).toThrow(BadInput);
    expect(() => fileTable().find(first.reference)).toThrow('not known in this session');
  });

  test('a file has one name by whatever links it is reached, also before it is there', () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, 'runs', 'one'), { recursive: true });
    fs.symlinkSync(path.join(folder, 'runs'), path.join(folder, 'linked'));
    const table = fileTable();
    for (const name of ['one', 'to-be-made']) {
      const given = table.mint(path.join(folder, 'linked', name), 'run');
      expect(given.shown).toBe(path.join(folder, 'linked', name));
      expect(table.mint(path.join(folder, 'runs', name), 'run').reference).toBe(given.reference);
    }
  });

  test('the newest recent file comes first, each once, at most twenty', () => {
    const many = Array.from({ length: 30 }, (_, i) => i).reduce(
      (entries, i) => withRecent(entries, { path: `/r/${i}`, kind: 'run' }, i),
      [] as ReturnType<typeof withRecent>,
    );
    expect(many.map(({ path: file }) => file)).toEqual(Array.from({ length: 20 }, (_, i) => `/r/${29 - i}`));
    const again = withRecent(many, { path: '/r/15', kind: 'run' }, 99);
    expect(again[0]).toEqual({ path: '/r/15', kind: 'run', openedAt: 99 });
    expect(again).toHaveLength(20);
  });
});

describe('folders of new runs', () => {
  const at = new Date(2026, 10, 2, 3, 4, 5);
  test('carry the name and the time', () => {
    expect(timeInName(at)).toBe('2026-11-02-030405');
    expect(newRunFolder('/runs', 'Digits, MLP η = 0.05', 'kept', at, new Set())).toBe(
      '/runs/digits-mlp-0-05-2026-11-02-030405',
    );
    expect(newRunFolder('/runs', 'First light', 'start-up', at, new Set())).toBe(
      '/runs/start-up-first-light-2026-11-02-030405',
    );
  });

  test('are never given twice, and never one that is there', () => {
    const runs = temporaryFolder();
    const given = new Set<string>();
    const names = [1, 2, 3].map(() => path.basename(newRunFolder(runs, 'a', 'kept', at, given)));
    expect(names).toEqual(['a-2026-11-02-030405', 'a-2026-11-02-030405-2', 'a-2026-11-02-030405-3']);
    fs.mkdirSync(path.join(runs, 'b-2026-11-02-030405'));
    expect(newRunFolder(runs, 'b', 'kept', at, given)).toMatch(/-2$/);
  });

  test.each(['start-up', 'start up', 'Start-Up first light', 'START_UP', '../start-up-x', 'start-up-'])(
    'a run to be kept called %j does not look like one to be deleted',
    (name) => {
      expect(path.basename(newRunFolder('/runs', name, 'kept', at, new Set()))).not.toMatch(startUpPattern);
    },
  );

  test.each(['', '..', '/', '....//', 'ψ', 'a/../../b', 'CON', 'x'.repeat(500), '\u202Egnp.exe', 'a\nb', '-rf'])(
    '%j gives one plain name',
    (name) => {
      expect(safeName(name)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(safeName(name).length).toBeLessThanOrEqual(60);
      expect(path.dirname(newRunFolder('/runs', name, 'start-up', at, new Set()))).toBe('/runs');
      expect(path.basename(newRunFolder('/runs', name, 'start-up', at, new Set()))).toMatch(startUpPattern);
    },
  );
});

describe('names of files to save', () => {
  test.each([
    ['figure', 'svg', 'figure.svg'],
    ['figure.svg', 'svg', 'figure.svg'],
    ['Figure.SVG', 'svg', 'Figure.SVG'],
    ['sharpness, step 20', 'png', 'sharpness, step 20.png'],
    ['../../.bashrc', 'txt', 'bashrc.txt'],
    ['a/b\\c:d*e?', 'csv', 'a b c d e.csv'],
    ['', 'npz', 'saddlescope.npz'],
    ['...', 'json', 'saddlescope.json'],
    ['run\u0000\u202E', 'pdf', 'run.pdf'],
    ['first-light.yml', 'yaml', 'first-light.yml'],
    ['λ₁ of run', 'png', 'λ₁ of run.png'],
  ] as const)('%j as %s', (suggested, kind, name) => expect(fileNameToSave(suggested, kind)).toBe(name));
});

test('a chosen file gets the ending of its kind, and never takes the place of another one by that', () => {
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  expect(withEnding(at('a.svg'), 'svg')).toBe(at('a.svg'));
  expect(withEnding(at('a.YML'), 'yaml')).toBe(at('a.YML'));
  expect(withEnding(at('figure.v2'), 'svg')).toBe(at('figure.v2.svg'));
  fs.writeFileSync(at('b.svg'), 'old');
  expect(withEnding(at('b.svg'), 'svg')).toBe(at('b.svg'));
  expect(() => withEnding(at('b'), 'svg')).toThrow('is there already');
});

describe('the size of an SVG', () => {
  test.each([
    ['<svg width="300" height="200">', { width: 300, height: 200 }],
    ["<svg xmlns='x' width='300px' height='200.5px'>", { width: 300, height: 200.5 }],
    ['<?xml version="1.0"?>\n<svg viewBox="0 0 40 30">', { width: 40, height: 30 }],
    ['<svg width="100%" height="100%" viewBox="0,0,40,30">', { width: 40, height: 30 }],
    ['<svg>', null],
    ['<svg width="0" height="9">', null],
    ['<svg width="-5" height="9">', null],
    ['<svg width="1e9" height="9">', null],
    ['<svg width="25.4mm" height="72pt" viewBox="0 0 9 9">', { width: 96, height: 96 }],
    ['<svg width="2in" height="2.54cm">', { width: 192, height: 96 }],
    ['<svg width="999999" height="9">', null],
    ['<html>', null],
    ['', null],
  ])('%s', (svg, size) => expect(sizeOfSvg(svg)).toEqual(size));
});

describe('pages to open in the browser', () => {
  test('each name has an https address of the table', () => {
    for (const name of documentationPages) expect(isDocumentation(documentationPage(name) ?? '')).toBe(true);
  });

  test.each([
    'http://arxiv.org/abs/2103.00065',
    'https://arxiv.org.evil.example/',
    'https://evil.example/arxiv.org',
    'https://evil.example/#https://arxiv.org',
    'https://user@arxiv.org/',
    'https://arxiv.org:pw@evil.example/',
    'https://arxiv.org@evil.example/',
    'https://arxiv.org:8443/',
    'https://sub.arxiv.org/',
    'https://arxiv.orge/',
    'https:arxiv.org.evil',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,hi',
    'file:///etc/passwd',
    'file://arxiv.org/share',
    'smb://arxiv.org/share',
    'ftp://arxiv.org/',
    'ms-msdt:/id',
    'search-ms:query=x',
    'vbscript:msgbox(1)',
    'mailto:a@arxiv.org',
    'tel:123',
    'app://saddlescope/',
    'chrome://settings',
    'view-source:https://arxiv.org/',
    'blob:https://arxiv.org/1',
    'ws://arxiv.org/',
    'about:blank',
    '//arxiv.org/',
    '/etc/passwd',
    '\\\\host\\share',
    'C:\\Windows\\System32\\calc.exe',
    'https://',
    '',
    ' ',
  ])('%j is refused', (address) => expect(isDocumentation(address)).toBe(false));

  test.each(['', 'https://arxiv.org/abs/2103.00065', '__proto__', 'constructor', 'toString'])(
    'no page is called %j',
    (name) => expect(documentationPage(name)).toBeNull(),
  );
});
