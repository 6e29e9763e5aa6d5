import { create } from 'zustand';
import type { PanelId } from './layout.ts';
import type { Edge } from './layout-edits.ts';

/** What the rest of the shell may ask of the dock. */
export interface DockControl {
  /** Brings a panel to the front, back into the window where it was closed, and gives it the focus. */
  show(panel: PanelId): void;
  close(panel: PanelId): void;
  /** Fills the dock with the group of a panel, or gives the others their place back. */
  toggleMaximised(panel: PanelId): void;
  /** To an edge of the dock. */
  moveTo(panel: PanelId, edge: Edge): void;
  /** Beside another panel, as a tab. */
  joinTo(panel: PanelId, other: PanelId): void;
  /** Gives the focus to the next panel in reading order. */
  focusNext(by: 1 | -1): void;
}

export interface DockState {
  /** Panels that have a place, seen or behind another tab. */
  readonly placed: readonly PanelId[];
  /** The panel that has the focus or had it last. */
  readonly active: PanelId | null;
  readonly control: DockControl | null;
}

export const useDock = create<DockState>(() => ({ placed: [], active: null, control: null }));

export const dockControl = (): DockControl | null => useDock.getState().control;
