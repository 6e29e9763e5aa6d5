import type { Command } from '../command.ts';
export const slice: Command = {
  description: { name: 'slice', operands: [], summary: '', options: [] },
  run: async () => 1,
};
