import { createDockview, type DockviewApi, type DockviewGroupPanel, type IDockviewPanel } from 'dockview-core';
import { panelOf, panels } from '../panels.ts';
import { type DockControl, useDock } from './dock-state.ts';
import { fromDockview, toDockview } from './dockview-layout.ts';
import type { Layout, PanelId } from './layout.ts';
import { hostOf } from './panel-hosts.ts';

export interface Dock extends DockControl {
  /** Shows this layout; panels that it shares with the present one keep their state. */
  apply(layout: Layout): void;
  /** As the panels lie now; null where none is left. */
  layout(): Layout | null;
  dispose(): void;
}

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

/** The dock in an element: dockview with our panels, tabs and rules. `onUserChange`: somebody moved, closed or resized. */
export function makeDock(element: HTMLElement, onUserChange: () => void): Dock {
  let applying = false;
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
    api.onDidMutateLayout(({ origin }) => (origin === 'user' ? changedByUser() : publish())),
    api.onDidActivePanelChange(publish),
  ];

  const focus = (panel: IDockviewPanel) => {
    panel.api.setActive();
    hostOf(panel.id).content.focus({ preventScroll: true });
  };

  function show(id: PanelId) {
    const present = api.getPanel(id);
    if (present) return focus(present);
    const { side } = panelOf(id);
    const neighbour = panels.find((panel) => panel.id !== id && panel.side === side && api.getPanel(panel.id));
    const position = neighbour
      ? ({ referencePanel: neighbour.id, direction: 'within' } as const)
      : ({ direction: side === 'bottom' ? 'below' : side === 'left' ? 'left' : 'right' } as const);
    const size = side === 'centre' ? {} : side === 'bottom' ? { initialHeight: 280 } : { initialWidth: 280 };
    focus(api.addPanel({ id, component: id, tabComponent: id, title: titleOf(id), position, ...size }));
    changedByUser();
  }

  function close(id: PanelId) {
    api.getPanel(id)?.api.close();
    changedByUser();
  }

  /** Reading order: rows from above, then from the left. */
  const inReadingOrder = (): DockviewGroupPanel[] =>
    [...api.groups].sort((a, b) => {
      const [p, q] = [a.element.getBoundingClientRect(), b.element.getBoundingClientRect()];
      return Math.abs(p.top - q.top) > 8 ? p.top - q.top : p.left - q.left;
    }) as DockviewGroupPanel[];

  return {
    apply(layout) {
      applying = true;
      const { clientWidth, clientHeight } = element;
      try {
        api.fromJSON(toDockview(layout, clientWidth, clientHeight, titleOf), { reuseExistingPanels: true });
      } finally {
        applying = false;
        publish();
      }
    },
    layout: () => (api.hasMaximizedGroup() ? null : fromDockview(api.toJSON())),
    show,
    close,
    toggleMaximised(id) {
      const panel = api.getPanel(id);
      if (!panel) return;
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      else api.maximizeGroup(panel);
    },
    moveTo(id, edge) {
      const panel = api.getPanel(id);
      if (!panel) return;
      panel.api.moveTo({ group: api.addGroup({ direction: edge }) });
      changedByUser();
    },
    joinTo(id, other) {
      const [panel, beside] = [api.getPanel(id), api.getPanel(other)];
      if (!panel || !beside) return;
      panel.api.moveTo({ group: beside.group });
      changedByUser();
    },
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
