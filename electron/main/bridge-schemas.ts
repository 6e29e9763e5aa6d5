import * as v from 'valibot';
import type { Bridge } from '../../core/protocol/bridge.ts';
import { maxBackupBytes, maxSettingsBytes, settingsSchema } from './stored-files.ts';

/** What the page can call; the events of the bridge are listened to, not called. */
export type CallName = Exclude<keyof Bridge, `on${string}`> | 'closeSeen';

const maxSavedBytes = 512 * 1024 * 1024;
const maxText = 16 * 1024 * 1024;

const text = (length: number) => v.pipe(v.string(), v.maxLength(length));
const reference = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const saveKind = v.picklist([
  'svg',
  'png',
  'pdf',
  'csv',
  'npz',
  'json',
  'yaml',
  'txt',
  'bib',
  'webm',
  'glb',
  'vts',
  'vtp',
  'vti',
  'h5',
  'gif',
  'html',
]);
const engineNames = /^tensorflow-[0-9A-Za-z.+]{1,40}-(cpu|gpu)$/;
const content = v.union([
  text(maxSavedBytes),
  v.pipe(
    v.instance(Uint8Array),
    v.check((bytes) => bytes.byteLength <= maxSavedBytes),
  ),
]);
/** Infinite for what JSON cannot say: numbers of any size, and what contains itself. */
function lengthAsJson(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const settings = v.pipe(
  settingsSchema,
  v.check((value) => lengthAsJson(value) <= maxSettingsBytes),
);

/** The arguments of each call, exactly: one more or another type, and the call is refused. */
export const bridgeSchemas = {
  information: v.strictTuple([]),
  connectCompute: v.strictTuple([]),
  restartCompute: v.strictTuple([]),
  readSettings: v.strictTuple([]),
  writeSettings: v.strictTuple([settings]),
  openFile: v.strictTuple([v.picklist(['run', 'experiment', 'lesson'])]),
  openLandscapes: v.strictTuple([]),
  // The path, which preload took from the file; empty for a file without one.
  openDropped: v.strictTuple([text(32_768)]),
  openRecent: v.strictTuple([reference]),
  recentFiles: v.strictTuple([]),
  clearRecentFiles: v.strictTuple([]),
  bundledExperiments: v.strictTuple([]),
  bundledLessons: v.strictTuple([]),
  newRun: v.strictTuple([text(1_000), v.picklist(['start-up', 'kept'])]),
  saveFile: v.strictTuple([text(1_000), saveKind, content]),
  saveExperiment: v.strictTuple([reference, text(maxText)]),
  saveExperimentAs: v.strictTuple([text(1_000), text(maxText)]),
  copyText: v.strictTuple([text(maxText)]),
  revealFile: v.strictTuple([reference]),
  openDocumentation: v.strictTuple([text(100)]),
  close: v.strictTuple([]),
  closeSeen: v.strictTuple([]),
  setBusy: v.strictTuple([v.boolean()]),
  toggleFullScreen: v.strictTuple([]),
  log: v.strictTuple([v.picklist(['info', 'error']), text(100_000)]),
  showLog: v.strictTuple([]),
  writeBackup: v.strictTuple([v.nullable(text(maxBackupBytes / 4))]),
  readBackup: v.strictTuple([]),
  engines: v.strictTuple([]),
  changeEngine: v.strictTuple([
    v.variant('kind', [
      v.strictObject({ kind: v.literal('install'), gpu: v.boolean(), from: v.picklist(['download', 'wheel']) }),
      v.strictObject({ kind: v.picklist(['use', 'remove']), name: v.pipe(v.string(), v.regex(engineNames)) }),
    ]),
  ]),
  cancelEngineChange: v.strictTuple([]),
} satisfies Record<CallName, v.GenericSchema<unknown, unknown[]>>;

/** What answers each call, given its checked arguments. */
export type Answers = {
  readonly [Name in CallName]: (...given: v.InferOutput<(typeof bridgeSchemas)[Name]>) => unknown;
};
