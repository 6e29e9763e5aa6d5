import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readPageFile } from '../../../electron/main/page-files.ts';
import { contentPolicy, isOurPage } from '../../../electron/main/page-origin.ts';
import { temporaryFolder } from '../../support/command-line.ts';

const above = temporaryFolder();
const root = path.join(above, 'page');
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

beforeAll(() => {
  fs.mkdirSync(path.join(root, 'assets', 'deep'), { recursive: true });
  fs.mkdirSync(path.join(above, 'page-secrets'));
  for (const [name, content] of [
    ['page/index.html', 'index'],
    ['page/assets/a b.js', 'script'],
    ['page/assets/deep/x.wasm', 'wasm'],
    ['page/assets/STYLE.CSS', 'style'],
    ['page/assets/notes.txt', 'notes'],
    ['page/assets/run.sh', 'shell'],
    ['page/.hidden.json', 'hidden'],
    ['secret.json', 'secret'],
    ['page-secrets/secret.json', 'secret'],
  ] as const)
    fs.writeFileSync(path.join(above, name), content);
  fs.symlinkSync(path.join(above, 'secret.json'), path.join(root, 'assets', 'link.json'));
  fs.symlinkSync(above, path.join(root, 'assets', 'up'));
  fs.symlinkSync('deep', path.join(root, 'assets', 'inner'));
});

describe('files of the page', () => {
  test.each([
    ['/', 'index', 'text/html; charset=utf-8'],
    ['/index.html', 'index', 'text/html; charset=utf-8'],
    ['/index.html?theme=dark#top', 'index', 'text/html; charset=utf-8'],
    ['/assets/a%20b.js', 'script', 'text/javascript; charset=utf-8'],
    ['/assets/deep/x.wasm', 'wasm', 'application/wasm'],
    ['/assets/inner/x.wasm', 'wasm', 'application/wasm'],
    ['/assets/STYLE.CSS', 'style', 'text/css; charset=utf-8'],
  ])('%s is there', async (pathname, content, contentType) => {
    const file = await readPageFile(root, `app://saddlescope${pathname}`);
    expect([text(file?.content), file?.contentType]).toEqual([content, contentType]);
  });

  const outside = [
    '/../secret.json',
    '/../../secret.json',
    '/assets/../../secret.json',
    '/./../secret.json',
    '/%2e%2e/secret.json',
    '/%2E%2E/secret.json',
    '/.%2e/secret.json',
    '/%2e./secret.json',
    '/..%2fsecret.json',
    '/..%2Fsecret.json',
    '/%2e%2e%2fsecret.json',
    '/assets%2f..%2f..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/..%5csecret.json',
    '/..%5Csecret.json',
    '/%2e%2e%5csecret.json',
    '/..\\secret.json',
    '/assets\\..\\..\\secret.json',
    '/%252e%252e/secret.json',
    '/%252e%252e%252fsecret.json',
    '/..%252fsecret.json',
    '/%25252e%25252e/secret.json',
    '/..%c0%afsecret.json',
    '/%c0%ae%c0%ae/secret.json',
    '/%uff0e%uff0e/secret.json',
    '/\u2024\u2024/secret.json',
    '/%EF%BC%8E%EF%BC%8E/secret.json',
    '/..;/secret.json',
    '/..%00/secret.json',
    '/../secret.json%00.html',
    '/assets/notes.txt%00.html',
    '/%00',
    '//secret.json',
    '/%2f/secret.json',
    '//etc/passwd.json',
    '/%2fetc%2fpasswd',
    '/etc/passwd',
    '/C:/Windows/win.ini',
    '/C:%5cWindows%5cwin.json',
    '/file:///etc/passwd.json',
    '/assets/link.json',
    '/assets/up/secret.json',
    '/assets/up/page/index.html%00',
    '/assets/index.html::$DATA',
    '/.hidden.json',
    '/%2ehidden.json',
    '/..page-secrets/secret.json',
    '/../page-secrets/secret.json',
    '/assets/run.sh',
    '/assets/notes.txt',
    '/assets',
    '/assets/',
    '/missing.js',
    '/%',
    '/%zz.js',
  ];
  test.each(outside)('%s is not', async (pathname) => {
    expect(await readPageFile(root, `app://saddlescope${pathname}`)).toBeNull();
  });

  test('at least 40 spellings of ways out were tried, and what they look for exists', () => {
    expect(new Set(outside).size).toBeGreaterThanOrEqual(40);
    expect(fs.existsSync(path.join(root, 'assets', 'link.json'))).toBe(true);
    expect(fs.existsSync(path.join(root, '..', 'secret.json'))).toBe(true);
  });

  test.each([
    'app://saddlescope.example/index.html',
    'app://other/index.html',
    'app://user@saddlescope/index.html',
    'app://saddlescope:8080/index.html',
    'apps://saddlescope/index.html',
    'https://saddlescope/index.html',
    'file:///index.html',
    'app:saddlescope',
    'index.html',
    '',
  ])('%s is not our page', async (address) => {
    expect(isOurPage(address)).toBe(false);
    expect(await readPageFile(root, address)).toBeNull();
  });

  test('the content policy begins with nothing and allows no code from text', () => {
    expect(contentPolicy).toMatch(/^default-src 'none'; /);
    expect(contentPolicy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/);
  });
});
