import type { Command } from '../command.ts';

export const timeCommands: readonly Command[] = [];
