import { expect, test } from 'vitest';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import type { Progress } from '../../../../core/protocol/messages.ts';
import { createHeldPlanes, mostPlanes } from '../../../../electron/compute/service/held-planes.ts';
import { progressPosts } from '../../../../electron/compute/service/progress-posts.ts';
import { unshared } from '../../../../electron/compute/service/unshared.ts';
import type { HeldPlane } from '../../../../electron/compute/service/worker-messages.ts';

test('vectors of the shared memory leave as copies, everything else as it is', () => {
  const space = hostFloat64Space(5);
  const vector = space.fromHost(Float64Array.of(1, 2, 3, 4, 5));
  expect(vector.buffer).toBeInstanceOf(SharedArrayBuffer);
  const own = Float32Array.of(1, 2);
  const copied = unshared({ a: [vector, null, 'text'], b: { own, n: Number.NaN } });
  expect(copied).toEqual({ a: [Float64Array.of(1, 2, 3, 4, 5), null, 'text'], b: { own, n: Number.NaN } });
  expect((copied.a[0] as Float64Array).buffer).toBeInstanceOf(ArrayBuffer);
  expect(copied.b.own).toBe(own);
  space.release(vector);
});

test('progress is told ten times a second, first and last always, with the seconds left at the present speed', () => {
  let now = 0;
  const posts: Progress[] = [];
  const tell = progressPosts(
    (progress) => posts.push(progress),
    () => now,
  );
  for (let done = 0; done <= 100; done++) {
    now = 20 * done;
    tell({ stage: 'eigenvalues', done, total: 100, unit: 'products' });
  }
  tell({ stage: 'density', done: 5, total: 10, unit: 'products' });
  expect(posts[0]).toEqual({ stage: 'eigenvalues', done: 0, total: 100, unit: 'products', eta: null });
  expect(posts.map(({ done }) => done)).toEqual([...Array.from({ length: 21 }, (_, i) => 5 * i), 5]);
  expect(posts[5]?.eta).toBeCloseTo(0.02 * 75, 10);
  expect(posts[20]?.eta).toBe(0);
  expect(posts[21]).toMatchObject({ stage: 'density', eta: null });
});

test('the twelve planes used last are held', () => {
  const planes = createHeldPlanes();
  const plane = (i: number) => ({ origin: Float64Array.of(i) }) as unknown as HeldPlane;
  for (let i = 0; i < mostPlanes; i++) planes.hold(`plane ${i}`, plane(i));
  expect(planes.find('plane 0')).toEqual(plane(0));
  planes.hold('new', plane(99));
  expect(planes.find('plane 1')).toBeNull();
  expect(planes.find('plane 0')).toEqual(plane(0));
  expect(planes.find('new')).toEqual(plane(99));
  expect(planes.find('__proto__')).toBeNull();
});
