import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Lane, type Placed, placeOf, startable } from '../../../../electron/compute/service/lanes.ts';
import type { Realm } from '../../../../electron/compute/service/worker-messages.ts';

const placed = (lane: Lane, order = 0, realm: Realm = 'ordinary'): Placed => ({ lane, order, realm });
const anyJob = fc.record({
  lane: fc.constantFrom<Lane>('training', 'analysis', 'quick'),
  order: fc.nat(3),
  realm: fc.constantFrom<Realm>('ordinary', 'float64'),
});
const count = (jobs: readonly Placed[], lane: Lane) => jobs.filter((job) => job.lane === lane).length;

test('property: whatever comes and ends, threads are never overbooked and a training never takes the last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4 }), fc.array(fc.option(anyJob), { maxLength: 60 }), (threads, events) => {
      let waiting: Placed[] = [];
      let running: Placed[] = [];
      for (const event of events) {
        if (event === null) running = running.slice(1);
        else waiting.push(event);
        const started = startable(waiting, running, threads);
        waiting = waiting.filter((job) => !started.includes(job));
        running = [...running, ...started];
        expect(count(running, 'training') + count(running, 'analysis')).toBeLessThanOrEqual(threads);
        expect(count(running, 'training')).toBeLessThanOrEqual(threads - 1);
        for (const realm of ['ordinary', 'float64'])
          expect(running.filter((job) => job.lane === 'quick' && job.realm === realm).length).toBeLessThanOrEqual(1);
        // Nothing waits that could go.
        expect(startable(waiting, running, threads)).toEqual([]);
      }
      while (waiting.length > 0) {
        const started = startable(waiting, [], threads);
        expect(started.length).toBeGreaterThan(0);
        waiting = waiting.filter((job) => !started.includes(job));
      }
    }),
  );
});

test('analyses go on beside trainings, quick jobs beside everything', () => {
  const trainings = [placed('training'), placed('training')];
  expect(startable(trainings, [], 2)).toEqual(trainings.slice(0, 1));
  const running = [placed('training')];
  const [slice, spectrum, describe] = [placed('analysis'), placed('analysis'), placed('quick')];
  expect(startable([slice, spectrum, describe], running, 2)).toEqual([slice, describe]);
});

test('what is asked for by somebody who waits goes first, the rest in its turn', () => {
  const [stored, path, describe] = [placeOf('storedResults'), placeOf('pathOnPlane'), placeOf('describe')].map(
    ({ lane, order }) => placed(lane, order),
  ) as [Placed, Placed, Placed];
  expect(startable([stored, path, describe], [], 2)).toEqual([describe]);
  expect(startable([stored, path], [], 2)).toEqual([path]);
  const [first, second] = [placed('analysis', 1), placed('analysis', 1)];
  expect(startable([first, second], [placed('training')], 2)).toEqual([first]);
});
