import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SaddlesDocument } from '../../../../core/experiment/result-documents.ts';
import { readJson, writeJson } from '../../../../core/formats/json-numbers.ts';
import { writeNpz } from '../../../../core/formats/npz.ts';
import {
  nameOfSearch,
  saddlesArrays,
  saddlesOfPoint,
  storeSaddles,
} from '../../../../electron/compute/documents/saddles-document.ts';
import { isSearch } from '../../../../electron/compute/documents/search-forms.ts';
import { storedSearches } from '../../../../electron/compute/documents/stored-results.ts';
import { type OpenedExperiment, openExperiment } from '../../../../electron/compute/open-experiment.ts';
import { type OpenedPoint, pointOf } from '../../../../electron/compute/open-point.ts';
import { pointOfSearch } from '../../../../electron/compute/searches/point-of-search.ts';
import { sha256 } from '../../../../electron/host/run-folder.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { smallExperiment, trainSmall } from '../../../support/small-run.ts';

const folder = temporaryFolder();
const run = path.join(folder, 'run');
const results = path.join(run, 'results');
let opened: OpenedExperiment;
let point: OpenedPoint;
/** A finished search of eight starts, and one that was stopped after some. */
let whole: SaddlesDocument;
let name: string;

const parameters = { starts: 8, iterations: 10 };
const searched = (more: object = {}, signal = { aborted: false }, onOutcome = () => {}) =>
  saddlesOfPoint(
    point,
    run,
    { ...parameters, ...more },
    'saddlescope saddles run',
    { signal, onOutcome },
    { state: null },
  );

beforeAll(async () => {
  await trainSmall(run);
  opened = await openExperiment(smallExperiment(), run);
  point = await pointOf(opened, run, undefined);
  whole = await searched();
  name = nameOfSearch(whole);
});
afterAll(async () => {
  opened.dispose();
  await fs.rm(folder, { recursive: true });
});
beforeEach(() => fs.rm(results, { recursive: true, force: true }));

const file = (ending: string) => path.join(results, `${name}.${ending}`);
const thetaOf = async (number: number, search = name) =>
  (await pointOfSearch(opened, run, search, number)).theta as Float64Array;
const listed = async () => {
  const told: string[] = [];
  const searches = await storedSearches(run, ({ message }) => told.push(message));
  return { searches, told };
};

/** Another search of the same name: other points. */
const other = (document: SaddlesDocument): SaddlesDocument => ({
  ...document,
  thetas: document.thetas.map((theta) => theta.map((x) => x + 1)),
});

describe('a search of a run', () => {
  test('is stored with θ of its points, bit for bit, and listed by the name that opens them', async () => {
    expect(await storeSaddles(run, whole)).toBeNull();
    expect(name).toBe('saddles-levenberg-marquardt-from-trajectory-float64');
    expect((await fs.readdir(results)).sort()).toEqual([`${name}.json`, `${name}.npz`]);
    const { searches, told } = await listed();
    expect(told).toEqual([]);
    const { thetas, ...text } = whole;
    expect(searches).toEqual([{ ...(readJson(writeJson(text)) as object), search: name }]);
    expect('arrays' in searches[0]!).toBe(false);
    for (const { number } of whole.points) expect(await thetaOf(number)).toEqual(thetas[number]);
    // The number names the point, not the row.
    const some = { ...whole, points: whole.points.slice(5), thetas: thetas.slice(5) };
    await storeSaddles(run, some);
    expect(await thetaOf(6)).toEqual(thetas[6]);
    await expect(thetaOf(0)).rejects.toThrow(/has no point 0.*Choose a point/);
  });

  test('that was stopped is kept, but not in the place of a finished one', async () => {
    const stopped: SaddlesDocument = { ...other(whole), status: 'cancelled', points: whole.points.slice(0, 3) };
    const part = { ...stopped, thetas: stopped.thetas.slice(0, 3) };
    expect(await storeSaddles(run, part)).toBeNull();
    expect((await listed()).searches[0]!.points).toHaveLength(3);
    expect(await storeSaddles(run, whole)).toBeNull();
    expect(await storeSaddles(run, part)).toContain('is of a finished search');
    expect(await thetaOf(1)).toEqual(whole.thetas[1]);
    expect(await storeSaddles(run, { ...part, points: [], thetas: [] })).toBe('no point was judged.');
    // One that did not converge is finished all the same; a damaged one is of no use to anybody.
    await storeSaddles(run, { ...whole, status: 'budgetSpent' });
    expect(await storeSaddles(run, part)).toContain('is of a finished search');
    await fs.writeFile(file('json'), '{"status":"converged"}');
    expect(await storeSaddles(run, part)).toBeNull();
    expect((await listed()).searches[0]!.points).toHaveLength(3);
  });

  test('stopped while it runs says so, and has what was judged', async () => {
    const signal = { aborted: false };
    let told = 0;
    const part = await searched({}, signal, () => {
      signal.aborted = ++told === 3;
    });
    expect(part.status).toBe('cancelled');
    expect(part.points).toEqual(whole.points.slice(0, 3).map((one) => expect.objectContaining({ loss: one.loss })));
    expect(part.thetas).toEqual(whole.thetas.slice(0, 3));
  });
});

