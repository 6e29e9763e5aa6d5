import { describe, expect, test } from 'vitest';
import type { LandscapeFile } from '../../../core/formats/landscape-file.ts';
import { landscapeOfFile } from '../../../renderer/state/landscape-of-file.ts';
import { asymmetric, landscapeOf } from '../../support/landscapes.ts';

const onlyPath = (file: LandscapeFile, loss: Float64Array | null): LandscapeFile => ({
  ...file,
  path: {
    steps: [0, 5, 9],
    // A point of the grid, the middle of a square, and one outside.
    coordinates: [Float64Array.of(0.5, 0.25, 7), Float64Array.of(0.25, 0.125, 0)],
    distance: null,
    loss,
  },
});

describe('a landscape file as a slice', () => {
  test.each([[[5]], [[4, 3]], [[4, 3, 2]]])('of %j points keeps every value at its place', (lengths) => {
    const file = landscapeOf(...lengths);
    const { slice, complete } = landscapeOfFile(file);
    expect(complete).toBe(true);
    expect(slice.axes).toEqual(file.axes.map(({ coordinates }) => coordinates));
    expect(slice.fields[0].values).toEqual(file.fields[0]!.values);
    expect(slice.directions.map(({ norm }) => norm)).toEqual([2, 3, 4].slice(0, lengths.length));
    expect(slice.warnings).toEqual([]);
    expect('planeId' in slice).toBe(false);
  });

  test('the loss comes first, and what the file does not tell is not made up', () => {
    const file = landscapeOf(3, 2);
    const [loss] = file.fields;
    const other = { quantity: 'lambda_max', values: new Float64Array(6), computed: new Uint8Array(6) };
    const { slice } = landscapeOfFile({
      ...file,
      axes: file.axes.map((axis) => ({ ...axis, norm: null })),
      fields: [other, loss!],
      announcements: ['The grid is odd.'],
    });
    expect(slice.fields.map(({ quantity, certificate }) => [quantity, certificate])).toEqual([
      ['loss', null],
      ['lambda_max', null],
    ]);
    expect(slice.directions.map(({ norm }) => norm)).toEqual([Number.NaN, Number.NaN]);
    expect([slice.center.loss, slice.seed, slice.cosines[0]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(slice.warnings).toEqual(['The grid is odd.']);
  });

  test('axes that fall are turned with all values and masks, and that is said', () => {
    const file = landscapeOf(4, 3);
    const [x, y] = file.axes.map(({ coordinates }) => coordinates);
    const falling: LandscapeFile = {
      ...file,
      axes: [
        { ...file.axes[0]!, coordinates: x!.slice().reverse() },
        // No order at all.
        { ...file.axes[1]!, coordinates: Float64Array.of(y![1]!, y![2]!, y![0]!) },
      ],
      fields: [
        {
          quantity: 'loss',
          values: Float64Array.from({ length: 12 }, (_, i) =>
            asymmetric(x![3 - (i % 4)]!, y![[1, 2, 0][Math.floor(i / 4)]!]),
          ),
          // The first point of the file: the greatest x, the middle y.
          computed: Uint8Array.from({ length: 12 }, (_, i) => (i === 0 ? 0 : 1)),
        },
      ],
    };
    const { slice } = landscapeOfFile(falling);
    expect(slice.axes).toEqual([x, y]);
    expect(slice.fields[0].values).toEqual(file.fields[0]!.values);
    expect([...slice.fields[0].computed].indexOf(0)).toBe(3 + 4 * 1);
    expect(slice.warnings).toEqual([
      'The coordinates of alpha and beta do not rise in the file; they do in the picture.',
    ]);
  });

  test('a path without losses lies on the slice, and outside of it nowhere; that is said', () => {
    const { slice } = landscapeOfFile(onlyPath(landscapeOf(4, 3), null));
    const path = slice.trajectory!;
    expect(path.trueLoss[0]).toBe(asymmetric(0.5, 0.25));
    // Bilinear in x, y and xy; the mean of its ends for y².
    expect(path.trueLoss[1]).toBeCloseTo(0.25 + 10 * (0.25 ** 2 / 2) + 100 * 0.25 * 0.125, 12);
    expect(path.trueLoss[2]).toBeNaN();
    expect(path.distance).toEqual(new Float64Array(3).fill(Number.NaN));
    expect(slice.warnings).toHaveLength(1);
    const known = landscapeOfFile(onlyPath(landscapeOf(4, 3), Float64Array.of(1, 2, 3))).slice;
    expect(known.trajectory!.trueLoss).toEqual(Float64Array.of(1, 2, 3));
    expect(known.warnings).toEqual([]);
  });
});
