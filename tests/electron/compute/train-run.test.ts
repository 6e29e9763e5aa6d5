import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { createRunControl } from '../../../core/training/run-control.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { canMountMemory, mountMemory, resize } from '../../support/memory-disk.ts';
import { metricsOf, resumedAt, type SmallRun, thetaAt, trainSmall, trajectoryOf } from '../../support/small-run.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const resume = { kind: 'resume' } as const;
const steps = 60;

/** Every state is written at once: what a run of hours does every ten seconds. */
const everyState = () => {
  process.env.SADDLESCOPE_RESUME_SECONDS = '1e-9';
};
const onlyFirstAndLast = () => {
  process.env.SADDLESCOPE_RESUME_SECONDS = '1e9';
};
afterAll(() => {
  delete process.env.SADDLESCOPE_RESUME_SECONDS;
});

class Crash extends Error {}

/** Trains until the record of step `when` is there, and crashes. */
const crashAt = async (run: string, when: number, more: SmallRun = {}) => {
  const problem = await trainSmall(run, {
    start: resume,
    ...more,
    onRecord(record) {
      if (record.record === 'step' && record.step >= when) throw new Crash();
    },
  }).catch((reason: unknown) => reason);
  expect(problem).toBeInstanceOf(Crash);
};

/** The message of a refusal. */
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const problem = await work.catch((reason: unknown) => reason);
  expect(problem).toBeInstanceOf(BadInput);
  return (problem as BadInput).message;
};

const unbroken = at('unbroken');
beforeAll(async () => {
  onlyFirstAndLast();
  expect((await trainSmall(unbroken)).reason).toBe('steps');
});

describe('a run that crashed', () => {
  test('goes on bit for bit from wherever it was, again and again', async () => {
    everyState();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(steps - 1), { minLength: 1, maxLength: 4 }), async (crashes) => {
        const run = at(`crashed-${number++}`);
        let made = 0;
        for (const when of crashes) {
          await crashAt(run, Math.max(when, made));
          made = Math.max(when, made);
          expect(existsSync(path.join(run, 'run.lock'))).toBe(false);
        }
        await trainSmall(run, { start: resume });
        expect(thetaAt(run, steps)).toEqual(thetaAt(unbroken, steps));
        expect(trajectoryOf(run)).toEqual(trajectoryOf(unbroken));
        expect(resumedAt(run)).toHaveLength(crashes.length);
      }),
      { numRuns: 15 },
    );
  });

  test('and had written no state but its first begins there: a branch at its step, not at θ₀', async () => {
    onlyFirstAndLast();
    const branch = at('early-branch');
    await crashAt(branch, 37, { start: { kind: 'branch', from: unbroken, step: 30 } });
    await trainSmall(branch, { start: resume });
    expect(resumedAt(branch)).toEqual([30]);
    expect(trajectoryOf(branch).map(([step]) => step)).toEqual(Array.from({ length: 30 }, (_, i) => 30 + i));
    expect(trajectoryOf(branch)).toEqual(trajectoryOf(unbroken).slice(30));
    expect(thetaAt(branch, steps)).toEqual(thetaAt(unbroken, steps));
  });

  test('has no checkpoints of the steps that it makes again', async () => {
    onlyFirstAndLast();
    const run = at('later-checkpoints');
    await crashAt(run, 35);
    const checkpoints = () => readdirSync(path.join(run, 'checkpoints')).sort();
    expect(checkpoints()).toHaveLength(4);
    const control = createRunControl();
    control.stop();
    expect(await trainSmall(run, { start: resume, control })).toMatchObject({ reason: 'stopped', step: 0 });
    expect(checkpoints()).toEqual(['step-0.safetensors']);
  });
});

test.runIf(canMountMemory)(
  'a run that filled its disk goes on when there is room (needs the right to mount)',
  async () => {
    everyState();
    for (const kilobytes of [16, 32, 64, 96, 128]) {
      const disk = mountMemory(kilobytes);
      try {
        const run = path.join(disk.folder, 'run');
        expect(await refusal(trainSmall(run, { settings: ['checkpoints.every=2'] }))).toMatch(
          /cannot be written: the disk is full/,
        );
        resize(disk, 10_000);
        await trainSmall(run, { start: resume, settings: ['checkpoints.every=2'] });
        expect(thetaAt(run, steps)).toEqual(thetaAt(unbroken, steps));
        expect(trajectoryOf(run)).toEqual(trajectoryOf(unbroken));
      } finally {
        disk.unmount();
      }
    }
  },
);

describe('states for resuming', () => {
  test('of two states of one step the later counts: a learning rate set while paused is kept', async () => {
    onlyFirstAndLast();
    const run = at('paused');
    const control = createRunControl();
    const outcome = await trainSmall(run, {
      control,
      onRecord(record) {
        if (record.record === 'step' && record.step === 19) control.pause();
        if (record.record === 'event' && record.event === 'paused') {
          control.setLearningRate(0.5);
          control.stop();
        }
      },
    });
    expect(outcome).toMatchObject({ reason: 'stopped', step: 20 });
    const rates: number[] = [];
    await trainSmall(run, { start: resume, onRecord: (r) => void (r.record === 'step' && rates.push(r.learningRate)) });
    expect(rates).toEqual(Array(40).fill(0.5));
  });

  test('a run whose states are damaged or gone is refused and stays as it is', async () => {
    onlyFirstAndLast();
    const run = at('damaged');
    await trainSmall(run);
    const files = ['a', 'b'].map((letter) => path.join(run, `resume-${letter}.safetensors`));
    for (const file of files) {
      const bytes = readFileSync(file);
      bytes[bytes.length - 3]! ^= 1;
      writeFileSync(file, bytes);
    }
    const before = trajectoryOf(run);
    expect(await refusal(trainSmall(run, { start: resume }))).toMatch(/no state to go on from.*Branch/s);
    for (const file of files) rmSync(file);
    expect(await refusal(trainSmall(run, { start: resume }))).toMatch(/missing or damaged/);
    expect(trajectoryOf(run)).toEqual(before);
    expect(existsSync(path.join(run, 'run.lock'))).toBe(false);
  });
});

