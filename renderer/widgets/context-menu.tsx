import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Popover } from 'react-aria-components';
import { createPortal } from 'react-dom';
import { type MenuEntry, MenuList } from './menu-items.tsx';
import './context-menu.css';

export interface ContextMenuProps {
  /** Of the menu, for screen readers. */
  readonly label?: string | undefined;
  readonly items: readonly MenuEntry[];
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A little inside the element's corner, so that one sees what the menu is about. */
function placeIn(element: Element): Place {
  const box = element.getBoundingClientRect();
  return { x: box.left + Math.min(24, box.width / 2), y: box.top + Math.min(24, box.height / 2) };
}

/** Calls `open` where a menu is asked for inside the element: a right click, the Menu key, Shift+F10. */
function listen(element: HTMLElement, open: (place: Place) => void): () => void {
  const take = (event: Event, place: Place) => {
    event.preventDefault();
    event.stopPropagation();
    open(place);
  };
  const onContextMenu = (event: MouseEvent) => take(event, { x: event.clientX, y: event.clientY });
  const onKeyDown = (event: KeyboardEvent) => {
    const asked = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
    if (asked && event.target instanceof Element) take(event, placeIn(event.target));
  };
  element.addEventListener('contextmenu', onContextMenu);
  element.addEventListener('keydown', onKeyDown);
  return () => {
    element.removeEventListener('contextmenu', onContextMenu);
    element.removeEventListener('keydown', onKeyDown);
  };
}

/** The menu of what it surrounds. Something inside must take the focus, or it opens by the pointer alone. */
export function ContextMenu({ label = 'Actions', items, children, className }: ContextMenuProps) {
  const [place, setPlace] = useState<Place | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const anchor = useRef<HTMLSpanElement>(null);
  useEffect(() => (area.current ? listen(area.current, setPlace) : undefined), []);
  return (
    <>
      <div ref={area} className={`context-menu${className ? ` ${className}` : ''}`}>
        {children}
      </div>
      {place === null ? null : (
        <>
          {/* Where the pointer is in the window: in a panel that contains its layout it would be counted from the panel. */}
          {createPortal(
            <span ref={anchor} className="context-menu-anchor" style={{ left: place.x, top: place.y }} />,
            document.body,
          )}
          <Popover
            className="menu-popover"
            isOpen
            onOpenChange={(open) => {
              if (!open) setPlace(null);
            }}
            triggerRef={anchor}
            placement="bottom start"
            offset={0}
          >
            <MenuList label={label} entries={items} onClose={() => setPlace(null)} />
          </Popover>
        </>
      )}
    </>
  );
}
