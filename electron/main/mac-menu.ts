import type { MenuItemConstructorOptions } from 'electron';

/** What macOS expects at the top of the screen; everything else is in the window's own menus. */
export const macMenu: MenuItemConstructorOptions[] = [
  { role: 'appMenu' },
  { role: 'editMenu' },
  { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'zoom' }, { type: 'separator' }, { role: 'front' }] },
];
