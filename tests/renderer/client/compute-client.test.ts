import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Outcome, Progress } from '../../../core/protocol/messages.ts';
import { protocolVersion as v } from '../../../core/protocol/messages.ts';
import { type ComputeClient, ComputeFailure, createComputeClient } from '../../../renderer/client/compute-client.ts';
import { allArrived, type Partner, scriptedPartner } from './scripted-partner.ts';

const stats = { products: 1, gradients: 2, losses: 3, seconds: 0.5 };
const outcome = <T>(value: T): Outcome<T> => ({ value, status: 'converged', stats });
const progress = (done: number): Progress => ({ stage: 'slice', done, total: 10, unit: 'losses', eta: null });
const report = { run: 'a1' };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function connected(client: ComputeClient = createComputeClient(), windowBytes?: number) {
  const { port1, port2 } = new MessageChannel();
  const partner = scriptedPartner(port2 as unknown as MessagePort, windowBytes);
  client.connect(port1 as unknown as MessagePort);
  closers.push(() => client.disconnect('The test is over.'), partner.close);
  return { client, partner };
}

/** What a call was told, in its order, and how it ended. */
function watched(client: ComputeClient) {
  const told: string[] = [];
  const call = client.call('openRun', report, {
    onAccepted: () => told.push('accepted'),
    onProgress: ({ done }) => told.push(`progress ${done}`),
    onPartial: (value) => told.push(`partial ${JSON.stringify(value)}`),
  });
  call.outcome.then(
    ({ value }) => told.push(`result ${JSON.stringify(value)}`),
    (problem: ComputeFailure) => told.push(`failure ${problem.failure.kind}`),
  );
  return { told, call };
}

const requestOf = async (partner: Partner) => (await partner.hears('request')).id;

describe('one conversation', () => {
  test('is told in its order and ends with its result', async () => {
    const { client, partner } = connected();
    const { told, call } = watched(client);
    const id = await requestOf(partner);
    void partner.say(id, { kind: 'accepted' });
    void partner.say(id, { kind: 'progress', progress: progress(1) });
    void partner.say(id, { kind: 'partial', value: [1] });
    void partner.say(id, { kind: 'partial', value: [2] });
    void partner.say(id, { kind: 'result', outcome: outcome('all') });
    await expect(call.outcome).resolves.toEqual(outcome('all'));
    expect(told).toEqual(['accepted', 'progress 1', 'partial [1]', 'partial [2]', 'result "all"']);
  });

  test('large arrays come back whole, in partial values and results, and each chunk is acknowledged', async () => {
    const { client, partner } = connected(undefined, 3 << 20);
    const theta = Float64Array.from({ length: 700_000 }, (_, i) => Math.sin(i));
    const came: unknown[] = [];
    const call = client.call('openRun', report, { onPartial: (value) => came.push(value) });
    const id = await requestOf(partner);
    await partner.say(id, { kind: 'partial', value: { theta } });
    await partner.say(id, { kind: 'result', outcome: outcome({ theta }) });
    const { value } = await call.outcome;
    expect(isDeepStrictEqual([value, came], [{ theta }, [{ theta }]])).toBe(true);
    await allArrived();
    expect(partner.sender.underWay).toBe(0);
  });

  test('a failure is said with its sentence and its advice', async () => {
    const { client, partner } = connected();
    const { call } = watched(client);
    const failure = { kind: 'badInput', found: 'There is no run.', advice: 'Choose one.' } as const;
    void partner.say(await requestOf(partner), { kind: 'failure', failure });
    const problem: unknown = await call.outcome.catch((error) => error);
    expect(problem).toBeInstanceOf(ComputeFailure);
    expect(problem).toMatchObject({ failure, message: 'There is no run. Choose one.' });
  });

  test('cancel and steer reach the request they belong to, and nothing once it has ended', async () => {
    const { client, partner } = connected();
    const call = client.call('report', report);
    const id = await requestOf(partner);
    call.steer({ command: 'setLearningRate', learningRate: 0.25 });
    call.cancel();
    await expect(partner.hears('steer')).resolves.toMatchObject({ id, command: { learningRate: 0.25 } });
    await expect(partner.hears('cancel')).resolves.toMatchObject({ id });
    void partner.say(id, { kind: 'result', outcome: outcome(1) });
    await call.outcome;
    call.cancel();
    call.steer({ command: 'stop' });
    await allArrived();
    expect(partner.heard.filter(({ kind }) => kind === 'cancel' || kind === 'steer')).toHaveLength(2);
  });

  test('what comes after the outcome is told to nobody, but acknowledged', async () => {
    const { client, partner } = connected();
    const { told, call } = watched(client);
    const id = await requestOf(partner);
    void partner.say(id, { kind: 'result', outcome: outcome('first') });
    await call.outcome;
    void partner.say(id, { kind: 'partial', value: 'late' });
    void partner.say(id, { kind: 'partial', value: new Uint8Array(5 << 20) });
    void partner.say(id, { kind: 'progress', progress: progress(3) });
    void partner.say(id, { kind: 'result', outcome: outcome('second') });
    void partner.say(id, { kind: 'failure', failure: { kind: 'failed', found: '', advice: '' } });
    await allArrived();
    expect(told).toEqual(['result "first"']);
    expect(partner.sender.underWay).toBe(0);
  });

  test('a listener that fails neither ends the call nor hides its fault', async () => {
    const { client, partner } = connected();
    const faults: unknown[] = [];
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (fault) => faults.push(fault));
    try {
      const call = client.call('openRun', report, {
        onPartial: () => {
          throw new Error('drawn wrongly');
        },
      });
      const id = await requestOf(partner);
      void partner.say(id, { kind: 'partial', value: 1 });
      void partner.say(id, { kind: 'result', outcome: outcome('fine') });
      await expect(call.outcome).resolves.toMatchObject({ value: 'fine' });
      await allArrived();
    } finally {
      for (const listener of before) process.on('uncaughtException', listener);
    }
    expect(faults).toMatchObject([{ message: 'drawn wrongly' }]);
  });
});

