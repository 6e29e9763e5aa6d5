import { commandLine } from '../../core/experiment/command-line.ts';

export const thisCommand = (): string => commandLine(process.argv.slice(2));
