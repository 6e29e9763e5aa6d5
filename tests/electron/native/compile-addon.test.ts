import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addonSources, addonSourcesHash, compileAddon } from '../../../electron/native/compile-addon.ts';

const prebuilt = path.resolve('assets/native/linux-x64');

describe('the addon that is shipped', () => {
  test('was made from the present sources', () => {
    const note = readFileSync(path.join(prebuilt, 'sources.txt'), 'utf8');
    expect(note).toContain(`SHA-256 of the sources: ${addonSourcesHash()}\n`);
  });

  test('is small', () => {
    expect(statSync(path.join(prebuilt, 'saddlescope-tensorflow.node')).size).toBeLessThan(300_000);
  });

  test('needs no symbol of a C library younger than 2014', () => {
    const bytes = readFileSync(path.join(prebuilt, 'saddlescope-tensorflow.node'), 'latin1');
    const versions = [...bytes.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
    expect(versions.length).toBeGreaterThan(0);
    expect(Math.max(...versions)).toBeLessThanOrEqual(17);
    expect(bytes).not.toMatch(/GLIBCXX_/);
  });
});

describe('compiling the addon', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'compile-addon-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const script = (text: string): string => {
    const file = path.join(folder, 'compiler.sh');
    writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return file;
  };
  const out = () => path.join(folder, 'addon.node');

  test('gives the compiler every source, and the result its place only when whole', async () => {
    const compiler = script(`echo "$@" > ${folder}/arguments; for last; do :; done; echo made > "$last"`);
    await compileAddon({ out: out(), compiler });
    expect(readFileSync(out(), 'utf8')).toBe('made\n');
    const given = readFileSync(path.join(folder, 'arguments'), 'utf8');
    const sources = addonSources().filter((file) => file.endsWith('.cc'));
    expect(sources.length).toBeGreaterThan(5);
    for (const file of sources) expect(given).toContain(file);
    expect(given).toMatch(/-I \S*node-api-headers/);
  });

  test('without a compiler says so', async () => {
    const compiler = path.join(folder, 'nowhere');
    await expect(compileAddon({ out: out(), compiler })).rejects.toMatchObject({ kind: 'noCompiler' });
  });

  test('with a compiler that fails gives its words and leaves nothing behind', async () => {
    const compiler = script('echo "module.cc:1: error: no such thing" >&2; echo "1 error" >&2; exit 3');
    await expect(compileAddon({ out: out(), compiler })).rejects.toMatchObject({
      kind: 'compileFailed',
      message: expect.stringMatching(/code 3: module\.cc:1: error: no such thing/),
    });
    expect(readdirSync(folder)).toEqual(['compiler.sh']);
  });
});
