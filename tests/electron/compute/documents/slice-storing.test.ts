import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { SliceField } from '../../../../core/analyses/slices/slice.ts';
import { variantOf } from '../../../../core/analyses/slices/variant.ts';
import type { SliceDocument } from '../../../../core/experiment/result-documents.ts';
import { storeSlice } from '../../../../electron/compute/documents/slice-document.ts';
import { latestSlices, latestWholeSlices } from '../../../../electron/compute/documents/stored-results.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { sliced } from '../../../support/stopped-slice.ts';

const run = temporaryFolder();
const results = path.join(run, 'results');
afterAll(() => rmSync(run, { recursive: true }));
beforeEach(() => {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results);
});

const ofGrid = async (parameters: Record<string, unknown>): Promise<SliceDocument> => ({
  ...(await sliced({ settings: ['precision=float64'], parameters, state: null })).document,
  step: 0,
});
const stored = () => readdirSync(results).sort();
const bytesOf = () => stored().map((name) => readFileSync(path.join(results, name)).toString('base64'));
const never = (problem: Error) => {
  throw problem;
};
const whole = async () => (await latestWholeSlices(run, never)).map(({ document }) => document);

test('slices that answer different questions lie side by side, each under the name of its question', async () => {
  const questions = [{ grid: '5' }, { grid: '5', quantity: 'error' }, { grid: '5', extent: '2' }];
  for (const parameters of questions) expect(await storeSlice(run, await ofGrid(parameters))).toBeNull();
  const names = questions.map((parameters) => {
    const variant = variantOf(parameters);
    return `slice-random${variant === '' ? '' : `-${variant}`}-float64-step-0`;
  });
  expect(stored()).toEqual(names.flatMap((name) => [`${name}.json`, `${name}.npz`]).sort());
  expect((await whole()).map(({ fields, axes }) => [fields.length, axes[0]![0]]).sort()).toEqual([
    [1, -1],
    [1, -2],
    [2, -1],
  ]);
});

describe('nothing that is stored is lost to less', () => {
  test('a coarser grid and a cancelled one are refused and leave the bytes as they were; a finer one takes the place', async () => {
    const [coarse, middle, fine] = [
      await ofGrid({ grid: '5x4' }),
      await ofGrid({ grid: '7' }),
      await ofGrid({ grid: '9' }),
    ];
    expect(await storeSlice(run, middle)).toBeNull();
    const before = bytesOf();
    expect(await storeSlice(run, coarse)).toMatch(/slice-random-float64-step-0\.json has a finer grid .*remove it/);
    expect(await storeSlice(run, { ...fine, status: 'cancelled' })).toMatch(/it was stopped/);
    expect(bytesOf()).toEqual(before);
    // The same again is no loss.
    expect(await storeSlice(run, middle)).toBeNull();
    expect(await storeSlice(run, fine)).toBeNull();
    expect((await whole()).map(({ fields }) => fields[0].values)).toEqual([fine.fields[0].values]);
  });

  test('quantities that the new one lacks are named', async () => {
    // A slice of before: several quantities under the plain name.
    const { variant: _, ...rich } = await ofGrid({ grid: '5', quantity: 'error,gradient_norm' });
    const plain = await ofGrid({ grid: '9' });
    expect(await storeSlice(run, rich)).toBeNull();
    const before = bytesOf();
    expect(await storeSlice(run, plain)).toMatch(/has error, gradient_norm besides/);
    expect(bytesOf()).toEqual(before);
  });

  test('a slice to other points whose names end alike stays', async () => {
    const one = { ...(await ofGrid({ grid: '5' })), points: ['a/other'] };
    expect(await storeSlice(run, one)).toBeNull();
    expect(await storeSlice(run, { ...one, points: ['b/other'] })).toMatch(/has other points/);
    expect(await storeSlice(run, one)).toBeNull();
  });

  test('a slice that did not converge gives its place to a coarser one that did', async () => {
    const [fine, coarse] = [await ofGrid({ grid: '9' }), await ofGrid({ grid: '5' })];
    expect(await storeSlice(run, { ...fine, status: 'notFinite' })).toBeNull();
    expect(await storeSlice(run, coarse)).toBeNull();
    expect((await whole())[0]!.axes[0]).toHaveLength(5);
  });
});

