import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { bridgeChannel, readRefusal, refusalMessage } from '../../../core/protocol/bridge.ts';
import { type Answers, bridgeSchemas, type CallName } from '../../../electron/main/bridge-schemas.ts';
import { handleBridge, senderProblem } from '../../../electron/main/handle.ts';
import { openLog } from '../../../electron/main/log-file.ts';
import { isAllowedRequest } from '../../../electron/main/request-rules.ts';
import { temporaryFolder } from '../../support/command-line.ts';

const page = { parent: null, url: 'app://saddlescope/' };
const inside = { parent: page as never, url: 'app://saddlescope/' };
const reference = '0123456789abcdef'.repeat(2);
const missing = new BadInput('It is not there.', 'Look for it.');

type Asked = readonly [CallName, ...unknown[]];
type Answer = { readonly value?: unknown; readonly refused?: { readonly found: string } };
type Listener = (event: unknown, ...given: unknown[]) => Promise<Answer>;

/** The bridge with answers that tell what they were given. */
function bridgeUnderTest(own: Partial<Record<CallName, (...given: unknown[]) => unknown>> = {}) {
  const channels = new Map<string, Listener>();
  const called: string[] = [];
  const names = Object.keys(bridgeSchemas) as CallName[];
  const answers = Object.fromEntries(
    names.map((name) => [
      name,
      (...given: unknown[]) => {
        called.push(name);
        return own[name]?.(...given) ?? given;
      },
    ]),
  ) as unknown as Answers;
  const log = openLog(path.join(temporaryFolder(), 'logs'));
  handleBridge({
    ipcMain: { handle: (channel, listener) => void channels.set(channel, listener as Listener) },
    log,
    answers,
  });
  const ask = (name: CallName, frame: unknown, ...given: unknown[]) =>
    channels.get(bridgeChannel(name))!({ senderFrame: frame }, ...given);
  const logged = () => (fs.existsSync(log.file) ? fs.readFileSync(log.file, 'utf8') : '');
  return { ask, called, channels, logged };
}

describe('who may ask', () => {
  test.each([
    ['the page', page, true],
    ['the page with a path', { parent: null, url: 'app://saddlescope/index.html#x' }, true],
    ['nobody', null, false],
    ['a frame in the page', inside, false],
    ['another host', { parent: null, url: 'app://saddlescope.example/' }, false],
    ['a prefix of ours', { parent: null, url: 'app://saddle/' }, false],
    ['a name before ours', { parent: null, url: 'app://x@saddlescope/' }, false],
    ['the network', { parent: null, url: 'https://saddlescope/' }, false],
    ['a file', { parent: null, url: 'file:///checkout/page/index.html' }, false],
    ['nothing yet', { parent: null, url: '' }, false],
    ['a blank page', { parent: null, url: 'about:blank' }, false],
    ['text', { parent: null, url: 'data:text/html,app://saddlescope/' }, false],
  ] as const)('%s', async (_title, frame, allowed) => {
    expect(senderProblem(frame) === null).toBe(allowed);
    const { ask, called, logged } = bridgeUnderTest();
    const answer = await ask('setBusy', frame, true);
    expect(answer).toEqual(
      allowed ? { value: [true] } : { refused: expect.objectContaining({ found: expect.any(String) }) },
    );
    expect(called).toEqual(allowed ? ['setBusy'] : []);
    if (!allowed) expect(logged()).toContain('refused: setBusy from');
  });
});

