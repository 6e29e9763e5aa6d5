import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/command-line.ts';

const source = path.resolve(import.meta.dirname, '..', '..', '..', 'electron', 'build', 'prepare.mjs');

/** A checkout without packages: preparing it needs no network, and takes npm itself. */
function checkout(): string {
  const root = temporaryFolder();
  mkdirSync(path.join(root, 'electron', 'build'), { recursive: true });
  copyFileSync(source, path.join(root, 'electron', 'build', 'prepare.mjs'));
  write(root, '1.0.0');
  return root;
}

function write(root: string, version: string): void {
  const about = { name: 'sample', version };
  writeFileSync(path.join(root, 'package.json'), JSON.stringify(about));
  const lock = { ...about, lockfileVersion: 3, packages: { '': about } };
  writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify(lock));
}

/** Runs an expression with the script's exports; answers what it printed. */
function evaluate(root: string, expression: string): Promise<{ code: number | null; out: string; err: string }> {
  const script = `import * as prepare from './electron/build/prepare.mjs'; console.log(JSON.stringify(await ${expression}));`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out: out.trim(), err }));
  });
}

test('installs once, and again when package.json or the lock file changes', async () => {
  const root = checkout();
  expect((await evaluate(root, 'prepare.ensureInstalled()')).out).toBe('true');
  expect((await evaluate(root, 'prepare.ensureInstalled()')).out).toBe('false');
  write(root, '1.0.1');
  expect((await evaluate(root, 'prepare.ensureInstalled()')).out).toBe('true');
  expect(existsSync(path.join(root, '.preparing'))).toBe(false);
});

test('two starts at once install one after the other', async () => {
  const root = checkout();
  const both = await Promise.all([
    evaluate(root, 'prepare.ensureInstalled()'),
    evaluate(root, 'prepare.ensureInstalled()'),
  ]);
  expect(both.map(({ out }) => out).sort()).toEqual(['false', 'true']);
});

test('a lock that a dead process left, or nobody wrote into, does not stop anyone', async () => {
  const root = checkout();
  const lock = path.join(root, '.preparing');
  writeFileSync(lock, '999999999');
  expect((await evaluate(root, 'prepare.ensureInstalled()')).out).toBe('true');
  write(root, '1.0.2');
  writeFileSync(lock, '');
  utimesSync(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  expect((await evaluate(root, 'prepare.ensureInstalled()')).out).toBe('true');
});

const isRoot = process.getuid?.() === 0;
test.skipIf(isRoot)(
  'a folder that may not be written is told as such (skipped: root may write everywhere)',
  async () => {
    const root = checkout();
    chmodSync(root, 0o555);
    const { code, err } = await evaluate(root, 'prepare.ensureInstalled()');
    chmodSync(root, 0o755);
    expect(code).not.toBe(0);
    expect(err).toMatch(/cannot be prepared/);
  },
);

test('system packages: nothing to do for what is there; the missing are named', async () => {
  const root = checkout();
  expect((await evaluate(root, 'prepare.ensureSystemPackages([])')).out).toBe('[]');
  const isDebian = existsSync('/etc/os-release') && /\b(debian|ubuntu)\b/.test(readFileSync('/etc/os-release', 'utf8'));
  const { out } = await evaluate(root, `prepare.ensureSystemPackages(['${isDebian ? 'dpkg' : 'no-such-package'}'])`);
  expect(JSON.parse(out)).toEqual(isDebian ? [] : ['no-such-package']);
});