/** Element by element would take seconds. */
const bitsOf = (fields: SliceDocument['fields']) =>
  fields.map(({ values, computed, uncertainty, ...rest }) => ({
    ...rest,
    values: bits(values),
    computed: bits(computed),
    uncertainty: uncertainty && bits(uncertainty),
  }));
const bits = ({ buffer, byteOffset, byteLength }: Float64Array | Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** A small slice with its fields laid over a larger grid. */
async function large(side: number): Promise<SliceDocument> {
  const small = await ofGrid({ grid: '5', quantity: 'error' });
  const axis = Float64Array.from({ length: side }, (_, i) => i / (side - 1));
  const spread = (field: SliceField, factor: number): SliceField => ({
    ...field,
    values: Float64Array.from({ length: side * side }, (_, i) => (i === 7 ? Number.NaN : factor * Math.sin(i) + 2)),
    computed: Uint8Array.from({ length: side * side }, (_, i) => (i % 5 === 0 ? 0 : 1)),
    uncertainty: field.uncertainty && Float64Array.from({ length: side * side }, (_, i) => 1 / (i + 1)),
  });
  const [loss, error] = small.fields;
  return { ...small, axes: [axis, axis], fields: [spread(loss, 1), spread(error!, 0.1)] };
}

describe('the numbers of a large grid lie in the .npz alone', () => {
  test('and come back from the folder as they were, whole and as text', async () => {
    const document = await large(401);
    expect(await storeSlice(run, document)).toBeNull();
    const [text] = stored().filter((name) => name.endsWith('.json'));
    expect(readFileSync(path.join(results, text!)).length).toBeLessThan(100_000);
    const back = await whole();
    expect(back).toHaveLength(1);
    expect(bitsOf(back[0]!.fields)).toEqual(bitsOf(document.fields));
    expect(back[0]!.axes).toEqual(document.axes);
    expect(back[0]!.vectors).toEqual(document.vectors);
    const [read] = await latestSlices(run);
    expect(bitsOf(read!.fields)).toEqual(bitsOf(document.fields));
    // What it holds is known without its numbers: less is refused.
    expect(await storeSlice(run, await ofGrid({ grid: '5', quantity: 'error' }))).toMatch(/has a finer grid/);
  });

  test('small ones have them in both, the same', async () => {
    const document = await large(31);
    await storeSlice(run, document);
    const [text] = stored().filter((name) => name.endsWith('.json'));
    expect(JSON.parse(readFileSync(path.join(results, text!), 'utf8')).fields[0].values).toHaveLength(31 * 31);
    expect((await whole())[0]!.fields).toEqual(document.fields);
  });

  test.each([
    ['is gone', () => rmSync(path.join(results, stored().find((name) => name.endsWith('.npz'))!))],
    ['is torn', () => writeFileSync(path.join(results, stored().find((name) => name.endsWith('.npz'))!), 'PK')],
  ])('one whose .npz %s is told and skipped', async (_what, harm) => {
    await storeSlice(run, await large(401));
    harm();
    const told: string[] = [];
    expect(await latestWholeSlices(run, ({ message }) => told.push(message))).toEqual([]);
    expect(told).toEqual([expect.stringContaining('is not a result')]);
  });

  test('one whose .npz is of another grid is told and skipped: a process died between the two files', async () => {
    await storeSlice(run, await large(401));
    const npz = path.join(results, stored().find((name) => name.endsWith('.npz'))!);
    const other = temporaryFolder();
    mkdirSync(path.join(other, 'results'));
    await storeSlice(other, await large(402));
    writeFileSync(npz, readFileSync(path.join(other, 'results', path.basename(npz))));
    rmSync(other, { recursive: true });
    const told: string[] = [];
    expect(await latestWholeSlices(run, ({ message }) => told.push(message))).toEqual([]);
    expect(told).toHaveLength(1);
  });
});