describe('text and arrays', () => {
  test('of two searches are told where a point is opened, whichever was written last', async () => {
    await storeSaddles(run, whole);
    const [text, arrays] = [await fs.readFile(file('json')), await fs.readFile(file('npz'))];
    await storeSaddles(run, other(whole));
    // A process that died between its two files.
    await fs.writeFile(file('json'), text);
    await expect(thetaOf(2)).rejects.toThrow(/points of another search than the text.*Search again/);
    await fs.writeFile(file('npz'), arrays);
    expect(await thetaOf(2)).toEqual(whole.thetas[2]);
  });

  test.each<[string, (bytes: Buffer) => Uint8Array | null, RegExp]>([
    ['that are missing', () => null, /npz.*(not there|missing|no such|does not exist|cannot)/i],
    ['that are cut', (bytes) => bytes.subarray(0, bytes.length - 9), /another search/],
    ['with a bit that fell over', (bytes) => bytes.map((byte, i) => (i === 200 ? byte ^ 1 : byte)), /another search/],
  ])('%s are told and not opened', async (_, spoilt, sentence) => {
    await storeSaddles(run, whole);
    const bytes = spoilt(await fs.readFile(file('npz')));
    if (bytes === null) await fs.rm(file('npz'));
    else await fs.writeFile(file('npz'), bytes);
    await expect(thetaOf(2)).rejects.toMatchObject({ name: 'BadInput', message: expect.stringMatching(sentence) });
  });

  test.each<[string, (document: SaddlesDocument) => Uint8Array, RegExp]>([
    ['no archive', () => Buffer.from('PK no archive'), /damaged|archive|zip/i],
    ['no θ', () => writeNpz(new Map([['loss', saddlesArrays(whole).get('loss')!]])), /no θ of 8 points/],
    [
      'θ of fewer points',
      (all) => writeNpz(saddlesArrays({ ...all, points: all.points.slice(1), thetas: all.thetas.slice(1) })),
      /no θ of 8 points/,
    ],
    [
      'θ as whole numbers',
      () => writeNpz(new Map([['theta', { shape: [8, 22], dtype: 'int32', data: new Int32Array(8 * 22) }]])),
      /no θ of 8 points/,
    ],
    [
      'θ as a row',
      () => writeNpz(new Map([['theta', { shape: [8 * 22], dtype: 'float64', data: new Float64Array(8 * 22) }]])),
      /no θ of 8 points/,
    ],
    [
      'θ of another model',
      () => writeNpz(new Map([['theta', { shape: [8, 5], dtype: 'float64', data: new Float64Array(40) }]])),
      /have 5 parameters; the run has 22/,
    ],
  ])('made by hand, with %s, are told and not opened', async (_, bytesOf, sentence) => {
    await storeSaddles(run, whole);
    const bytes = bytesOf(whole);
    await fs.writeFile(file('npz'), bytes);
    const text = readJson(await fs.readFile(file('json'), 'utf8')) as object;
    await fs.writeFile(file('json'), writeJson({ ...text, arrays: sha256(bytes) }));
    await expect(thetaOf(2)).rejects.toMatchObject({ name: 'BadInput', message: expect.stringMatching(sentence) });
  });

  test('of an earlier form, without the sum of its arrays, are not opened', async () => {
    await storeSaddles(run, whole);
    const { arrays: _, ...text } = readJson(await fs.readFile(file('json'), 'utf8')) as { arrays: string };
    await fs.writeFile(file('json'), writeJson(text));
    await expect(thetaOf(2)).rejects.toThrow('another search');
  });
});

describe('names of searches', () => {
  test.each([
    'saddles-../x',
    'saddles-..',
    '../saddles-a',
    'saddles-a/b',
    'saddles-a\\b',
    'saddles-a.json',
    'saddles-a\0',
    'saddles-',
    'slice-random',
    '',
    'saddles-a\nb',
    '/etc/passwd',
  ])('%j is none', async (hostile) => {
    await expect(thetaOf(0, hostile)).rejects.toThrow('is no name of a search');
  });

  test('one that is not there is told', async () => {
    await expect(thetaOf(0, 'saddles-newton-mr-from-point-float64')).rejects.toMatchObject({ name: 'BadInput' });
  });
});

