import type { Command } from '../command.ts';

export const landscapeCommands: readonly Command[] = [];