describe('what may be asked', () => {
  const good: readonly Asked[] = [
    ['information'],
    ['writeSettings', { theme: 'dark', layouts: { train: null } }],
    ['openFile', 'run'],
    ['openDropped', '/data/run'],
    ['openRecent', reference],
    ['newRun', 'digits', 'kept'],
    ['saveFile', 'figure', 'svg', '<svg/>'],
    ['saveFile', 'arrays', 'npz', new Uint8Array(3)],
    ['saveExperiment', reference, 'name: x'],
    ['log', 'error', 'it broke'],
    ['writeBackup', null],
    ['writeBackup', 'name: x'],
    ['openDocumentation', 'numpy'],
    ['changeEngine', { kind: 'install', gpu: false, from: 'wheel' }],
    ['changeEngine', { kind: 'remove', name: 'tensorflow-2.15.1-cpu' }],
  ];
  test.each(good)('%s(%j) is answered', async (...asked) => {
    const [name, ...given] = asked as unknown as Asked;
    expect(await bridgeUnderTest().ask(name, page, ...given)).toEqual({ value: given });
  });

  const bad: readonly Asked[] = [
    ['information', 1],
    ['writeSettings'],
    ['writeSettings', null],
    ['writeSettings', []],
    ['writeSettings', 'dark'],
    ['writeSettings', { theme: 'dark' }, 1],
    ['writeSettings', { text: 'x'.repeat(600_000) }],
    ['openFile'],
    ['openFile', 'landscape'],
    ['openFile', ['run']],
    ['openDropped', { path: '/etc/passwd' }],
    ['openDropped', 'x'.repeat(40_000)],
    ['openRecent', '/etc/passwd'],
    ['openRecent', `${reference}0`],
    ['openRecent', reference.toUpperCase()],
    ['openRecent', null],
    ['newRun', 'digits'],
    ['newRun', 'digits', 'secret'],
    ['newRun', 'x'.repeat(2_000), 'kept'],
    ['saveFile', 'figure', 'exe', 'MZ'],
    ['saveFile', 'figure', 'svg', { length: 3 }],
    ['saveFile', 'figure', 'svg', [1, 2, 3]],
    ['saveFile', 'figure', 'svg', new Float64Array(3)],
    ['saveExperiment', reference],
    ['saveExperiment', reference, null],
    ['copyText', 3],
    ['revealFile', '..'],
    ['openDocumentation', { toString: () => 'numpy' }],
    ['setBusy', 'yes'],
    ['setBusy', 1],
    ['log', 'fatal', ''],
    ['log', 'info', 'x'.repeat(200_000)],
    ['writeBackup'],
    ['writeBackup', 7],
    ['close', 'now'],
    ['changeEngine'],
    ['changeEngine', { kind: 'install', gpu: false, from: '/tmp/a.whl' }],
    ['changeEngine', { kind: 'install', gpu: false, from: 'wheel', wheel: '/tmp/a.whl' }],
    ['changeEngine', { kind: 'remove', name: '../../home' }],
    ['changeEngine', { kind: 'remove', name: 'tensorflow-../..-cpu' }],
    ['changeEngine', { kind: 'verify', name: 'tensorflow-2.15.1-cpu' }],
    ['engines', '/tmp'],
  ];
  test.each(bad)('%s(%j) is refused and logged', async (...asked) => {
    const [name, ...given] = asked as unknown as Asked;
    const { ask, called, logged } = bridgeUnderTest();
    expect(await ask(name, page, ...given)).toEqual({
      refused: expect.objectContaining({ found: expect.any(String) }),
    });
    expect(called).toEqual([]);
    expect(logged()).toContain(`refused: ${name}: `);
  });

  test('settings that JSON cannot say are refused and logged', async () => {
    const inItself: Record<string, unknown> = {};
    inItself.inside = inItself;
    for (const settings of [{ number: 1n }, inItself]) {
      const { ask, called, logged } = bridgeUnderTest();
      expect(await ask('writeSettings', page, settings)).toHaveProperty('refused');
      expect(called).toEqual([]);
      expect(logged()).toContain('refused: writeSettings: ');
    }
  });

  test('there is one channel for each call, under our own prefix, and no other', () => {
    const { channels } = bridgeUnderTest();
    expect([...channels.keys()].sort()).toEqual(
      Object.keys(bridgeSchemas)
        .map((name) => `saddlescope/${name}`)
        .sort(),
    );
  });

  test('a thousand refusals are one line in the log', async () => {
    const { ask, logged } = bridgeUnderTest();
    for (let i = 0; i < 1000; i++) await ask('setBusy', page, 'yes');
    expect(logged().match(/refused:/g)).toHaveLength(1);
  });
});