describe('what could not be stored', () => {
  test.each([
    [{ starts: 100_000 }, /100000 points with 22 parameters.*--starts \d+ at most/],
    [{ starts: 100_000, dense: 0 }, /100000 points/],
  ])('is refused before anything is computed', async (more, sentence) => {
    const began = performance.now();
    await expect(searched(more)).rejects.toThrow(sentence);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('the form of a stored search', () => {
  type Tree = Record<string, unknown> | unknown[];
  const text = () => {
    const { thetas: _, ...document } = whole;
    return readJson(writeJson(document)) as Record<string, unknown>;
  };
  /** Every place of a tree, of lists the first entry. */
  const places = (tree: Tree, at: readonly (string | number)[] = []): (readonly (string | number)[])[] =>
    Object.entries(tree)
      .slice(0, Array.isArray(tree) ? 1 : undefined)
      .flatMap(([key, value]) => {
        const here = [...at, Array.isArray(tree) ? Number(key) : key];
        return [here, ...(typeof value === 'object' && value !== null ? places(value as Tree, here) : [])];
      });
  const changed = (place: readonly (string | number)[], value: unknown) => {
    const document = text();
    let tree: Record<string | number, unknown> = document;
    for (const key of place.slice(0, -1)) tree = tree[key] as typeof tree;
    if (value === undefined) delete tree[place.at(-1)!];
    else tree[place.at(-1)!] = value;
    return document;
  };
  /** Said for people, or of no use to what reads it. */
  const free = new Set(['saddlescope', 'experiment', 'seed', 'mode', 'data.name', 'data.sha256']);
  const isFree = (place: readonly (string | number)[]) =>
    place[0] === 'data' ? place[1] !== 'examples' && place.length > 1 : free.has(place.join('.'));

  test('is that of what was computed', () => {
    expect(isSearch(text())).toBe(true);
  });

  test('has counts of a quadrature in fractions, and of a dense matrix as whole numbers', () => {
    const of = (method: string) => {
      const document = text();
      const [first] = document.points as Record<string, unknown>[];
      first!.index = { negative: 1.25, null: 3.5, positive: 17.25, tolerance: 1e-3, method, standardError: 0.5 };
      return isSearch(document);
    };
    expect([of('quadrature'), of('dense')]).toEqual([true, false]);
  });

  test('no part can be missing, or of another kind', () => {
    const first = places(text()).filter((place) => !isFree(place));
    expect(first.length).toBeGreaterThan(60);
    const taken: string[] = [];
    for (const place of first) {
      const key = place.at(-1)!;
      const isOptional = place.join('.') === 'step';
      const strangers = [
        ...(typeof key === 'number' || isOptional ? [] : [undefined]),
        { toString: 1 },
        [[]],
        () => {},
      ];
      for (const stranger of strangers)
        if (isSearch(changed(place, stranger))) taken.push(`${place.join('.')}: ${String(stranger)}`);
    }
    expect(taken).toEqual([]);
  });

  test.each<[string, (document: Record<string, unknown>, first: Record<string, unknown>) => void]>([
    ['an unknown verdict', (_, first) => (first.verdict = 'saddle')],
    ['an unknown finder', (document) => (document.finder = 'newton')],
    ['a certificate without a proof', (_, first) => Object.assign(first, { certified: true, proof: null })],
    ['a number of another start', (_, first) => (first.number = 7.5)],
    ['a number twice', (document) => ((document.points as unknown[])[1] = (document.points as unknown[])[0])],
    ['more points than starts', (document) => (document.starts = 4)],
    ['a copy of nothing', (_, first) => (first.sameAs = 99)],
    ['a copy of itself', (_, first) => (first.sameAs = first.number)],
    ['a spectrum of another length', (document) => (document.dim = 21)],
    ['a negative count', (_, first) => (first.index = { ...(first.index as object), negative: -1 })],
    ['text among the eigenvalues', (_, first) => (first.eigenvalues = ['1'])],
  ])('%s is none', (_, spoil) => {
    const document = text();
    spoil(document, (document.points as Record<string, unknown>[])[0]!);
    expect(isSearch(document)).toBe(false);
  });

  test('one that is none is told and left out; the others are listed', async () => {
    await storeSaddles(run, whole);
    await fs.writeFile(
      path.join(results, 'saddles-newton-mr-from-point-float64.json'),
      writeJson({ ...text(), points: [null] }),
    );
    await fs.writeFile(path.join(results, 'saddles-newton-tr-from-point-float64.json'), '{');
    const { searches, told } = await listed();
    expect(searches.map(({ search }) => search)).toEqual([name]);
    expect(told).toHaveLength(2);
    for (const sentence of told) expect(sentence).toMatch(/saddles-newton-.*is not a result.*compute it again/);
  });
});
