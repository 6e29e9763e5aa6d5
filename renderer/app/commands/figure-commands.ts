import type { Command } from '../command.ts';

export const figureCommands: readonly Command[] = [];
