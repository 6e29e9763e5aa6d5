import * as v from 'valibot';
import { create } from 'zustand';
import type { StoredSettings } from '../../core/protocol/bridge.ts';
import type { PlaneKind } from './plane-kind.ts';

export type ThemeChoice = 'system' | 'dark' | 'light' | 'contrast';
export type WorkspaceId = 'train' | 'spectrum' | 'landscape';
export type ChartId =
  | 'loss'
  | 'accuracy'
  | 'sharpness'
  | 'topEigenvalues'
  | 'subspaceOverlap'
  | 'gradientShare'
  | 'density'
  | 'gradientNorm'
  | 'lowestEigenvalue'
  | 'learningRate';

/** What the app remembers between sessions. Plain JSON; every change of it can be undone. */
export interface Settings {
  readonly theme: ThemeChoice;
  readonly motion: 'system' | 'reduced' | 'full';
  readonly workspace: WorkspaceId;
  /** Saved docks, as dockview writes them; null is the layout we ship. */
  readonly layouts: Readonly<Record<WorkspaceId, unknown>>;
  readonly charts: readonly ChartId[];
  /** Charts with a logarithmic axis. */
  readonly logCharts: readonly ChartId[];
  readonly landscape: {
    readonly plane: PlaneKind;
    readonly view: 'surface' | 'contours';
    readonly height: 'log' | 'linear';
    readonly colours: 'viridis' | 'cividis';
    /** Computes the plane anew while the run goes on. */
    readonly follow: boolean;
    readonly grid: number;
  };
  /** Ids of the commands used last, newest first. No setting of its own: not undone. */
  readonly recentCommands: readonly string[];
}

export const defaultSettings: Settings = {
  theme: 'system',
  motion: 'system',
  workspace: 'train',
  layouts: { train: null, spectrum: null, landscape: null },
  charts: ['loss', 'density', 'sharpness', 'gradientNorm'],
  logCharts: ['loss', 'gradientNorm'],
  landscape: { plane: 'pca', view: 'surface', height: 'log', colours: 'viridis', follow: true, grid: 49 },
  recentCommands: [],
};

export const useSettings = create<Settings>(() => defaultSettings);

const { landscape } = defaultSettings;
const chart = v.picklist([
  'loss',
  'accuracy',
  'sharpness',
  'topEigenvalues',
  'subspaceOverlap',
  'gradientShare',
  'density',
  'gradientNorm',
  'lowestEigenvalue',
  'learningRate',
] satisfies ChartId[]);

/** A field that is missing or cannot be used has its default value; the others are kept. */
const schema = v.object({
  theme: v.fallback(v.picklist(['system', 'dark', 'light', 'contrast']), defaultSettings.theme),
  motion: v.fallback(v.picklist(['system', 'reduced', 'full']), defaultSettings.motion),
  workspace: v.fallback(v.picklist(['train', 'spectrum', 'landscape']), defaultSettings.workspace),
  layouts: v.fallback(
    v.object({
      train: v.optional(v.unknown(), null),
      spectrum: v.optional(v.unknown(), null),
      landscape: v.optional(v.unknown(), null),
    }),
    defaultSettings.layouts,
  ),
  charts: v.fallback(v.array(chart), [...defaultSettings.charts]),
  logCharts: v.fallback(v.array(chart), [...defaultSettings.logCharts]),
  landscape: v.fallback(
    v.object({
      plane: v.fallback(v.pipe(v.string(), v.maxLength(200)), landscape.plane),
      view: v.fallback(v.picklist(['surface', 'contours']), landscape.view),
      height: v.fallback(v.picklist(['log', 'linear']), landscape.height),
      colours: v.fallback(v.picklist(['viridis', 'cividis']), landscape.colours),
      follow: v.fallback(v.boolean(), landscape.follow),
      grid: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(9), v.maxValue(401)), landscape.grid),
    }),
    landscape,
  ),
  recentCommands: v.fallback(v.pipe(v.array(v.string()), v.maxLength(20)), []),
});

/** Settings as they were stored, by this version or another; never fails. */
export function settingsFrom(stored: StoredSettings): Settings {
  const complete = Object.fromEntries(Object.keys(schema.entries).map((key) => [key, stored[key]]));
  return v.parse(schema, complete);
}
