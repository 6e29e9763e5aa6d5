import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { FromCompute } from '../../../../core/protocol/messages.ts';
import type { ToMain } from '../../../../electron/compute/service/service.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { appFolder, asking, Failed, serviceForTests } from '../../../support/compute-service.ts';
import { trajectoryOf } from '../../../support/small-run.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const yaml = `name: moons
seed: 4
data: { train: two-moons }
model: { layers: [ { dense: { units: 8, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.5 } }
steps: 400
checkpoints: { every: 10 }
probes: { budget: 0 }
precision: float64
`;
writeFileSync(at('moons.yaml'), yaml);
const source = { yaml, file: null };
const slow = { experiment: { yaml: yaml.replace('units: 8', 'units: 500'), file: null } };

const failureOf = async (outcome: Promise<unknown>) => {
  const problem = await outcome.catch((reason: unknown) => reason);
  expect(problem).toBeInstanceOf(Failed);
  return (problem as Failed).failure;
};

describe('a thread that ends', () => {
  const { service, connected, workers, toMain } = serviceForTests();
  afterAll(() => service.close());
  const page = connected();
  service.grant('run', at('run'));
  service.grant('unbroken', at('unbroken'));

  test('with a run on it: the run is lost to its caller, and goes on from its folder bit for bit', async () => {
    await page.answered('train', { source, run: 'unbroken', start: { kind: 'new' } });
    const known = workers.length;
    let heard = 0;
    const asked = page.ask(
      'train',
      { source, run: 'run', start: { kind: 'new' }, reportEvery: 0 },
      {
        onPartial(partial) {
          heard += 'records' in partial ? partial.records.length : 0;
          // Every thread: which of them has the run is nobody's business.
          if (heard > 100) for (const worker of workers.slice(0, known)) void worker.terminate();
        },
      },
    );
    expect(await failureOf(asked.outcome)).toMatchObject({ kind: 'lost', advice: expect.stringContaining('resume') });
    expect(trajectoryOf(at('run')).length).toBeLessThan(400);
    await page.answered('train', { source, run: 'run', start: { kind: 'resume' } });
    expect(trajectoryOf(at('run'))).toEqual(trajectoryOf(at('unbroken')));
    expect(existsSync(at('run/run.lock'))).toBe(false);
    expect(workers.length).toBeGreaterThan(known);
    expect(toMain.some((message) => message.kind === 'log' && /thread has ended/.test(message.text))).toBe(true);
  });

  test('with an analysis on it: the next request is answered', async () => {
    const asked = page.ask('slice', { source: slow, parameters: { grid: '1001' }, keep: false });
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (!asked.heard.some(({ kind }) => kind === 'partial')) return;
        clearInterval(timer);
        resolve();
      }, 10);
    });
    for (const worker of workers) void worker.terminate();
    expect((await failureOf(asked.outcome)).kind).toBe('lost');
    expect((await page.answered('describe', { source })).parameters).toBe(42);
    const { status } = await page.answered('spectrum', { source: { experiment: source }, parameters: {}, keep: false });
    expect(status).toBe('converged');
  });
});

describe('a thread whose heap is full', () => {
  const { service, connected } = serviceForTests(2, { fullHeap: 0.001 });
  afterAll(() => service.close());
  const page = connected();
  service.grant('full', at('full'));
  const found = expect.stringMatching(/needs more memory than there is: \d+ of \d+ MiB/);

  test('ends an analysis, and says so', async () => {
    const asked = page.ask('slice', { source: slow, parameters: { grid: '1001' }, keep: false });
    expect(await failureOf(asked.outcome)).toMatchObject({ kind: 'badInput', found });
  });

  test('ends a run with its state kept', async () => {
    const endless = { yaml: yaml.replace('steps: 400', 'steps: 1000000'), file: null };
    const asked = page.ask('train', { source: endless, run: 'full', start: { kind: 'new' } });
    expect(await failureOf(asked.outcome)).toMatchObject({ kind: 'badInput', found });
    expect((await page.answered('openRun', { run: 'full' })).state).toBe('stopped');
  });
});

describe('a conversation gone wrong', () => {
  const { service, connected, toMain } = serviceForTests();
  afterAll(() => service.close());

  test('is told: unknown method, malformed, another version, a file that was not opened', async () => {
    const page = connected();
    const ask = page.ask as (method: string, params: unknown) => { outcome: Promise<unknown> };
    expect((await failureOf(ask('eval', {}).outcome)).kind).toBe('unknownMethod');
    expect((await failureOf(ask('toString', {}).outcome)).kind).toBe('unknownMethod');
    expect((await failureOf(ask('describe', { source: 7 }).outcome)).kind).toBe('malformed');
    page.port.postMessage({ v: 2, id: 900, kind: 'request', method: 'hello', params: {} });
    page.port.postMessage({ v: 1, id: 901, kind: 'question' });
    const unknown = page.ask('openRun', { run: '/etc' });
    expect(await failureOf(unknown.outcome)).toMatchObject({ kind: 'badInput', advice: 'Open it again.' });
    const kinds = page.strangers.flatMap((message) =>
      message.kind === 'failure' ? [[message.id, message.failure.kind]] : [],
    );
    expect(kinds).toEqual([
      [900, 'wrongVersion'],
      [901, 'malformed'],
    ]);
  });

  test('a grant that comes behind its request is waited for', async () => {
    const page = connected();
    const asked = page.ask('readExperiment', { file: 'late' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(asked.heard.map(({ kind }) => kind)).toEqual(['accepted']);
    service.grant('late', at('moons.yaml'));
    expect((await asked.outcome).value.yaml).toBe(yaml);
  });

  test('1,000 random messages, repeated and late ones among them, change nothing: the next request is answered', async () => {
    const page = connected();
    const id = fc.oneof(fc.nat(20), fc.constantFrom(-1, 2 ** 31, 0.5, Number.NaN), fc.anything());
    const kind = fc.constantFrom('request', 'cancel', 'steer', 'received', 'accepted', 'piece', '__proto__');
    const method = fc.constantFrom('hello', 'describe', 'slice', 'train', 'pathOnPlane', 'constructor', 'packNpz');
    const params = fc.oneof(
      fc.constant({}),
      fc.constant({ source }),
      fc.constant({ source, run: 'nowhere', start: { kind: 'resume' } }),
      fc.constant({ planeId: '__proto__', run: 'x', afterStep: 1 }),
      fc.anything(),
    );
    const command = fc.oneof(fc.constant({ command: 'stop' }), fc.anything());
    const message = fc.oneof(
      fc.anything(),
      fc.record(
        { v: fc.constantFrom(1, 1, 1, 2, '1'), id, kind, method, params, command, chunk: fc.nat(5) },
        { requiredKeys: [] },
      ),
      fc.record({
        v: fc.constant(1),
        id: fc.nat(20),
        kind: fc.constantFrom('cancel', 'received', 'steer'),
        command,
        chunk: fc.nat(5),
      }),
      fc.record({ v: fc.constant(1), id: fc.nat(20), kind: fc.constant('request'), method, params }),
    );
    const logged = () => toMain.filter((entry) => entry.kind === 'log').length;
    const [before, began] = [logged(), performance.now()];
    for (const random of fc.sample(message, { numRuns: 1000, seed: 5 })) {
      try {
        page.port.postMessage(random);
      } catch {
        // What cannot be cloned cannot come.
      }
    }
    const other = connected();
    expect(await other.answered('hello', {})).toMatchObject({ workers: 2 });
    expect((await other.answered('describe', { source })).parameters).toBe(42);
    const seconds = (performance.now() - began) / 1000;
    expect(logged() - before).toBeLessThanOrEqual(2 * (1 + seconds));
    page.port.close();
  });

  test('a thousand requests at once are taken, more are refused', async () => {
    const page = connected();
    const asked = Array.from({ length: 1010 }, () => page.ask('readExperiment', { file: 'never' }));
    for (const { outcome } of asked.slice(1000)) expect((await failureOf(outcome)).found).toMatch(/under way/);
    for (const one of asked) one.cancel();
    expect((await failureOf(asked[0]!.outcome)).kind).toBe('cancelled');
  });
});

describe('the process as it is started', () => {
  /** The bundle in a thread: its parent is to it what the main process is. */
  function started() {
    const process = new Worker(path.join(appFolder, 'compute.cjs'));
    const heard: ToMain[] = [];
    process.on('message', (message: ToMain) => heard.push(message));
    const ended = new Promise<number>((resolve) => process.on('exit', resolve));
    const { port1, port2 } = new MessageChannel();
    process.postMessage({ kind: 'grant', reference: 'run', path: at('started') });
    process.postMessage({ kind: 'port', port: port2 }, [port2]);
    return { process, heard, ended, page: asking(port1) };
  }

  test('is ready, beats, and writes down what is under way before it ends', async () => {
    const { process, heard, ended, page } = started();
    const run = page.ask('train', {
      source: { yaml: yaml.replace('steps: 400', 'steps: 1000000'), file: null },
      run: 'run',
      start: { kind: 'new' },
    });
    while (!run.heard.some((message: FromCompute) => message.kind === 'progress' && message.progress.done > 50))
      await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(heard[0]).toEqual({ kind: 'ready' });
    expect(heard).toContainEqual({ kind: 'heartbeat', busy: true });
    process.postMessage({ kind: 'end' });
    expect(await ended).toBe(0);
    const lines = readFileSync(at('started/metrics.jsonl'), 'utf8').trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ record: 'run', event: 'stopped' });
    expect(existsSync(at('started/run.lock'))).toBe(false);
  });

  test('tells a fault inside and ends with code 70', async () => {
    const { process, heard, ended } = started();
    process.postMessage({ kind: 'port', port: 'none' });
    expect(await ended).toBe(70);
    expect(heard).toContainEqual({ kind: 'log', level: 'error', text: expect.stringMatching(/has met a fault/) });
  });
});
