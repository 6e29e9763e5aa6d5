import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FormatError, type FormatRule } from '../../../../core/formats/format-error.ts';
import { hdf5Limits } from '../../../../core/formats/limits.ts';
import type { Hdf5Group } from '../../../../core/formats/loss-landscape/hdf5-tree.ts';
import { snapshotTree } from '../../../../core/formats/loss-landscape/snapshot.ts';
import { type Hdf5ThreadOptions, hdf5Bytes, hdf5Tree } from '../../../../electron/host/hdf5/hdf5-thread.ts';
import { type BundledEntry, bundledEntry } from '../../../support/bundled-entry.ts';
import { smallLandscape } from '../../../support/loss-landscape/landscapes.ts';
import { endsOf } from '../../../support/loss-landscape/many-files.ts';
import { python, why, writeHostileFiles } from '../../../support/loss-landscape/python.ts';

let thread: BundledEntry;
let reader: BundledEntry;
beforeAll(async () => {
  reader = await bundledEntry('tests', 'support', 'loss-landscape', 'mutant-worker.ts');
  thread = await bundledEntry('electron', 'host', 'hdf5', 'thread.ts');
});
afterAll(() => Promise.all([thread.remove(), reader.remove()]));

async function refusal(bytes: Uint8Array, options: Hdf5ThreadOptions = {}): Promise<unknown> {
  try {
    return await hdf5Tree(bytes, { file: thread.file, ...options });
  } catch (problem) {
    return problem;
  }
}

const ruleOf = (problem: unknown) => (problem instanceof FormatError ? problem.rule : problem);

const whole = (tree: Hdf5Group = snapshotTree(smallLandscape(3))) => hdf5Bytes(tree, { file: thread.file });

/** What becomes of each file of hostile.py. */
const expected: Readonly<Record<string, FormatRule>> = {
  'soft-link': 'hdf5-link',
  'dangling-link': 'hdf5-link',
  'link-to-itself': 'hdf5-link',
  'external-link': 'hdf5-link',
  'external-link-to-this': 'hdf5-link',
  'external-storage': 'hdf5-virtual',
  'external-storage-itself': 'hdf5-virtual',
  'external-storage-stdin': 'hdf5-virtual',
  'external-storage-random': 'hdf5-virtual',
  'external-storage-descriptor': 'hdf5-virtual',
  virtual: 'hdf5-virtual',
  'claims-2-to-40': 'array-too-large',
  'claims-2-to-63': 'array-too-large',
  'claims-overflow': 'array-too-large',
  bomb: 'hdf5-claims',
  'bomb-of-many': 'hdf5-claims',
  'bomb-of-one-array': 'hdf5-claims',
  'bomb-of-texts': 'hdf5-claims',
  deep: 'hdf5-depth',
  'in-itself': 'hdf5-depth',
  'in-itself-twice': 'hdf5-depth',
  'many-objects': 'hdf5-objects',
  'unknown-filter': 'hdf5-damaged',
};

describe(`files that nobody should write, made by h5py${why}`, () => {
  it.skipIf(python === null)('are refused by name, quickly, and the next file is read', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hostile-hdf5-'));
    try {
      writeHostileFiles(folder);
      const names = readdirSync(folder).map((name) => name.replace(/\.h5$/, ''));
      expect(names.sort()).toEqual(Object.keys(expected).sort());
      const files = names.map((name) => new Uint8Array(readFileSync(path.join(folder, `${name}.h5`))));
      const ends = await endsOf(reader.file, files, hdf5Limits.milliseconds);
      expect(Object.fromEntries(names.map((name, i) => [name, ends[i]!.outcome]))).toEqual(expected);
      for (const { found, milliseconds } of ends) {
        expect(found).toMatch(/^[A-Z]\P{Cc}{5,500}\.$/su);
        expect(milliseconds).toBeLessThan(10_000);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('files out of order', () => {
  it('what is no HDF5 file is refused, and one behind a user block', async () => {
    expect(ruleOf(await refusal(new Uint8Array(0)))).toBe('hdf5-signature');
    expect(ruleOf(await refusal(new TextEncoder().encode('\x89HDF\r\n\x1a')))).toBe('hdf5-signature');
    const behind = new Uint8Array(512 + 4096);
    behind.set((await whole()).subarray(0, 4096), 512);
    expect(ruleOf(await refusal(behind))).toBe('hdf5-signature');
  });

  it('every truncation is refused', async () => {
    const bytes = await whole();
    const cuts = [9, 48, 95, 96, 97, 800, bytes.length >> 1, bytes.length - 1];
    const ends = await endsOf(
      reader.file,
      cuts.map((end) => bytes.slice(0, end)),
      hdf5Limits.milliseconds,
    );
    expect(ends.map(({ outcome }) => outcome)).toEqual(cuts.map(() => 'hdf5-damaged'));
  });

  it('time is bounded: a thread that takes too long is ended', async () => {
    expect(ruleOf(await refusal(await whole(), { limitMs: 1 }))).toBe('hdf5-time');
  });

  it('memory is bounded: a thread that takes too much is ended, and this one goes on', async () => {
    expect(ruleOf(await refusal(await whole(), { heapMegabytes: 4 }))).toBe('hdf5-memory');
    expect((await hdf5Tree(await whole(), { file: thread.file })).members.size).toBeGreaterThan(3);
  });

  it('a signal ends the reading with its reason', async () => {
    const bytes = await whole();
    const stop = new AbortController();
    const reading = hdf5Tree(bytes, { file: thread.file, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(hdf5Tree(bytes, { file: thread.file, signal: stop.signal })).rejects.toThrow('enough');
  });
});
