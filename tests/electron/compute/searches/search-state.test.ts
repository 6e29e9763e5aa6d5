import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SearchOutcome } from '../../../../core/analyses/saddles/search.ts';
import { openSearchState } from '../../../../electron/compute/searches/search-state.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'search-state-'));
  file = path.join(folder, 'a.state');
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

const outcome = (number: number): SearchOutcome => ({
  point: { number, loss: 0.1 * number, gradientNormSquared: 5e-324, residual: Number.NaN } as never,
  theta: Float64Array.of(number, -0, 1 / 3, Number.MAX_VALUE),
});

async function written(count: number): Promise<void> {
  const state = await openSearchState(file, 'p', false);
  for (let number = 0; number < count; number++) await state.append(outcome(number));
}

describe('what a search has found', () => {
  it('comes back bit for bit, and goes on', async () => {
    await written(3);
    const again = await openSearchState(file, 'p', false);
    expect(again.before).toEqual([outcome(0), outcome(1), outcome(2)]);
    await again.append(outcome(3));
    expect((await openSearchState(file, 'p', false)).before).toHaveLength(4);
    await again.remove();
    expect((await openSearchState(file, 'p', false)).before).toEqual([]);
  });

  it('cut anywhere, loses its last point at most, and the next one is whole', async () => {
    await written(3);
    const text = await fs.readFile(file);
    const third = text.lastIndexOf(10, text.length - 2) + 1;
    for (const length of [third, third + 1, third + 40, text.length - 1]) {
      await fs.writeFile(file, text.subarray(0, length));
      const state = await openSearchState(file, 'p', false);
      expect(state.before.length).toBeGreaterThanOrEqual(2);
      await state.append(outcome(9));
      expect((await openSearchState(file, 'p', false)).before.at(-1)).toEqual(outcome(9));
      expect(await fs.readFile(file, 'utf8').then((whole) => whole.trim().split('\n').length)).toBe(
        state.before.length + 2,
      );
    }
  });

  it('of another search is told and written over with the first point, not before', async () => {
    await written(2);
    const other = await openSearchState(file, 'q', false);
    expect(other.before).toEqual([]);
    expect(other.notice).toContain('another search');
    expect((await openSearchState(file, 'p', false)).before).toHaveLength(2);
    await other.append(outcome(0));
    expect((await openSearchState(file, 'q', false)).before).toHaveLength(1);
  });

  it('a file that is no state is never written over where somebody named it', async () => {
    await fs.writeFile(file, 'precious');
    await expect(openSearchState(file, 'p', true)).rejects.toThrow('no state of a search');
    expect(await fs.readFile(file, 'utf8')).toBe('precious');
  });
});
