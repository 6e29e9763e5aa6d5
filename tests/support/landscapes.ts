import fc from 'fast-check';
import type { LandscapeFile } from '../../core/formats/landscape-file.ts';

/** Which axis is which shows in every value; sums of a few products, so that Python has the same bits. */
export const asymmetric = (x: number, y = 0, z = 0): number => x + 10 * (y * y) + 100 * (x * y) + 1000 * z;

const names = ['alpha', 'beta', 'gamma'];

/** The asymmetric function on a grid with as many points along each axis as told. */
export function landscapeOf(...lengths: readonly number[]): LandscapeFile {
  const axes = lengths.map((length, k) =>
    Float64Array.from({ length }, (_, i) => (i - Math.floor(length / 2)) / 2 ** (k + 1)),
  );
  const count = lengths.reduce((product, length) => product * length, 1);
  const values = Float64Array.from({ length: count }, (_, point) => {
    let rest = point;
    const at = axes.map((axis) => {
      const value = axis[rest % axis.length]!;
      rest = Math.floor(rest / axis.length);
      return value;
    });
    return asymmetric(at[0]!, at[1], at[2]);
  });
  return {
    form: 'saddlescope',
    axes: axes.map((coordinates, k) => ({ name: names[k]!, coordinates, norm: k + 2 })),
    fields: [{ quantity: 'loss', values, computed: new Uint8Array(count).fill(1), uncertainty: null }],
    path: null,
    directions: null,
    notes: {},
    announcements: [],
  };
}

const axis = fc
  .uniqueArray(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
    minLength: 1,
    maxLength: 4,
    comparator: (a, b) => a === b,
  })
  .map((values) => Float64Array.from(values).sort());

/** Any landscape of ours: one to three axes, several quantities with masks, NaN and infinities among the values. */
export const landscapes: fc.Arbitrary<LandscapeFile> = fc.array(axis, { minLength: 1, maxLength: 3 }).chain((axes) => {
  const count = axes.reduce((product, { length }) => product * length, 1);
  const numbers = fc
    .array(fc.double(), { minLength: count, maxLength: count })
    .map((values) => Float64Array.from(values));
  const mask = fc.uint8Array({ min: 0, max: 1, minLength: count, maxLength: count });
  const field = (quantity: string) =>
    fc.record({
      quantity: fc.constant(quantity),
      values: numbers,
      computed: mask,
      uncertainty: fc.option(numbers),
    });
  const along = (length: number) =>
    fc.array(fc.double(), { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
  const path = fc.nat(3).chain((length) =>
    fc.record({
      steps: fc.array(fc.nat(), { minLength: length, maxLength: length }),
      coordinates: fc.tuple(...axes.map(() => along(length))),
      distance: fc.option(along(length)),
      loss: fc.option(along(length)),
    }),
  );
  return fc.record({
    form: fc.constant('saddlescope' as const),
    axes: fc.tuple(
      ...axes.map((coordinates, k) =>
        fc.record({
          name: fc.constant(names[k]!),
          coordinates: fc.constant(coordinates),
          norm: fc.option(fc.double({ noNaN: true, min: 0, max: 1e9 })),
        }),
      ),
    ),
    fields: fc.tuple(field('loss'), field('error'), field('lambda_max')),
    path: fc.option(path),
    directions: fc.option(along(5).map((data) => axes.map((_, k) => [{ name: `d${k + 1}`, shape: [5], data }]))),
    notes: fc.constant({}),
    announcements: fc.constant([]),
  });
});

/** The bits of doubles, as `read-arrays.py` prints them. */
export const bitsOf = (values: ArrayLike<number>): string[] =>
  Array.from(values, (value) => Buffer.from(new Float64Array([value]).buffer).toString('hex'));
