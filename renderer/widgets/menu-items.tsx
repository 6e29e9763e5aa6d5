import { Header, Menu, MenuItem, MenuSection } from 'react-aria-components';
import { Icon } from './icon.tsx';
import './menu-items.css';

/** An entry of a menu. */
export interface MenuEntry {
  readonly id: string;
  readonly title: string;
  /** Entries with the same section stand together; a line is drawn between sections. */
  readonly section?: string | number | undefined;
  readonly onAction: () => void;
  readonly isDisabled?: boolean | undefined;
  /** Why it cannot be chosen, or what it does. */
  readonly help?: string | undefined;
  /** The key as people read it. */
  readonly keys?: string | undefined;
  /** For entries that are on or off. */
  readonly isChecked?: boolean | undefined;
}

function sectionsOf(entries: readonly MenuEntry[]): (readonly MenuEntry[])[] {
  const sections = new Map<string | number, MenuEntry[]>();
  for (const entry of entries) {
    const name = entry.section ?? 0;
    sections.set(name, [...(sections.get(name) ?? []), entry]);
  }
  return [...sections.values()];
}

export interface MenuListProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly onClose?: (() => void) | undefined;
}

/** The list of a menu, to be put into a popover. */
export function MenuList({ label, entries, onClose }: MenuListProps) {
  const disabled = entries.filter(({ isDisabled }) => isDisabled).map(({ id }) => id);
  return (
    <Menu
      className="menu-list"
      aria-label={label}
      autoFocus="first"
      disabledKeys={disabled}
      onAction={(id) => entries.find((entry) => entry.id === id)?.onAction()}
      {...(onClose === undefined ? {} : { onClose })}
    >
      {sectionsOf(entries).map((section, i) => (
        <MenuSection key={section[0]?.id ?? i} aria-label={`${label}, part ${i + 1}`}>
          {i === 0 ? null : <MenuLine />}
          {section.map((entry) => (
            <MenuEntryItem key={entry.id} entry={entry} />
          ))}
        </MenuSection>
      ))}
    </Menu>
  );
}

/** Between two sections. */
export function MenuLine() {
  return <Header className="menu-list-line" aria-hidden="true" />;
}

/** One entry, in a React Aria menu. Its name is all that is read in it: title, state, key and reason. */
export function MenuEntryItem({ entry }: { readonly entry: MenuEntry }) {
  return (
    <MenuItem id={entry.id} textValue={entry.title} className="menu-list-entry">
      <span className="menu-list-check">{entry.isChecked ? <Icon name="check" size={12} /> : null}</span>
      <span>
        {entry.title}
        {entry.isChecked === undefined ? null : (
          <span className="visually-hidden">{entry.isChecked ? ', on' : ', off'}</span>
        )}
      </span>
      {entry.keys === undefined ? null : <kbd className="menu-list-keys">{entry.keys}</kbd>}
      {entry.help === undefined ? null : <span className="menu-list-help">{entry.help}</span>}
    </MenuItem>
  );
}
