import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SearchedPoint } from '../../../../core/analyses/saddles/saddle.ts';
import { readNpz } from '../../../../core/formats/npz.ts';
import type { SearchSoFar } from '../../../../core/protocol/methods.ts';
import { escapeOfPoint } from '../../../../electron/compute/documents/escape-document.ts';
import { openExperiment } from '../../../../electron/compute/open-experiment.ts';
import { pointOfSearch } from '../../../../electron/compute/searches/point-of-search.ts';
import { handfuls } from '../../../../electron/compute/service/methods/saddles.ts';
import { readStoredExperiment } from '../../../../electron/host/run-folder.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { serviceForTests } from '../../../support/compute-service.ts';
import { searchedPoint } from '../../../support/searched-point.ts';
import { trainSmall } from '../../../support/small-run.ts';

const folder = temporaryFolder();
const run = path.join(folder, 'run');
const results = path.join(run, 'results');
const { service, connected } = serviceForTests();
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});
const page = connected();
service.grant('run', run);

/** ½‖W₂W₁ − diag(4, 3, 2, 1)‖², whose critical points are known: 16 parameters. */
const yaml = `name: linear
seed: 1
model: { deepLinear: { hidden: 2, singularValues: [4, 3, 2, 1], initial: { scale: 0.001 } } }
optimizer: { gradientDescent: { learningRate: 0.02 } }
steps: 200
checkpoints: { every: 20 }
`;
beforeAll(async () => {
  await trainSmall(run, { yaml });
});
beforeEach(() => {
  for (const name of readdirSync(results)) rmSync(path.join(results, name));
});

const source = { run: 'run', step: null };
const ofPoints = (parameters: Readonly<Record<string, unknown>>, keep = true) => ({ source, parameters, keep });
const plain = (points: readonly SearchedPoint[]) => points.map(({ stats: _, sameAs: __, ...point }) => point);
const numbersOf = (soFar: readonly SearchSoFar[]) => soFar.flatMap(({ points }) => points.map(({ number }) => number));

