import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SearchOutcome } from '../../../../core/analyses/saddles/search.ts';
import { openSearchState } from '../../../../electron/compute/searches/search-state.ts';
import { searchedPoint } from '../../../support/searched-point.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'search-state-'));
  file = path.join(folder, 'a.state');
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

const outcome = (number: number): SearchOutcome => ({
  point: searchedPoint(number),
  theta: Float64Array.of(number, -0, 1 / 3, Number.MAX_VALUE),
});

const open = (problem = 'p') => openSearchState(file, problem, false);

async function written(count: number): Promise<void> {
  const state = await open();
  for (let number = 0; number < count; number++) await state.append(outcome(number));
  await state.close();
}

const numbersIn = async (problem = 'p') => (await open(problem)).before.map(({ point }) => point.number);

describe('what a search has found', () => {
  it('comes back bit for bit, and goes on', async () => {
    await written(3);
    const again = await open();
    expect(again.before).toEqual([outcome(0), outcome(1), outcome(2)]);
    await again.append(outcome(3));
    expect(await numbersIn()).toEqual([0, 1, 2, 3]);
    await again.remove();
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('of many threads at once loses none, in a folder that is not there yet', async () => {
    file = path.join(folder, 'results', 'a.state');
    const state = await open();
    await Promise.all(Array.from({ length: 40 }, (_, number) => state.append(outcome(number))));
    await state.close();
    expect((await open()).before).toEqual(Array.from({ length: 40 }, (_, number) => outcome(number)));
  });

  it('cut anywhere, loses its last point at most, and the next one is whole', async () => {
    await written(3);
    const text = await fs.readFile(file);
    const third = text.lastIndexOf(10, text.length - 2) + 1;
    for (const length of [third, third + 1, third + 40, text.length - 1]) {
      await fs.writeFile(file, text.subarray(0, length));
      const state = await open();
      // Without its line end the last point is there all the same.
      expect(state.before).toHaveLength(length === text.length - 1 ? 3 : 2);
      await state.append(outcome(9));
      await state.close();
      expect((await open()).before).toEqual([...state.before, outcome(9)]);
    }
  });

  it.each<[string, (text: string) => string]>([
    ['a point without a verdict', (line) => line.replace('"verdict":"critical",', '')],
    ['a certified point without a proof', (line) => line.replace(/"proof":\{.*?\}/, '"proof":null')],
    ['θ that is no row of numbers', (line) => line.replace(/"theta":"..../, '"theta":"')],
    ['no object', () => 'null'],
    ['zeros, as a machine leaves them that has lost its power', (line) => '\0'.repeat(line.length)],
  ])('leaves out %s', async (_, spoilt) => {
    await written(3);
    const lines = (await fs.readFile(file, 'utf8')).split('\n');
    lines[2] = spoilt(lines[2]!);
    await fs.writeFile(file, lines.join('\n'));
    expect(await numbersIn()).toEqual([0, 2]);
  });

  it('of another search is told and written over with the first point, not before', async () => {
    await written(2);
    const other = await open('q');
    expect(other.before).toEqual([]);
    expect(other.notice).toContain('another search');
    expect(await numbersIn()).toEqual([0, 1]);
    await other.append(outcome(0));
    expect(await numbersIn('q')).toEqual([0]);
    await other.close();
  });

  it('a file that is no state is never written over where somebody named it', async () => {
    await fs.writeFile(file, 'precious');
    await expect(openSearchState(file, 'p', true)).rejects.toThrow('no state of a search');
    expect(await fs.readFile(file, 'utf8')).toBe('precious');
  });

  it('that cannot be written is told with what to do', async () => {
    await fs.writeFile(path.join(folder, 'file'), '');
    const state = await openSearchState(path.join(folder, 'file', 'a.state'), 'p', true).catch((problem) => problem);
    expect(state.message).toMatch(/cannot be read \(ENOTDIR\).*Name a file/);
  });
});

describe('two searches with one file at the same time', () => {
  it('points of one never come among those of the other', async () => {
    const [p, q] = [await open('p'), await open('q')];
    await p.append(outcome(0));
    await q.append(outcome(1));
    await p.append(outcome(2));
    await q.append(outcome(3));
    expect(await numbersIn('q')).toEqual([1, 3]);
    // The first one ends: the state of the other stays, and goes on.
    await p.remove();
    await q.append(outcome(4));
    await q.close();
    expect(await numbersIn('q')).toEqual([1, 3, 4]);
  });

  it('the same one twice: both keep all, and one that goes on after the other has ended begins a whole file', async () => {
    await written(1);
    const [a, b] = [await open(), await open()];
    await a.append(outcome(1));
    await b.append(outcome(2));
    expect((await numbersIn()).sort()).toEqual([0, 1, 2]);
    await b.close();
    const late = await open();
    await a.remove();
    await late.append(outcome(5));
    await late.close();
    expect(await numbersIn()).toEqual([0, 1, 2, 5]);
  });

  it('after its end nothing more is written', async () => {
    const state = await open();
    await state.append(outcome(0));
    await state.remove();
    await state.append(outcome(1));
    expect(await fs.readdir(folder)).toEqual([]);
  });
});
