import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Methods, Records } from '../../../../core/protocol/methods.ts';
import type { StepRecord, TrainingRecord } from '../../../../core/training/records.ts';
import { saddlescope, temporaryFolder } from '../../../support/command-line.ts';
import { type Asked, type Asking, serviceForTests } from '../../../support/compute-service.ts';
import { metricsOf, resumedAt, thetaAt, trajectoryOf } from '../../../support/small-run.ts';
import { timeless } from '../../../support/training-runs.ts';

const steps = 60;
/** At full budget what is measured does not depend on the clock. */
const yaml = `name: small
seed: 3
data: { train: two-moons, test: two-moons }
model: { layers: [ { dense: { units: 4, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01, batchSize: 64 } }
steps: ${steps}
checkpoints: { every: 10 }
probes: { budget: 1, every: { loss: 5, sharpness: 7, density: 20 } }
precision: float64
`;
const long = yaml.replace(`steps: ${steps}`, 'steps: 1000000').replace('budget: 1', 'budget: 0');

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
writeFileSync(at('small.yaml'), yaml);

const { service, connected } = serviceForTests();
afterAll(() => service.close());
const page = connected();
/** Names a run and grants it. */
const run = (name: string): string => {
  service.grant(name, at(name));
  return name;
};
service.grant('small', at('small.yaml'));
const source = { yaml, file: 'small' };

type Partial = Methods['train']['partial'];
type TrainParams = Methods['train']['params'];

/** A training with everything that it says. */
function training(params: Omit<TrainParams, 'source'> & { yaml?: string }, by: Asking = page) {
  const partials: Partial[] = [];
  const listeners = new Set<() => void>();
  const { yaml: text = yaml, ...rest } = params;
  const asked: Asked<'train'> = by.ask(
    'train',
    { source: { yaml: text, file: 'small' }, ...rest },
    {
      onPartial(partial) {
        partials.push(partial);
        for (const listener of [...listeners]) listener();
      },
    },
  );
  const records = (): TrainingRecord[] =>
    partials.flatMap((partial) => ('records' in partial ? (partial.records as TrainingRecord[]) : []));
  const stepRecords = () => records().filter((record): record is StepRecord => record.record === 'step');
  /** Settles once what was heard fulfils a condition. */
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  const untilEvent = (name: string) =>
    until(() => records().some((record) => record.record === 'event' && record.event === name));
  return { ...asked, partials, records, stepRecords, until, untilEvent };
}

const withoutRuns = (records: Records): TrainingRecord[] =>
  records.filter((record): record is TrainingRecord => record.record !== 'run');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a run that the service trains', () => {
  const asked = training({ run: run('whole'), start: { kind: 'new' } });
  const announced: boolean[] = [];
  beforeAll(async () => {
    await asked.outcome;
    expect((await saddlescope(['train', at('small.yaml'), '--out', at('terminal')])).code).toBe(0);
  });

  test('equals the one of the command line bit for bit: records, trajectory, θ', () => {
    const ofTerminal = withoutRuns(metricsOf(at('terminal')));
    expect(withoutRuns(metricsOf(at('whole'))).map(timeless)).toEqual(ofTerminal.map(timeless));
    for (const step of [0, 10, 50, steps]) expect(thetaAt(at('whole'), step)).toEqual(thetaAt(at('terminal'), step));
    expect(ofTerminal.filter((record) => record.record === 'probe' && record.kind === 'density')).toHaveLength(4);
  });

  test('is described first, and every record of its folder is told once, in order', async () => {
    const [first] = asked.partials;
    expect(first).toMatchObject({ step: 0, started: { architecture: '2–4–2 tanh', parameters: 22, examples: 1000 } });
    expect(asked.records()).toEqual(withoutRuns(metricsOf(at('whole'))));
    expect((await asked.outcome).value).toMatchObject({ reason: 'steps', step: steps, status: 'converged' });
  });

  test('announces each checkpoint once it lies in the folder', async () => {
    const steps: number[] = [];
    const again = page.ask(
      'train',
      { source, run: run('announced'), start: { kind: 'new' } },
      {
        onPartial(partial) {
          if (!('checkpoint' in partial)) return;
          steps.push(partial.checkpoint);
          announced.push(existsSync(at(`announced/checkpoints/step-${partial.checkpoint}.safetensors`)));
        },
      },
    );
    await again.outcome;
    expect(steps).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(announced.every(Boolean)).toBe(true);
  });

  test('names a command that makes the same run', async () => {
    const { command } = (await page.answered('openRun', { run: 'whole' })).provenance;
    expect(command).toBe(`saddlescope train ${at('small.yaml')} --out ${at('whole-again')}`);
    expect((await saddlescope(command.split(' ').slice(1))).code).toBe(0);
    expect(trajectoryOf(at('whole-again'))).toEqual(trajectoryOf(at('whole')));
  });

  test('is not begun where a run is already', async () => {
    await expect(training({ run: 'whole', start: { kind: 'new' } }).outcome).rejects.toThrow(
      /badInput: There is a run in this folder already/,
    );
  });
});

