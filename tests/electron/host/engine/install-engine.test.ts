import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { activeEngine, engineFiles, engineLibraries } from '../../../../electron/host/engine/engines-home.ts';
import { type InstallProgress, installEngine } from '../../../../electron/host/engine/install-engine.ts';
import { verifyEngine } from '../../../../electron/host/engine/verify-engine.ts';
import { saddlescope, start, temporaryFolder } from '../../../support/command-line.ts';
import { wheelOfEngine, writeWheel } from '../../../support/wheels.ts';

const engine = activeEngine();
const isPlatform = process.platform === 'linux' && process.arch === 'x64';
const hasCompiler = spawnSync('cc', ['--version']).status === 0;
const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

const folders: string[] = [];
/** Of hundreds of megabytes: removed after the tests, whatever the system does with its temporary files. */
const largeFolder = (): string => {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder;
};
afterAll(() => {
  vi.unstubAllEnvs();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!isPlatform || !hasCompiler)('libraries that load and are not TensorFlow', () => {
  /** Both libraries out of one C file. */
  function wheelOf(source: string): string {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'library.c'), source);
    const made = spawnSync('cc', ['-shared', '-fPIC', 'library.c', '-o', 'library.so'], { cwd: folder });
    expect(made.status).toBe(0);
    const library = readFileSync(path.join(folder, 'library.so'));
    return writeWheel(folder, {
      files: Object.fromEntries(engineLibraries.map((name) => [`tensorflow/${name}`, library])),
    });
  }

  test('a library that crashes ends the process that checks it, and not this one', async () => {
    const home = path.join(temporaryFolder(), 'engines');
    const wheel = wheelOf('#include <stdlib.h>\n__attribute__((constructor)) static void crash(void) { abort(); }\n');
    await expect(installEngine({ wheel, home })).rejects.toThrow(/does not work here: .*SIGABRT/);
    expect(entries(home)).toEqual([]);
  });

  test('a library without the functions is named as such', async () => {
    const home = path.join(temporaryFolder(), 'engines');
    await expect(installEngine({ wheel: wheelOf('int nothing;\n'), home })).rejects.toThrow(/has no function TF_\w+/);
    expect(entries(home)).toEqual([]);
  });
});

describe.skipIf(engine === null)('with the libraries of the installed engine as a wheel', () => {
  const { folder = '', record } = engine ?? {};
  const name = `tensorflow-${record?.version}-cpu`;
  const home = path.join(engine === null ? '' : largeFolder(), 'engines');
  let wheel = '';

  test('an installation that is killed while it unpacks leaves nothing that is taken for an engine', async () => {
    wheel = await wheelOfEngine(path.join(folder, engineFiles.libraries), record?.version ?? '', largeFolder());
    vi.stubEnv('SADDLESCOPE_ENGINES', home);
    const { child, ended } = start(['engine', 'install', '--wheel', wheel]);
    const temporary = () => entries(home).find((one) => one.endsWith('.tmp')) ?? '';
    const libraries = () => path.join(home, temporary(), 'engine', engineFiles.libraries);
    await vi.waitUntil(() => temporary() !== '' && entries(libraries()).length > 0, { timeout: 20_000, interval: 5 });
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    expect(entries(home).filter((one) => one.endsWith('.tmp'))).toHaveLength(1);
    const { code, out } = await saddlescope(['engine', 'list', '--json']);
    expect([code, JSON.parse(out).engines]).toEqual([0, []]);
    expect(entries(home)).toEqual([]);
  });

  test('an aborted one rejects at once and leaves nothing', async () => {
    const abort = new AbortController();
    const onProgress = ({ done }: InstallProgress) => done > 100 && abort.abort();
    await expect(installEngine({ wheel, home, signal: abort.signal, onProgress })).rejects.toThrow(BadInput);
    expect(entries(home)).toEqual([]);
  });

  test('it is installed in the place of a damaged one, checked and in use; again it is only checked; a damaged addon is made anew', async () => {
    mkdirSync(path.join(home, name, engineFiles.libraries), { recursive: true });
    writeFileSync(path.join(home, name, engineFiles.record), JSON.stringify(record));
    writeFileSync(path.join(home, name, engineFiles.libraries, engineLibraries[0]), 'no library');
    writeFileSync(path.join(home, 'active.json'), JSON.stringify({ name }));
    expect(activeEngine(home)?.record).toEqual(record);

    const phases: string[] = [];
    const onProgress = ({ phase, done, total }: InstallProgress) => {
      expect(done).toBeLessThanOrEqual(total);
      if (phases.at(-1) !== phase) phases.push(phase);
    };
    const first = await installEngine({ wheel, home, onProgress });
    expect(first.record).toMatchObject({ name, gpu: false, version: record?.version });
    expect(first.record.verified.worstFloat64).toBeLessThan(1e-13);
    expect(phases[0]).toBe('verify');
    expect(phases).toContain('unpack');
    expect(phases.at(-1)).toBe('verify');
    expect(entries(home)).toEqual(['active.json', name]);
    expect(activeEngine(home)?.record).toEqual(first.record);

    writeFileSync(first.addon, 'no addon');
    await expect(verifyEngine(first.folder)).rejects.toThrow('its addon does not load');
    phases.length = 0;
    await installEngine({ wheel, home, onProgress });
    expect(phases).not.toContain('unpack');
    expect((await verifyEngine(first.folder)).results).toBe(first.record.verified.results);
  });
});
