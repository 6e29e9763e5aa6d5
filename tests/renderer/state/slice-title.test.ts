import { expect, test } from 'vitest';
import { nameOfParameters } from '../../../core/experiment/slice-name.ts';
import { nameOfJob } from '../../../renderer/actions/slice-job.ts';
import { shapeOfPlane } from '../../../renderer/state/plane-kind.ts';
import { planeToShow, type ShownLandscape, valuesOf } from '../../../renderer/state/results.ts';
import { sliceTitle } from '../../../renderer/state/slice-title.ts';

test.each([
  [{ plane: 'pca' }, 'Trajectory plane', 'plane'],
  [{ plane: 'eigen,lowest' }, 'Plane: eigenvector, lowest eigenvector', 'plane'],
  [{ volume: 'random' }, 'Volume: random', 'volume'],
  [{ line: 'difference', to: '@50' }, 'Line: difference to step 50', 'line'],
  [{ line: 'difference', to: '/a/moons@50', on: 'test' }, 'Line: difference to moons, step 50 (test set)', 'line'],
  [{ plane: 'random', statistics: 'frozen' }, 'Random plane (frozen statistics)', 'plane'],
])('the slice of %o is called for people', (parameters, title, shape) => {
  const name = nameOfParameters(parameters);
  expect(sliceTitle(name)).toBe(title);
  expect(shapeOfPlane(name)).toBe(shape);
});

test('a slice around a point of another one has a name of its own, with the point', () => {
  const centre = { planeId: 'p', coordinates: [0.5, -0.25] };
  const name = nameOfJob({ parameters: { plane: 'random' }, centre });
  expect(name).not.toBe('random');
  expect(sliceTitle(name)).toBe('Random plane at α 0.5, β −0.25');
});

const shown = (complete: boolean): ShownLandscape =>
  ({ complete, newer: null, slice: { fields: [{ computed: new Uint8Array(4) }] } }) as unknown as ShownLandscape;

test('what was asked for by name is not replaced by another slice; an automatic plane is, until there is something', () => {
  const of = { random: shown(true) };
  expect(planeToShow(of, 'pca')).toBe('random');
  expect(planeToShow(of, 'volume-random')).toBe('volume-random');
  expect(planeToShow({ ...of, pca: shown(true) }, 'pca')).toBe('pca');
});

test('progress counts the values of every quantity', () => {
  const fields = [{ computed: Uint8Array.of(1, 1, 1, 0) }, { computed: Uint8Array.of(1, 0, 0, 0) }];
  expect(valuesOf({ fields } as unknown as ShownLandscape['slice'])).toEqual({ done: 4, total: 8 });
});
