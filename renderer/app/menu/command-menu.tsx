import { Menu, MenuItem, MenuSection, Popover, SubmenuTrigger } from 'react-aria-components';
import { Icon } from '../../widgets/icon.tsx';
import { type MenuEntry, MenuEntryItem, MenuLine } from '../../widgets/menu-items.tsx';
import { isSubmenu, type Submenu } from './menu-entries.ts';

export interface CommandMenuProps {
  readonly label: string;
  readonly entries: readonly (MenuEntry | Submenu)[];
  readonly onClose: () => void;
}

const actionsOf = (entries: readonly (MenuEntry | Submenu)[]): ReadonlyMap<string, () => void> =>
  new Map(entries.flatMap((entry) => (isSubmenu(entry) ? [] : [[entry.id, entry.onAction] as const])));

/** A menu of the menu bar, with submenus. */
export function CommandMenu({ label, entries, onClose }: CommandMenuProps) {
  const sections = [...new Set(entries.map(({ section }) => section ?? 0))];
  const actions = actionsOf(entries);
  return (
    <Menu
      className="menu-list"
      aria-label={label}
      autoFocus="first"
      disabledKeys={disabledOf(entries)}
      onAction={(id) => actions.get(String(id))?.()}
      onClose={onClose}
    >
      {sections.map((section, i) => (
        <MenuSection key={section} aria-label={`${label}, part ${i + 1}`}>
          {i === 0 ? null : <MenuLine />}
          {entries
            .filter((entry) => (entry.section ?? 0) === section)
            .map((entry) =>
              isSubmenu(entry) ? (
                <SubmenuItem key={entry.id} submenu={entry} />
              ) : (
                <MenuEntryItem key={entry.id} entry={entry} />
              ),
            )}
        </MenuSection>
      ))}
    </Menu>
  );
}

const disabledOf = (entries: readonly (MenuEntry | Submenu)[]): string[] =>
  entries.filter((entry) => !isSubmenu(entry) && entry.isDisabled).map(({ id }) => id);

function SubmenuItem({ submenu }: { readonly submenu: Submenu }) {
  const actions = actionsOf(submenu.entries);
  return (
    <SubmenuTrigger>
      <MenuItem id={submenu.id} textValue={submenu.title} className="menu-list-entry">
        <span className="menu-list-check" />
        <span>{submenu.title}</span>
        <Icon name="chevron-right" size={12} />
      </MenuItem>
      <Popover className="menu-popover" offset={0}>
        <Menu
          className="menu-list"
          data-submenu-list=""
          aria-label={submenu.title}
          disabledKeys={disabledOf(submenu.entries)}
          onAction={(id) => actions.get(String(id))?.()}
        >
          {submenu.entries.map((entry) => (
            <MenuEntryItem key={entry.id} entry={entry} />
          ))}
        </Menu>
      </Popover>
    </SubmenuTrigger>
  );
}
