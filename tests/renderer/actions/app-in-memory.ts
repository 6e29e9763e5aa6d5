import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel as NodeMessageChannel } from 'node:worker_threads';
import {
  type Bridge,
  bridgeName,
  type ComputeState,
  computePortMessage,
  type GrantedFile,
  type StoredSettings,
} from '../../../core/protocol/bridge.ts';

/** The built process that computes; what the tests press against is real. */
const processFile = path.resolve(import.meta.dirname, 'compute-process.mjs');
const computeFile = path.resolve(import.meta.dirname, '../../../dist/app/compute.cjs');

const nothingInstalled = {
  engines: [],
  cards: [],
  hasGpu: false,
  whyNoGpu: 'no NVIDIA driver is loaded',
  whyNoInstallation: null,
  platform: 'linux x64',
};

/** What stands for the main process: tables in memory, files in a temporary folder. */
export function createApp(experiments: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'saddlescope-actions-'));
  const files = new Map<string, GrantedFile>();
  const computeListeners = new Set<(state: ComputeState) => void>();
  const calls: string[] = [];
  const logged: string[] = [];
  const copied: string[] = [];
  let child: ChildProcess | null = null;
  let busy = false;
  let settings: StoredSettings = {};
  let backup: string | null = null;
  let askToClose = () => {};
  let giveFile: (file: GrantedFile) => void = () => {};
  /** What the next dialog answers. */
  let chosen: GrantedFile | null = null;

  function grant(shown: string, kind: 'run' | 'experiment'): GrantedFile {
    const known = [...files.values()].find((file) => file.shown === shown);
    if (known) return known;
    const file = { reference: `file-${files.size + 1}`, kind, name: path.basename(shown), shown };
    files.set(file.reference, file);
    child?.send({ main: { kind: 'grant', reference: file.reference, path: shown } });
    return file;
  }

  function experimentFile(name: string, yaml: string): GrantedFile {
    const shown = path.join(folder, name);
    writeFileSync(shown, yaml);
    return grant(shown, 'experiment');
  }

  const tell = (state: ComputeState) => {
    for (const listener of computeListeners) listener(state);
  };

  function connect(to: ChildProcess): void {
    const { port1, port2 } = new NodeMessageChannel();
    to.on('message', ({ page }: { page?: unknown }) => page !== undefined && port2.postMessage(page));
    port2.on('message', (message) => to.connected && to.send({ page: message }));
    to.send({ connect: true });
    const event = new MessageEvent('message', { data: computePortMessage });
    Object.defineProperty(event, 'ports', { value: [port1] });
    window.dispatchEvent(event);
  }

  function start(): Promise<void> {
    tell({ state: 'starting' });
    const env = { ...process.env, SADDLESCOPE_RESUME_SECONDS: '0.1' };
    const started = fork(processFile, [computeFile], { env, serialization: 'advanced', execArgv: [] });
    child = started;
    for (const [reference, { shown }] of files) started.send({ main: { kind: 'grant', reference, path: shown } });
    return new Promise((resolve) => {
      started.on('message', ({ main }: { main?: { kind: string; text?: string } }) => {
        if (main?.kind === 'log') logged.push(main.text ?? '');
        if (main?.kind !== 'ready') return;
        tell({ state: 'ready' });
        connect(started);
        resolve();
      });
    });
  }

  /** The process that computes ends at once, whatever it does. */
  async function kill(after: ComputeState): Promise<void> {
    const killed = child;
    child = null;
    if (killed) {
      const gone = new Promise((resolve) => killed.once('exit', resolve));
      killed.kill('SIGKILL');
      await gone;
    }
    tell(after);
  }

  const bundled = Object.entries(experiments).map(([name, yaml]) => experimentFile(name, yaml));
  const bridge: Bridge = {
    information: async () => ({
      version: '0.0.0',
      runtime: 'Node',
      runtimeSupported: true,
      platform: 'linux',
      firstLight: bundled.length > 0,
      recovered: null,
    }),
    connectCompute: async () => {
      if (child === null) await start();
    },
    restartCompute: async () => void (await start()),
    onComputeState: (listener) => {
      computeListeners.add(listener);
      return () => computeListeners.delete(listener);
    },
    readSettings: async () => settings,
    writeSettings: async (given) => {
      calls.push('writeSettings');
      settings = structuredClone(given);
    },
    openFile: async () => chosen,
    openLandscapes: async () => (chosen === null ? [] : [chosen]),
    openDropped: async (file) => {
      const { name } = file as File;
      const shown = path.join(folder, name);
      if (!name.endsWith('.yaml'))
        throw new Error(JSON.stringify({ found: `${name} is no experiment.`, advice: 'Give another.' }));
      return grant(shown, 'experiment');
    },
    openRecent: async (reference) => files.get(reference) ?? null,
    recentFiles: async () => [...files.values()].map((file) => ({ ...file, openedAt: 0 })),
    clearRecentFiles: async () => {},
    bundledExperiments: async () => bundled,
    bundledLessons: async () => [],
    newRun: async (name) => grant(path.join(folder, `${name.replace(/\W+/g, '-')}-${files.size}`), 'run'),
    saveFile: async () => null,
    saveExperiment: async (reference, yaml) => writeFileSync(files.get(reference)?.shown ?? '', yaml),
    saveExperimentAs: async (name, yaml) => experimentFile(`saved-${name}`, yaml),
    copyText: async (text) => void copied.push(text),
    revealFile: async () => {},
    openDocumentation: async () => {},
    onOpened: (listener) => {
      giveFile = listener;
      return () => {};
    },
    onCloseRequested: (listener) => {
      askToClose = listener;
      return () => {};
    },
    close: async () => void calls.push('close'),
    setBusy: async (value) => {
      busy = value;
    },
    toggleFullScreen: async () => {},
    log: async (_, text) => void logged.push(text),
    showLog: async () => {},
    writeBackup: async (text) => {
      calls.push('writeBackup');
      backup = text;
    },
    readBackup: async () => backup,
    engines: async () => nothingInstalled,
    changeEngine: async () => null,
    cancelEngineChange: async () => {},
    onEngineProgress: () => () => {},
  };
  Object.assign(window, { [bridgeName]: bridge });

  return {
    folder,
    calls,
    logged,
    copied,
    start,
    kill,
    experimentFile,
    grant,
    read: (file: GrantedFile, name = ''): string => readFileSync(path.join(file.shown, name), 'utf8'),
    choose: (file: GrantedFile | null) => {
      chosen = file;
    },
    askToClose: () => askToClose(),
    give: (file: GrantedFile) => giveFile(file),
    store: (given: { settings?: StoredSettings; backup?: string }) => {
      settings = given.settings ?? settings;
      backup = given.backup ?? backup;
    },
    get busy() {
      return busy;
    },
    get settings() {
      return settings;
    },
    get backup() {
      return backup;
    },
    async close() {
      await kill({ state: 'starting' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Settles once it holds; fails after `patienceMs`. */
export async function until(holds: () => boolean, patienceMs = 15_000, what = holds.toString()): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It did not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
