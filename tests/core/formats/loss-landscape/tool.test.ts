import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pointAt } from '../../../../core/fields/grid.ts';
import type { LandscapeFile } from '../../../../core/formats/landscape-file.ts';
import { methodOfName, withDirections, withPath } from '../../../../core/formats/loss-landscape/projection.ts';
import { weightsFromOutside } from '../../../../core/models/weights-from-outside.ts';
import { type ParameterRole, parameterLayout } from '../../../../core/objective/parameter-layout.ts';
import {
  readDirectionFile,
  readHdf5Landscape,
  readProjectionFile,
  writeDirectionFile,
  writeProjectionFile,
  writeSurfaceFile,
} from '../../../../electron/host/hdf5/index.ts';
import { smallLandscape } from '../../../support/loss-landscape/landscapes.ts';
import { askTool, python, why } from '../../../support/loss-landscape/python.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'loss-landscape-'));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (name: string) => path.join(folder, name);
const bytesOf = (name: string) => new Uint8Array(readFileSync(place(name)));

const fieldOf = ({ fields }: LandscapeFile, quantity: string) => {
  const found = fields.find((field) => field.quantity === quantity);
  if (found === undefined) throw new Error(`no ${quantity} among ${fields.map((field) => field.quantity)}`);
  return found;
};

/** What tool.py computes at a point: `plane`. */
const lossAt = (x: number, y = 0) => 10 + x + 100 * y;
const accuracyAt = (x: number, y = 0) => 50 + x - 10 * y;

/** Every cell against the formula at its own coordinates. */
function expectPlane(file: LandscapeFile, quantity: string, of: (x: number, y: number) => number, most = Infinity) {
  const { values, computed } = fieldOf(file, quantity);
  const [x, y] = file.axes.map(({ coordinates }) => coordinates);
  let filled = 0;
  for (let j = 0; j < (y?.length ?? 1); j++) {
    for (let i = 0; i < x!.length; i++) {
      const at = pointAt([x!, ...(y ? [y] : [])], y ? [i, j] : [i]);
      filled += computed[at]!;
      if (computed[at]) expect(values[at]).toBeCloseTo(of(x![i]!, y ? y[j]! : 0), 12);
      else expect(values[at]).toBeNaN();
    }
  }
  expect(filled).toBe(Math.min(most, values.length));
}

