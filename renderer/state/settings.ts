import { create } from 'zustand';
import type { PlaneKind } from './results.ts';

export type ThemeChoice = 'system' | 'dark' | 'light' | 'contrast';
export type WorkspaceId = 'train' | 'spectrum' | 'landscape';
export type ChartId =
  | 'loss'
  | 'accuracy'
  | 'sharpness'
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
  readonly landscape: {
    readonly plane: PlaneKind;
    readonly view: 'surface' | 'contours';
    readonly height: 'log' | 'linear';
    readonly colours: 'viridis' | 'cividis';
    /** Computes the plane anew while the run goes on. */
    readonly follow: boolean;
    readonly grid: number;
  };
}

export const defaultSettings: Settings = {
  theme: 'system',
  motion: 'system',
  workspace: 'train',
  layouts: { train: null, spectrum: null, landscape: null },
  charts: ['loss', 'density', 'sharpness', 'gradientNorm'],
  landscape: { plane: 'pca', view: 'surface', height: 'log', colours: 'viridis', follow: true, grid: 49 },
};

export const useSettings = create<Settings>(() => defaultSettings);
