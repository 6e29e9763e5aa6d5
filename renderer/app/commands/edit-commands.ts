import { copyNumbers } from '../../panels/inspector/copy-numbers.ts';
import { redo, undo, useHistory } from '../../state/history.ts';
import { currentRun } from '../../state/runs.ts';
import type { Command } from '../command.ts';

const lastOf = (steps: readonly { readonly label: string }[]): string | null => steps[steps.length - 1]?.label ?? null;

/** `Undo theme`: with the name of what is taken back; and what the inspector shows, for other programs. */
export function editCommands(): readonly Command[] {
  const { past, future } = useHistory.getState();
  const [undone, redone] = [lastOf(past), future[0]?.label ?? null];
  return [
    {
      id: 'edit.undo',
      title: undone === null ? 'Undo' : `Undo ${undone}`,
      menu: 'Edit',
      section: 1,
      keys: '$mod+z',
      available: () => useHistory.getState().past.length > 0 || 'Nothing to undo.',
      run: undo,
    },
    {
      id: 'edit.redo',
      title: redone === null ? 'Redo' : `Redo ${redone}`,
      menu: 'Edit',
      section: 1,
      keys: '$mod+Shift+z',
      available: () => useHistory.getState().future.length > 0 || 'Nothing to redo.',
      run: redo,
    },
    {
      id: 'edit.copyNumbers',
      title: 'Copy numbers at the cursor',
      menu: 'Edit',
      section: 2,
      keys: '$mod+Shift+c',
      available: () => currentRun() !== null || 'Open or start a run first.',
      run: async () => {
        const run = currentRun();
        if (run) await copyNumbers(run);
      },
    },
  ];
}
