import type { PanelSlot } from '../../widgets/panel-slot.ts';
import { type PanelId, panelIds } from './layout.ts';

/**
 * The elements that a panel is drawn into. They belong to us and only move within the dock, so that a panel keeps its
 * state (and its WebGL context) when it is dragged or when the workspace changes.
 */
export interface PanelHost extends PanelSlot {
  readonly content: HTMLElement;
}

const element = (tag: string, className: string): HTMLElement => {
  const made = document.createElement(tag);
  made.className = className;
  return made;
};

function makeHost(id: PanelId): PanelHost {
  const content = element('div', `dock-content dock-content-${id}`);
  content.tabIndex = -1;
  content.dataset.panel = id;
  const title = element('span', 'dock-tab-title');
  title.dataset.panel = id;
  return { content, title, controls: element('div', 'dock-controls') };
}

export const panelHosts: ReadonlyMap<PanelId, PanelHost> = new Map(panelIds.map((id) => [id, makeHost(id)]));

export function hostOf(id: string): PanelHost {
  const host = panelHosts.get(id as PanelId);
  if (host === undefined) throw new Error(`There is no panel ${id}.`);
  return host;
}
