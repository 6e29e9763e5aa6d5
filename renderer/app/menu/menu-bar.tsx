import { type FocusEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { Popover } from 'react-aria-components';
import { type MenuName, menuNames } from '../command.ts';
import { allCommands } from '../commands/index.ts';
import { CommandMenu } from './command-menu.tsx';
import { menuEntries } from './menu-entries.ts';
import './menu-bar.css';

const ofMenu = (name: MenuName) => menuEntries(allCommands().filter(({ menu }) => menu === name));

/** The menu before or after, around the ends. */
const neighbour = (name: MenuName, by: 1 | -1): MenuName =>
  menuNames[(menuNames.indexOf(name) + by + menuNames.length) % menuNames.length] ?? name;

/** Whether a key was pressed in the outer list of an open menu, where ← and → go to the menus beside it. */
function leadsOut(event: KeyboardEvent): boolean {
  if (!(event.target instanceof Element)) return false;
  const submenu = event.target.closest('[role=menuitem]')?.getAttribute('aria-haspopup');
  const inner = event.target.closest('[data-submenu-list]') !== null;
  return event.key === 'ArrowLeft' ? !inner : event.key === 'ArrowRight' && !inner && !submenu;
}

/** File, Edit, View … as a menu bar: Alt or F10 takes the focus there, arrows walk through it, Escape goes back. */
export function MenuBar() {
  const [open, setOpen] = useState<MenuName | null>(null);
  const [current, setCurrent] = useState<MenuName>(menuNames[0] ?? 'File');
  const buttons = useRef(new Map<MenuName, HTMLButtonElement>());
  const before = useRef<HTMLElement | null>(null);

  const focusMenu = useCallback((name: MenuName) => {
    setCurrent(name);
    buttons.current.get(name)?.focus();
  }, []);
  const close = useCallback(() => {
    setOpen(null);
    // With no control before it, the focus goes to the panels: it must not stay in the bar.
    const back = before.current?.isConnected && before.current !== document.body ? before.current : null;
    (back ?? document.getElementById('workspace'))?.focus({ preventScroll: true });
    before.current = null;
  }, []);

  useMenuKeys(() => {
    before.current ??= document.activeElement instanceof HTMLElement ? document.activeElement : null;
    focusMenu('File');
  });
  useEffect(() => {
    if (open === null) return;
    const onPointerDown = ({ target }: PointerEvent) => {
      if (target instanceof Element && !target.closest('.menu-bar, .menu-popover')) setOpen(null);
    };
    // While a submenu closes the focus is nowhere for a moment: Escape is for the menu then too.
    const onKeyDown = ({ key, target }: globalThis.KeyboardEvent) => {
      if (key === 'Escape' && target instanceof Element && !target.closest('.menu-bar, .menu-popover')) close();
    };
    window.addEventListener('pointerdown', onPointerDown, true);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('pointerdown', onPointerDown, true);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [open, close]);

  const onBarKey = (event: KeyboardEvent, name: MenuName) => {
    const go = (to: MenuName) => {
      event.preventDefault();
      focusMenu(to);
    };
    if (event.key === 'ArrowRight') go(neighbour(name, 1));
    else if (event.key === 'ArrowLeft') go(neighbour(name, -1));
    else if (event.key === 'Home') go('File');
    else if (event.key === 'End') go('Help');
    else if (event.key === 'Escape') close();
    else if (['ArrowDown', 'ArrowUp', 'Enter', ' '].includes(event.key)) {
      event.preventDefault();
      setOpen(name);
    } else if (/^[a-z]$/i.test(event.key) && !event.ctrlKey && !event.metaKey) {
      const found = menuNames.find((other) => other[0]?.toLowerCase() === event.key.toLowerCase());
      if (found) go(found);
    }
  };
  const onMenuKey = (event: KeyboardEvent) => {
    if (open === null || !leadsOut(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = neighbour(open, event.key === 'ArrowLeft' ? -1 : 1);
    setCurrent(next);
    setOpen(next);
  };
  const rememberFocus = (event: FocusEvent<HTMLElement>) => {
    const from = event.relatedTarget;
    if (from instanceof HTMLElement && !from.closest('.menu-bar, .menu-popover')) before.current = from;
  };

  return (
    <div className="menu-bar" role="menubar" aria-label="Menu" onFocus={rememberFocus} tabIndex={-1}>
      {menuNames.map((name) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          className="menu-bar-item"
          aria-haspopup="menu"
          aria-expanded={open === name}
          tabIndex={name === current ? 0 : -1}
          ref={(button) => {
            if (button) buttons.current.set(name, button);
            else buttons.current.delete(name);
          }}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.preventDefault();
            setCurrent(name);
            setOpen(open === name ? null : name);
          }}
          onPointerEnter={() => {
            if (open !== null && open !== name) setOpen(name);
          }}
          onClick={(event) => {
            // A press of a screen reader comes as a click alone.
            if (event.detail === 0) setOpen(name);
          }}
          onKeyDown={(event) => onBarKey(event, name)}
        >
          {name}
        </button>
      ))}
      {open === null ? null : (
        <Popover
          key={open}
          className="menu-popover"
          isOpen
          isNonModal
          triggerRef={{ current: buttons.current.get(open) ?? null }}
          placement="bottom start"
          offset={2}
          onOpenChange={(isOpen) => {
            if (!isOpen) close();
          }}
        >
          <div role="presentation" onKeyDownCapture={onMenuKey}>
            <CommandMenu label={open} entries={ofMenu(open)} onClose={close} />
          </div>
        </Popover>
      )}
    </div>
  );
}

/** Alt pressed and released by itself, or F10. */
function useMenuKeys(enter: () => void) {
  const latest = useRef(enter);
  latest.current = enter;
  useEffect(() => {
    let alone = false;
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      alone = event.key === 'Alt' && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (event.key !== 'F10' || event.shiftKey) return;
      event.preventDefault();
      latest.current();
    };
    const onKeyUp = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Alt' && alone) latest.current();
      alone = false;
    };
    const onPointerDown = () => {
      alone = false;
    };
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('keyup', onKeyUp);
    window.addEventListener('pointerdown', onPointerDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('keyup', onKeyUp);
      window.removeEventListener('pointerdown', onPointerDown);
    };
  }, []);
}
