import type { MenuEntry } from '../../widgets/menu-items.tsx';
import { type Command, whyNot } from '../command.ts';
import { keyText } from '../keys.ts';
import { runCommand } from '../run-command.ts';

/** A menu inside a menu. */
export interface Submenu {
  readonly id: string;
  readonly title: string;
  readonly section: number;
  readonly entries: readonly MenuEntry[];
}

export const isSubmenu = (entry: MenuEntry | Submenu): entry is Submenu => 'entries' in entry;

function entryOf(command: Command): MenuEntry {
  const reason = whyNot(command);
  return {
    id: command.id,
    title: command.title,
    section: command.section,
    onAction: () => void runCommand(command),
    isDisabled: reason !== null,
    ...(reason === null ? {} : { help: reason }),
    ...(command.keys === null ? {} : { keys: keyText(command.keys) }),
    ...(command.checked === undefined ? {} : { isChecked: command.checked() }),
  };
}

/** Commands as entries of a menu as they stand now, those of a submenu gathered where its first one stands. */
export function menuEntries(commands: readonly Command[]): readonly (MenuEntry | Submenu)[] {
  const entries: (MenuEntry | Submenu)[] = [];
  for (const command of commands) {
    const { submenu } = command;
    if (submenu === undefined) {
      entries.push(entryOf(command));
      continue;
    }
    if (entries.some((entry) => isSubmenu(entry) && entry.title === submenu)) continue;
    entries.push({
      id: `submenu ${submenu}`,
      title: submenu,
      section: command.section,
      entries: commands.filter((other) => other.submenu === submenu).map(entryOf),
    });
  }
  return entries.sort((a, b) => Number(a.section ?? 0) - Number(b.section ?? 0));
}
