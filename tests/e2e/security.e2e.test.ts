import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenWindow, openWindow } from '../support/window.ts';

/** The page's view of its window: the compiler knows no DOM here, and needs none. */
type Any = ReturnType<typeof JSON.parse>;

let opened: OpenWindow;
let server: http.Server;
let hits: string[];
let local: string;

beforeAll(async () => {
  hits = [];
  server = http.createServer((request, response) => {
    hits.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*');
    response.end('reached');
  });
  server.on('upgrade', (request, socket) => {
    hits.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  local = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  opened = await openWindow();
});

afterAll(async () => {
  await opened?.close();
  server?.close();
});

const log = () => readFileSync(path.join(opened.userData, 'logs', 'saddlescope.log'), 'utf8');

/** Runs in the page as the page's own code would: not on the debugger's stack, where Chromium relaxes its rules. */
async function inPage(code: string, argument: unknown = null): Promise<Any> {
  return opened.page.evaluate(
    ([name, given]) =>
      new Promise((resolve) => {
        setTimeout(async () => {
          try {
            resolve(await (globalThis as Any).trials[name as string](given));
          } catch (problem) {
            resolve(`threw ${(problem as Error).name}`);
          }
        });
      }),
    [code, argument],
  );
}

const settled = () => opened.page.waitForTimeout(300);

beforeAll(async () => {
  await opened.page.evaluate(() => {
    const window = globalThis as Any;
    const { document, navigator } = window;
    const answer = (promise: Promise<unknown>, ms = 2000) =>
      Promise.race([
        promise.then(
          () => 'granted',
          (problem: Error) => `refused ${problem.name}`,
        ),
        new Promise((resolve) => setTimeout(() => resolve('no answer'), ms)),
      ]);
    const append = (tag: string, properties: Record<string, unknown>) => {
      const element = document.createElement(tag);
      Object.assign(element, properties);
      document.body.append(element);
      return element;
    };
    const loaded = (element: Any) =>
      new Promise((resolve) => {
        element.onload = () => resolve('loaded');
        element.onerror = () => resolve('refused');
        setTimeout(() => resolve('nothing'), 1500);
      });
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event: Any) =>
      window.violations.push(event.effectiveDirective),
    );
    window.ran = 0;
    window.stayed = true;
    window.answer = answer;
    window.trials = {
      fetch: (url: string) => answer(window.fetch(url)),
      fetchWithoutCors: (url: string) => answer(window.fetch(url, { mode: 'no-cors' })),
      image: (url: string) => loaded(append('img', { src: url })),
      script: (url: string) => loaded(append('script', { src: url })),
      moduleScript: (url: string) => loaded(append('script', { type: 'module', src: url })),
      styleSheet: (url: string) => loaded(append('link', { rel: 'stylesheet', href: url })),
      socket: (url: string) =>
        new Promise((resolve) => {
          const socket = new window.WebSocket(url);
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        }),
      eventSource: (url: string) =>
        new Promise((resolve) => {
          const source = new window.EventSource(url);
          source.onopen = () => resolve('open');
          source.onerror = () => resolve('refused');
        }),
      beacon: (url: string) => navigator.sendBeacon(url, 'x'),
      worker: (url: string) =>
        new Promise((resolve) => {
          const worker = new window.Worker(url);
          worker.onmessage = () => resolve('runs');
          worker.onerror = () => resolve('refused');
          setTimeout(() => resolve('nothing'), 1500);
        }),
      blobWorker: () =>
        window.trials.worker(window.URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }))),
      blobScript: async () => {
        await window.trials.script(
          window.URL.createObjectURL(new Blob(['globalThis.ran++'], { type: 'text/javascript' })),
        );
        return window.ran;
      },
      dataScript: async () => {
        await window.trials.script('data:text/javascript,globalThis.ran++');
        return window.ran;
      },
      evaluated: () => window.eval('1 + 1'),
      made: () => window.Function('return 1')(),
      timed: async () => {
        window.setTimeout('globalThis.ran++', 0);
        await new Promise((resolve) => setTimeout(resolve, 100));
        return window.ran;
      },
      inlineScript: () => {
        append('script', { textContent: 'globalThis.ran++' });
        return window.ran;
      },
      handlerAttribute: () => {
        const element = append('button', {});
        element.setAttribute('onclick', 'globalThis.ran++');
        element.click();
        return window.ran;
      },
      scriptAddress: async () => {
        append('a', { href: 'javascript:globalThis.ran++' }).click();
        await new Promise((resolve) => setTimeout(resolve, 100));
        return window.ran;
      },
      inlineStyle: () => {
        append('style', { textContent: '#inline-style-probe { width: 77px }' });
        const probe = append('div', { id: 'inline-style-probe' });
        return window.getComputedStyle(probe).width === '77px' ? 'applied' : 'refused';
      },
      styleAttribute: () => {
        const box = append('div', { innerHTML: '<i style="display:block;width:77px">x</i>' });
        return window.getComputedStyle(box.firstChild).width === '77px' ? 'applied' : 'refused';
      },
      base: () => {
        append('base', { href: 'https://example.com/' });
        return document.baseURI;
      },
      assembly: async () => {
        const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
        await window.WebAssembly.compile(empty);
        return 'compiled';
      },
      frame: async (url: string) => {
        const frame = append('iframe', { src: url });
        await loaded(frame);
        let text = '';
        try {
          text = frame.contentDocument?.body?.textContent ?? '';
        } catch {
          // Of another origin: an error page.
        }
        frame.remove();
        return text;
      },
      bridgeInFrame: async () => {
        const frame = append('iframe', { srcdoc: '<p>inside</p>' });
        await loaded(frame);
        return typeof frame.contentWindow.saddlescope;
      },
      frameThatLeaves: async (url: string) => {
        const frame = append('iframe', { srcdoc: '<p>inside</p>' });
        await loaded(frame);
        frame.contentWindow.location = url;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return frame.contentWindow.location.href;
      },
      open: (url: string) => window.open(url) === null,
      openNamed: (url: string) => window.open(url, 'name', 'width=100,nodeIntegration=yes') === null,
      blankLink: (url: string) => append('a', { href: url, target: '_blank' }).click(),
      assign: (url: string) => window.location.assign(url),
      link: (url: string) => append('a', { href: url }).click(),
      form: (url: string) => append('form', { action: url, method: 'post' }).submit(),
      refresh: (url: string) => {
        const meta = document.createElement('meta');
        meta.httpEquiv = 'refresh';
        meta.content = `0; url=${url}`;
        document.head.append(meta);
      },
      reload: () => window.location.reload(),
      download: (url: string) => append('a', { href: url, download: 'x.txt' }).click(),
      webview: () => {
        const view = append('webview', { src: 'https://example.com/' });
        return [typeof view.loadURL, typeof view.getWebContentsId, view.shadowRoot === null];
      },
      globals: () =>
        [
          'require',
          'process',
          'module',
          'exports',
          'global',
          'Buffer',
          '__dirname',
          '__filename',
          'electron',
          'ipcRenderer',
          'setImmediate',
        ].filter((name) => name in window),
      permission: async (name: string) => (await navigator.permissions.query({ name })).state,
      notification: () => window.Notification.requestPermission(),
      camera: () => answer(navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: () => answer(navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: () => answer(navigator.mediaDevices.getDisplayMedia({ video: true })),
      midi: () => answer(navigator.requestMIDIAccess({ sysex: true })),
      place: () =>
        answer(
          new Promise((resolve, reject) =>
            navigator.geolocation.getCurrentPosition(resolve, () => reject(new Error('no'))),
          ),
        ),
      readClipboard: () => answer(navigator.clipboard.readText()),
      pointer: () =>
        answer(
          new Promise((resolve, reject) => {
            document.addEventListener('pointerlockchange', resolve);
            document.addEventListener('pointerlockerror', () => reject(new Error('no')));
            Promise.resolve(document.body.requestPointerLock()).catch(reject);
          }),
        ),
      wholeScreen: () => answer(document.body.requestFullscreen()),
      bluetooth: () =>
        answer(navigator.bluetooth?.requestDevice({ acceptAllDevices: true }) ?? Promise.reject(new Error('none'))),
      usb: () => answer(navigator.usb?.requestDevice({ filters: [] }) ?? Promise.reject(new Error('none'))),
      serial: () => answer(navigator.serial?.requestPort() ?? Promise.reject(new Error('none'))),
      hid: async () => ((await navigator.hid?.requestDevice({ filters: [] })) ?? []).length,
      fonts: () => answer(window.queryLocalFonts?.() ?? Promise.reject(new Error('none'))),
      keep: () => navigator.storage.persist(),
      alert: () => {
        const began = performance.now();
        window.alert('hello');
        return performance.now() - began < 1000;
      },
      bridge: () => [
        Object.keys(window.saddlescope).sort(),
        [...new Set(Object.values(window.saddlescope).map((value) => typeof value))],
      ],
      replaceBridge: () => {
        const before = window.saddlescope;
        try {
          window.saddlescope = {};
          window.saddlescope.close = () => 'mine';
          delete window.saddlescope;
        } catch {
          // Strict code throws; sloppy code is ignored.
        }
        return window.saddlescope === before && !String(window.saddlescope.close).includes('mine');
      },
      call: async ([name, ...given]: [string, ...unknown[]]) => {
        try {
          return { value: await window.saddlescope[name](...given) };
        } catch (problem) {
          return { message: (problem as Error).message };
        }
      },
      listen: () =>
        new Promise((resolve) => {
          const remove = window.saddlescope.onComputeState((...given: unknown[]) => {
            setTimeout(() => resolve([typeof remove, given.length, typeof (given[0] as Any)?.state]));
          });
        }),
      response: async (url: string) => {
        const response = await window.fetch(url);
        return [
          response.status,
          response.headers.get('content-type'),
          response.headers.get('x-content-type-options'),
          response.headers.get('content-security-policy'),
        ];
      },
      post: async () => (await window.fetch('/index.html', { method: 'POST', body: 'x' })).status,
    };
  });
});