describe('what goes wrong in an answer', () => {
  test('bad input comes back as two sentences', async () => {
    const { ask, logged } = bridgeUnderTest({ readBackup: () => Promise.reject(missing) });
    expect(await ask('readBackup', page)).toEqual({ refused: { found: 'It is not there.', advice: 'Look for it.' } });
    expect(logged()).toBe('');
  });

  test('a fault is told without its stack, which is in the log', async () => {
    const { ask, logged } = bridgeUnderTest({
      readBackup() {
        throw new TypeError('x is undefined');
      },
    });
    const { refused } = await ask('readBackup', page);
    expect(JSON.stringify(refused)).not.toMatch(/undefined|handle\.test|\.ts:/);
    expect(logged()).toMatch(/TypeError: x is undefined\n\s+at .*handle\.test/);
  });

  test('a refusal survives as the message of an error', () => {
    const refused = { found: 'Found “this”.', advice: 'Do that.' };
    expect(readRefusal(new Error(refusalMessage(refused)))).toEqual(refused);
    for (const other of [new Error('plain'), new Error('{"found":1}'), new Error('null'), 'text', undefined])
      expect(readRefusal(other)).toEqual({
        found: expect.stringContaining('did not do that'),
        advice: expect.any(String),
      });
  });
});

describe('requests of the page', () => {
  test.each([
    ['app://saddlescope/assets/a.js', 'script', true],
    ['devtools://devtools/bundled/x.js', 'script', true],
    ['blob:app://saddlescope/0c1d', 'image', true],
    ['data:image/png;base64,AAAA', 'image', true],
    ['blob:app://saddlescope/0c1d', 'script', false],
    ['blob:app://saddlescope/0c1d', 'xhr', false],
    ['data:text/javascript,1', 'script', false],
    ['data:text/html,hi', 'mainFrame', false],
    ['app://other/a.js', 'script', false],
    ['http://127.0.0.1/', 'image', false],
    ['https://example.com/', 'xhr', false],
    ['https://saddlescope/', 'xhr', false],
    ['file:///etc/passwd', 'xhr', false],
    ['FILE:///etc/passwd', 'subFrame', false],
    ['ws://127.0.0.1:1/', 'webSocket', false],
    ['wss://example.com/', 'webSocket', false],
    ['ftp://example.com/', 'image', false],
    ['chrome://gpu', 'mainFrame', false],
    ['chrome-extension://abc/x.js', 'script', false],
    ['filesystem:app://saddlescope/temporary/x', 'image', false],
    ['about:blank', 'subFrame', false],
    ['', 'other', false],
  ])('%s as %s: %s', (url, type, allowed) => expect(isAllowedRequest(url, type)).toBe(allowed));
});

describe('the log', () => {
  test('is two files of a megabyte at most, and holds one line an entry', () => {
    const folder = temporaryFolder();
    const log = openLog(folder);
    for (let i = 0; i < 300; i++) log.write('info', 'test', `${i} ${'x'.repeat(15_000)}`);
    expect(fs.readdirSync(folder).sort()).toEqual(['saddlescope.1.log', 'saddlescope.log']);
    for (const name of fs.readdirSync(folder))
      expect(fs.statSync(path.join(folder, name)).size).toBeLessThanOrEqual(1_000_000);
    expect(fs.readFileSync(log.file, 'utf8').trimEnd().split('\n').at(-1)).toMatch(/ info test: 299 x+$/);
  });

  test('goes on where somebody has removed its file', () => {
    const log = openLog(temporaryFolder());
    // The next line would be one too many.
    for (let i = 0; i < 66; i++) log.write('info', 'test', 'x'.repeat(15_000));
    fs.rmSync(log.file);
    log.write('info', 'test', 'y'.repeat(15_000));
    expect(fs.readFileSync(log.file, 'utf8')).toMatch(/^\S+ info test: y+\n$/);
  });

  test('shows control characters as escapes and marks further lines of an entry', () => {
    const log = openLog(temporaryFolder(), () => 0);
    log.write('error', 'page', 'a\u001b[31mred\r\nerror main: forged');
    expect(fs.readFileSync(log.file, 'utf8')).toBe(
      '1970-01-01T00:00:00.000Z error page: a\\u{1b}[31mred\\u{d}\n  error main: forged\n',
    );
  });

  test('notices of one kind are a second apart and tell how many there were', () => {
    let now = 0;
    const log = openLog(temporaryFolder(), () => now);
    for (now = 0; now < 3000; now += 100) log.notice('request', `no ${now}`);
    log.notice('other', 'another kind');
    const lines = fs
      .readFileSync(log.file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('refused: ')[1]);
    expect(lines).toEqual([
      'no 0',
      'no 1000 (and 9 of this kind before)',
      'no 2000 (and 9 of this kind before)',
      'another kind',
    ]);
  });

  test('that cannot be written throws nothing', () => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, '');
    expect(() => openLog(path.join(file, 'logs')).write('info', 'test', 'x')).not.toThrow();
  });
});
