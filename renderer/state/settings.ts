import * as v from 'valibot';
import { create } from 'zustand';
import type { StoredSettings } from '../../core/protocol/bridge.ts';
import type { PlaneKind } from './plane-kind.ts';

export type ThemeChoice = 'system' | 'dark' | 'light' | 'contrast';
export type WorkspaceId = 'train' | 'spectrum' | 'landscape' | 'saddles' | 'lessons';
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

/** From where the user wants to see a slice again. */
export interface SavedCamera {
  readonly slice: PlaneKind;
  readonly name: string;
  /** As the scene wrote it. */
  readonly pose: unknown;
}

export const mostCameras = 60;

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
    /** What is drawn upwards, by its name in the slice; another one where the slice has no such quantity. */
    readonly quantity: string;
    /** What lines show: one quantity, or `all`; `automatic` is what fits. */
    readonly lineQuantity: string;
    /** What colours it: another quantity, or `height`. */
    readonly colour: string;
    /** Of the colours of another quantity; `own` is what suits it. */
    readonly colourScale: 'own' | 'linear' | 'log' | 'diverging';
    /** The highest value that is drawn at its height. */
    readonly clip: number | null;
    readonly outlines: 'none' | 'cells' | 'triangles';
    readonly path: boolean;
    readonly stalks: boolean;
    /** Signs at the minima and passes of the grid. */
    readonly marks: boolean;
    /** Least persistence of those listed, as a share of the range of the quantity. */
    readonly prominence: number;
    /** The column of controls is open. */
    readonly controls: boolean;
    /** Of the user's own, oldest first. */
    readonly cameras: readonly SavedCamera[];
  };
  /** Ids of the commands used last, newest first. No setting of its own: not undone. */
  readonly recentCommands: readonly string[];
}

export const defaultSettings: Settings = {
  theme: 'system',
  motion: 'system',
  workspace: 'train',
  layouts: { train: null, spectrum: null, landscape: null, saddles: null, lessons: null },
  charts: ['loss', 'density', 'sharpness', 'gradientNorm'],
  logCharts: ['loss', 'gradientNorm'],
  landscape: {
    plane: 'pca',
    view: 'surface',
    height: 'log',
    colours: 'viridis',
    follow: true,
    grid: 49,
    quantity: 'loss',
    lineQuantity: 'automatic',
    colour: 'height',
    colourScale: 'own',
    clip: null,
    outlines: 'none',
    path: true,
    stalks: true,
    marks: false,
    prominence: 0.02,
    controls: false,
    cameras: [],
  },
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

const camera = v.object({
  slice: v.pipe(v.string(), v.maxLength(200)),
  name: v.pipe(v.string(), v.maxLength(100)),
  pose: v.unknown(),
});

/** A field that is missing or cannot be used has its default value; the others are kept. */
const schema = v.object({
  theme: v.fallback(v.picklist(['system', 'dark', 'light', 'contrast']), defaultSettings.theme),
  motion: v.fallback(v.picklist(['system', 'reduced', 'full']), defaultSettings.motion),
  workspace: v.fallback(
    v.picklist(['train', 'spectrum', 'landscape', 'saddles', 'lessons']),
    defaultSettings.workspace,
  ),
  layouts: v.fallback(
    v.object({
      train: v.optional(v.unknown(), null),
      spectrum: v.optional(v.unknown(), null),
      landscape: v.optional(v.unknown(), null),
      saddles: v.optional(v.unknown(), null),
      lessons: v.optional(v.unknown(), null),
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
      quantity: v.fallback(v.pipe(v.string(), v.maxLength(100)), landscape.quantity),
      lineQuantity: v.fallback(v.pipe(v.string(), v.maxLength(100)), landscape.lineQuantity),
      colour: v.fallback(v.pipe(v.string(), v.maxLength(100)), landscape.colour),
      colourScale: v.fallback(v.picklist(['own', 'linear', 'log', 'diverging']), landscape.colourScale),
      clip: v.fallback(v.nullable(v.pipe(v.number(), v.finite())), landscape.clip),
      outlines: v.fallback(v.picklist(['none', 'cells', 'triangles']), landscape.outlines),
      path: v.fallback(v.boolean(), landscape.path),
      stalks: v.fallback(v.boolean(), landscape.stalks),
      marks: v.fallback(v.boolean(), landscape.marks),
      prominence: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), landscape.prominence),
      controls: v.fallback(v.boolean(), landscape.controls),
      cameras: v.fallback(v.pipe(v.array(camera), v.maxLength(mostCameras)), []),
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
