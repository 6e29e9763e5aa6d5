import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Popover } from 'react-aria-components';
import { type MenuEntry, MenuList } from '../../widgets/menu-items.tsx';
import { panelOf } from '../panels.ts';
import { dockControl, useDock } from './dock-state.ts';
import type { PanelId } from './layout.ts';
import './panel-menu.css';

interface Asked {
  readonly panel: PanelId;
  readonly x: number;
  readonly y: number;
}

/** What can be done with a panel without dragging it. */
function entriesFor(panel: PanelId): readonly MenuEntry[] {
  const control = dockControl();
  if (!control) return [];
  const others = useDock.getState().placed.filter((id) => id !== panel);
  const edges = [
    ['left', 'Move to the left edge'],
    ['right', 'Move to the right edge'],
    ['above', 'Move to the top'],
    ['below', 'Move to the bottom'],
  ] as const;
  return [
    { id: 'maximise', title: 'Maximise or restore', section: 1, onAction: () => control.toggleMaximised(panel) },
    { id: 'close', title: 'Close panel', section: 1, onAction: () => control.close(panel) },
    ...edges.map(([edge, title]) => ({ id: edge, title, section: 2, onAction: () => control.moveTo(panel, edge) })),
    ...others.map((other) => ({
      id: `join ${other}`,
      title: `As a tab beside ${panelOf(other).title}`,
      section: 3,
      onAction: () => control.joinTo(panel, other),
    })),
  ];
}

/** The panel whose tab the event is about; null for the rest of the dock. */
function panelAt({ target }: Event): PanelId | null {
  const tab = target instanceof Element ? target.closest('.dv-tab') : null;
  const id = tab?.querySelector<HTMLElement>('[data-panel]')?.dataset.panel;
  return (id as PanelId | undefined) ?? null;
}

/** The menu of the tabs in the dock: right click, Menu key, Shift+F10; Delete closes. */
export function PanelMenu({ children }: { readonly children: ReactNode }) {
  const area = useRef<HTMLDivElement>(null);
  const anchor = useRef<HTMLSpanElement>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const open = (event: Event, x: number, y: number) => {
      const panel = panelAt(event);
      if (panel === null) return;
      event.preventDefault();
      event.stopPropagation();
      setAsked({ panel, x, y });
    };
    const onContextMenu = (event: MouseEvent) => open(event, event.clientX, event.clientY);
    const onKeyDown = (event: KeyboardEvent) => {
      const panel = panelAt(event);
      if (panel === null || !(event.target instanceof Element)) return;
      const { left, bottom } = event.target.getBoundingClientRect();
      if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) open(event, left, bottom);
      else if (event.key === 'Delete') dockControl()?.close(panel);
    };
    element.addEventListener('contextmenu', onContextMenu);
    element.addEventListener('keydown', onKeyDown);
    return () => {
      element.removeEventListener('contextmenu', onContextMenu);
      element.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  const close = () => setAsked(null);
  return (
    <>
      <div ref={area} className="panel-menu-area">
        {children}
      </div>
      {asked === null ? null : (
        <>
          <span ref={anchor} className="panel-menu-anchor" style={{ left: asked.x, top: asked.y }} />
          <Popover
            className="menu-popover"
            isOpen
            onOpenChange={(isOpen) => {
              if (!isOpen) close();
            }}
            triggerRef={anchor}
            placement="bottom start"
            offset={0}
          >
            <MenuList label={`Panel ${panelOf(asked.panel).title}`} entries={entriesFor(asked.panel)} onClose={close} />
          </Popover>
        </>
      )}
    </>
  );
}
