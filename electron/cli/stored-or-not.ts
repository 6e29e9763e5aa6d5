import type { GivenExperiment } from '../compute/open-point.ts';
import type { Terminal } from './command.ts';
import { printable } from './terminal/printable.ts';

/**
 * Keeps a result in the folder of its run, or says in one sentence why it is not kept. `store` answers that reason, or
 * null. `unfinished` is where a state lies from which the same command goes on.
 */
export async function sayWhatWasStored(
  { run, differs }: GivenExperiment,
  { err, stop }: Pick<Terminal, 'err' | 'stop'>,
  store: (run: string) => Promise<string | null>,
  unfinished: string | null = null,
): Promise<void> {
  if (stop.signal !== null)
    err.write(
      unfinished === null
        ? `Stopped by ${stop.signal}: what was finished is shown, and nothing is stored.\n`
        : `Stopped by ${stop.signal}: what was finished is shown, and kept in ${printable(unfinished)}; the same command goes on with it.\n`,
    );
  else if (run !== null && differs.length > 0)
    err.write(`Not stored in ${printable(run)}: ${differs.join(', ')} differ from those of the run.\n`);
  else if (run !== null) {
    const reason = await store(run);
    if (reason !== null) err.write(`Not stored in ${printable(run)}: ${printable(reason)}\n`);
  }
}