describe('a search', () => {
  test('tells every point exactly once before its result, which has all of them', async () => {
    const soFar: SearchSoFar[] = [];
    const asked = page.ask('saddles', ofPoints({ starts: 40 }), { onPartial: (one) => soFar.push(one) });
    const { value, status } = await asked.outcome;
    expect(status).toBe('converged');
    expect(value.points.map(({ number }) => number)).toEqual([...Array(40).keys()]);
    expect(numbersOf(soFar).sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
    const told = soFar.flatMap(({ points }) => points).sort((a, b) => a.number - b.number);
    expect(plain(told)).toEqual(plain(value.points));
    expect(new Set(soFar.map(({ starts }) => starts))).toEqual(new Set([40]));
    const kinds = asked.heard.map(({ kind }) => kind);
    expect(kinds.indexOf('result')).toBe(kinds.length - 1);
    expect([value.search, value.kept]).toEqual(['saddles-levenberg-marquardt-from-trajectory-float64', null]);
    expect('thetas' in value).toBe(false);
    expect(readdirSync(results).sort()).toEqual([`${value.search}.json`, `${value.search}.npz`]);
    const { searches } = await page.answered('storedResults', { run: 'run' });
    const { kept: _, ...shown } = value;
    expect(searches).toEqual([shown]);
  });

  test('that is cancelled keeps what was judged, leaves the quick lane free meanwhile, and goes on where it was', async () => {
    const parameters = { starts: 20_000, from: 'random', scales: '0.3' };
    const soFar: SearchSoFar[] = [];
    const under = page.ask('saddles', ofPoints(parameters), { onPartial: (one) => soFar.push(one) });
    await vi.waitFor(() => expect(numbersOf(soFar).length).toBeGreaterThan(10), { timeout: 20_000, interval: 10 });
    // What is quick is answered while all cores search; a file that is read takes some milliseconds alone.
    const began = performance.now();
    await page.answered('storedResults', { run: 'run' });
    expect(performance.now() - began).toBeLessThan(1000);
    under.cancel();
    const stopped = performance.now();
    const first = await under.outcome.catch(({ failure }) => failure);
    expect(performance.now() - stopped).toBeLessThan(250);
    expect(first.status ?? first.kind).toBe('cancelled');
    // Stored in the folder, whoever was told first.
    const state = await vi.waitFor(
      () => {
        const names = readdirSync(results);
        expect(names.filter((name) => /\.(json|npz)$/.test(name))).toHaveLength(2);
        return names.find((name) => name.endsWith('.state'))!;
      },
      { timeout: 10_000, interval: 20 },
    );
    const { searches } = await page.answered('storedResults', { run: 'run' });
    const kept = searches[0]!;
    expect(kept.status).toBe('cancelled');
    const judged = kept.points.map(({ number }) => number);
    expect(judged.length).toBeGreaterThanOrEqual(11);
    expect(judged).toEqual(expect.arrayContaining(numbersOf(soFar)));

    // The same request: what is there is told first, and is not searched again.
    const more: SearchSoFar[] = [];
    const again = page.ask('saddles', ofPoints(parameters), { onPartial: (one) => more.push(one) });
    await vi.waitFor(() => expect(numbersOf(more).length).toBeGreaterThan(judged.length + 5), {
      timeout: 20_000,
      interval: 10,
    });
    again.cancel();
    await again.outcome.catch(() => {});
    expect(
      numbersOf(more)
        .slice(0, judged.length)
        .sort((a, b) => a - b),
    ).toEqual(judged);
    expect(new Set(numbersOf(more)).size).toBe(numbersOf(more).length);
    const lines = () => readFileSync(path.join(results, state), 'utf8').split('\n').slice(1, -1);
    await vi.waitFor(
      () =>
        expect(
          page.answered('storedResults', { run: 'run' }).then((all) => all.searches[0]!.points.length),
        ).resolves.toBeGreaterThan(judged.length + 5),
      { timeout: 10_000 },
    );
    expect(new Set(lines()).size).toBe(lines().length);
  });

  test('that is not to be kept leaves nothing, and its points have no name', async () => {
    const value = await page.answered('saddles', ofPoints({ starts: 3 }, false));
    expect([value.search, value.kept, readdirSync(results)]).toEqual([null, null, []]);
    const ofText = await page.answered('saddles', {
      source: { experiment: { yaml, file: null } },
      parameters: { starts: 3 },
      keep: true,
    });
    expect([ofText.search, ofText.kept, ofText.from]).toEqual([null, 'It belongs to no run.', 'random']);
    expect(readdirSync(results)).toEqual([]);
  });

  test('two at the same time on one run: each has its own points, and one of them is stored whole', async () => {
    const [a, b] = await Promise.all([
      page.answered('saddles', ofPoints({ starts: 12, noise: '0.01' })),
      page.answered('saddles', ofPoints({ starts: 12, noise: '0.2' })),
    ]);
    expect(new Set(a.points.map(({ start }) => start.noise))).toEqual(new Set([0.01]));
    expect(new Set(b.points.map(({ start }) => start.noise))).toEqual(new Set([0.2]));
    // The text and its arrays are of one of them, or it is told that they are not.
    const { searches } = await page.answered('storedResults', { run: 'run' });
    expect([plain(a.points), plain(b.points)]).toContainEqual(plain(searches[0]!.points));
    const at = { run: 'run', search: searches[0]!.search!, point: 3 };
    const read = await page.answered('readPoint', { source: at }).catch(({ message }) => message as string);
    if (typeof read === 'string') expect(read).toContain('another search');
    else expect(Math.abs(read.loss - searches[0]!.points[3]!.loss)).toBeLessThan(1e-12);
    expect(readdirSync(results).filter((name) => name.endsWith('.state'))).toEqual([]);
  });
});

describe('a point of a search', () => {
  /** The most negative directions of a saddle are those of modes that are not learnt. */
  const saddle = async () => {
    const { points, search } = await page.answered('saddles', ofPoints({ starts: 20 }));
    const point = points.find(({ verdict, index }) => verdict === 'critical' && index!.negative >= 2)!;
    return { point, at: { run: 'run', search: search!, point: point.number } };
  };

  test('is read, sliced, its spectrum computed and descents from it followed, as the point it is', async () => {
    const { point, at } = await saddle();
    const reading = await page.answered('readPoint', { source: at });
    expect(Math.abs(reading.loss - point.loss)).toBeLessThan(1e-12);
    expect(reading.gradientNorm ** 2).toBeLessThan(1e-16);
    const { bottom } = await page.answered('spectrum', { source: at, parameters: { top: 1, bottom: 2 }, keep: true });
    for (const [i, { value, errorBound }] of bottom.entries())
      expect(Math.abs(value - point.eigenvalues![i]!)).toBeLessThan(errorBound + point.lowest!.errorBound + 1e-9);
    const slice = await page.answered('slice', {
      source: at,
      parameters: { plane: 'random', grid: '5', extent: '0.5x0.75', normalization: 'none' },
      keep: true,
    });
    expect(slice.kept).toMatch(/no run/);
    expect(slice.center.loss).toBeCloseTo(point.loss, 12);
    // What is found there is no result of the run.
    expect(readdirSync(results).filter((name) => !name.startsWith('saddles-'))).toEqual([]);

    const asked = { source: at, parameters: { directions: 2, steps: 400 } };
    const followed = await page.answered('escape', { ...asked, planeId: slice.planeId });
    expect(followed.command).toContain(`--search ${at.search} --number ${at.point}`);
    expect(followed.paths.length).toBeGreaterThanOrEqual(2);

    // Where the paths end, by another process of the same numbers; the directions, from the file of the slice.
    const file = await page.answered('sliceFile', {
      run: 'run',
      planeId: slice.planeId,
      kind: 'npz',
      directionFile: '',
    });
    const arrays = readNpz(file.bytes);
    const [d1, d2] = ['d1', 'd2'].map((name) => Float64Array.from(arrays.get(name)!.data, Number)) as [
      Float64Array,
      Float64Array,
    ];
    const opened = await openExperiment((await readStoredExperiment(run)).experiment, run);
    const from = await pointOfSearch(opened, run, at.search, at.point);
    const { ends, paths } = await escapeOfPoint(from, asked.parameters, '', {});
    expect(paths.map(({ end }) => end)).toEqual(followed.paths.map(({ end }) => end));
    for (const [i, end] of ends.entries()) {
      // min ‖a d₁ + b d₂ − m‖ by Cramer's rule.
      const m = end.map((x, k) => x - from.theta[k]!);
      const [g11, g12, g22, r1, r2] = [dot(d1, d1), dot(d1, d2), dot(d2, d2), dot(d1, m), dot(d2, m)];
      const determinant = g11 * g22 - g12 * g12;
      const wanted = [(g22 * r1 - g12 * r2) / determinant, (g11 * r2 - g12 * r1) / determinant];
      const found = followed.paths[i]!.coordinates.map((axis) => axis.at(-1)!);
      for (const k of [0, 1]) expect(Math.abs(found[k]! - wanted[k]!)).toBeLessThan(1e-9 * (1 + Math.abs(wanted[k]!)));
      expect(Math.hypot(...wanted)).toBeGreaterThan(0.01);
    }
    opened.dispose();
  });

  test('an escape from a cell of a slice has its point there; its paths are on that slice or on none', async () => {
    const slice = await page.answered('slice', { source, parameters: { line: 'random', grid: '3' }, keep: false });
    const other = await page.answered('slice', { source, parameters: { plane: 'random', grid: '3' }, keep: false });
    const cell = { run: 'run', planeId: slice.planeId, coordinates: [0] };
    const parameters = { directions: 1, steps: 20 };
    const without = await page.answered('escape', { source: cell, parameters, planeId: null });
    expect(without.loss).toBeCloseTo(slice.center.loss, 12);
    for (const { coordinates } of without.paths) expect(coordinates).toEqual([]);
    const onto = await page.answered('escape', { source: cell, parameters, planeId: slice.planeId });
    for (const { coordinates } of onto.paths) expect(coordinates).toHaveLength(1);
    await expect(page.answered('escape', { source: cell, parameters, planeId: other.planeId })).rejects.toThrow(
      /another slice/,
    );
    await expect(page.answered('escape', { source, parameters, planeId: 'gone' })).rejects.toThrow(/no longer held/);
  });

  test.each([
    ['saddles-../../run', /no name of a search/],
    ['saddles-newton-mr-from-point-float64', /badInput/],
  ])('of %s is refused', async (search, sentence) => {
    await expect(page.answered('readPoint', { source: { run: 'run', search, point: 0 } })).rejects.toThrow(sentence);
  });
});

describe('handfuls', () => {
  test('no point waits for the next one, none is told twice, and nothing is left to be told', () => {
    vi.useFakeTimers();
    try {
      const told: number[][] = [];
      const { tell, rest } = handfuls(({ points }) => told.push(points.map(({ number }) => number)));
      tell([searchedPoint(0)], 9);
      tell([searchedPoint(1)], 9);
      tell([searchedPoint(2)], 9);
      expect(told).toEqual([[0]]);
      vi.advanceTimersByTime(200);
      expect(told).toEqual([[0], [1, 2]]);
      tell([searchedPoint(3)], 9);
      tell([searchedPoint(4)], 9);
      rest();
      rest();
      expect(vi.getTimerCount()).toBe(0);
      expect(told.flat()).toEqual([0, 1, 2, 3, 4]);
    } finally {
      vi.useRealTimers();
    }
  });
});

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
