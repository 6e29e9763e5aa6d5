import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  type Bridge,
  bridgeChannel,
  bridgeName,
  type ComputeState,
  computePortMessage,
  type GrantedFile,
  type Refusal,
  refusalMessage,
} from '../../core/protocol/bridge.ts';
import type { EngineProgress } from '../../core/protocol/engines.ts';

/** The window that this runs in, as far as it is used here. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

type Answer = { readonly value: unknown } | { readonly refused: Refusal };

async function call<T>(name: keyof Bridge | 'closeSeen', ...given: readonly unknown[]): Promise<T> {
  const answer = (await ipcRenderer.invoke(bridgeChannel(name), ...given)) as Answer;
  if ('refused' in answer) throw new Error(refusalMessage(answer.refused));
  return answer.value as T;
}

/** Events of one kind. What comes before the page listens waits for its first listener. */
function events<T>(name: keyof Bridge, kept: 'all' | 'latest') {
  const listeners = new Set<(value: T) => void>();
  let waiting: T[] = [];
  ipcRenderer.on(bridgeChannel(name), (_event, value: T) => {
    if (kept === 'latest') waiting = [value];
    else if (listeners.size === 0) waiting.push(value);
    for (const listener of [...listeners]) listener(value);
  });
  return (listener: (value: T) => void): (() => void) => {
    listeners.add(listener);
    for (const value of waiting) listener(value);
    if (kept === 'all') waiting = [];
    return () => {
      listeners.delete(listener);
    };
  };
}

/** Where a dropped file lies. `File.path` was replaced by `webUtils` in Electron 32; neither can be made up by the page. */
function pathOf(file: unknown): string {
  if (!(file instanceof File)) return '';
  // Absent at run time in older versions.
  const utilities = webUtils as typeof webUtils | undefined;
  if (utilities) return utilities.getPathForFile(file);
  return (file as File & { readonly path?: string }).path ?? '';
}

const onClose = events<null>('onCloseRequested', 'all');

const bridge: Bridge = {
  information: () => call('information'),
  connectCompute: () => call('connectCompute'),
  restartCompute: () => call('restartCompute'),
  onComputeState: events<ComputeState>('onComputeState', 'latest'),
  readSettings: () => call('readSettings'),
  writeSettings: (settings) => call('writeSettings', settings),
  openLandscapes: () => call('openLandscapes'),
  openFile: (kind) => call('openFile', kind),
  openDropped: (file) => call('openDropped', pathOf(file)),
  openRecent: (reference) => call('openRecent', reference),
  recentFiles: () => call('recentFiles'),
  clearRecentFiles: () => call('clearRecentFiles'),
  bundledExperiments: () => call('bundledExperiments'),
  bundledLessons: () => call('bundledLessons'),
  newRun: (name, purpose) => call('newRun', name, purpose),
  saveFile: (suggestedName, kind, content) => call('saveFile', suggestedName, kind, content),
  saveExperiment: (reference, yaml) => call('saveExperiment', reference, yaml),
  saveExperimentAs: (suggestedName, yaml) => call('saveExperimentAs', suggestedName, yaml),
  copyText: (text) => call('copyText', text),
  revealFile: (reference) => call('revealFile', reference),
  openDocumentation: (page) => call('openDocumentation', page),
  onOpened: events<GrantedFile>('onOpened', 'all'),
  // Main learns that somebody in the page has heard it; how long the user then thinks is no concern of main's.
  onCloseRequested: (listener) =>
    onClose(() => {
      void call('closeSeen');
      listener();
    }),
  close: () => call('close'),
  setBusy: (busy) => call('setBusy', busy),
  toggleFullScreen: () => call('toggleFullScreen'),
  log: (level, text) => call('log', level, text),
  showLog: () => call('showLog'),
  writeBackup: (text) => call('writeBackup', text),
  readBackup: () => call('readBackup'),
  engines: () => call('engines'),
  changeEngine: (wish) => call('changeEngine', wish),
  cancelEngineChange: () => call('cancelEngineChange'),
  onEngineProgress: events<EngineProgress>('onEngineProgress', 'latest'),
};

// A port cannot be handed over the bridge; a message to this window alone can carry it.
ipcRenderer.on(bridgeChannel('computePort'), ({ ports }) => {
  window.postMessage(computePortMessage, window.location.origin, ports);
});

contextBridge.exposeInMainWorld(bridgeName, bridge);
