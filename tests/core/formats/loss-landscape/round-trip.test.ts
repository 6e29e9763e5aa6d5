import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FormatError } from '../../../../core/formats/format-error.ts';
import type { LandscapeFile } from '../../../../core/formats/landscape-file.ts';
import { readDirections } from '../../../../core/formats/loss-landscape/directions.ts';
import { array, dataset, fromHdf5Name, group, hdf5Name } from '../../../../core/formats/loss-landscape/hdf5-tree.ts';
import { readProjection } from '../../../../core/formats/loss-landscape/projection.ts';
import { landscapeOfTree } from '../../../../core/formats/loss-landscape/read-landscape.ts';
import { snapshotTree } from '../../../../core/formats/loss-landscape/snapshot.ts';
import { namesOfTensors } from '../../../../core/formats/loss-landscape/tensor-names.ts';
import { surfaceTree } from '../../../../core/formats/loss-landscape/write-surface.ts';
import { hdf5Bytes, hdf5Tree } from '../../../../electron/host/hdf5/hdf5-thread.ts';
import { readHdf5Landscape, writeSnapshotFile, writeSurfaceFile } from '../../../../electron/host/hdf5/index.ts';
import { type BundledEntry, bundledEntry } from '../../../support/bundled-entry.ts';
import { smallLandscape } from '../../../support/loss-landscape/landscapes.ts';
import { askTool, python, why } from '../../../support/loss-landscape/python.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'landscapes-'));
let thread: BundledEntry;
beforeAll(async () => {
  thread = await bundledEntry('electron', 'host', 'hdf5', 'thread.ts');
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await thread.remove();
});

/** Numbers of every kind, NaN, infinities and −0 included. */
const numbers = (length: number) =>
  fc.array(fc.double(), { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const words = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\0\p{Cs}]/u.test(text));

const landscapes = (most: number): fc.Arbitrary<LandscapeFile> =>
  fc
    .record({
      extents: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: most }),
      quantities: fc.uniqueArray(words, { minLength: 1, maxLength: 3 }),
      notes: fc.dictionary(words, words, { maxKeys: 3, noNullPrototype: true }),
      announcements: fc.array(words, { maxLength: 2 }),
      steps: fc.option(fc.array(fc.nat(), { minLength: 1, maxLength: 3 })),
      norm: fc.option(finite),
    })
    .chain(({ extents, quantities, notes, announcements, steps, norm }) => {
      const points = extents.reduce((product, extent) => product * extent, 1);
      const masks = fc
        .array(fc.boolean(), { minLength: points, maxLength: points })
        .map((mask) => Uint8Array.from(mask, Number));
      const along = steps === null ? fc.constant(null) : numbers(steps.length);
      return fc.record({
        form: fc.constant('saddlescope' as const),
        axes: fc.tuple(
          ...extents.map((n, k) =>
            fc.array(finite, { minLength: n, maxLength: n }).map((values) => ({
              name: `axis ${k}`,
              coordinates: Float64Array.from(values),
              norm,
            })),
          ),
        ),
        fields: fc.tuple(
          ...quantities.map((quantity, k) =>
            fc.record({
              quantity: fc.constant(quantity),
              values: numbers(points),
              computed: masks,
              ...(k === 0 && { uncertainty: numbers(points) }),
            }),
          ),
        ),
        path:
          steps === null
            ? fc.constant(null)
            : fc.record({
                steps: fc.constant(steps),
                coordinates: fc.tuple(...extents.map(() => numbers(steps.length))),
                distance: along,
                loss: fc.constant(null),
              }),
        directions: fc.option(
          fc.tuple(...extents.map(() => numbers(6).map((data) => [{ name: 'fc.weight', shape: [2, 1, 3], data }]))),
        ),
        notes: fc.constant(notes),
        announcements: fc.constant(announcements),
      });
    });