// As text: the test's own compiler would turn the import into something else.
beforeAll(() => opened.page.evaluate('void (trials.imported = (url) => answer(import(url)))'));

describe('only the page itself can be loaded', () => {
  const ways: readonly (readonly [trial: string, scheme: string, refused: unknown])[] = [
    ['fetch', 'http', 'refused TypeError'],
    ['fetchWithoutCors', 'http', 'refused TypeError'],
    ['image', 'http', 'refused'],
    ['script', 'http', 'refused'],
    ['moduleScript', 'http', 'refused'],
    ['styleSheet', 'http', 'refused'],
    ['imported', 'http', 'refused TypeError'],
    ['eventSource', 'http', 'refused'],
    ['socket', 'ws', 'refused'],
    ['worker', 'http', 'threw SecurityError'],
    ['frame', 'http', ''],
  ];
  test.each(ways)('%s of an address of this machine (%s) is refused', async (trial, scheme, refused) => {
    const answer = await inPage(trial, `${scheme}://${local}/${trial}`);
    expect(['refused', 'nothing', refused]).toContain(answer);
  });

  test('a beacon does not leave the page', async () => {
    await inPage('beacon', `http://${local}/beacon`);
    await settled();
    expect(hits).toEqual([]);
  });

  test.each([
    'https://example.com/',
    'file:///etc/passwd',
    'file:///',
    'data:text/plain,x',
    'chrome://version',
    'app://other/index.html',
    'ftp://127.0.0.1/',
  ])('fetch of %s is refused', async (url) => {
    expect(await inPage('fetch', url)).toBe('refused TypeError');
  });

  test('the session itself refuses what the content policy does not see', async () => {
    const answers = await opened.app.evaluate(
      ({ net }, urls) =>
        Promise.all(
          urls.map((url) =>
            net.fetch(url).then(
              ({ status }) => `status ${status}`,
              (problem: Error) => problem.message,
            ),
          ),
        ),
      [`http://${local}/main`, 'https://example.com/'],
    );
    for (const answer of answers) expect(answer).toMatch(/ERR_BLOCKED_BY_CLIENT/);
  });

  test('nothing has reached the server, which would have answered', async () => {
    expect(hits).toEqual([]);
    expect(await (await fetch(`http://${local}/control`)).text()).toBe('reached');
    hits.length = 0;
  });
});

