import os from 'node:os';

/** The usual name of a signal: some have a second one. */
const signalName = (code: number): string | undefined =>
  Object.entries(os.constants.signals).find(([, number]) => number === code)?.[0];

/**
 * How a process ended, in words. `reason` is Chromium's, where it was told: without it an exit code below 32 may as well
 * be a signal's number, as it is on Linux and macOS.
 */
export function endInWords(code: number, reason: string | null): string {
  if (reason === 'oom') return 'ran out of memory';
  if (reason === 'launch-failed') return 'could not be started';
  const signal = signalName(code);
  const bySignal = reason === 'killed' || reason === 'crashed' || (reason === null && code === 9);
  if (bySignal && signal === 'SIGABRT') return 'was aborted (SIGABRT), as happens when memory runs out';
  if (bySignal && signal) return `was ended by the signal ${signal}`;
  return code === 0 ? 'ended without a reason' : `ended with code ${code}`;
}

/** The last lines of what a process said, short enough for one sentence. */
export function lastWords(said: string): string {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '));
  return (lines.at(-1) ?? '').slice(0, 300);
}