describe.skipIf(python === null)(`surface files of loss-landscape${why}`, () => {
  const surface = (name: string, more: Record<string, unknown>) => ({
    do: 'write_surface',
    file: place(name),
    dir_file: 'model_weights.h5',
    x: [-1, 1, 4],
    most: 1000,
    ...more,
  });

  it('are read in the order in which the tool computes, square or not, whole or not', async () => {
    askTool(
      surface('square.h5', { y: [-1, 2, 4], eigenvalues: true, test: true }),
      surface('wide.h5', { x: [-1, 1, 7], y: [-1, 2, 3] }),
      surface('tall.h5', { y: [-1, 2, 6], most: 9, eigenvalues: true }),
      surface('line.h5', { most: 3 }),
    );
    const square = await readHdf5Landscape(bytesOf('square.h5'));
    expect(square.form).toBe('loss-landscape');
    expect(square.notes).toEqual({ dir_file: 'model_weights.h5' });
    expect(square.fields.map(({ quantity }) => quantity)).toEqual([
      'loss',
      'error',
      'test_loss',
      'test_error',
      'lambda_max',
      'lambda_min',
    ]);
    for (const quantity of ['loss', 'test_loss', 'lambda_max']) expectPlane(square, quantity, lossAt);
    for (const quantity of ['error', 'test_error']) expectPlane(square, quantity, (x, y) => 1 - accuracyAt(x, y) / 100);
    expectPlane(square, 'lambda_min', accuracyAt);
    expect(square.announcements.join('\n')).toMatch(/percent[\s\S]*sum over its batches[\s\S]*file of their own/);
    expect(square.announcements.join('\n')).not.toMatch(/not square|not computed/);

    const wide = await readHdf5Landscape(bytesOf('wide.h5'));
    expectPlane(wide, 'loss', lossAt);
    expect(wide.announcements.join('\n')).toMatch(/not square \(7 × 3\)/);

    const tall = await readHdf5Landscape(bytesOf('tall.h5'));
    expectPlane(tall, 'loss', lossAt, 9);
    // min_eig begins as +1, the others as −1.
    expectPlane(tall, 'lambda_min', accuracyAt, 9);
    expectPlane(tall, 'lambda_max', lossAt, 9);
    expect(tall.announcements.join('\n')).toMatch(
      /15 of 24 values of train_loss are -1[\s\S]*15 of 24 values of min_eig are 1/,
    );

    const line = await readHdf5Landscape(bytesOf('line.h5'));
    expect(line.axes.map(({ name }) => name)).toEqual(['x']);
    expectPlane(line, 'loss', lossAt, 3);
  });

  it('of ours are read by the tool as it plots them, in both orientations', async () => {
    for (const [nx, ny] of [
      [7, 3],
      [3, 7],
      [4, 4],
    ] as const) {
      const axes = [nx, ny].map((n, k) => ({
        name: 'xy'[k]!,
        coordinates: Float64Array.from({ length: n }, (_, i) => i - 1.5),
        norm: null,
      }));
      const points = nx * ny;
      const [x, y] = axes.map(({ coordinates }) => coordinates);
      const values = Float64Array.from({ length: points }, (_, at) => lossAt(x![at % nx]!, y![Math.floor(at / nx)]!));
      const computed = Uint8Array.from({ length: points }, (_, at) => (at % 5 === 4 ? 0 : 1));
      const accuracy = Float64Array.from({ length: points }, (_, at) => at / points);
      const fields = [
        { quantity: 'loss', values, computed },
        { quantity: 'error', values: accuracy, computed: new Uint8Array(points).fill(1) },
      ];
      const { bytes } = await writeSurfaceFile({ ...smallLandscape(2), axes, fields }, { directionFile: 'd.h5' });
      writeFileSync(place('ours.h5'), bytes);
      type Seen = {
        X: number[][];
        Y: number[][];
        train_loss: number[][];
        train_acc: number[][];
        unplotted: number[];
        dir_file: string;
      };
      const [seen] = askTool<[Seen]>({
        do: 'read_surface',
        file: place('ours.h5'),
        names: ['train_loss', 'train_acc'],
      });
      expect(seen.dir_file).toBe('d.h5');
      for (const [j, row] of seen.X.entries()) {
        for (const [i, atX] of row.entries()) {
          const at = i + nx * j;
          expect([atX, seen.Y[j]![i]]).toEqual([x![i], y![j]]);
          expect(seen.train_loss[j]![i]).toBe(computed[at] ? lossAt(x![i]!, y![j]!) : -1);
          expect(seen.train_acc[j]![i]).toBe(100 * (1 - accuracy[at]!));
        }
      }
      const unfilled = [...computed.keys()].filter((at) => computed[at] === 0 || values[at]! <= 0);
      expect(seen.unplotted).toEqual(unfilled);
    }
  });

  it('of ours can be filled on by the tool: what it adds is computed, whatever our mask said', async () => {
    const landscape = smallLandscape(2);
    const { bytes, announcements } = await writeSurfaceFile(landscape, { directionFile: 'd.h5' });
    expect(announcements.join('\n')).toMatch(/no name for class_loss_3/);
    writeFileSync(place('go-on.h5'), bytes);
    askTool({ do: 'fill', file: place('go-on.h5'), most: 1000 });
    const read = await readHdf5Landscape(bytesOf('go-on.h5'));
    const loss = fieldOf(read, 'loss');
    expect([...loss.computed]).toEqual(Array(12).fill(1));
    const [x, y] = landscape.axes.map(({ coordinates }) => coordinates);
    expect(loss.values[3]).toBeCloseTo(lossAt(x![3]!, y![0]!), 12);
    expect(loss.values[4]).toBe(landscape.fields[0]!.values[4]);
  });
});

type Tensor = { shape: number[]; data: number[]; dtype: string };
const tensor = (shape: number[], from: number, dtype = 'float32'): Tensor => ({
  shape,
  dtype,
  data: Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => from + i / 4),
});