describe('partners come and go', () => {
  test('calls wait for a partner, with what was said to them meanwhile', async () => {
    const client = createComputeClient();
    const call = client.call('report', report);
    call.steer({ command: 'pause' });
    let there = false;
    const arrival = client.connected().then(() => {
      there = true;
    });
    await allArrived();
    expect(there).toBe(false);
    const { partner } = connected(client);
    await arrival;
    const { id } = await partner.hears('request');
    await expect(partner.hears('steer')).resolves.toMatchObject({ id });
    void partner.say(id, { kind: 'result', outcome: outcome('done') });
    await expect(call.outcome).resolves.toMatchObject({ value: 'done' });
  });

  test('a call that waits can be cancelled, and is never sent', async () => {
    const client = createComputeClient();
    const call = client.call('report', report);
    call.cancel();
    await expect(call.outcome).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
    const { partner } = connected(client);
    await allArrived();
    expect(partner.heard).toEqual([]);
  });

  test('the calls of a lost partner fail with `lost`; the next partner hears nothing of them', async () => {
    const { client, partner } = connected();
    const { told, call } = watched(client);
    const id = await requestOf(partner);
    client.disconnect('The process that computes ended.');
    await expect(call.outcome).rejects.toMatchObject({
      failure: { kind: 'lost', found: 'The process that computes ended.' },
    });
    void partner.say(id, { kind: 'partial', value: 'from the dead' });
    const next = connected(client);
    call.steer({ command: 'stop' });
    const after = client.call('report', report);
    const { id: afterId } = await next.partner.hears('request');
    expect(afterId).not.toBe(id);
    void next.partner.say(id, { kind: 'result', outcome: outcome('of another') });
    void next.partner.say(afterId, { kind: 'result', outcome: outcome('mine') });
    await expect(after.outcome).resolves.toMatchObject({ value: 'mine' });
    expect(told).toEqual(['failure lost']);
    expect(next.partner.heard.map(({ kind }) => kind)).toEqual(['request']);
  });

  test('a second connection takes the place of the first', async () => {
    const { client } = connected();
    const { call } = watched(client);
    connected(client);
    await expect(call.outcome).rejects.toMatchObject({ failure: { kind: 'lost' } });
  });
});

