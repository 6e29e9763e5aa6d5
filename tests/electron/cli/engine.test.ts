import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { engineFiles } from '../../../electron/host/engine/engines-home.ts';
import { saddlescope, start, temporaryFolder } from '../../support/command-line.ts';
import { canMountMemory, mountMemory } from '../../support/memory-disk.ts';
import { fakeLibraries, writeWheel } from '../../support/wheels.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A home of engines of its own for one test. */
function newHome(folder = path.join(temporaryFolder(), 'engines')): string {
  vi.stubEnv('SADDLESCOPE_ENGINES', folder);
  return folder;
}

const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** An engine that is on the list and in use; nothing of it is ever loaded. */
function layEngine(home: string, name: string): void {
  mkdirSync(path.join(home, name), { recursive: true });
  const verified = { date: '2026-01-01T00:00:00.000Z', devices: [] };
  const [, version] = name.split('-');
  const record = { name, version, gpu: false, abi: 1, addon: 'compiled', sizeBytes: 12e6, verified };
  writeFileSync(path.join(home, name, engineFiles.record), JSON.stringify(record));
  writeFileSync(path.join(home, name, engineFiles.addon), 'no addon');
  writeFileSync(path.join(home, 'active.json'), JSON.stringify({ name }));
}

interface Listed {
  readonly engines: readonly { readonly name: string; readonly active: boolean }[];
}

const listed = async (): Promise<Listed['engines']> => {
  const { code, out } = await saddlescope(['engine', 'list', '--json']);
  expect(code).toBe(0);
  return (JSON.parse(out) as Listed).engines.map(({ name, active }) => ({ name, active }));
};