describe('a run that is steered', () => {
  test('holds while it is paused, makes one step when asked for one, and goes on', async () => {
    const asked = training({ yaml: long, run: run('steered'), start: { kind: 'new' }, reportEvery: 0.01 });
    await asked.until(() => asked.stepRecords().length > 20);
    asked.steer({ command: 'pause' });
    await asked.untilEvent('paused');
    const held = asked.stepRecords().length;
    await pause(200);
    expect(asked.stepRecords()).toHaveLength(held);
    asked.steer({ command: 'step' });
    await asked.until(() => asked.stepRecords().length > held);
    await pause(100);
    expect(asked.stepRecords()).toHaveLength(held + 1);
    asked.steer({ command: 'setLearningRate', learningRate: 0.002 });
    asked.steer({ command: 'setProbeBudget', budget: 1 });
    asked.steer({ command: 'resume' });
    await asked.until(() => asked.stepRecords().length > held + 40);
    asked.steer({ command: 'stop' });
    const { value, status } = await asked.outcome;
    expect([value.reason, status]).toEqual(['stopped', 'cancelled']);

    const rates = asked.stepRecords().map(({ learningRate }) => learningRate);
    expect(rates.map((rate) => rate === 0.002)).toEqual(rates.map((_, i) => i > held));
    const events = asked.records().flatMap((record) => (record.record === 'event' ? [record.event] : []));
    expect(events).toEqual(['paused', 'learningRate', 'probeBudget', 'resumed', 'stopped']);
    const probed = asked.records().filter(({ record }) => record === 'probe');
    expect(probed.length).toBeGreaterThan(5);
    expect(probed.every(({ step }) => step > held)).toBe(true);
  });

  test('stopped and resumed equals the unbroken one; also where whoever asked for it is gone', async () => {
    const name = run('broken');
    const first = training({ run: name, start: { kind: 'new' }, reportEvery: 0.005 });
    first.steer({ command: 'pause' });
    await first.untilEvent('paused');
    for (let i = 0; i < 7; i++) first.steer({ command: 'step' });
    await first.until(() => first.stepRecords().length === 7);
    first.steer({ command: 'stop' });
    expect((await first.outcome).value).toMatchObject({ reason: 'stopped', step: 7 });

    const other = connected();
    const second = training({ run: name, start: { kind: 'resume' }, reportEvery: 0.005 }, other);
    second.steer({ command: 'pause' });
    await second.untilEvent('paused');
    for (let i = 0; i < 5; i++) second.steer({ command: 'step' });
    await second.until(() => second.stepRecords().length === 5);
    other.port.close();

    const third = training({ run: name, start: { kind: 'resume' } });
    await third.outcome;
    expect(third.partials[0]).toMatchObject({ step: 12 });
    expect(resumedAt(at('broken'))).toEqual([7, 12]);
    expect(trajectoryOf(at('broken'))).toEqual(trajectoryOf(at('whole')));
    expect(thetaAt(at('broken'), steps)).toEqual(thetaAt(at('whole'), steps));
  });

  test('cancelled, it ends with its state kept', async () => {
    const asked = training({ yaml: long, run: run('cancelled'), start: { kind: 'new' } });
    await asked.until(() => asked.stepRecords().length > 3);
    asked.cancel();
    expect((await asked.outcome).value.reason).toBe('stopped');
    expect(await page.answered('openRun', { run: 'cancelled' })).toMatchObject({ state: 'stopped' });
  });
});