describe('the page has no powers', () => {
  test('of Node', async () => expect(await inPage('globals')).toEqual([]));

  test('and its window was made so', async () => {
    const preferences: Any = await opened.app.evaluate(({ BrowserWindow }) =>
      (BrowserWindow.getAllWindows()[0] as Any).webContents.getLastWebPreferences(),
    );
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      enableBlinkFeatures: '',
      webviewTag: false,
    });
  });

  test('Chromium was given no switch that opens it', async () => {
    const found = await opened.app.evaluate(({ app }) =>
      [
        'disable-web-security',
        'enable-blink-features',
        'enable-experimental-web-platform-features',
        'ignore-certificate-errors',
        'js-flags',
        'disable-site-isolation-trials',
        'enable-node-leakage-in-renderers',
      ].filter((name) => app.commandLine.hasSwitch(name)),
    );
    expect(found).toEqual([]);
  });

  test.each([
    'camera',
    'microphone',
    'screen',
    'midi',
    'place',
    'readClipboard',
    'pointer',
    'wholeScreen',
    'bluetooth',
    'usb',
    'serial',
    'fonts',
  ])('%s is refused', async (trial) => {
    expect(await inPage(trial)).toMatch(/^(refused|threw)/);
  });

  test('nor are notifications, devices and lasting storage given', async () => {
    expect(await inPage('notification')).toBe('denied');
    expect([0, 'threw TypeError', 'threw NotAllowedError', 'threw SecurityError']).toContain(await inPage('hid'));
    expect(await inPage('keep')).toBe(false);
  });

  test.each(['notifications', 'geolocation', 'camera', 'microphone', 'midi', 'clipboard-read', 'persistent-storage'])(
    'the permission %s reads as denied',
    async (name) => {
      expect(await inPage('permission', name)).toBe('denied');
    },
  );

  test('dialogs of the page stop nothing', async () => expect(await inPage('alert')).toBe(true));

  test('a webview is an element like any unknown one', async () => {
    expect(await inPage('webview')).toEqual(['undefined', 'undefined', true]);
  });
});

