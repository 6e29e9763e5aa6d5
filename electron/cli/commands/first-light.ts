import type { Command } from '../command.ts';
export const firstLight: Command = {
  description: { name: 'first-light', operands: [], summary: '', options: [] },
  run: async () => 1,
};