describe('a run that its condition ended', () => {
  const settings = ['stopWhen=[{quantity: loss, below: 0.5}]', 'steps=3000'];
  const run = () => at('condition');

  test('makes no further step when it is resumed, and says why', async () => {
    onlyFirstAndLast();
    const first = await trainSmall(run(), { settings });
    expect(first.reason).toBe('condition');
    const again = await trainSmall(run(), { settings, start: resume });
    expect(again).toMatchObject({ reason: 'condition', step: first.step, met: first.met });
    const longer = await trainSmall(run(), { settings: [settings[0]!, 'steps=4000'], start: resume });
    expect(longer).toMatchObject({ reason: 'condition', step: first.step });
    expect(metricsOf(run()).filter((r) => r.record === 'event' && r.event === 'stopCondition')).toHaveLength(1);
  });

  test('goes on under another condition', async () => {
    const { step } = await trainSmall(run(), { settings: ['steps=3000'], start: resume });
    expect(step).toBe(3000);
  });

  test('also when it was stopped by hand in the same step', async () => {
    const stopped = at('condition-and-stop');
    const control = createRunControl();
    const outcome = await trainSmall(stopped, {
      settings,
      control,
      onRecord(record) {
        if (record.record === 'step' && record.loss < 0.5) control.stop();
      },
    });
    expect(outcome.reason).toBe('stopped');
    const resumed = await trainSmall(stopped, { settings, start: resume });
    expect(resumed).toMatchObject({ reason: 'condition', step: outcome.step });
  });
});

describe('what a run goes on with', () => {
  const data = (shift: number) =>
    writeNpz(
      new Map<string, NumericArray>([
        ['x', { shape: [8, 2], dtype: 'float64', data: Float64Array.from({ length: 16 }, (_, i) => i * i + shift) }],
        ['y', { shape: [8], dtype: 'int32', data: Int32Array.from({ length: 8 }, (_, i) => i % 2) }],
      ]),
    );
  const settings = ['data.train=./data.npz', 'data.test=./test.npz', 'optimizer.adam.batchSize=4'];
  const write = (name: string, shift: number) => writeFileSync(at(name), data(shift));

  test('data that changed are refused', async () => {
    onlyFirstAndLast();
    const run = at('on-files');
    write('data.npz', 0);
    write('test.npz', 0);
    await trainSmall(run, { settings, baseFolder: folder });
    const longer = [...settings, 'steps=80'];
    write('data.npz', 1);
    expect(await refusal(trainSmall(run, { settings: longer, baseFolder: folder, start: resume }))).toMatch(
      /The training set is not the one/,
    );
    const start = { kind: 'branch', from: run, step: 30 } as const;
    expect(await refusal(trainSmall(at('b1'), { settings, baseFolder: folder, start }))).toMatch(
      /The training set is not the one/,
    );
    write('data.npz', 0);
    write('test.npz', 2);
    expect(await refusal(trainSmall(run, { settings: longer, baseFolder: folder, start: resume }))).toMatch(
      /The test set is not the one/,
    );
    write('test.npz', 0);
    expect((await trainSmall(run, { settings: longer, baseFolder: folder, start: resume })).step).toBe(80);
    expect(existsSync(at('b1'))).toBe(false);
  });

  test('a branch tells where it comes from and keeps the seed', async () => {
    const start = { kind: 'branch', from: unbroken, step: 20 } as const;
    await trainSmall(at('branch'), { start, settings: ['optimizer.adam.learningRate=0.1'] });
    const read = (run: string, file: string) => JSON.parse(readFileSync(path.join(run, file), 'utf8'));
    const { hash } = read(unbroken, 'experiment.json');
    expect(read(at('branch'), 'provenance.json').branchedFrom).toEqual({
      folder: 'unbroken',
      experimentHash: hash,
      step: 20,
    });
    expect(read(unbroken, 'provenance.json').branchedFrom).toBeNull();
    expect(await refusal(trainSmall(at('b2'), { start, settings: ['seed=4'] }))).toMatch(/has the seed 3.*have 4/);
    expect(existsSync(at('b2'))).toBe(false);
  });
});

test('a second writer in the same process is refused while the first goes on', async () => {
  onlyFirstAndLast();
  const run = at('twice');
  let second: Promise<string> | null = null;
  await trainSmall(run, {
    onRecord(record) {
      if (record.record === 'step' && record.step === 30) second ??= refusal(trainSmall(run, { start: resume }));
    },
    settings: ['steps=2000'],
  });
  expect(await second).toMatch(new RegExp(`Process ${process.pid} is writing the run`));
  expect(trajectoryOf(run)).toHaveLength(2000);
});
