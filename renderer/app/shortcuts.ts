import { useSession } from '../state/session.ts';
import { allCommands } from './commands/index.ts';
import { shortcutListener } from './keys.ts';
import { runCommand } from './run-command.ts';

const paletteKey = 'view.palette';

/** The keys of all commands, at the window. While a dialog is open only the palette's own key is heard. */
export function installShortcuts(): () => void {
  const table: Record<string, () => void> = {};
  for (const { id, keys } of allCommands()) {
    if (keys === null) continue;
    table[keys] = () => {
      const { dialog } = useSession.getState();
      if (dialog !== null && !(id === paletteKey && dialog.name === 'palette')) return;
      // The list is made anew: titles and availability are those of this moment.
      const command = allCommands().find((other) => other.id === id);
      if (command) void runCommand(command);
    };
  }
  const listener = shortcutListener(table);
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}
