import { createDockview, type DockviewApi, type DockviewGroupPanel, type IDockviewPanel } from 'dockview-core';
import { panelOf, panels } from '../panels.ts';
import { type DockControl, useDock } from './dock-state.ts';
import { fromDockview, toDockview } from './dockview-layout.ts';
import type { Layout, PanelId, Side } from './layout.ts';
import { atEdge, beside, type Edge, without, withSizesOf } from './layout-edits.ts';
import { hostOf } from './panel-hosts.ts';

export interface Dock extends DockControl {
  /** Shows this layout; panels that it shares with the present one keep their state. */
  apply(layout: Layout): void;
  /** As the panels lie now; null where none is left. */
  layout(): Layout | null;
  dispose(): void;
}

const edgeOf: Readonly<Record<Side, Edge>> = { left: 'left', centre: 'right', right: 'right', bottom: 'below' };

const titleOf = (id: PanelId): string => panelOf(id).title;

/** Content that goes with the tab that is shown: title, and a cross for the pointer (Delete does it by keyboard). */
function makeTab(id: string, close: () => void) {
  const tab = document.createElement('div');
  tab.className = 'dock-tab';
  const cross = document.createElement('span');
  cross.className = 'dock-tab-close';
  cross.textContent = '×';
  cross.ariaHidden = 'true';
  cross.title = 'Close panel';
  cross.addEventListener('pointerdown', (event) => event.stopPropagation());
  cross.addEventListener('click', (event) => {
    event.stopPropagation();
    close();
  });
  tab.append(hostOf(id).title, cross);
  return { element: tab, init() {} };
}

/** The controls of the panel that is shown, beside the tabs of its group. */
function makeControls(group: DockviewGroupPanel) {
  const element = document.createElement('div');
  element.className = 'dock-controls-place';
  const place = () => {
    const shown = group.activePanel?.id;
    element.replaceChildren(...(shown === undefined ? [] : [hostOf(shown).controls]));
  };
  let listening: { dispose(): void } | null = null;
  return {
    element,
    init() {
      listening = group.api.onDidActivePanelChange(place);
      place();
    },
    dispose: () => listening?.dispose(),
  };
}

/** Tabs are named by what stands in them, which panels may change; groups are no landmarks beside the panels in them. */
function nameByContent(dock: HTMLElement): void {
  for (const tab of dock.querySelectorAll('.dv-tab[aria-label]')) tab.removeAttribute('aria-label');
  for (const group of dock.querySelectorAll('.dv-groupview[role=region]')) group.setAttribute('role', 'group');
}

/** The dock in an element: dockview with our panels, tabs and rules. `onUserChange`: somebody moved, closed or resized. */
export function makeDock(element: HTMLElement, onUserChange: () => void): Dock {
  let applying = false;
  let before: Layout | null = null;
  const api: DockviewApi = createDockview(element, {
    theme: { name: 'saddlescope', className: 'dock-theme', gap: 0, dndTabIndicator: 'line' },
    disableFloatingGroups: true,
    scrollbars: 'native',
    noPanelsOverlay: 'watermark',
    announcements: false,
    createComponent: ({ name }) => ({ element: hostOf(name).content, init() {} }),
    createTabComponent: ({ id }) => makeTab(id, () => close(id as PanelId)),
    createRightHeaderActionComponent: makeControls,
    createWatermarkComponent: () => {
      const nothing = document.createElement('p');
      nothing.className = 'dock-empty';
      nothing.textContent = 'Every panel is closed. View → Reset layout brings them back.';
      return { element: nothing, init() {} };
    },
  });

  const publish = () => {
    if (applying) return;
    nameByContent(element);
    useDock.setState({
      placed: api.panels.map(({ id }) => id as PanelId),
      active: (api.activePanel?.id as PanelId | undefined) ?? null,
    });
  };
  const changedByUser = () => {
    publish();
    if (!applying) onUserChange();
  };
  const dropSash = (event: PointerEvent) => {
    if (!(event.target instanceof Element && event.target.closest('.dv-sash'))) return;
    window.addEventListener('pointerup', () => changedByUser(), { once: true });
  };
  element.addEventListener('pointerdown', dropSash, true);
  const listening = [
    api.onWillMutateLayout(() => {
      before = applying ? null : layout();
    }),
    api.onDidMutateLayout(({ origin, kind }) => {
      if (origin !== 'user' || applying) return publish();
      const after = layout();
      // Dockview shares out the room evenly when a panel moves: what did not move keeps its size here.
      if (kind === 'move' && before !== null && after !== null) apply(withSizesOf(before, after));
      changedByUser();
    }),
    api.onDidActivePanelChange(publish),
  ];

  const focus = (panel: IDockviewPanel) => {
    panel.api.setActive();
    hostOf(panel.id).content.focus({ preventScroll: true });
  };

  const layout = (): Layout | null => (api.hasMaximizedGroup() ? null : fromDockview(api.toJSON()));

  function apply(next: Layout) {
    applying = true;
    try {
      const { clientWidth, clientHeight } = element;
      api.layout(clientWidth, clientHeight);
      api.fromJSON(toDockview(next, clientWidth, clientHeight, titleOf), { reuseExistingPanels: true });
    } finally {
      applying = false;
      publish();
    }
  }

  /** What a command does to the layout; a maximised group is restored first. */
  function edit(change: (now: Layout) => Layout | null) {
    if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
    const now = layout();
    const next = now === null ? null : change(now);
    if (next === null) return;
    apply(next);
    onUserChange();
  }

  function show(id: PanelId) {
    if (!api.getPanel(id)) {
      const { side } = panelOf(id);
      const neighbour = panels.find((panel) => panel.id !== id && panel.side === side && api.getPanel(panel.id));
      const alone: Layout = { panels: [id], shown: id };
      if (api.panels.length === 0) {
        apply(alone);
        onUserChange();
      } else edit((now) => (neighbour ? beside(now, id, neighbour.id) : atEdge(now, id, edgeOf[side])));
    }
    const panel = api.getPanel(id);
    if (panel) focus(panel);
  }

  /** The last panel stays: an empty window helps nobody. */
  const close = (id: PanelId) => edit((now) => without(now, id));

  /** Reading order: rows from above, then from the left. */
  const inReadingOrder = (): DockviewGroupPanel[] =>
    [...api.groups].sort((a, b) => {
      const [p, q] = [a.element.getBoundingClientRect(), b.element.getBoundingClientRect()];
      return Math.abs(p.top - q.top) > 8 ? p.top - q.top : p.left - q.left;
    }) as DockviewGroupPanel[];

  return {
    apply,
    layout,
    show,
    close,
    toggleMaximised(id) {
      const panel = api.getPanel(id);
      if (!panel) return;
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      else api.maximizeGroup(panel);
    },
    moveTo: (id, edge) => edit((now) => atEdge(now, id, edge)),
    joinTo: (id, other) => edit((now) => beside(now, id, other)),
    focusNext(by) {
      const groups = inReadingOrder();
      const now = groups.findIndex((group) => group.element.contains(document.activeElement));
      const next = groups[(now + by + groups.length) % groups.length]?.activePanel;
      if (next) focus(next);
    },
    dispose() {
      element.removeEventListener('pointerdown', dropSash, true);
      for (const one of listening) one.dispose();
      api.dispose();
    },
  };
}
