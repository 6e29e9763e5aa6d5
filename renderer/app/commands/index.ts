import type { Command } from '../command.ts';
import { analysisCommands } from './analysis-commands.ts';
import { editCommands } from './edit-commands.ts';
import { figureCommands } from './figure-commands.ts';
import { fileCommands } from './file-commands.ts';
import { helpCommands } from './help-commands.ts';
import { landscapeCommands } from './landscape-commands.ts';
import { lessonCommands } from './lesson-commands.ts';
import { movieCommands } from './movie-commands.ts';
import { runCommands } from './run-commands.ts';
import { timeCommands } from './time-commands.ts';
import { viewCommands } from './view-commands.ts';

/** Every command there is now: what the menus, the palette, the keys and the page of keys are made of. */
export const allCommands = (): readonly Command[] => [
  ...fileCommands(),
  ...editCommands(),
  ...viewCommands,
  ...landscapeCommands,
  ...movieCommands,
  ...runCommands,
  ...timeCommands,
  ...analysisCommands,
  ...figureCommands,
  ...lessonCommands(),
  ...helpCommands,
];