describe('nonsense', () => {
  test('another version of the protocol ends the request with a sentence', async () => {
    const { client, partner } = connected();
    const { call } = watched(client);
    partner.post({ v: 9, id: await requestOf(partner), kind: 'accepted' });
    await expect(call.outcome).rejects.toMatchObject({ failure: { kind: 'wrongVersion' } });
    await partner.hears('cancel');
  });

  test('a result that cannot be read ends its request; the others go on', async () => {
    const { client, partner } = connected();
    const { call } = watched(client);
    const id = await requestOf(partner);
    const other = client.call('report', report);
    const { id: otherId } = await partner.hears('request', (message) => message.id !== id);
    partner.post({
      v,
      id,
      kind: 'result',
      outcome: { value: { $array: 0, type: 'Float64Array', length: 2 ** 31 }, status: 'converged', stats },
    });
    await expect(call.outcome).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    void partner.say(otherId, { kind: 'result', outcome: outcome('fine') });
    await expect(other.outcome).resolves.toMatchObject({ value: 'fine' });
  });

  test.each<[string, unknown, string]>([
    ['shared memory', { arrays: { x: { shape: [1], data: new Float64Array(new SharedArrayBuffer(8)) } } }, 'malformed'],
    ['a function', { arrays: () => 1 }, 'malformed'],
    ['more than 64 MiB', { arrays: { x: { shape: [9 << 20], data: new Float64Array(9 << 20) } } }, 'badInput'],
  ])('params with %s are refused here', async (_, params, kind) => {
    const { client, partner } = connected();
    const call = client.call('packNpz', params as never);
    await expect(call.outcome).rejects.toMatchObject({ failure: { kind } });
    await allArrived();
    expect(partner.heard).toEqual([]);
  });
});

type Said = {
  readonly id: number;
  readonly what: 'accepted' | 'progress' | 'partial' | 'piece' | 'result' | 'failure' | 'nonsense';
};
const said: fc.Arbitrary<Said> = fc.record({
  id: fc.integer({ min: 0, max: 5 }),
  what: fc.constantFrom('accepted', 'progress', 'partial', 'piece', 'result', 'failure', 'nonsense'),
});

const messageOf = ({ id, what }: Said, chunk: number): unknown =>
  ({
    accepted: { v, id, kind: 'accepted' },
    progress: { v, id, kind: 'progress', progress: progress(chunk) },
    partial: { v, id, kind: 'partial', chunk, value: chunk },
    piece: { v, id, kind: 'piece', chunk, array: chunk % 2, offset: 0, bytes: new Uint8Array(8) },
    result: { v, id, kind: 'result', outcome: outcome(chunk) },
    failure: { v, id, kind: 'failure', failure: { kind: 'failed', found: 'x', advice: 'y' } },
    nonsense: { v, id, kind: 'result', outcome: [chunk] },
  })[what];

test('property: whatever comes in whatever order, every call ends exactly once and hears nothing afterwards', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(said, { maxLength: 60 }), fc.boolean(), async (script, lost) => {
      const { client, partner } = connected();
      const calls = Array.from({ length: 4 }, () => watched(client));
      await partner.hears('request', ({ id }) => id === 4);
      for (const [i, entry] of script.entries()) partner.post(messageOf(entry, i));
      await allArrived();
      if (lost) client.disconnect('It ended.');
      await allArrived();
      for (const [i, { told }] of calls.entries()) {
        const ends = told.flatMap((line, at) => (/^(result|failure)/.test(line) ? [at] : []));
        const wanted = lost || script.some(({ id, what }) => id === i + 1 && /result|failure|nonsense/.test(what));
        expect(ends.length).toBeLessThanOrEqual(1);
        if (wanted) expect(ends).toEqual([told.length - 1]);
      }
      // Everything that counts as under way was acknowledged, whoever it was for.
      if (!lost)
        expect(
          partner.heard.filter(({ kind }) => kind === 'received').map((message) => 'chunk' in message && message.chunk),
        ).toEqual(script.flatMap(({ what }, i) => (what === 'partial' || what === 'piece' ? [i] : [])));
      client.disconnect('The round is over.');
      partner.close();
    }),
    { numRuns: 120 },
  );
});
