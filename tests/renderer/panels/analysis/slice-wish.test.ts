import { describe, expect, test } from 'vitest';
import { readParameters } from '../../../../core/analyses/read-parameters.ts';
import { sliceDescriptor } from '../../../../core/analyses/slices/descriptor.ts';
import { directionKinds, spanOf } from '../../../../core/analyses/slices/directions/direction-kinds.ts';
import { axesOfShape, extents, gridSizes } from '../../../../core/analyses/slices/grid-text.ts';
import { nameOfParameters } from '../../../../core/experiment/slice-name.ts';
import { defaultParameters, givenValues, type Values } from '../../../../renderer/panels/analysis/parameters.ts';
import {
  directionsFor,
  parametersOfWish,
  problemOfWish,
  wishOf,
  withShape,
} from '../../../../renderer/panels/analysis/slice-wish.ts';

const defaults = defaultParameters(sliceDescriptor);
const wish = (given: Values) => wishOf({ ...defaults, ...given });
const parameters = (given: Values) => givenValues(sliceDescriptor, parametersOfWish(wish(given)));

describe('the form of slices', () => {
  test.each<Values>([
    { plane: 'random', grid: '49' },
    { plane: 'pca', grid: '51x31' },
    { plane: 'eigen,lowest', grid: '21', extent: '1x0.5' },
    { line: 'difference', to: '@50', grid: '41', extent: '-1:2' },
    { line: 'difference', to: 'a1@50', grid: '41', extent: 'rise', rise: 2 },
    { volume: 'random', grid: '17x19x21', extent: '-1:2x0:1x-3:-1', quantity: 'loss,lambda_max' },
    { plane: 'random', grid: '51', on: 'test', examples: 100, statistics: 'frozen', removeScales: true },
    { plane: 'difference,third', to: '@0', third: '@20', grid: '31' },
  ])('gives back what it was opened with: %o', (given) => {
    expect(parameters(given)).toEqual(given);
  });

  test('whatever it makes, the analysis reads: every direction on every axis of every shape', () => {
    for (const shape of ['line', 'plane', 'volume'] as const) {
      const axes = axesOfShape(shape);
      let seen = 0;
      for (let k = 0; k < axes; k++) {
        const begun = withShape(wish({}), shape);
        for (const kind of directionsFor(begun, k, { isCheckpoint: true })) {
          const directions = begun.directions.map((one, l) =>
            l === k ? kind : one,
          ) as unknown as typeof begun.directions;
          const made = { ...begun, directions, others: { ...begun.others, to: '@1', third: '@2' } };
          expect(problemOfWish(made)).toBeNull();
          const given = readParameters(sliceDescriptor.parameters, parametersOfWish(made)) as never as Parameters<
            typeof gridSizes
          >[0] & { extent: string | null };
          expect(spanOf(given[shape]!, axes)).toEqual(directions.slice(0, axes));
          expect(gridSizes(given)).toHaveLength(axes);
          expect(extents(given.extent, axes)).toBeNull();
          seen++;
        }
      }
      // All but the file and, beside nothing that leads to a second point, the third one.
      expect(seen).toBe(axes * (directionKinds.length - 2));
    }
  });

  test('its slice has the name of that of the command line', () => {
    expect(nameOfParameters(parameters({ plane: 'pca', grid: '51' }))).toBe('pca');
    expect(nameOfParameters(parametersOfWish(withShape(wish({ plane: 'random' }), 'volume')))).toBe('volume-random');
  });

  test('a direction that there is one of is not offered twice, a point of a slice has no path', () => {
    const two = wish({ plane: 'gradient,random' });
    expect(directionsFor(two, 1, { isCheckpoint: true })).not.toContain('gradient');
    expect(directionsFor(two, 0, { isCheckpoint: true })).toContain('gradient');
    expect(directionsFor(two, 1, { isCheckpoint: true })).not.toContain('third');
    expect(directionsFor(wish({ plane: 'difference,random', to: '@1' }), 1, { isCheckpoint: true })).toContain('third');
    const there = directionsFor(two, 1, { isCheckpoint: false });
    for (const kind of ['pca', 'moment', 'update', 'difference', 'third', 'file']) expect(there).not.toContain(kind);
  });

  test('what cannot be computed is told before the start', () => {
    expect(problemOfWish(wish({ line: 'difference' }))).toMatch(/other point/);
    expect(problemOfWish({ ...wish({}), extent: 'ends', lows: [1, 0, 0], highs: [1, 1, 1] })).toMatch(/above/);
    expect(problemOfWish({ ...wish({}), extent: 'half', halves: [1, 0, 1] })).toMatch(/above zero/);
    expect(problemOfWish(wish({ line: 'random' }))).toBeNull();
  });
});