describe('the content policy', () => {
  test.each(['evaluated', 'made'])('code from text is refused: %s', async (trial) => {
    expect(await inPage(trial)).toBe('threw EvalError');
  });

  test.each(['timed', 'inlineScript', 'handlerAttribute', 'scriptAddress', 'blobScript', 'dataScript'])(
    '%s does not run',
    async (trial) => {
      expect(await inPage(trial)).toBe(0);
    },
  );

  test('styles come from style sheets', async () => {
    expect(await inPage('inlineStyle')).toBe('refused');
    expect(await inPage('styleAttribute')).toBe('refused');
  });

  test('no worker from a blob, no other base, no frame of the page itself', async () => {
    expect(await inPage('blobWorker')).not.toBe('runs');
    expect(await inPage('base')).toBe('app://saddlescope/');
    expect(await inPage('frame', 'app://saddlescope/')).toBe('');
  });

  test('each of these was reported as a violation, of the right kind', async () => {
    const violations: string[] = await opened.page.evaluate(() => (globalThis as Any).violations);
    for (const directive of [
      'script-src',
      'script-src-elem',
      'script-src-attr',
      'style-src-elem',
      'style-src-attr',
      'worker-src',
      'connect-src',
      'img-src',
      'frame-src',
      'base-uri',
    ])
      expect(violations).toContain(directive);
  });

  test('WebAssembly, which computes, is allowed', async () => expect(await inPage('assembly')).toBe('compiled'));
});

