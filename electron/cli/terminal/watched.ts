import type { Monitor } from '../../compute/documents/analysis-document.ts';
import type { Terminal } from '../command.ts';
import { shortNumber } from './braille-plot.ts';
import { progressLine } from './progress-line.ts';

/** Runs an analysis with its progress on standard error; a signal ends it with what was found. */
export async function watched<T>(
  { err, stop }: Pick<Terminal, 'err' | 'stop'>,
  analyse: (monitor: Monitor) => Promise<T>,
): Promise<T> {
  const progress = progressLine(err);
  const found = await analyse({
    signal: stop,
    onProgress: ({ stage, done, total, unit, live }) => {
      const largest = live?.top?.[0];
      progress.update(done, total, unit, `${stage}${largest === undefined ? '' : `  λ₁ ≈ ${shortNumber(largest)}`}`);
    },
  });
  progress.end();
  return found;
}