describe.skipIf(python === null)(`direction and projection files of loss-landscape${why}`, () => {
  it('directions come in numeric order ("10" after "9"), with names that tell layers apart', async () => {
    const tensors = Array.from({ length: 12 }, (_, i) => tensor(i % 2 === 0 ? [2, 3] : [2], i));
    askTool({
      do: 'write_direction',
      file: place('d.h5'),
      directions: {
        xdirection: tensors,
        ydirection: tensors.map((t) => ({ ...t, data: t.data.map((v, i) => (i % 2 ? v : -v)) })),
      },
    });
    const read = await readDirectionFile(bytesOf('d.h5'));
    expect(read.directions).toHaveLength(2);
    expect(read.directions[0]!.map(({ data }) => data[0])).toEqual(tensors.map((_, i) => i));
    expect(read.directions[0]!.map(({ name }) => name).slice(0, 4)).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
    ]);
    expect(read.isOfStates).toBe(false);
    const flat = (d: readonly { readonly data: Float64Array }[]) => d.flatMap(({ data }) => [...data]);
    const [x, y] = read.directions.map(flat);
    const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    expect(read.cosine).toBeCloseTo(dot(x!, y!) / Math.hypot(...x!) / Math.hypot(...y!), 12);
    expect(read.norms[0]).toBeCloseTo(Math.hypot(...x!), 10);
  });

  it('directions through states say so, and their statistics have names of their own', async () => {
    const states = [
      ...[tensor([4, 3, 3, 3], 0), tensor([4], 1), tensor([4], 2), tensor([4], 3), tensor([4], 4)],
      ...[tensor([], 7, 'int64'), tensor([2, 4], 5), tensor([2], 6)],
    ];
    askTool({ do: 'write_direction', file: place('s.h5'), directions: { xdirection: states } });
    const read = await readDirectionFile(bytesOf('s.h5'));
    expect([read.isOfStates, read.cosine]).toEqual([true, null]);
    expect(read.announcements.join('\n')).toMatch(/through states/);
    expect(read.directions[0]!.map(({ name }) => name)).toEqual([
      ...['0.weight', '1.weight', '1.bias', '1.running_mean', '1.running_var', '1.num_batches_tracked'],
      ...['2.weight', '2.bias'],
    ]);
    // As the tool's own norm: what has no axes is left out.
    const { vectors } = askTool<[{ vectors: number[][] }]>({ do: 'read_direction', file: place('s.h5') })[0];
    expect(read.norms[0]).toBeCloseTo(Math.hypot(...vectors[0]!), 10);
  });

  it('a direction file becomes a direction of ours: out × in turned, statistics left out', async () => {
    const tensors = [tensor([2, 3], 0), tensor([2], 10), ...[20, 30, 40, 50].map((from) => tensor([2], from))];
    const states = [...tensors, tensor([], 3, 'int64'), tensor([1, 2], 60), tensor([1], 70)];
    askTool({ do: 'write_direction', file: place('o.h5'), directions: { xdirection: states } });
    const { directions } = await readDirectionFile(bytesOf('o.h5'));
    const named = new Map(directions[0]!.map(({ name, ...rest }) => [name, { ...rest, dtype: 'float64' as const }]));
    const block = (name: string, role: ParameterRole, shape: number[]) => ({
      ...{ name, role, shape, filterAxis: null },
      layer: name.slice(0, name.indexOf('/')),
    });
    const layout = parameterLayout([
      ...[block('first/kernel', 'kernel', [3, 2]), block('first/bias', 'bias', [2])],
      ...[block('norm/gamma', 'gain', [2]), block('norm/beta', 'shift', [2])],
      ...[block('last/kernel', 'kernel', [2, 1]), block('last/bias', 'bias', [1])],
    ]);
    expect([...weightsFromOutside(named, layout, 'pytorch')]).toEqual([
      ...[0, 0.75, 0.25, 1, 0.5, 1.25, 10, 10.25],
      ...[20, 20.25, 30, 30.25, 60, 60.25, 70],
    ]);
  });

  it('principal directions of ours are read by the tool, tensor by tensor', async () => {
    const directions = smallLandscape(2).directions!;
    const two = Float64Array.of(0.75, 0.125);
    writeFileSync(
      place('pca.h5'),
      await writeDirectionFile(directions, {
        explainedVarianceRatio: two,
        singularValues: two,
        explainedVariance: two,
      }),
    );
    const [seen] = askTool<[{ directions: Tensor[][]; ratio: number[] }]>({
      do: 'read_direction',
      file: place('pca.h5'),
    });
    expect(seen.ratio).toEqual([0.75, 0.125]);
    expect(seen.directions).toEqual(
      directions.map((d) => d.map(({ shape, data }) => ({ shape, dtype: 'float32', data: [...data] }))),
    );
    const read = await readDirectionFile(bytesOf('pca.h5'));
    expect(read.directions).toEqual(directions);
    expect([...read.principalComponents!.explainedVarianceRatio]).toEqual([0.75, 0.125]);
  });

  it('a path projected by “cos” on skew directions becomes the least-squares one; without directions it stays', async () => {
    const [x, y] = smallLandscape(2).directions!;
    const differences = [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [0, -1, 0, 2, 0, 1, 1, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
    ];
    writeFileSync(
      place('skew.h5'),
      await writeDirectionFile([
        x!,
        y!.map((t, i) => ({ ...t, data: t.data.map((v, k) => (k % 2 ? v : 0.5 * v + i)) })),
      ]),
    );
    const request = { do: 'write_projection', dir_file: place('skew.h5'), differences };
    const [{ lstsq }] = askTool<[{ lstsq: number[][] }, unknown]>(
      { ...request, file: place('skew.h5_proj_cos.h5'), method: 'cos' },
      { ...request, file: place('skew.h5_proj_lstsq.h5'), method: 'lstsq' },
    );
    const directions = await readDirectionFile(bytesOf('skew.h5'));
    expect(Math.abs(directions.cosine!)).toBeGreaterThan(0.5);
    for (const name of ['skew.h5_proj_cos.h5', 'skew.h5_proj_lstsq.h5']) {
      // The tool multiplies in single precision: 1e-7 of lengths near ten.
      const { path: found, announcements } = await readProjectionFile(bytesOf(name), methodOfName(name), directions);
      expect(found.steps).toEqual([0, 1, 2]);
      for (const [i, coordinates] of lstsq.entries())
        for (const [k, value] of coordinates.entries()) expect(found.coordinates[k]![i]).toBeCloseTo(value, 5);
      expect(/not orthogonal/.test(announcements.join('\n'))).toBe(name.includes('cos'));
      // And back into the tool's own numbers.
      const raw = await readProjectionFile(bytesOf(name), 'lstsq', null);
      const again = await writeProjectionFile(found, methodOfName(name), directions);
      const both = await readProjectionFile(again, 'lstsq', null);
      for (const [k, along] of both.path.coordinates.entries())
        for (const [i, value] of along.entries()) expect(value).toBeCloseTo(raw.path.coordinates[k]![i]!, 9);
    }
    const alone = await readProjectionFile(bytesOf('skew.h5_proj_cos.h5'), 'cos', null);
    expect(alone.announcements.join('\n')).toMatch(/give the direction file/);
    expect(alone.path.coordinates[0]![0]).not.toBeCloseTo(lstsq[0]![0]!, 3);
  });

  it('surface, directions and path go together', async () => {
    const landscape = smallLandscape(2);
    const surface = await readHdf5Landscape((await writeSurfaceFile(landscape, { directionFile: 'd.h5' })).bytes);
    const directions = await readDirectionFile(await writeDirectionFile(landscape.directions!));
    const path = await readProjectionFile(
      await writeProjectionFile(landscape.path!, 'cos', directions),
      'cos',
      directions,
    );
    const whole = withPath(withDirections(surface, directions), path);
    expect(whole.axes.map(({ norm }) => norm)).toEqual(directions.norms);
    expect(whole.directions).toEqual(landscape.directions);
    expect(whole.announcements.join('\n')).not.toMatch(/file of their own/);
    for (const [k, along] of whole.path!.coordinates.entries())
      for (const [i, value] of along.entries()) expect(value).toBeCloseTo(landscape.path!.coordinates[k]![i]!, 10);
    expect(whole.path!.steps).toEqual([0, 10, 20]);
    expect(whole.path!.distance).toEqual(landscape.path!.distance);
  });
});
