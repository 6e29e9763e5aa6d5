import path from 'node:path';
import * as v from 'valibot';
import type { StoredSettings } from '../../core/protocol/bridge.ts';
import { openStoredFile, type StoredFile, type StoredFileOptions } from './stored-file.ts';

export const maxRecent = 20;

/** A table, whatever is in it: a schema of records would take a list for one. */
export const settingsSchema = v.custom<StoredSettings>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const pathText = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

const recentSchema = v.pipe(
  v.array(
    v.strictObject({
      path: pathText,
      kind: v.picklist(['run', 'experiment', 'landscape']),
      openedAt: v.pipe(v.number(), v.finite(), v.minValue(0)),
    }),
  ),
  v.maxLength(maxRecent),
);

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));

const windowSchema = v.nullable(
  v.strictObject({
    bounds: v.strictObject({ x: pixels, y: pixels, width: pixels, height: pixels }),
    maximized: v.boolean(),
    fullScreen: v.boolean(),
  }),
);

/** Where the dialogs were last. */
const foldersSchema = v.strictObject({ open: v.nullable(pathText), save: v.nullable(pathText) });

/** Of the session that wrote it last: whether it said goodbye. */
const sessionSchema = v.nullable(
  v.strictObject({
    pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
    startedAt: v.pipe(v.string(), v.isoTimestamp()),
    ended: v.boolean(),
  }),
);

export type SessionMark = v.InferOutput<typeof sessionSchema>;
export type RecentEntry = v.InferOutput<typeof recentSchema>[number];
export type WindowState = NonNullable<v.InferOutput<typeof windowSchema>>;

/** Everything that the app remembers on this machine. */
export interface StoredFiles {
  readonly settings: StoredFile<StoredSettings>;
  readonly recent: StoredFile<readonly RecentEntry[]>;
  readonly window: StoredFile<WindowState | null>;
  readonly folders: StoredFile<v.InferOutput<typeof foldersSchema>>;
  readonly session: StoredFile<SessionMark>;
  readonly backup: StoredFile<string | null>;
}

export type StoredFilesEvents = Pick<StoredFileOptions<unknown>, 'onBad' | 'onFailedWrite'>;

export const maxSettingsBytes = 512 * 1024;
export const maxBackupBytes = 8 * 1024 * 1024;

export async function openStoredFiles(folder: string, events: StoredFilesEvents): Promise<StoredFiles> {
  const open = <T>(name: string, schema: v.GenericSchema<unknown, T>, empty: T, maxBytes = 64 * 1024) =>
    openStoredFile({ file: path.join(folder, name), schema, empty, maxBytes, ...events });
  const [settings, recent, window, folders, session, backup] = await Promise.all([
    open<StoredSettings>('settings.json', settingsSchema, {}, maxSettingsBytes),
    open<readonly RecentEntry[]>('recent.json', recentSchema, [], 256 * 1024),
    open('window.json', windowSchema, null),
    open('folders.json', foldersSchema, { open: null, save: null }),
    open('session.json', sessionSchema, null),
    open<string | null>('backup.json', v.nullable(v.string()), null, maxBackupBytes),
  ]);
  return { settings, recent, window, folders, session, backup };
}

export async function allWritten(files: StoredFiles): Promise<void> {
  await Promise.all(Object.values(files).map((file: StoredFile<unknown>) => file.written()));
}
