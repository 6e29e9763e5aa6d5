import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { atomicWrite, nameOfTemporary, removeTemporaries, temporaryName } from '../../../electron/host/atomic-write.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { canMountMemory, mountMemory, remountReadOnly } from '../../support/memory-disk.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);

test('what is written is what is read, over whatever was there, and nothing else stays', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
      await atomicWrite(at('file'), bytes);
      expect(readFileSync(at('file'))).toEqual(Buffer.from(bytes));
      expect(readdirSync(folder)).toEqual(['file']);
    }),
    { numRuns: 50 },
  );
});

test('many writers of one file leave one of their contents whole', async () => {
  const contents = Array.from({ length: 20 }, (_, i) => Buffer.alloc(100_000, i));
  await Promise.all(contents.map((content) => atomicWrite(at('shared'), content)));
  const found = readFileSync(at('shared'));
  expect(contents.some((content) => content.equals(found))).toBe(true);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('temporary names are known again, with their file, and no other name is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w.-]+$/), (name) => {
      expect(nameOfTemporary(temporaryName(name))).toBe(name);
    }),
  );
  for (const name of ['a.tmp', 'a.12-0123abcd', 'a.12-0123ABCD.tmp', '.12-0123abcd.tmp', 'a.12-0123abcde.tmp'])
    expect(nameOfTemporary(name)).toBeNull();
});

test('only temporaries of the named files are removed', async () => {
  const inner = at('inner');
  mkdirSync(inner);
  const names = ['a.1-01234567.tmp', 'b.1-01234567.tmp', 'a', 'a.tmp'];
  for (const name of names) writeFileSync(path.join(inner, name), '');
  await removeTemporaries(inner, (name) => name === 'a');
  expect(readdirSync(inner).sort()).toEqual(['a', 'a.tmp', 'b.1-01234567.tmp']);
});

/** What a failed write must answer. */
const refused = async (file: string, found: RegExp) => {
  const problem = await atomicWrite(file, 'new').catch((reason: unknown) => reason);
  expect(problem).toBeInstanceOf(BadInput);
  expect((problem as BadInput).found).toMatch(found);
  expect((problem as BadInput).found).toContain(file);
  expect((problem as BadInput).advice).not.toBe('');
};

describe('where nothing can be written the user is told, and what was there stays', () => {
  test('a path through a file', async () => {
    writeFileSync(at('plain'), 'old');
    await refused(path.join(at('plain'), 'x'), /is a file and no folder/);
    expect(readFileSync(at('plain'), 'utf8')).toBe('old');
  });

  test('a name that is too long', () => refused(at('x'.repeat(300)), /too long/));

  test('a name that a folder has: no temporary stays', async () => {
    mkdirSync(at('taken'));
    await refused(at('taken'), /there is a folder of that name/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('what is no fault of the disk is thrown as it came', async () => {
    const problem = await atomicWrite(path.join(folder, 'absent', 'x'), 'new').catch((reason: unknown) => reason);
    expect(problem).not.toBeInstanceOf(BadInput);
    expect(problem).toMatchObject({ code: 'ENOENT' });
  });

  test.runIf(canMountMemory)('a full disk (needs the right to mount)', async () => {
    const disk = mountMemory(64);
    try {
      const file = path.join(disk.folder, 'file');
      const old = randomBytes(20_000);
      await atomicWrite(file, old);
      const problem = await atomicWrite(file, randomBytes(60_000)).catch((reason: unknown) => reason);
      expect(problem).toBeInstanceOf(BadInput);
      expect((problem as BadInput).found).toMatch(/the disk is full/);
      expect((problem as BadInput).cause).toMatchObject({ code: 'ENOSPC' });
      expect(readFileSync(file)).toEqual(old);
      expect(readdirSync(disk.folder)).toEqual(['file']);
    } finally {
      disk.unmount();
    }
  });

  test.runIf(canMountMemory)('a disk that can only be read (needs the right to mount)', async () => {
    const disk = mountMemory(64);
    try {
      const file = path.join(disk.folder, 'file');
      writeFileSync(file, 'old');
      remountReadOnly(disk);
      await refused(file, /can only be read/);
      expect(readFileSync(file, 'utf8')).toBe('old');
    } finally {
      disk.unmount();
    }
  });
});