describe('what is written is read', () => {
  it('landscapes of ours, bit for bit: lines, planes and volumes', async () => {
    await fc.assert(
      fc.asyncProperty(landscapes(3), async (landscape) => {
        expect(await readHdf5Landscape(await writeSnapshotFile(landscape))).toEqual(landscape);
      }),
      { numRuns: 30 },
    );
  });

  it('surface files: every quantity, mask and uncertainty; error up to rounding', async () => {
    await fc.assert(
      fc.asyncProperty(landscapes(2), async (landscape) => {
        // A file whose loss nobody computed has nothing else to say of it.
        const { values, computed } = landscape.fields[0]!;
        const mine = { ...landscape, fields: [{ quantity: 'loss', values, computed }, ...landscape.fields.slice(1)] };
        const { bytes } = await writeSurfaceFile(mine, { directionFile: 'd.h5' });
        const read = await readHdf5Landscape(bytes);
        const { dir_file, ...notes } = read.notes;
        const { dir_file: _, ...given } = mine.notes;
        expect([dir_file, notes]).toEqual(['d.h5', given]);
        expect(read.path).toEqual(mine.path);
        expect(read.axes.map(({ coordinates, norm }) => [coordinates, norm])).toEqual(
          mine.axes.map(({ coordinates, norm }) => [coordinates, norm]),
        );
        for (const { quantity, values: written, computed: mask } of mine.fields) {
          const found = read.fields.find((field) => field.quantity === quantity)!;
          expect(found.computed).toEqual(mask);
          for (let i = 0; i < written.length; i++) if (mask[i]) expect(found.values[i]).toBe(written[i]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('through the bundled thread as without it', async () => {
    const tree = snapshotTree(smallLandscape(3));
    const options = { file: thread.file };
    expect(landscapeOfTree(await hdf5Tree(await hdf5Bytes(tree, options), options))).toEqual(smallLandscape(3));
  });

  it('names of any kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const name = hdf5Name(text);
        expect(name).not.toMatch(/^$|^\.+$|\/|\p{Cc}/u);
        if (!/[\u0080-\u009f\p{Cs}]/u.test(text)) expect(fromHdf5Name(name)).toBe(text);
      }),
    );
    expect(new Set(['', '.', '..', '%', '%2E', 'a/b'].map(hdf5Name)).size).toBe(6);
  });
});

describe('values that mean something else to the tool', () => {
  it('are announced, and told apart by the mask', () => {
    const axes = [{ name: 'α', coordinates: Float64Array.of(0, 1, 2), norm: null }];
    const computed = Uint8Array.of(1, 0, 1);
    const field = (quantity: string, ...values: number[]) => ({
      quantity,
      values: Float64Array.from(values),
      computed,
    });
    const fields = [field('loss', -1, 5, 0), field('lambda_min', 1, 5, -3)];
    const { tree, announcements } = surfaceTree({ ...smallLandscape(1), axes, fields }, { directionFile: 'd' });
    expect(announcements.join('\n')).toMatch(
      /1 computed values of train_loss are exactly -1[\s\S]*1 values of train_loss are not above zero[\s\S]*min_eig are exactly 1/,
    );
    const read = landscapeOfTree(tree);
    expect(read.fields.map((found) => [...found.computed])).toEqual([
      [1, 0, 1],
      [1, 0, 1],
    ]);
    expect([...read.fields[0]!.values]).toEqual([-1, Number.NaN, 0]);
  });

  it('volumes have no such file', () => {
    expect(() => surfaceTree(smallLandscape(3), { directionFile: 'd' })).toThrow(/3 axes/);
  });

  it('losses on the test set go under its names', () => {
    const { tree } = surfaceTree(smallLandscape(1), { directionFile: 'd', on: 'test' });
    expect([...tree.members.keys()]).toEqual(['dir_file', 'xcoordinates', 'test_loss', 'test_acc', 'saddlescope']);
    expect(
      landscapeOfTree(tree)
        .fields.slice(0, 2)
        .map(({ quantity }) => quantity),
    ).toEqual(['test_loss', 'test_error']);
  });
});

const x = Float64Array.of(0, 1);
const direction = (shape: number[]) => group({ 0: array(new Float64Array(shape.reduce((p, n) => p * n, 1)), shape) });

describe('trees that are no landscape are refused by name', () => {
  it.each([
    ['landscape-unknown', () => landscapeOfTree(group({ weights: x }))],
    ['landscape-unknown', () => landscapeOfTree(group({ xdirection: direction([2]) }))],
    ['landscape-unknown', () => landscapeOfTree(group({ proj_xcoord: x }))],
    ['landscape-values', () => landscapeOfTree(group({ xcoordinates: x }))],
    ['landscape-values', () => landscapeOfTree(group({ xcoordinates: 'none' }))],
    ['landscape-axis', () => landscapeOfTree(group({ xcoordinates: new Float64Array(0), train_loss: x }))],
    ['landscape-axis', () => landscapeOfTree(group({ xcoordinates: Float64Array.of(0, Number.NaN), train_loss: x }))],
    ['landscape-shape', () => landscapeOfTree(group({ xcoordinates: x, train_loss: Float64Array.of(1, 2, 3) }))],
    ['landscape-version', () => landscapeOfTree(group({}, { format: 'saddlescope landscape', version: 2 }))],
    ['landscape-axis', () => landscapeOfTree(group({}, { format: 'saddlescope landscape', version: 1 }))],
    ['landscape-numbering', () => readDirections(group({ xdirection: group({ 0: x, 2: x }) }))],
    ['landscape-direction', () => readDirections(group({ ydirection: direction([2]) }))],
    ['landscape-direction', () => readDirections(group({ xdirection: direction([2]), ydirection: direction([3]) }))],
    ['landscape-direction', () => readDirections(group({ xdirection: group({ 0: dataset('text') }) }))],
    ['landscape-projection', () => readProjection(group({ x }), 'cos', null)],
    [
      'landscape-projection',
      () => readProjection(group({ proj_xcoord: x, proj_ycoord: Float64Array.of(1) }), 'cos', null),
    ],
    [
      'landscape-direction',
      () => readProjection(group({ proj_xcoord: x, proj_ycoord: x }), 'cos', { norms: [1, 1], cosine: 1 }),
    ],
  ] as const)('%s', (rule, read) => {
    let problem: unknown;
    try {
      read();
    } catch (thrown) {
      problem = thrown;
    }
    expect(problem).toBeInstanceOf(FormatError);
    expect((problem as FormatError).rule).toBe(rule);
  });
});

describe('names of tensors that are only numbered', () => {
  it.each([
    ['dense layers', [[4, 3], [4], [2, 4], [2]], ['0.weight', '0.bias', '1.weight', '1.bias']],
    [
      'without biases',
      [
        [4, 3],
        [2, 4],
      ],
      ['0.weight', '1.weight'],
    ],
    [
      'normalisation behind a convolution',
      [[4, 3, 3, 3], [4], [4], [2, 4], [2]],
      ['0.weight', '1.weight', '1.bias', '2.weight', '2.bias'],
    ],
    ['… with a bias', [[4, 3, 3, 3], [4], [4], [4], [2, 4]], ['0.weight', '0.bias', '1.weight', '1.bias', '2.weight']],
    ['nothing', [], []],
  ])('%s', (_, shapes, names) => {
    expect(namesOfTensors(shapes)).toEqual(names);
  });
});

describe(`our landscape without us${why}`, () => {
  it.skipIf(python === null)(
    'h5py reads axes, quantities, masks, uncertainties, path, directions and notes',
    async () => {
      const landscape = smallLandscape(3);
      const file = path.join(folder, 'ours.h5');
      writeFileSync(file, await writeSnapshotFile(landscape));
      type Seen = Record<string, { shape: number[]; value: unknown; attributes: Record<string, unknown> }>;
      const [seen] = askTool<[Seen]>({ do: 'read_all', file });
      expect(seen['/']!.attributes).toEqual({ format: 'saddlescope landscape', version: 1 });
      expect(seen['coordinates/0']).toEqual({
        shape: [4],
        value: [-1, -0.25, 0.5, 1],
        attributes: { name: 'α', norm: 2.5 },
      });
      expect(seen['coordinates/1']!.attributes).toEqual({ name: 'β' });
      // Axis 0 last: value[k][j][i] at (α_i, β_j, γ_k).
      const loss = seen['fields/loss'] as unknown as { shape: number[]; value: number[][][] };
      expect(loss.shape).toEqual([2, 3, 4]);
      const values = landscape.fields[0]!.values;
      for (const [i, j, k] of [
        [0, 0, 0],
        [3, 0, 0],
        [0, 2, 0],
        [1, 1, 1],
      ] as const)
        if (i + 4 * (j + 3 * k) > 2) expect(loss.value[k]![j]![i]).toBe(values[i + 4 * (j + 3 * k)]);
      expect(loss.value[0]![0]!.slice(1, 3)).toEqual(['NaN', 'Infinity']);
      expect((seen['computed/loss']!.value as number[][][]).flat(2)).toEqual([...landscape.fields[0]!.computed]);
      expect((seen['uncertainty/loss']!.value as number[][][]).flat(2)).toEqual([...landscape.fields[0]!.uncertainty!]);
      expect(seen['path/coordinates']!.value).toEqual(landscape.path!.coordinates.map((along) => [...along]));
      expect(seen['path/steps']!.value).toEqual([0, 10, 20]);
      expect(seen['directions/2/0']).toEqual({
        shape: [2, 3],
        value: [
          [1, 2, 3],
          [4, 5, 8],
        ],
        attributes: { name: 'fc.weight' },
      });
      expect(seen['notes/command']!.value).toBe(landscape.notes.command);
      expect(seen['notes/a%2Fb']!.value).toBe('');
      expect(seen.announcements!.value).toEqual(landscape.announcements);
    },
  );
});
