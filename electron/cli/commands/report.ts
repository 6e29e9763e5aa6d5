import type { Command } from '../command.ts';
export const report: Command = {
  description: { name: 'report', operands: [], summary: '', options: [] },
  run: async () => 1,
};