test('a branch has other settings from its step on, and a command that makes it again', async () => {
  const changed = yaml
    .replace('adam: { learningRate: 0.01, batchSize: 64 }', 'sgd: { learningRate: 0.5, batchSize: 32 }')
    .replace('sharpness: 7', 'sharpness: 0')
    .replace('steps: 60', 'steps: 45');
  const start = { kind: 'branch', from: 'whole', step: 20 } as const;
  const asked = training({ yaml: changed, run: run('branch'), start });
  await asked.outcome;
  expect(asked.partials[0]).toMatchObject({ step: 20 });
  expect(trajectoryOf(at('branch')).map(([step]) => step)).toEqual(Array.from({ length: 25 }, (_, i) => 20 + i));
  expect(trajectoryOf(at('branch'))[0]?.[1]).not.toBe(trajectoryOf(at('whole'))[20]?.[1]);
  const { provenance } = await page.answered('openRun', { run: 'branch' });
  expect(provenance.branchedFrom).toMatchObject({ folder: 'whole', step: 20 });
  // As a shell reads it: words, some of them quoted.
  const words = [...provenance.command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  expect((await saddlescope(words.slice(1))).code).toBe(0);
  expect(trajectoryOf(at('branch-again'))).toEqual(trajectoryOf(at('branch')));
});

test('a second run waits while all but one thread are taken, and says so; an analysis goes on beside the first', async () => {
  const first = training({ yaml: long, run: run('first'), start: { kind: 'new' } });
  await first.until(() => first.stepRecords().length > 0);
  const stages: string[] = [];
  const second = page.ask(
    'train',
    { source, run: run('second'), start: { kind: 'new' } },
    { onProgress: ({ stage }) => stages.push(stage) },
  );
  const spectrum = await page.answered('spectrum', { source: { run: 'whole', step: 60 }, parameters: {}, keep: false });
  expect(spectrum.status).toBe('converged');
  expect(stages).toEqual(['waiting']);
  expect(existsSync(at('second'))).toBe(false);
  first.steer({ command: 'stop' });
  await second.outcome;
  expect(new Set(stages)).toEqual(new Set(['waiting', 'training']));
  expect(trajectoryOf(at('second'))).toEqual(trajectoryOf(at('whole')));
});

test('the landscape of a run under way: its PCA plane, and the checkpoints that come after on it', async () => {
  const live = training({ yaml: long, run: run('live'), start: { kind: 'new' } });
  const checkpoints = () => live.partials.flatMap((partial) => ('checkpoint' in partial ? [partial.checkpoint] : []));
  await live.until(() => checkpoints().length >= 5);
  const point = { run: 'live', step: null };
  const slice = await page.answered('slice', { source: point, parameters: { plane: 'pca', grid: '9' }, keep: false });
  expect(slice.trajectory?.steps.slice(0, 5)).toEqual([0, 10, 20, 30, 40]);
  expect(slice.trajectory?.steps.at(-1)).toBe(slice.step);
  const { planeId } = slice;
  let seen = slice.step ?? 0;
  for (let round = 0; round < 3; round++) {
    await live.until(() => (checkpoints().at(-1) ?? 0) > seen);
    const { steps, distance } = await page.answered('pathOnPlane', { run: 'live', planeId, afterStep: seen });
    expect(steps[0]).toBe(seen + 10);
    expect(distance.every((value) => value > 0)).toBe(true);
    seen = steps.at(-1) ?? 0;
  }
  expect((await page.answered('openRun', { run: 'live' })).state).toBe('running elsewhere');
  live.steer({ command: 'stop' });
  await live.outcome;
});

test('a run whose data are gone is opened all the same, with what its files tell', async () => {
  const csv = yaml.replace('train: two-moons, test: two-moons', 'train: { file: points.csv, labelColumn: kind }');
  const rows = Array.from({ length: 70 }, (_, i) => `${Math.cos(i)},${Math.sin(i)},${i % 2}`);
  writeFileSync(at('points.csv'), `x,y,kind\n${rows.join('\n')}\n`);
  await training({ yaml: csv, run: run('csv'), start: { kind: 'new' } }).outcome;
  const { description: whole } = await page.answered('openRun', { run: 'csv' });
  rmSync(at('points.csv'));
  const { description, state } = await page.answered('openRun', { run: 'csv' });
  expect(state).toBe('finished');
  // A file of tensors has them by their names, not in the order of θ.
  const blocks = [...whole.blocks].sort((a, b) => (a.name < b.name ? -1 : 1));
  expect({ ...description, architecture: whole.architecture }).toEqual({ ...whole, blocks });
  expect(description.architecture).toBe('dense, dense');
});

test('a text without a file has no relative paths', async () => {
  const homeless = yaml.replace('train: two-moons', 'train: ./data.csv');
  service.grant('homeless', at('homeless'));
  const asked = page.ask('train', {
    source: { yaml: homeless, file: null },
    run: 'homeless',
    start: { kind: 'new' },
  });
  await expect(asked.outcome).rejects.toThrow(/badInput: The experiment names the file \.\/data\.csv/);
  expect(existsSync(at('homeless'))).toBe(false);
});
