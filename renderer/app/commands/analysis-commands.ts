import type { Command } from '../command.ts';

export const analysisCommands: readonly Command[] = [];