describe('the page stays where it is', () => {
  const here = 'app://saddlescope/';
  const stays = async () => {
    await settled();
    expect(opened.page.url()).toBe(here);
    expect(await opened.page.evaluate(() => (globalThis as Any).stayed)).toBe(true);
  };
  test.each([
    ['assign', 'http'],
    ['link', 'http'],
    ['form', 'http'],
    ['refresh', 'http'],
  ])('%s to an address of this machine leads nowhere', async (trial, scheme) => {
    await inPage(trial, `${scheme}://${local}/${trial}`);
    await stays();
    expect(hits).toEqual([]);
  });

  test.each([
    'https://example.com/',
    'file:///etc/passwd',
    'data:text/html,hi',
    'app://other/',
    'app://saddlescope/../../etc/passwd',
    'app://saddlescope/assets/',
    'app://saddlescope.example/',
    'chrome://gpu',
    'view-source:app://saddlescope/',
    'blob:app://saddlescope/none',
    'filesystem:app://saddlescope/temporary/x',
    'mailto:a@example.com',
    'ssh://example.com',
    'ms-settings:about',
  ])('assigning %s leads nowhere', async (url) => {
    await inPage('assign', url);
    await stays();
  });

  test('it does not load itself again', async () => {
    await inPage('reload');
    await stays();
  });

  test('a frame inside it stays too, and has no bridge', async () => {
    expect(await inPage('bridgeInFrame')).toBe('undefined');
    // Where it was refused, Chromium shows an error of another origin.
    expect(['about:srcdoc', 'threw SecurityError']).toContain(await inPage('frameThatLeaves', `http://${local}/frame`));
    await stays();
    expect(hits).toEqual([]);
  });

  test('a file dropped on the window is not opened by Chromium', async () => {
    const client = await opened.page.context().newCDPSession(opened.page);
    const data = {
      items: [{ mimeType: 'text/uri-list', data: `http://${local}/drop` }],
      dragOperationsMask: 1,
      files: ['/etc/hostname'],
    };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await client.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
    await client.detach();
    await stays();
    expect(hits).toEqual([]);
  });

  test.each(['https://example.com/', 'app://saddlescope/', 'about:blank', 'file:///etc/passwd', 'javascript:1', ''])(
    'no window opens for %j',
    async (url) => {
      expect(await inPage('open', url)).toBe(true);
      expect(await inPage('openNamed', url)).toBe(true);
      if (url) await inPage('blankLink', url);
      await settled();
      expect(opened.app.windows()).toHaveLength(1);
      await stays();
    },
  );

  test('a download does not begin', async () => {
    await inPage('download', 'app://saddlescope/index.html');
    await inPage('download', 'data:text/plain,hello');
    await settled();
    await stays();
    expect(log()).toMatch(/A download of .* was refused/);
  });
});

