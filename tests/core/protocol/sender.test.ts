import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAssembly } from '../../../core/protocol/chunking.ts';
import type { FromCompute } from '../../../core/protocol/messages.ts';
import { createSender, type Reply } from '../../../core/protocol/sender.ts';

const stats = { products: 0, gradients: 0, losses: 0, seconds: 0 };
const partial = (value: unknown): Reply => ({ kind: 'partial', value });
const result = (value: unknown): Reply => ({ kind: 'result', outcome: { value, status: 'converged', stats } });

/** A sender whose posts are kept, and the numbers of the chunks not yet taken. */
function sending(windowBytes?: number) {
  const posted: FromCompute[] = [];
  const sender = createSender((message) => posted.push(structuredClone(message)), windowBytes);
  const chunks = () => posted.flatMap((message) => ('chunk' in message ? [message.chunk] : []));
  return { posted, sender, chunks };
}

describe('the side that sends waits for the side that takes', () => {
  test('never more than the window is under way, and everything comes in its order', async () => {
    const window = 6 << 20;
    const { posted, sender, chunks } = sending(window);
    const values = Array.from({ length: 5 }, (_, i) => new Float64Array(400_000).fill(i));
    const sent = values.map((value) => sender.send(1, partial({ value })));
    sent.push(sender.send(1, result('done')));
    let largest = 0;
    for (let taken = 0; posted.at(-1)?.kind !== 'result'; taken++) {
      largest = Math.max(largest, sender.underWay);
      expect(chunks().length).toBeGreaterThan(taken);
      sender.received(chunks()[taken] ?? 0);
    }
    await Promise.all(sent);
    expect(largest).toBeLessThanOrEqual(window);
    expect(largest).toBeGreaterThan(window / 2);
    const assembly = createAssembly();
    const came: unknown[] = [];
    for (const message of posted) {
      if (message.kind === 'piece') assembly.add(message);
      if (message.kind === 'partial') came.push(assembly.join(message.value));
    }
    expect(came).toEqual(values.map((value) => ({ value: { value } })));
  });

  test('64 MB × 50 results that nobody reads leave 64 MB under way', () => {
    const { posted, sender } = sending();
    const huge = new Float64Array(8 << 20);
    for (let i = 0; i < 50; i++) void sender.send(i, partial(huge));
    expect(sender.underWay).toBeLessThanOrEqual(64 << 20);
    expect(posted.length).toBeLessThan(40);
  });

  test('a message larger than the window goes alone', async () => {
    const { sender, posted } = sending(1000);
    await sender.send(1, partial(new Uint8Array(5000)));
    const waiting = sender.send(1, partial('next'));
    expect(posted).toHaveLength(1);
    sender.received(1);
    await waiting;
    expect(posted).toHaveLength(2);
  });

  test('progress overtakes what waits; a result never overtakes a partial value', () => {
    const { sender, posted } = sending(10_000);
    for (let i = 0; i < 3; i++) void sender.send(1, partial(new Uint8Array(8000)));
    void sender.send(1, result(null));
    void sender.send(1, { kind: 'progress', progress: { stage: 's', done: 1, total: 2, unit: 'steps', eta: null } });
    expect(posted.map(({ kind }) => kind)).toEqual(['partial', 'progress']);
    sender.received(1);
    sender.received(2);
    sender.received(3);
    expect(posted.map(({ kind }) => kind)).toEqual(['partial', 'progress', 'partial', 'partial', 'result']);
  });

  test('what is dropped settles and is not posted; what has begun is finished', async () => {
    const { sender, posted, chunks } = sending(3 << 20);
    const begun = sender.send(1, partial(new Uint8Array(5 << 20)));
    const dropped = sender.send(1, partial('unwanted'));
    const kept = sender.send(2, partial('wanted'));
    sender.drop(1);
    await dropped;
    for (let i = 0; i < chunks().length; i++) sender.received(chunks()[i] ?? 0);
    await Promise.all([begun, kept]);
    expect(posted.filter(({ kind }) => kind === 'partial')).toMatchObject([{ id: 1 }, { id: 2, value: 'wanted' }]);
  });

  test('a closed connection settles what waits and posts nothing more', async () => {
    const { sender, posted } = sending(10);
    const sent = [sender.send(1, partial('one')), sender.send(1, partial('two'))];
    sender.close();
    await Promise.all(sent);
    await sender.send(1, result(null));
    expect(posted).toHaveLength(1);
    expect(sender.underWay).toBe(0);
  });

  test('what cannot be sent rejects, and leaves the conversation as it was', async () => {
    const { sender, posted } = sending();
    const shared = new Float64Array(new SharedArrayBuffer(8));
    await expect(sender.send(1, partial({ shared }))).rejects.toThrow('lies in shared memory');
    await sender.send(1, result('after'));
    expect(posted).toMatchObject([{ kind: 'result' }]);
  });

  test('property: whatever order chunks are taken in, and twice or never sent, all is posted once', () => {
    const sizes = fc.array(fc.nat(5000), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(40), { maxLength: 80 }), (given, order) => {
        const { sender, posted, chunks } = sending(6000);
        given.forEach((size, i) => void sender.send(i, partial(new Uint8Array(size))));
        for (const chunk of order) sender.received(chunk);
        for (let i = 0; i < chunks().length; i++) sender.received(chunks()[i] ?? 0);
        expect(posted.map(({ id }) => id)).toEqual(given.map((_, i) => i));
        expect(sender.underWay).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
