import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { bindingAbi } from '../../../core/models/tensorflow/native/binding.ts';
import { changingEngines } from '../../../electron/host/engine/engines-lock.ts';
import { engineProcess } from '../../../electron/main/engine-process.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { writeWheel } from '../../support/wheels.ts';

const built = path.resolve(import.meta.dirname, '../../../dist/app/engine.cjs');
const isPlatform = process.platform === 'linux' && process.arch === 'x64';

function start(script = built) {
  const logged: string[] = [];
  const home = path.join(temporaryFolder(), 'engines');
  vi.stubEnv('SADDLESCOPE_ENGINES', home);
  const engines = engineProcess({ script, log: { write: (_level, _source, text) => void logged.push(text) } });
  return { engines, home, logged };
}
const left = (home: string): string[] => (existsSync(home) ? readdirSync(home) : []);
const script = (text: string): string => {
  const file = path.join(temporaryFolder(), 'engine.cjs');
  writeFileSync(file, text);
  return file;
};
const install = (wheel: string) => ({ kind: 'install', gpu: false, wheel }) as const;

afterEach(() => vi.unstubAllEnvs());

/** An engine as its folder tells it, without libraries: what is listed, chosen and removed. */
function layEngine(home: string, version: string): string {
  const name = `tensorflow-${version}-cpu`;
  const verified = {
    ...{ date: '2026-01-02T03:04:05Z', version, abi: bindingAbi, threads: 2, results: 9 },
    ...{ worstFloat32: 1e-7, worstFloat64: 1e-15, product512Ms: { float32: 1, float64: 2 } },
    devices: [{ name: '/device:GPU:0', kind: 'GPU', memoryBytes: 8e9 }],
  };
  const record = { name, version, gpu: false, abi: bindingAbi, sizeBytes: 7, addon: 'prebuilt', verified };
  mkdirSync(path.join(home, name), { recursive: true });
  writeFileSync(path.join(home, name, 'engine.json'), JSON.stringify({ ...record, wheel: {}, nvidia: [], date: '' }));
  return name;
}

test('engines are listed, chosen and removed', async () => {
  const { engines, home } = start();
  expect((await engines.look()).engines).toEqual([]);
  const [one, other] = [layEngine(home, '2.15.1'), layEngine(home, '2.16.1')];
  const chosen = await engines.change({ kind: 'use', name: other }, () => {});
  expect(chosen?.engines.map(({ name, active }) => [name, active])).toEqual([
    [one, false],
    [other, true],
  ]);
  // Its addon is not the one of this version: none is there.
  expect(chosen?.engines[1]).toMatchObject({ usable: false, sizeBytes: 7, gpus: [{ memoryBytes: 8e9 }] });
  const removed = await engines.change({ kind: 'remove', name: other }, () => {});
  expect(removed?.engines.map(({ name, active }) => [name, active])).toEqual([[one, false]]);
  expect(left(home)).toEqual([one]);
  await expect(engines.change({ kind: 'use', name: other }, () => {})).rejects.toMatchObject({
    found: `The engine ${other} is not installed.`,
  });
});

test.skipIf(!isPlatform)(
  'libraries that are none are refused in the words of the window, with nothing left',
  async () => {
    const { engines, home } = start();
    const phases = new Set<string>();
    const refused = engines.change(install(writeWheel(temporaryFolder())), ({ phase }) => phases.add(phase));
    await expect(refused).rejects.toMatchObject({
      found: expect.stringContaining('does not work here'),
      advice: expect.not.stringContaining('--version'),
    });
    expect([...phases]).toEqual(expect.arrayContaining(['unpack', 'verify']));
    expect(left(home)).toEqual([]);
  },
);

test('one change at a time, here and among processes', async () => {
  const { engines, home } = start();
  const name = layEngine(home, '2.15.1');
  const first = engines.change({ kind: 'use', name }, () => {});
  await expect(engines.change({ kind: 'use', name }, () => {})).rejects.toThrow(/already/);
  await first;
  await changingEngines(home, async () => {
    await expect(engines.change({ kind: 'remove', name }, () => {})).rejects.toMatchObject({
      found: expect.stringContaining(`Process ${process.pid} is installing or removing`),
    });
  });
});

test('a process that dies or says something else is told in a sentence, and the next one works', async () => {
  const died = start(script('process.exit(3)'));
  await expect(died.engines.look()).rejects.toMatchObject({ found: expect.stringContaining('(code 3)') });
  const strange = start(script("process.send({ report: { engines: 'all' } }, () => process.exit(0))"));
  await expect(strange.engines.look()).rejects.toThrow(/ended/);
  expect(strange.logged).toEqual(['A message of the process for engines is none of ours.']);
});

test('what is given up answers null; the end of the app waits for it', async () => {
  const patient = start(
    script(`process.on('message', (message) => {
      if ('cancel' in message) setTimeout(() => process.send({ cancelled: true }, () => process.exit(0)), 50);
    })`),
  );
  const given = patient.engines.change({ kind: 'remove', name: 'tensorflow-1-cpu' }, () => {});
  let answer: unknown = 'none yet';
  void given.then((value) => {
    answer = value;
  });
  await patient.engines.end(10_000);
  expect(answer).toBeNull();
  await patient.engines.end(10_000);
});
