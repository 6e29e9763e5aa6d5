import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import type { Provenance, RunRecord } from '../../../core/experiment/run-folder.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import {
  checkpointSteps,
  createRunFolder,
  experimentHash,
  type NewRun,
  openMetricsLog,
  type ResumeState,
  readExperimentYaml,
  readProvenance,
  readResume,
  readRunMetrics,
  readStoredExperiment,
  removeCheckpointsAfter,
  removeLeftOvers,
  writeCheckpoint,
  writeResult,
  writeResume,
} from '../../../electron/host/run-folder.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { canMountMemory, mountMemory, remountReadOnly } from '../../support/memory-disk.ts';
import { smallExperiment } from '../../support/small-run.ts';

const experiment = smallExperiment();
const vector = (...values: number[]): NumericArray => ({
  shape: [values.length],
  dtype: 'float64',
  data: Float64Array.from(values),
});
const stateOf = (step: number, ...theta: number[]): ResumeState => ({
  step,
  vectors: new Map([['trainer.theta', vector(...theta)]]),
  state: `{"step":${step}}`,
});
const data = { name: 'd', source: 'bundled', examples: 4, sha256: 'ab' };
const newRun: NewRun = {
  yaml: 'name: small\n',
  experiment,
  provenance: {
    experimentHash: experimentHash(experiment),
    baseFolder: '.',
    train: data,
    test: null,
    branchedFrom: null,
  } as unknown as Provenance,
  first: stateOf(0, 1, 2, 3),
};
const create = async (folder: string): Promise<void> => (await createRunFolder(folder, newRun)).release();
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const problem = await work.catch((reason: unknown) => reason);
  expect(problem).toBeInstanceOf(BadInput);
  return (problem as BadInput).message;
};
const put = (folder: string, name: string, content = '') => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};

describe('the folder of a new run', () => {
  test('has everything to go on from before the first step', async () => {
    const folder = path.join(temporaryFolder(), 'a', 'b');
    await create(folder);
    expect(readdirSync(folder).sort()).toEqual([
      'checkpoints',
      'draw.py',
      'experiment.json',
      'experiment.yaml',
      'provenance.json',
      'results',
      'resume-a.safetensors',
    ]);
    expect(await readResume(folder)).toEqual({ ...newRun.first, turn: 0 });
    expect((await readStoredExperiment(folder)).experiment).toEqual(JSON.parse(JSON.stringify(experiment)));
    expect(await readExperimentYaml(folder)).toBe(newRun.yaml);
    expect((await readProvenance(folder)).train).toEqual(data);
    expect(await refusal(create(folder))).toMatch(/is not empty/);
  });

  const started = ['provenance.json', 'experiment.yaml', 'resume-a.safetensors'];
  const leftOver: [string, string[]][] = [
    ['nothing', []],
    ['a first file', ['provenance.json']],
    ['all but the last', started],
    ['the script that draws', ['provenance.json', 'draw.py']],
    ['a temporary of the last', [...started, 'experiment.json.4194305-0123abcd.tmp']],
    ['a temporary of the lock', ['run.lock.4194305-0123abcd.tmp']],
  ];
  test.each(leftOver)('takes over what a killed start left: %s', async (_what, names) => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'checkpoints'));
    mkdirSync(path.join(folder, 'results'));
    for (const name of names) put(folder, name);
    await create(folder);
    expect(await readResume(folder)).toMatchObject({ step: 0, turn: 0 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  const precious: [string, string][] = [
    ['a name that only begins like ours', 'results-2024'],
    ['a folder with something in it', 'results/thesis.json'],
    ['a checkpoint', 'checkpoints/step-0.safetensors'],
    ['an experiment of somebody', 'experiment.yaml'],
    ['a script of somebody', 'draw.py'],
    ['a run', 'experiment.json'],
    ['a temporary of something else', 'thesis.tex.4194305-0123abcd.tmp'],
    ['metrics', 'metrics.jsonl'],
    ['a folder called like a file of ours', 'provenance.json/x'],
  ];
  test.each(precious)('is refused where there is %s', async (_what, name) => {
    const folder = temporaryFolder();
    put(folder, name, 'precious');
    expect(await refusal(create(folder))).toMatch(/is not empty/);
    expect(readFileSync(path.join(folder, name), 'utf8')).toBe('precious');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('is refused below a file, with advice', async () => {
    const folder = temporaryFolder();
    put(folder, 'plain');
    expect(await refusal(create(path.join(folder, 'plain')))).toMatch(/a part of the path is a file/);
    expect(await refusal(create(path.join(folder, 'plain', 'run')))).toMatch(/a part of the path is a file/);
  });
});

describe('files of a run that were changed', () => {
  const change = async (name: string, content: string | null): Promise<string> => {
    const folder = temporaryFolder();
    await create(folder);
    rmSync(path.join(folder, name));
    if (content !== null) put(folder, name, content);
    return folder;
  };
  const stored = (more: object) =>
    JSON.stringify({ hash: experimentHash(experiment), experiment: { ...experiment, ...more } });
  const contents: [string, string | null, RegExp][] = [
    ['missing', null, /is missing/],
    ['empty', '', /is not JSON/],
    ['no table', '[1]', /is not a table/],
    ['an empty table', '{}', /holds no experiment/],
    ['of another format', stored({ format: 2 }), /has the format 2; this version reads format 1/],
    ['with one number changed', stored({ seed: 4 }), /its hash differs/],
  ];
  test.each(contents)('experiment.json %s is refused', async (_what, content, message) => {
    const folder = await change('experiment.json', content);
    expect(await refusal(readStoredExperiment(folder))).toMatch(message);
  });

  test('experiment.yaml missing, provenance.json missing or empty are refused', async () => {
    expect(await refusal(readExperimentYaml(await change('experiment.yaml', null)))).toMatch(/yaml is missing/);
    expect(await refusal(readProvenance(await change('provenance.json', null)))).toMatch(/json is missing/);
    expect(await refusal(readProvenance(await change('provenance.json', '{}')))).toMatch(/where the run comes from/);
  });
});

describe('states for resuming', () => {
  test('the one that was written last is read, also at one step; the one before where the last is damaged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ step: fc.nat(3), theta: fc.array(fc.double(), { maxLength: 5 }) }), {
          minLength: 2,
          maxLength: 6,
        }),
        async (states) => {
          const folder = temporaryFolder();
          const written = states.map(({ step, theta }) => stateOf(step, ...theta));
          for (const [turn, state] of written.entries()) await writeResume(folder, turn, state);
          const last = written.length - 1;
          expect(await readResume(folder)).toEqual({ ...written[last], turn: last });
          rmSync(path.join(folder, `resume-${last % 2 ? 'b' : 'a'}.safetensors`));
          expect(await readResume(folder)).toEqual({ ...written[last - 1], turn: last - 1 });
        },
      ),
      { numRuns: 20 },
    );
  });

  test('no byte of a state can change without notice', async () => {
    const folder = temporaryFolder();
    await writeResume(folder, 0, stateOf(7, 1, 2, 3));
    const file = path.join(folder, 'resume-a.safetensors');
    const good = readFileSync(file);
    const padding = 8 + Number(good.readBigUInt64LE(0));
    let unnoticed = 0;
    for (let i = 0; i < good.length; i++) {
      const bad = Buffer.from(good);
      bad[i]! ^= 1;
      writeFileSync(file, bad);
      const found = await readResume(folder).catch(() => null);
      // White space behind the header may become other white space; the state is the same then.
      if (found !== null) expect(found).toEqual({ ...stateOf(7, 1, 2, 3), turn: 0 });
      if (found !== null && i >= padding) unnoticed++;
    }
    expect(unnoticed).toBe(0);
    for (let length = 0; length < good.length; length++) {
      writeFileSync(file, good.subarray(0, length));
      expect(await refusal(readResume(folder))).toMatch(/no state to go on from/);
    }
  });
});

