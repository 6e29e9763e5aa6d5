import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import {
  activeEngine,
  engineFolder,
  enginesHome,
  installedEngines,
} from '../../../../electron/host/engine/engines-home.ts';
import { temporaryFolder } from '../../../support/command-line.ts';

test('the home is the given one, else in the folder for data, else in that of the user', () => {
  const data = path.join(os.tmpdir(), 'data');
  expect(enginesHome({ SADDLESCOPE_ENGINES: '/engines', XDG_DATA_HOME: data })).toBe(path.resolve('/engines'));
  expect(enginesHome({ XDG_DATA_HOME: data })).toBe(path.join(data, 'saddlescope', 'engines'));
  const own = path.join(os.homedir(), '.local', 'share', 'saddlescope', 'engines');
  expect(enginesHome({})).toBe(own);
  expect(enginesHome({ XDG_DATA_HOME: 'not/absolute', SADDLESCOPE_ENGINES: '' })).toBe(own);
});

test('a name that is no engine leads nowhere', () => {
  for (const name of ['..', '../x', 'tensorflow-2.15.1-cpu/..', '/etc', 'tensorflow-2.15.1-tpu', ''])
    expect(() => engineFolder('/engines', name)).toThrow(BadInput);
  expect(engineFolder('/engines', 'tensorflow-2.15.1-gpu')).toBe(path.join('/engines', 'tensorflow-2.15.1-gpu'));
});

test.each(['', '{', 'null', '[]', '{"name":"../x"}', '{"name":7}', '{"name":"tensorflow-2.15.1-cpu"}'])(
  'with %j as active.json and a record that is none, no engine is in use',
  async (text) => {
    const home = temporaryFolder();
    mkdirSync(path.join(home, 'tensorflow-2.15.1-cpu'));
    writeFileSync(path.join(home, 'tensorflow-2.15.1-cpu', 'engine.json'), text);
    writeFileSync(path.join(home, 'active.json'), text);
    expect(activeEngine(home)).toBeNull();
    expect(await installedEngines(home)).toEqual([]);
  },
);
