import type { Arguments, CommandDescription } from './arguments.ts';
import type { StopRequest } from './stop-signals.ts';

/** Where a command writes: results to `out`, progress and sentences to `err`; and how it is told to stop. */
export interface Terminal {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  /** Whether colours may be used on the stream (a terminal, and NO_COLOR unset). */
  colours(stream: NodeJS.WriteStream): boolean;
  readonly stop: StopRequest;
}

/** One sub-command: what it takes, and what runs it. `run` answers the exit code. */
export interface Command {
  readonly description: CommandDescription;
  readonly more?: readonly string[];
  run(args: Arguments, terminal: Terminal): Promise<number>;
}