test('temporaries of the run are removed, those of results and reports are somebody’s', async () => {
  const folder = temporaryFolder();
  const temporary = '.4194305-0123abcd.tmp';
  const ours = ['resume-a.safetensors', 'resume-b.safetensors', 'experiment.json', 'checkpoints/step-3.safetensors'];
  for (const name of [...ours, 'report.html']) put(folder, `${name}${temporary}`);
  await removeLeftOvers(folder);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(['checkpoints', `report.html${temporary}`]);
});

test('checkpoints beyond a step are deleted and no others', async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'checkpoints'));
  for (const step of [0, 9, 10, 11, 100]) await writeCheckpoint(folder, step, new Map([['w', vector(step)]]), '{}');
  await removeCheckpointsAfter(folder, 10);
  expect(await checkpointSteps(folder)).toEqual([0, 9, 10]);
});

const line = (step: number): RunRecord => ({ record: 'run', event: 'started', step, at: 'now' });

describe('metrics.jsonl', () => {
  test('grows by whole lines, behind whatever a killed process left', async () => {
    const folder = temporaryFolder();
    put(folder, 'metrics.jsonl', '{"record":"run","event":"sta');
    for (const step of [1, 2]) {
      const log = openMetricsLog(folder);
      log.append(line(step));
      log.sync();
      expect((await readRunMetrics(folder)).at(-1)).toEqual(line(step));
      log.close();
    }
    expect(await readRunMetrics(folder)).toEqual([line(1), line(2)]);
  });

  test.runIf(process.platform === 'linux')('a full disk is told once, and giving up is quiet', () => {
    const folder = temporaryFolder();
    symlinkSync('/dev/full', path.join(folder, 'metrics.jsonl'));
    const log = openMetricsLog(folder);
    expect(() => log.append(line(1))).toThrow(/metrics\.jsonl cannot be written: the disk is full/);
    expect(() => log.close('abandoned')).not.toThrow();
  });
});

describe.runIf(canMountMemory)('a disk in memory (needs the right to mount)', () => {
  test('full while a state is written: the state before is whole', async () => {
    const disk = mountMemory(200);
    try {
      const folder = path.join(disk.folder, 'run');
      await create(folder);
      const large = Array.from({ length: 9000 }, (_, i) => i);
      await writeResume(folder, 1, stateOf(5, ...large));
      await writeResume(folder, 2, stateOf(6, ...large));
      expect(await refusal(writeResume(folder, 3, stateOf(7, ...large)))).toMatch(/the disk is full/);
      const tensors = new Map([['w', vector(...large)]]);
      expect(await refusal(writeCheckpoint(folder, 7, tensors, '{}'))).toMatch(/the disk is full.*--resume/s);
      expect(await refusal(writeResult(folder, 'x.json', 'x'.repeat(100_000)))).toMatch(/the disk is full/);
      expect(await readResume(folder)).toMatchObject({ step: 6, turn: 2 });
      expect(await checkpointSteps(folder)).toEqual([]);
      expect(readdirSync(path.join(folder, 'results'))).toEqual([]);
    } finally {
      disk.unmount();
    }
  });

  test('that can only be read', async () => {
    const disk = mountMemory(200);
    try {
      remountReadOnly(disk);
      expect(await refusal(create(path.join(disk.folder, 'run')))).toMatch(/can only be read/);
      expect(await refusal(writeResult(disk.folder, 'x', ''))).toMatch(/can only be read/);
      expect(() => openMetricsLog(disk.folder)).toThrow(/can only be read/);
    } finally {
      disk.unmount();
    }
  });
});
