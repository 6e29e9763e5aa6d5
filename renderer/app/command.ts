export type MenuName = 'File' | 'Edit' | 'View' | 'Run' | 'Analyse' | 'Figure' | 'Help';

/** In the order of the menu bar. */
export const menuNames: readonly MenuName[] = ['File', 'Edit', 'View', 'Run', 'Analyse', 'Figure', 'Help'];

/** Something that the user can do: an entry of a menu and of the palette, and a key, all from one list. */
export interface Command {
  /** Stable: `run.pause`. */
  readonly id: string;
  readonly title: string;
  readonly menu: MenuName | null;
  /** Entries of a menu with different sections are divided by a line. */
  readonly section: number;
  /** Entries with the same submenu stand in a menu of that title inside the menu. */
  readonly submenu?: string;
  /** As tinykeys writes them (`$mod+k`, `Space`); the same everywhere, or null. */
  readonly keys: string | null;
  /** False, or the reason, where it cannot be done now. */
  readonly available?: () => boolean | string;
  readonly checked?: () => boolean;
  run(): void | Promise<void>;
}

/** Why a command cannot be done now; null where it can. */
export function whyNot(command: Command): string | null {
  const answer = command.available?.() ?? true;
  if (answer === true) return null;
  return typeof answer === 'string' ? answer : 'Not possible now.';
}