describe('the bridge', () => {
  test('is these functions and nothing else', async () => {
    expect(await inPage('bridge')).toEqual([
      [
        'bundledExperiments',
        'bundledLessons',
        'cancelEngineChange',
        'changeEngine',
        'clearRecentFiles',
        'close',
        'connectCompute',
        'copyText',
        'engines',
        'information',
        'log',
        'newRun',
        'onCloseRequested',
        'onComputeState',
        'onEngineProgress',
        'onOpened',
        'openDocumentation',
        'openDropped',
        'openFile',
        'openLandscapes',
        'openRecent',
        'readBackup',
        'readSettings',
        'recentFiles',
        'restartCompute',
        'revealFile',
        'saveExperiment',
        'saveExperimentAs',
        'saveFile',
        'setBusy',
        'showLog',
        'toggleFullScreen',
        'writeBackup',
        'writeSettings',
      ],
      ['function'],
    ]);
  });

  test('cannot be replaced by the page', async () => expect(await inPage('replaceBridge')).toBe(true));

  test('hands over no event object, and listeners can be removed', async () => {
    expect(await inPage('listen')).toEqual(['function', 1, 'string']);
  });

  test.each([
    ['writeSettings', 'dark'],
    ['writeSettings', []],
    ['openRecent', '/etc/passwd'],
    ['openRecent', 'f'.repeat(32)],
    ['revealFile', '../../etc/passwd'],
    ['saveExperiment', 'f'.repeat(32), 'x'],
    ['newRun', 'a', 'secret'],
    ['openFile', 'anything'],
    ['log', 'fatal', 'x'],
    ['setBusy', 'yes'],
    ['openDropped', { path: '/etc/passwd' }],
    ['openDropped', '/etc/passwd'],
  ])('%s(%j …) is refused with two sentences', async (...call) => {
    const { message } = await inPage('call', call);
    const { found, advice } = JSON.parse(message);
    expect(found).toMatch(/\.$/);
    expect(advice).toMatch(/\.$/);
    expect(message).not.toMatch(/node_modules|\.ts:|\.cjs/);
  });

  test('refusals are logged', () => {
    expect(log()).toMatch(/refused: (writeSettings|newRun|openFile|log|setBusy|openRecent|revealFile): /);
    expect(log()).toMatch(/refused: Navigation to /);
  });

  test('opens no address of the page’s choice', async () => {
    await opened.app.evaluate(({ shell }) => {
      const opened: string[] = [];
      Object.assign(globalThis, { opened });
      shell.openExternal = async (url: string) => void opened.push(url);
    });
    const hostile = [
      'https://example.com/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://arxiv.org@evil.example/',
      'smb://host/share',
      '__proto__',
      'constructor',
      '',
    ];
    for (const page of hostile) expect((await inPage('call', ['openDocumentation', page])).message).toContain('found');
    expect(await inPage('call', ['openDocumentation', 'numpy'])).toEqual({});
    expect(await opened.app.evaluate(() => (globalThis as Any).opened)).toEqual([
      expect.stringMatching(/^https:\/\/numpy\.org\//),
    ]);
  });
});

describe('the scheme of the page', () => {
  test('answers with the policy, and with types that are not guessed', async () => {
    const [status, type, sniff, policy] = await inPage('response', '/index.html');
    expect([status, type, sniff]).toEqual([200, 'text/html; charset=utf-8', 'nosniff']);
    expect(policy).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; worker-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  test.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/..%5cpackage.json',
    '/%2e%2e%2f%2e%2e%2fpackage.json',
    '/..%252fpackage.json',
    '/assets/..%2f..%2fapp%2fmain.cjs',
    '/../app/main.cjs',
    '/%2fetc%2fpasswd',
    '//etc/passwd',
    '/index.html%00',
    '/assets',
    '/.hidden',
    '/none.js',
  ])('%s is not there', async (url) => {
    const answer = await inPage('response', url.startsWith('//') ? `app://saddlescope/${url}` : url);
    expect([404, 'threw TypeError']).toContain(Array.isArray(answer) ? answer[0] : answer);
  });

  test('takes no other request than GET', async () => expect(await inPage('post')).toBe(405));

  test('the files that were asked for do exist', () => {
    const root = path.resolve(import.meta.dirname, '..', '..');
    for (const file of ['package.json', 'dist/app/main.cjs', 'dist/page/index.html'])
      expect(existsSync(path.join(root, file))).toBe(true);
  });
});

test('a page that has made itself blank comes back', async () => {
  await inPage('assign', 'about:blank');
  await opened.page.waitForSelector('[role="menubar"]');
  expect(opened.page.url()).toBe('app://saddlescope/');
  expect(log()).toContain('The page had gone to about:blank');
});
