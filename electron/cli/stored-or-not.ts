import type { GivenExperiment } from '../compute/open-point.ts';
import type { Terminal } from './command.ts';
import { printable } from './terminal/printable.ts';

/**
 * Keeps a result in the folder of its run, or says in one sentence why it is not kept. `store` answers that reason, or
 * null.
 */
export async function sayWhatWasStored(
  { run, differs }: GivenExperiment,
  { err, stop }: Pick<Terminal, 'err' | 'stop'>,
  store: (run: string) => Promise<string | null>,
): Promise<void> {
  if (stop.signal !== null)
    err.write(`Stopped by ${stop.signal}: what was finished is shown, and nothing is stored.\n`);
  else if (run !== null && differs.length > 0)
    err.write(`Not stored in ${printable(run)}: ${differs.join(', ')} differ from those of the run.\n`);
  else if (run !== null) {
    const reason = await store(run);
    if (reason !== null) err.write(`Not stored in ${printable(run)}: ${printable(reason)}\n`);
  }
}