/** A program in the place of Python, whose `-m pip download …` does what `script` says; `$TMPDIR` and `$DEST` are set. */
function fakePip(script: string): void {
  const folder = temporaryFolder();
  const program = path.join(folder, 'python');
  const lines = [
    '#!/bin/sh',
    'if [ "$3" = --version ]; then exit 0; fi',
    'while [ $# -gt 0 ]; do if [ "$1" = --dest ]; then DEST="$2"; fi; shift; done',
    script,
  ];
  writeFileSync(program, `${lines.join('\n')}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PYTHON', program);
}

const isPlatform = process.platform === 'linux' && process.arch === 'x64';

test.skipIf(isPlatform)('elsewhere than on Linux x86-64 it is said that the built-in engine stays', async () => {
  newHome();
  const { code, err } = await saddlescope(['engine', 'install']);
  expect(code).toBe(2);
  expect(err).toContain('wasm');
});

describe('the command', () => {
  test.each([
    [['engine'], 'engine got 0 operands'],
    [['engine', 'instal'], 'instal is nothing that engine does'],
    [['engine', 'list', '--gpu'], '--gpu is not an option of engine list'],
    [['engine', 'install', 'name'], 'takes no name'],
    [['engine', 'use'], 'needs the name'],
    [['engine', 'use', '../../etc'], 'is not the name of an engine'],
    [['engine', 'remove', 'tensorflow-9.9.9-cpu'], 'is not installed'],
    [['engine', 'verify'], 'No engine is in use'],
  ])('%s is bad input', async (words, told) => {
    newHome();
    const { code, err } = await saddlescope(words);
    expect([code, err]).toEqual([2, expect.stringContaining(told)]);
  });

  test('lists what is installed, uses another one, and removes one or all', async () => {
    const home = newHome();
    layEngine(home, 'tensorflow-2.15.1-cpu');
    layEngine(home, 'tensorflow-2.16.2-cpu');
    mkdirSync(path.join(home, 'tensorflow-2.17.1-cpu'));
    const names = ['tensorflow-2.15.1-cpu', 'tensorflow-2.16.2-cpu'];
    expect(await listed()).toEqual(names.map((name, i) => ({ name, active: i === 1 })));
    expect((await saddlescope(['engine', 'use', 'tensorflow-2.15.1-cpu'])).code).toBe(0);
    expect(await listed()).toEqual(names.map((name, i) => ({ name, active: i === 0 })));
    expect((await saddlescope(['engine', 'list'])).out).toMatch(/^\* tensorflow-2\.15\.1-cpu +12 MB/m);
    expect((await saddlescope(['engine', 'remove'])).code).toBe(0);
    expect(await listed()).toEqual([{ name: 'tensorflow-2.16.2-cpu', active: false }]);
    expect((await saddlescope(['engine', 'remove', '--all'])).code).toBe(0);
    expect(entries(home)).toEqual(['tensorflow-2.17.1-cpu']);
  });
});

describe.skipIf(!isPlatform)('an installation that cannot be', () => {
  const other = 'tensorflow-2.12.1-cpu';

  /** Installs, expects bad input, and that what was there before is all that is there. */
  async function refused(words: readonly string[], ...told: readonly (string | RegExp)[]): Promise<string> {
    const home = newHome();
    layEngine(home, other);
    const { code, err, out } = await saddlescope(['engine', 'install', ...words]);
    expect([code, out]).toEqual([2, '']);
    for (const sentence of told) expect(err).toMatch(sentence);
    expect(entries(home)).toEqual(['active.json', other]);
    expect(await listed()).toEqual([{ name: other, active: true }]);
    return err;
  }

  test('libraries that do not load are not installed, and what was in use stays', async () => {
    const wheel = writeWheel(temporaryFolder());
    await refused(['--wheel', wheel], 'The engine does not work here', 'Nothing was installed');
  });

  const wheels: readonly (readonly [string, Parameters<typeof writeWheel>[1], readonly string[], string])[] = [
    ['without the libraries', { files: { 'tensorflow/x.py': Uint8Array.of(1) } }, [], 'has no libtensorflow_cc.so.2'],
    ['of something else', { name: 'numpy' }, [], 'is of numpy and not of TensorFlow'],
    ['for macOS', { tag: 'cp311-cp311-macosx_12_0_arm64' }, [], 'macosx_12_0_arm64'],
    ['for another processor', { tag: 'cp311-cp311-manylinux2014_aarch64' }, [], 'aarch64'],
    ['that knows no GPU', {}, ['--gpu'], 'knows no GPU'],
    ['of another version', {}, ['--version', '2.16.2'], 'is of version 2.15.1'],
    ['without its CUDA libraries', { name: 'tensorflow' }, ['--gpu'], 'does not name the CUDA libraries'],
    [
      'with a wrong checksum',
      { wrongChecksumOf: 'tensorflow/libtensorflow_framework.so.2' },
      [],
      'does not have the checksum',
    ],
  ];
  test.each(wheels)('a wheel %s', async (_, parts, words, told) => {
    await refused(['--wheel', writeWheel(temporaryFolder(), parts), ...words], told);
  });

  test('a file that is no wheel, and none at all', async () => {
    const file = path.join(temporaryFolder(), 'x.whl');
    writeFileSync(file, 'nothing');
    await refused(['--wheel', file], 'is not a zip file');
    await refused(['--wheel', `${file}.absent`], 'does not exist');
    await refused(['--version', 'latest'], 'latest is not a version of TensorFlow');
  });

  test('without pip, which is named with its package', async () => {
    vi.stubEnv('PATH', temporaryFolder());
    vi.stubEnv('PYTHON', '');
    await refused([], 'pip was not found', 'apt-get install -y python3-pip', '--wheel FILE');
  });

  test('where pip fails its last line is told, and no address of the lines before', async () => {
    fakePip(`echo 'WARNING: Retrying https://example.org/simple' >&2
      echo 'ERROR: No matching distribution found for tensorflow-cpu==2.15.1' >&2; exit 1`);
    const err = await refused([], /No matching distribution found for tensorflow-cpu==2\.15\.1\.$/m, '--wheel FILE');
    expect(err).not.toContain('example.org');
  });

  test('where the disk fills while pip writes', async () => {
    fakePip(`echo half > "$DEST/half"; echo 'ERROR: [Errno 28] No space left on device' >&2; exit 2`);
    await refused([], 'No space left on device', 'Make room');
  });

  test('into a folder that cannot be', async () => {
    const file = path.join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    newHome(path.join(file, 'engines'));
    const { code, err } = await saddlescope(['engine', 'install', '--wheel', writeWheel(temporaryFolder())]);
    expect([code, err]).toEqual([2, expect.stringContaining('a part of the path is a file')]);
  });

  test.skipIf(!canMountMemory)('on a disk that is too small, which is said before anything is written', async () => {
    const disk = mountMemory(2000);
    try {
      newHome(path.join(disk.folder, 'engines'));
      for (const words of [['--wheel', writeWheel(temporaryFolder(), { files: fakeLibraries(2e6) })], []]) {
        const { code, err } = await saddlescope(['engine', 'install', ...words]);
        expect([code, err]).toEqual([2, expect.stringMatching(/ MB left, and \d+ MB are needed/)]);
        expect(entries(path.join(disk.folder, 'engines'))).toEqual([]);
      }
    } finally {
      disk.unmount();
    }
  });
});

/** Settles when the file is there. */
const appears = (file: string) => vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8') !== '', 20_000);

const isAlive = (pid: number): boolean => {
  try {
    // A process that has ended and was not waited for yet is still in the table.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe.skipIf(!isPlatform)('an installation that is ended while pip downloads', () => {
  /** Starts one whose pip has written something and now waits. */
  async function downloading() {
    const home = newHome();
    const note = path.join(temporaryFolder(), 'pid');
    fakePip(
      `echo 'Downloading tensorflow_cpu-2.15.1.whl (200.0 MB)'; echo part > "$TMPDIR/part"; echo $$ > ${note}; exec sleep 60`,
    );
    const running = start(['engine', 'install']);
    await appears(note);
    return { home, running, pip: Number(readFileSync(note, 'utf8')) };
  }

  test('by an interrupt: nothing is left, and pip has ended too', async () => {
    const { home, running, pip } = await downloading();
    running.child.kill('SIGINT');
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([2, expect.stringContaining('The installation was stopped.')]);
    expect(entries(home)).toEqual([]);
    await vi.waitUntil(() => !isAlive(pip));
  });

  test('by SIGKILL: the next list is clean, and the built-in engine computes', async () => {
    const { home, running, pip } = await downloading();
    running.child.kill('SIGKILL');
    expect((await running.ended).signal).toBe('SIGKILL');
    process.kill(pip, 'SIGKILL');
    expect(entries(home).some((name) => name.endsWith('.tmp'))).toBe(true);
    expect(await listed()).toEqual([]);
    expect(entries(home)).toEqual([]);
    const { code, out } = await saddlescope(['doctor', '--json', '--set', 'engine=wasm']);
    expect([code, JSON.parse(out)]).toEqual([0, [expect.objectContaining({ engine: 'wasm' })]]);
  });

  test('a second one at the same time is refused with the number of the first', async () => {
    const { home, running } = await downloading();
    const before = entries(home);
    const { code, err } = await saddlescope(['engine', 'install']);
    expect([code, err]).toEqual([2, expect.stringContaining(`Process ${running.child.pid} is installing`)]);
    expect(await listed()).toEqual([]);
    expect(entries(home)).toEqual(before);
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(2);
  });
});
