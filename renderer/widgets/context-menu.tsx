import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from 'react';
import { Popover } from 'react-aria-components';
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

/** Opens at the pointer on a right click, at the focused element on the Menu key and Shift+F10. */
export function ContextMenu({ label = 'Actions', items, children, className }: ContextMenuProps) {
  const [place, setPlace] = useState<Place | null>(null);
  const anchor = useRef<HTMLSpanElement>(null);

  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setPlace({ x: event.clientX, y: event.clientY });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ContextMenu' && !(event.key === 'F10' && event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    const box = (event.target as Element).getBoundingClientRect();
    setPlace({ x: box.left + Math.min(24, box.width / 2), y: box.top + Math.min(24, box.height / 2) });
  };
  return (
    <div
      role="presentation"
      className={`context-menu${className ? ` ${className}` : ''}`}
      onContextMenu={onContextMenu}
      onKeyDown={onKeyDown}
    >
      {children}
      {place === null ? null : (
        <>
          <span ref={anchor} className="context-menu-anchor" style={{ left: place.x, top: place.y }} />
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
    </div>
  );
}
